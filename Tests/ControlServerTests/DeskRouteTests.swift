import ControlAPI
import Foundation
import JobStorage
import Recharge
import TestSupport
import Testing

@testable import ControlServer

/// Verdicts by hand, second people, reversals, disputes and statements, over the socket.
struct DeskRouteTests {
    private static let piece = Data("a letter".utf8).base64EncodedString()

    private static func resolving(_ finding: ResolveBody.Finding = .succeeded) -> ResolveBody {
        ResolveBody(finding: finding, reason: "the carrier says so", evidence: piece)
    }

    @Test func aJobInDoubtLeavesTheDeskByAVerdict() async throws {
        try await RunningServer.with { server in
            let job = try await server.doubted()
            try await server.client { client in
                let desk: PageView<DeskItem> = try await client.get(ControlPath.desk)
                #expect(desk.items.map(\.job.id) == [job])
                #expect(desk.items[0].ageSeconds == 1200)
                let ways = desk.items[0].ways.joined(separator: "\n")
                #expect(ways.contains("rechargectl desk resolve \(job)"))
                #expect(ways.contains("rechargectl statement import"))
                var body = Self.resolving()
                body.serial = "S1"
                let receipt = try await client.post(
                    ControlPath.job(job, .resolve),
                    body,
                    key: "r",
                    as: ProposalReceipt.self
                ).value
                #expect(receipt.proposal.state == .approved)
                #expect(receipt.job?.state == .succeeded && receipt.job?.serial == "S1")
                let again = try await client.post(
                    ControlPath.job(job, .resolve),
                    body,
                    key: "r",
                    as: ProposalReceipt.self
                ).value
                #expect(again == receipt)
                let empty: PageView<DeskItem> = try await client.get(ControlPath.desk)
                #expect(empty.items == [])
                let detail: JobDetail = try await client.get(ControlPath.job(job))
                #expect(detail.attempts[0].decidedBy?.hasPrefix("uid:") == true)
                #expect(detail.attempts[0].evidence[0].raw == "a letter")
                #expect(detail.proposals.map(\.id) == [receipt.proposal.id])
            }
        }
    }

    @Test func aboveTheLimitTheProposerIsNotEnough() async throws {
        try await RunningServer.with { server in
            let job = try await server.doubted(yuan: 200)
            try await server.client { client in
                let receipt = try await client.post(
                    ControlPath.job(job, .resolve),
                    Self.resolving(.notExecuted),
                    key: "r",
                    as: ProposalReceipt.self
                ).value
                #expect(receipt.proposal.state == .open && receipt.job?.state == .unknown)
                let open: PageView<ProposalView> = try await client.get(ControlPath.proposals)
                #expect(open.items == [receipt.proposal])
                let id = receipt.proposal.id
                let problem = try await refusal {
                    _ = try await client.post(
                        ControlPath.proposal(id, .approve),
                        RunningServer.reason,
                        key: "a",
                        as: ProposalReceipt.self
                    )
                }
                #expect(problem.code == .samePerson && problem.status == 403)
                let rejected = try await client.post(
                    ControlPath.proposal(id, .reject),
                    RunningServer.reason,
                    key: "j",
                    as: ProposalReceipt.self
                ).value
                #expect(rejected.proposal.state == .rejected)
                let none: PageView<ProposalView> = try await client.get(ControlPath.proposals)
                #expect(none.items == [])
                let all: PageView<ProposalView> = try await client.get("/v1/proposals?all=true")
                #expect(all.items.map(\.id) == [id])
            }
        }
    }

