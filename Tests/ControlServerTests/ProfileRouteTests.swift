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

    private func verify(_ client: ControlClient, _ name: String) async throws -> ProposalReceipt {
        try await client.post(
            ControlPath.verify(try Samples.carrier(name)),
            RunningServer.reason,
            key: "verify \(name)",
            as: ProposalReceipt.self
        ).value
    }

    private func order(_ client: ControlClient, key: String) async throws -> JobView {
        let order = JobOrder(number: "13800138000", amount: "10", carrier: "agent")
        return try await client.post(ControlPath.jobs, order, key: key, as: JobView.self).value
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
                #expect(
                    try await refusal { _ = try await order(client, key: "1") }.code == .badOrder
                )
                let proposal = try await verify(client, "agent")
                #expect(
                    try await refusal { _ = try await order(client, key: "1") }.code == .badOrder
                )
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
            let job = try OrderReading(carriers: [trusted], key: key).job(order)
            let taken = try await server.store.submit(job, by: .gateway, at: RunningServer.now)
            _ = try await server.store.verify(
                try #require(before.edition),
                reason: "r",
                people: 1,
                by: Actor("uid:1000(mei)"),
                at: RunningServer.now
            )
            try await server.client { client in
                #expect(try await self.order(client, key: "taken").id == taken.job.id)
                let refused = try await refusal { _ = try await self.order(client, key: "new") }
                #expect(refused.code == .badOrder)
                let page: PageView<ProfileView> = try await client.get(ControlPath.profiles)
                #expect(page.items.map(\.isVerified) == [false])
                #expect(page.items.map(\.otherwiseVerifiedAt) == [RunningServer.now])
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
                #expect(try await refusal { _ = try await verify(client, "x") }.code == .notFound)
            }
        }
    }
}
