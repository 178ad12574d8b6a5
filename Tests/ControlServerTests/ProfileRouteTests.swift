import ControlAPI
import JobStorage
import Recharge
import TestSupport
import Testing

@testable import ControlServer

struct ProfileRouteTests {
    /// A real carrier's profile as a file has it, which nobody has verified.
    private func unverified(_ octet: UInt8 = 1) throws -> CarrierTerms {
        var terms = try RunningServer.carrier("agent")
        terms.rules.isVerified = false
        terms.edition = ProfileEdition(terms.id, digest: Array(repeating: octet, count: 32))
        return terms
    }

    private func verify(
        _ client: ControlClient,
        _ name: String,
        _ digest: String = String(repeating: "01", count: 32)
    ) async throws -> ProposalReceipt {
        try await client.post(
            ControlPath.verify(try Samples.carrier(name)),
            VerifyBody(digest: digest, reason: "a test"),
            key: "verify \(name) \(digest)",
            as: ProposalReceipt.self
        ).value
    }

    private func order(_ client: ControlClient, key: String) async throws -> JobView {
        let order = JobOrder(number: "13800138000", amount: "10", carrier: "agent")
        return try await client.post(ControlPath.jobs, order, key: key, as: JobView.self).value
    }

    private func refusalOfOrder(_ client: ControlClient) async throws -> Problem {
        try await refusal { _ = try await order(client, key: "1") }
    }

    private func upload(
        _ client: ControlClient,
        _ text: String,
        key: String,
        carrier: String? = nil
    ) async throws -> ControlReply<BatchReceipt> {
        var rest: [UInt8]? = Array(text.utf8)
        return try await client.upload(
            ControlPath.with([("carrier", carrier)], ControlPath.batches),
            contentType: "text/csv",
            key: key,
            as: BatchReceipt.self
        ) { rest.take() }
    }

    private func approve(_ proposal: ProposalReceipt, on server: RunningServer) async throws {
        _ = try await server.store.approve(
            proposal.proposal.id,
            reason: "compared them",
            by: Actor("uid:1001(lan)"),
            at: RunningServer.now
        )
    }

    @Test func ordersAreTakenOnceTwoPeopleStandForTheProfile() async throws {
        let terms = try unverified()
        try await RunningServer.with {
            $0.carriers = [terms]
        } _: { server in
            try await server.client { client in
                #expect(try await refusalOfOrder(client).code == .badOrder)
                let stale = try await refusal { _ = try await verify(client, "agent", "02") }
                #expect(stale.code == .wrongState)
                #expect(stale.detail.contains("start it again"))
                let proposal = try await verify(client, "agent")
                #expect(try await refusalOfOrder(client).code == .badOrder)
                try await approve(proposal, on: server)
                #expect(try await order(client, key: "1").state == .ready)
                let page: PageView<ProfileView> = try await client.get(ControlPath.profiles)
                let view = try #require(page.items.first)
                #expect(view.isVerified && !view.isSimulated)
                #expect(view.verifiedBy?.hasSuffix("uid:1001(lan)") == true)
                #expect(view.digest == String(repeating: "01", count: 32))
            }
        }
    }

    /// Else its client might order elsewhere what is being recharged.
    @Test func aRepeatedOrderStaysGoodWhenTheFileChangedSince() async throws {
        let terms = try unverified(2)
        let before = try unverified(1)
        try await RunningServer.with {
            $0.carriers = [terms]
        } _: { server in
            let key = NewJob.Key(client: "uid:\(server.uid)", key: "taken")
            var trusted = before
            trusted.rules.isVerified = true
            let order = JobOrder(number: "13800138000", amount: "10", carrier: "agent")
            let job = try OrderReading(carriers: [trusted], standard: nil, key: key)
                .job(order)
            let taken = try await server.store.submit(job, by: .gateway, at: RunningServer.now)
            _ = try await server.store.verify(
                try #require(before.edition),
                reason: "r",
                people: 2,
                by: Actor("uid:1000(mei)"),
                at: RunningServer.now
            )
            let open = try await server.store.proposals(onlyOpen: true, after: nil, limit: 1)
            _ = try await server.store.approve(
                try #require(open.elements.first).id,
                reason: "r",
                by: Actor("uid:1001(lan)"),
                at: RunningServer.now
            )
            try await server.client { client in
                #expect(try await self.order(client, key: "taken").id == taken.job.id)
                let refused = try await refusal { _ = try await self.order(client, key: "new") }
                #expect(refused.code == .badOrder)
                let page: PageView<ProfileView> = try await client.get(ControlPath.profiles)
                #expect(page.items.map(\.isVerified) == [false])
                #expect(page.items.map(\.earlierVerifiedAt) == [RunningServer.now])
            }
        }
    }

    /// A key that is refused invites a new one, and a new one pays twice.
    @Test func aBatchThatWasTakenStaysGoodWhoeverIsVerifiedSince() async throws {
        let terms = [try RunningServer.carrier("simulated"), try unverified()]
        try await RunningServer.with {
            $0.carriers = terms
            $0.standardCarrier = terms[0].id
        } _: { server in
            try await server.client { client in
                let file = "number,amount\n13800138000,10\n"
                let first = try await upload(client, file, key: "b")
                let proposal = try await verify(client, "agent")
                try await approve(proposal, on: server)
                let again = try await upload(client, file, key: "b")
                #expect(first.isNew && !again.isNew)
                #expect(again.value.batch.id == first.value.batch.id)
                let other = try await refusal { _ = try await upload(client, file, key: "other") }
                #expect(other.code == .conflict)
                let named = try await refusal {
                    _ = try await upload(client, file, key: "named", carrier: "simulated")
                }
                #expect(named.code == .conflict)
                let job: PageView<JobView> = try await client.get(ControlPath.jobs)
                #expect(job.items.map(\.carrier.name) == ["simulated"])
            }
        }
    }

    @Test func aSimulatedProfileNeedsNobodyAndAnUnknownOneIsNone() async throws {
        var terms = try RunningServer.carrier("simulated")
        terms.isSimulated = true
        terms.edition = ProfileEdition(terms.id, digest: Array(repeating: 1, count: 32))
        try await RunningServer.with { [terms] in
            $0.carriers = [terms]
        } _: { server in
            try await server.client { client in
                let refused = try await refusal { _ = try await verify(client, "simulated") }
                #expect(refused.code == .wrongState)
                let unknown = try await refusal { _ = try await verify(client, "x") }
                #expect(unknown.code == .notFound)
            }
        }
    }
}
