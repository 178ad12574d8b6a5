import Recharge
import TestSupport
import Testing

@testable import JobStorage

/// Quarantined SIMs, and the two people who let them work.
struct EnrolmentTests {
    private func enrol(_ shop: Workshop, people: Int = 2) async throws -> Proposal {
        try await shop.store.enrol(
            try Samples.iccid(1),
            reason: "new card in slot 3",
            people: people,
            by: Workshop.mei,
            at: shop.start
        )
    }

    private func state(_ shop: Workshop) async throws -> SIM.State? {
        try await shop.store.sims().first?.state
    }

    private func refusal(_ act: () async throws -> Void) async -> JobStoreError.Code? {
        await #expect(throws: JobStoreError.self) { try await act() }?.code
    }

    @Test func anotherPersonApprovesThePairThatWasSeen() async throws {
        let shop = try Workshop()
        try await shop.admit(1, enrolment: .required)
        let proposal = try await enrol(shop)
        #expect(proposal.kind == .enrolment && proposal.state == .open)
        #expect(try await shop.store.sims().first?.proposal == proposal.id)
        #expect(await refusal { try await shop.approve(proposal, by: Workshop.mei) } == .samePerson)
        #expect(try await state(shop) == .quarantined)
        try await shop.approve(proposal, by: Workshop.lan)
        #expect(try await state(shop) == .enabled)
        #expect(try await shop.admit(1, enrolment: .required).sim.state == .enabled)
    }

    @Test func aSIMThatWasMovedMeanwhileIsLookedAtAgain() async throws {
        let shop = try Workshop()
        try await shop.admit(1, enrolment: .required)
        let proposal = try await enrol(shop)
        try await shop.admit(1, enrolment: .required, imei: 2)
        #expect(await refusal { try await shop.approve(proposal, by: Workshop.lan) } == .wrongState)
        #expect(try await state(shop) == .quarantined)
    }

    @Test func inAOneManShopOnePersonIsEnoughAndAWorkingSIMNeedsNobody() async throws {
        let shop = try Workshop()
        try await shop.admit(1, enrolment: .required)
        #expect(try await enrol(shop, people: 1).state == .approved)
        #expect(try await state(shop) == .enabled)
        #expect(await refusal { _ = try await enrol(shop) } == .wrongState)
    }

    /// It was paused when somebody resumed it, and was moved meanwhile.
    @Test func nobodyResumesAQuarantinedSIM() async throws {
        let shop = try Workshop()
        try await shop.admit(1)
        try await shop.admit(1, enrolment: .required, imei: 2)
        let code = await refusal {
            try await shop.store.setState(
                of: try Samples.iccid(1),
                to: .enabled,
                reason: "r",
                by: Workshop.mei,
                at: shop.start
            )
        }
        #expect(code == .wrongState)
        #expect(try await state(shop) == .quarantined)
        #expect(try await shop.admit(1, enrolment: .required, imei: 2).sim.state == .quarantined)
    }

    /// Else whoever may resume it would enrol it alone.
    @Test func aPausedSIMThatWasMovedIsQuarantined() async throws {
        let shop = try Workshop()
        try await shop.admit(1)
        try await shop.store.setState(
            of: try Samples.iccid(1),
            to: .paused,
            reason: "r",
            by: Workshop.mei,
            at: shop.start
        )
        #expect(try await shop.admit(1, enrolment: .required).sim.state == .paused)
        #expect(try await shop.admit(1, enrolment: .required, imei: 2).sim.state == .quarantined)
    }
}