    /// Only what can happen is promised, in commands that are whole.
    @Test(arguments: [Set<Inquiry.Kind>(), [.history, .reconfirm, .balance]])
    func theDeskNamesWhatTheCarrierCanBeAsked(questions: Set<Inquiry.Kind>) async throws {
        try await RunningServer.with { configuration in
            configuration.carriers[0].questions = questions
        } _: { server in
            let job = try await server.doubted()
            let ways = try await server.client { client in
                let desk: PageView<DeskItem> = try await client.get(ControlPath.desk)
                return desk.items[0].ways
            }
            #expect(ways.count == 3 + questions.count)
            #expect(ways.contains { $0.contains("the carrier's record") } == !questions.isEmpty)
            #expect(ways.contains { $0.contains("--carrier simulated --reason TEXT") })
            let dossier = try #require(try await server.store.dossier(of: job))
            var attempt = try #require(dossier.tries.last?.attempt)
            attempt.reversedSerial = "S1"
            let reversed = DeskAdvice(
                job: dossier.job,
                attempt: attempt,
                questions: questions,
                isSpokenFor: true,
                now: RunningServer.now
            )
            #expect(reversed.ways.count == 3, "nobody is asked about a reversal")
        }
    }

    /// He mistyped: an approver need not come for that.
    @Test func whoeverProposedTakesItBack() async throws {
        try await RunningServer.with { configuration in
            configuration.roles = configuration.adminUIDs.map { RoleRule(.uid($0), .operator) }
            configuration.adminUIDs = []
        } _: { server in
            let verdict = HandVerdict(
                job: try await server.doubted(yuan: 200),
                finding: .succeeded(serial: "S1"),
                reason: "r",
                evidence: [1]
            )
            let other = try await server.store.resolve(
                verdict,
                people: ApprovalTerms(),
                by: Actor("uid:4242(mei)"),
                at: RunningServer.now
            ).id
            try await server.client { client in
                func reject(_ id: Proposal.ID, _ key: String) async throws -> Proposal.State {
                    try await client.post(
                        ControlPath.proposal(id, .reject),
                        RunningServer.reason,
                        key: key,
                        as: ProposalReceipt.self
                    ).value.proposal.state
                }
                let problem = try await refusal { _ = try await reject(other, "a") }
                #expect(problem.code == .forbidden && problem.detail.contains("uid:4242(mei) made"))
                _ = try await server.store.reject(
                    other,
                    reason: "r",
                    by: .gateway,
                    at: RunningServer.now
                )
                let own = try await client.post(
                    ControlPath.job(verdict.job, .resolve),
                    Self.resolving(),
                    key: "r",
                    as: ProposalReceipt.self
                ).value.proposal.id
                #expect(try await reject(own, "b") == .rejected)
            }
        }
    }

    @Test func anotherPersonApproves() async throws {
        try await RunningServer.with { server in
            let job = try await server.doubted(yuan: 200)
            let verdict = HandVerdict(
                job: job,
                finding: .succeeded(serial: "S1"),
                reason: "r",
                evidence: [1]
            )
            let proposal = try await server.store.resolve(
                verdict,
                people: ApprovalTerms(),
                by: Actor("uid:4242(mei)"),
                at: RunningServer.now
            )
            let receipt = try await server.client { client in
                let open: PageView<ProposalView> = try await client.get(ControlPath.proposals)
                #expect(open.items[0].what == "succeeded, serial S1")
                var letter: [UInt8] = []
                try await client.download(ControlPath.attachment(of: proposal.id)) { letter += $0 }
                #expect(letter == [1])
                let none = try await refusal {
                    try await client.download(ControlPath.attachment(of: Proposal.ID(9))) { _ in }
                }
                #expect(none.code == .notFound)
                return try await client.post(
                    ControlPath.proposal(proposal.id, .approve),
                    RunningServer.reason,
                    key: "a",
                    as: ProposalReceipt.self
                ).value
            }
            #expect(receipt.proposal.state == .approved && receipt.job?.state == .succeeded)
        }
    }

