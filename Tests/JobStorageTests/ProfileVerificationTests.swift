import Recharge
import TestSupport
import Testing

@testable import JobStorage

/// The profiles that may move money, and the two people who stand for each.
struct ProfileVerificationTests {
    private func edition(_ octet: UInt8, of carrier: String = "cmcc") throws -> ProfileEdition {
        ProfileEdition(try Samples.carrier(carrier), digest: Array(repeating: octet, count: 32))
    }

    private func verify(
        _ shop: Workshop,
        _ edition: ProfileEdition,
        people: Int = 2
    ) async throws -> Proposal {
        try await shop.store.verify(
            edition,
            reason: "recharged 10 yuan",
            people: people,
            by: Workshop.mei,
            at: shop.start
        )
    }

    private func verified(
        _ shop: Workshop,
        _ carrier: String = "cmcc",
        people: Int = 2
    ) async throws -> [ProfileVerification] {
        try await shop.store.verifications(of: [try Samples.carrier(carrier)], people: people)
    }

    private func refusal(_ act: () async throws -> Void) async -> JobStoreError.Code? {
        await #expect(throws: JobStoreError.self) { try await act() }?.code
    }

    @Test func itTakesAnotherPersonAndHoldsForThisContentOfTheFileAlone() async throws {
        let shop = try Workshop()
        let proposal = try await verify(shop, try edition(0x0A))
        #expect(proposal.kind == .profile && proposal.state == .open)
        #expect(await refusal { try await shop.approve(proposal, by: Workshop.mei) } == .samePerson)
        #expect(try await verified(shop).isEmpty)
        try await shop.approve(proposal, by: Workshop.lan)
        let known = try await verified(shop)
        #expect(known.map(\.edition) == [try edition(0x0A)])
        #expect(known.first?.people == [Workshop.mei.name, Workshop.lan.name])
        #expect(known.first?.edition.digest == String(repeating: "0a", count: 32))
    }

    @Test func theProfilesOfOthersAreOthers() async throws {
        let shop = try Workshop()
        for carrier in ["cmcc-2", "cmcc", "cm"] {
            _ = try await verify(shop, try edition(1, of: carrier), people: 1)
        }
        for carrier in ["cmcc-2", "cmcc", "cm"] {
            let known = try await verified(shop, carrier, people: 1)
            #expect(known.map(\.edition.carrier.name) == [carrier])
            #expect(known.first?.people == [Workshop.mei.name])
        }
        #expect(try await verified(shop, "c", people: 1).isEmpty)
    }

    @Test func whatOnePersonStoodForIsNothingWhereItTakesTwo() async throws {
        let shop = try Workshop()
        _ = try await verify(shop, try edition(1), people: 1)
        #expect(try await verified(shop, people: 1).count == 1)
        #expect(try await verified(shop).isEmpty)
        try await shop.approve(try await verify(shop, try edition(1)), by: Workshop.lan)
        #expect(try await verified(shop).count == 1)
    }

    @Test func aRejectedOneIsNotVerifiedAndAVerifiedOneNotTwice() async throws {
        let shop = try Workshop()
        let first = try await verify(shop, try edition(1))
        _ = try await shop.store.reject(
            first.id,
            reason: "the answers differ",
            by: Workshop.lan,
            at: shop.start
        )
        #expect(try await verified(shop).isEmpty)
        try await shop.approve(try await verify(shop, try edition(1)), by: Workshop.lan)
        #expect(await refusal { _ = try await verify(shop, try edition(1)) } == .wrongState)
        #expect(try await verified(shop).count == 1)
    }
}
