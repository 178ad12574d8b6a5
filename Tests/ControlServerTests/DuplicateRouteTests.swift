import ControlAPI
import JobStorage
import Recharge
import TestSupport
import Testing

@testable import ControlServer

struct DuplicateRouteTests {
    private static let good = "number,amount,reference\n13800138001,10,a\n13800138002,20.50,b\n"
    private static let allowed: [(String, String?)] = [("allow_duplicates", "true")]

    private func upload<Answer: Decodable & Sendable>(
        _ client: ControlClient,
        _ text: String,
        key: String,
        query: [(String, String?)] = [],
        path: String = ControlPath.batches,
        as: Answer.Type = BatchReceipt.self
    ) async throws -> Answer {
        var rest = Array(text.utf8)[...]
        return try await client.upload(
            ControlPath.with(query, path),
            contentType: "text/csv",
            key: key
        ) {
            defer { rest = [] }
            return rest.isEmpty ? nil : Array(rest)
        }.value
    }

    private func withWindow(
        role: Role? = nil,
        approvals: ApprovalTerms = ApprovalTerms(),
        _ body: (RunningServer, ControlClient) async throws -> Void
    ) async throws {
        try await RunningServer.with { configuration in
            for index in configuration.carriers.indices {
                configuration.carriers[index].rules.duplicateWindow = .seconds(600)
            }
            configuration.approvals = approvals
            guard let role else { return }
            configuration.roles = configuration.adminUIDs.map { RoleRule(.uid($0), role) }
            configuration.adminUIDs = []
        } _: { server in
            try await server.client { try await body(server, $0) }
        }
    }

    @Test func aFileUnderAnotherKeyIsRefusedWithTheEarlierBatch() async throws {
        try await withWindow { _, client in
            let first = try await upload(
                client,
                Self.good,
                key: "a",
                query: [("name", "march.csv")]
            )
            let problem = try await refusal {
                _ = try await upload(client, Self.good, key: "b")
            }
            #expect(problem.code == .conflict)
            let words = "batch \(first.batch.id) (march.csv) is this very file"
            #expect(problem.detail.contains(words))
            #expect(problem.detail.contains("2026-11-23T00:00:00"))
            #expect(try await upload(client, Self.good, key: "a").batch == first.batch)
            let meant = try await upload(client, Self.good, key: "e", query: Self.allowed)
            #expect(meant.batch.allowsDuplicates == true)
            #expect(meant.batch.counts == ["ready": 2])
            #expect(meant.batch.state == .held && meant.batch.proposal != nil)
            #expect(first.batch.allowsDuplicates == nil)
        }
    }

    @Test func rowsUnderAReferenceUsedBeforeRefuseTheFileAndAreListed() async throws {
        try await withWindow { _, client in
            let first = try await upload(
                client,
                Self.good,
                key: "a",
                query: [("name", "march.csv")]
            )
            let next = Self.good + "13800138003,30,c\n"
            let problem = try await refusal { _ = try await upload(client, next, key: "b") }
            #expect(problem.code == .conflict)
            #expect(problem.detail.contains("2 rows were ordered before"))
            #expect(problem.mistakes?.map(\.line) == [2, 3])
            #expect(problem.mistakes?.allSatisfy { $0.code == "duplicate_reference" } == true)
            let words = "in batch \(first.batch.id) (march.csv)"
            #expect(problem.mistakes?.allSatisfy { $0.message.contains(words) } == true)
            let page: PageView<BatchView> = try await client.get(ControlPath.batches)
            #expect(page.items.count == 1)
            let _: BatchView = try await client.post(
                ControlPath.batch(first.batch.id, .cancel),
                RunningServer.reason,
                key: "cancel"
            ).value
            #expect(try await upload(client, next, key: "b").batch.counts == ["ready": 3])
        }
    }