    @Test func aVerdictThatMakesNoSenseIsRefused() async throws {
        try await RunningServer.with { server in
            let job = try await server.doubted()
            var bodies = [Self.resolving(), Self.resolving(), Self.resolving(.notExecuted)]
            bodies += [Self.resolving(), Self.resolving(), Self.resolving(), Self.resolving()]
            bodies[0].serial = "S 1"
            bodies[1].cancel = true
            bodies[2].serial = "S1"
            bodies[3].evidence = ""
            bodies[4].evidence = "no Base64!"
            bodies[5].evidence = Data(count: HandVerdict.evidenceBytesMax + 1).base64EncodedString()
            bodies[6].reason = " "
            try await server.client { client in
                for (index, body) in bodies.enumerated() {
                    let problem = try await refusal {
                        _ = try await client.post(
                            ControlPath.job(job, .resolve),
                            body,
                            key: "k\(index)",
                            as: ProposalReceipt.self
                        )
                    }
                    #expect(problem.code == .badRequest, "\(index)")
                }
                var largest = Self.resolving()
                largest.evidence = Data(count: HandVerdict.evidenceBytesMax).base64EncodedString()
                let receipt = try await client.post(
                    ControlPath.job(job, .resolve),
                    largest,
                    key: "largest",
                    as: ProposalReceipt.self
                ).value
                #expect(receipt.job?.state == .succeeded)
            }
        }
    }

    @Test(arguments: [true, false])
    func aReversalNeedsTheCarriersTerms(_ hasTerms: Bool) async throws {
        try await RunningServer.with { configuration in
            guard hasTerms else { return }
            configuration.carriers[0].reversal = ReversalTerms(
                within: .seconds(86_400),
                sameMonth: false,
                perMonth: nil
            )
            configuration.approvals.people = 1
        } _: { server in
            let job = try await server.doubted()
            try await server.client { client in
                var body = Self.resolving()
                body.serial = "S1"
                _ = try await client.post(
                    ControlPath.job(job, .resolve),
                    body,
                    key: "r",
                    as: ProposalReceipt.self
                )
                let reverse = { (key: String) in
                    try await client.post(
                        ControlPath.job(job, .reverse),
                        RunningServer.reason,
                        key: key,
                        as: ProposalReceipt.self
                    ).value
                }
                guard hasTerms else {
                    let problem = try await refusal { _ = try await reverse("v") }
                    #expect(problem.code == .wrongState)
                    return
                }
                #expect(try await reverse("v").proposal.state == .approved)
                let detail: JobDetail = try await client.get(ControlPath.job(job))
                let reversal: JobDetail = try await client.get(ControlPath.job(detail.reversals[0]))
                #expect(reversal.job.kind == .reversal && reversal.job.reverses == job)
                let problem = try await refusal { _ = try await reverse("w") }
                #expect(problem.code == .wrongState)
            }
        }
    }

    @Test func aDisputeIsOpenedReadAndClosed() async throws {
        try await RunningServer.with { server in
            let job = try await server.doubted()
            try await server.client { client in
                let due = RunningServer.now.advanced(by: .seconds(3600))
                let opened = try await client.post(
                    ControlPath.job(job, .dispute),
                    DisputeBody(reason: "nothing arrived", dueAt: due),
                    key: "o",
                    as: DisputeView.self
                ).value
                #expect(opened.cause == .complaint && opened.dueAt == due)
                let file: DisputeFile = try await client.get(ControlPath.dispute(opened.id))
                #expect(file.detail.job.id == job && file.detail.disputes == [opened])
                #expect(file.events.map(\.event.kind).last == "dispute.opened")
                #expect(file.events.allSatisfy { $0.hash.utf8.count == 64 })
                let reopened = try await refusal {
                    _ = try await client.post(
                        ControlPath.closing(opened.id),
                        CloseBody(state: .open, reason: "r"),
                        key: "x",
                        as: DisputeView.self
                    )
                }
                #expect(reopened.code == .wrongState)
                let closed = try await client.post(
                    ControlPath.closing(opened.id),
                    CloseBody(state: .rejected, reason: "it did arrive"),
                    key: "c",
                    as: DisputeView.self
                ).value
                #expect(closed.state == .rejected && closed.closing == "it did arrive")
                let open: PageView<DisputeView> = try await client.get(ControlPath.disputes)
                #expect(open.items == [])
                let all: PageView<DisputeView> = try await client.get("/v1/disputes?all=true")
                #expect(all.items == [closed])
            }
        }
    }
}