    /// A default that no row asks for makes no other batch of it.
    @Test(arguments: [true, false])
    func aFileIsOneBatchWhateverTheDefault(isNamed: Bool) async throws {
        try await RunningServer.with { configuration in
            configuration.carriers = (try? ["simulated", "other"].map(RunningServer.carrier)) ?? []
            configuration.standardCarrier = configuration.carriers.first?.id
        } _: { server in
            try await server.client { client in
                let cells = isNamed ? (",carrier", ",simulated") : ("", "")
                let file = "number,amount\(cells.0)\n13800138001,10\(cells.1)\n"
                _ = try await upload(client, file, key: "a")
                func again() async throws -> BatchReceipt {
                    try await upload(client, file, key: "b", query: [("carrier", "other")])
                }
                if isNamed {
                    let problem = try await refusal { _ = try await again() }
                    #expect(problem.code == .conflict)
                } else {
                    #expect(try await again().batch.rows == 1)
                }
            }
        }
    }

    /// The usual carrier may be another one after a restart, or there is none any more.
    @Test func whatNamesNoCarrierStaysTheSameWhenTheUsualOneChanges() async throws {
        let folder = try TemporaryFolder()
        let file = "number,amount\n13800138001,10\n"
        for standard in ["simulated", "other", nil] {
            let isFirst = standard == "simulated"
            try await RunningServer.with(in: folder) { configuration in
                let carriers = try? ["simulated", "other"].map(RunningServer.carrier)
                configuration.carriers = carriers ?? []
                configuration.standardCarrier = carriers?.first { $0.id.name == standard }?.id
            } _: { server in
                try await server.client { client in
                    for query in isFirst ? [[]] : [[], [("carrier", "simulated")]] {
                        let taken = try await upload(client, file, key: "a", query: query)
                        #expect(taken.batch.id == Batch.ID(1))
                    }
                    if standard != nil {
                        let problem = try await refusal {
                            _ = try await upload(client, file, key: "c")
                        }
                        #expect(problem.detail.contains("is this very file"))
                    }
                    let problem = try await refusal {
                        _ = try await upload(
                            client,
                            file,
                            key: "b",
                            query: [("carrier", "simulated")]
                        )
                    }
                    #expect(problem.code == .conflict)
                    #expect(problem.detail.contains("is this very file"))
                    let order = JobOrder(number: "13800138002", amount: "10")
                    let job: ControlReply<JobView> = try await client.post(
                        ControlPath.jobs,
                        order,
                        key: "o"
                    )
                    #expect(job.value.id == Job.ID(2))
                    #expect(job.value.carrier.name == "simulated")
                }
            }
        }
    }

    @Test func aDryRunTellsOfFileAndRowsAndStoresNothing() async throws {
        try await withWindow { _, client in
            _ = try await upload(client, Self.good, key: "a")
            let report = try await upload(
                client,
                Self.good,
                key: "b",
                path: ControlPath.batchCheck,
                as: BatchReport.self
            )
            #expect(
                report.duplicates.map(\.code)
                    == ["same_file", "duplicate_reference", "duplicate_reference"]
            )
            let same = try await upload(
                client,
                Self.good,
                key: "a",
                path: ControlPath.batchCheck,
                as: BatchReport.self
            )
            #expect(same.duplicates.map(\.code) == ["same_file"] && !same.isRepeat)
            #expect(same.duplicates[0].cure == "it would not be ordered again")
            let other = "number,amount\n13800138001,10\n13800138009,10\n"
            let held = try await upload(
                client,
                other,
                key: "c",
                path: ControlPath.batchCheck,
                as: BatchReport.self
            )
            #expect(held.duplicates.map(\.code) == ["duplicate"])
            #expect(report.isRepeat && !held.isRepeat)
            #expect(held.duplicates.map(\.line) == [2])
            #expect(held.duplicatesOmitted == 0)
            #expect(
                try await upload(client, other, key: "c").batch.counts == ["held": 1, "ready": 1]
            )
        }
    }

    @Test func aSingleOrderThatLooksLikeADuplicateIsHeldUnlessItIsNumbered() async throws {
        try await withWindow { _, client in
            var order = JobOrder(number: "13800138001", amount: "10")
            var seen: [JobState] = []
            for (key, index) in [("a", nil), ("b", nil), ("c", 2), ("d", 2)] as [(String, Int?)] {
                order.repeat = index
                let job: JobView = try await client.post(ControlPath.jobs, order, key: key).value
                seen.append(job.state)
                #expect(job.repeat == index)
            }
            #expect(seen == [.ready, .held, .ready, .held])
            let path = ControlPath.with(Self.allowed, ControlPath.jobs)
            let meant: JobView = try await client.post(path, order, key: "e").value
            #expect(meant.state == .held && meant.holdReason == .duplicate)
            #expect(meant.allowsDuplicates == true && meant.proposal != nil)
            order.repeat = 1
            let problem = try await refusal {
                let _: JobView = try await client.post(ControlPath.jobs, order, key: "f").value
            }
            #expect(problem.mistakes?.first?.code == "bad_repeat")
        }
    }

    private static let lan = Actor("uid:1001(lan)")

    @Test func aHeldDuplicateIsReleasedByTwoPeople() async throws {
        try await withWindow(role: .operator) { server, client in
            let order = JobOrder(number: "13800138001", amount: "10")
            let _: JobView = try await client.post(ControlPath.jobs, order, key: "a").value
            let held: JobView = try await client.post(ControlPath.jobs, order, key: "b").value
            #expect(held.holdReason == .duplicate && held.proposal == nil)
            let waiting: JobView = try await client.post(
                ControlPath.job(held.id, .release),
                RunningServer.reason,
                key: "r"
            ).value
            let proposal = try #require(waiting.proposal)
            #expect(waiting.state == .held)
            let again = try await refusal {
                let _: JobView = try await client.post(
                    ControlPath.job(held.id, .release),
                    RunningServer.reason,
                    key: "s"
                ).value
            }
            #expect(again.code == .wrongState)
            let detail: JobDetail = try await client.get(ControlPath.job(held.id))
            #expect(detail.proposals.map(\.id) == [proposal] && detail.job.proposal == proposal)
            _ = try await server.store.approve(
                proposal,
                reason: "asked him",
                by: Self.lan,
                at: RunningServer.now
            )
            let released: JobDetail = try await client.get(ControlPath.job(held.id))
            #expect(released.job.state == .ready && released.job.proposal == nil)
        }
    }

    @Test func aBatchWithDuplicatesOpensByTwoPeopleAndResumingItAsksAgain() async throws {
        try await withWindow { server, client in
            _ = try await upload(client, Self.good, key: "a", query: [("name", "march.csv")])
            let batch = try await upload(client, Self.good, key: "b", query: Self.allowed).batch
            let first = try #require(batch.proposal)
            #expect(
                try await upload(client, Self.good, key: "b", query: Self.allowed).batch == batch
            )
            _ = try await server.store.reject(
                first,
                reason: "why?",
                by: Self.lan,
                at: RunningServer.now
            )
            let resumed: BatchView = try await client.post(
                ControlPath.batch(batch.id, .resume),
                RunningServer.reason,
                key: "r"
            ).value
            let second = try #require(resumed.proposal)
            #expect(resumed.state == .held && second != first)
            let page: PageView<ProposalView> = try await client.get(ControlPath.proposals)
            #expect(page.items.map(\.id) == [second])
            #expect(page.items.first?.body.contains("(march.csv) is this very file") == true)
            _ = try await server.store.approve(
                second,
                reason: "asked him",
                by: Self.lan,
                at: RunningServer.now
            )
            let opened: BatchView = try await client.get(ControlPath.batch(batch.id))
            #expect(opened.state == .open && opened.proposal == nil)
            #expect(opened.allowsDuplicates == true)
        }
    }

    /// Where one person decides, that is an approver: an operator's order waits for one.
    @Test(arguments: [(Role.operator, Batch.State.held), (.approver, .open)])
    func whereOnePersonDecidesOnlyAnApproverVouches(role: Role, state: Batch.State) async throws {
        let alone = try #require(ApprovalTerms(people: 1, verdictAbove: "100"))
        try await withWindow(role: role, approvals: alone) { _, client in
            _ = try await upload(client, Self.good, key: "a")
            let batch = try await upload(client, Self.good, key: "b", query: Self.allowed).batch
            #expect(batch.state == state && (batch.proposal == nil) == (state == .open))
        }
    }
}
