import Recharge
import TestSupport
import Testing

@testable import JobStorage

/// Taking a recharge back.
struct ReversalTests {
    private static let terms = ReversalTerms(
        within: .seconds(86_400),
        sameMonth: true,
        perMonth: 2,
        offsetMinutes: 480
    )

    private static func reverse(
        _ shop: Workshop,
        _ job: Job.ID,
        _ terms: ReversalTerms = terms,
        at now: Timestamp? = nil,
        people: Int = 2
    ) async throws -> Proposal {
        try await shop.store.reverse(
            job,
            terms,
            reason: "the wrong number",
            people: people,
            by: Workshop.mei,
            at: now ?? shop.start
        )
    }

    @Test func twoPeopleTakeARechargeBackOnTheSIMThatMadeIt() async throws {
        let shop = try Workshop()
        let attempt = try await shop.succeeded(serial: "S1")
        try await shop.admit(2, imei: 2)
        let proposal = try await Self.reverse(shop, attempt.job)
        #expect(try await shop.store.dossier(of: attempt.job)?.reversals == [])
        await #expect(throws: JobStoreError.self) {
            try await shop.approve(proposal, by: Workshop.mei, at: shop.start)
        }
        try await shop.approve(proposal, by: Workshop.lan, at: shop.start)
        let reversals = try #require(try await shop.store.dossier(of: attempt.job)?.reversals)
        let job = try #require(try await shop.store.job(reversals[0]))
        #expect(job.order.reversal?.job == attempt.job && job.order.reversal?.serial == "S1")
        #expect(job.order.deadline == shop.start.advanced(by: .seconds(86_400)))
        #expect(try await shop.take(2) == nil)
        let taken = try await shop.takeAndArm(1)
        #expect(taken.job == job.id && taken.isReversal)
        try await shop.succeed(taken, serial: "R1")
        #expect(try await shop.store.floats()[0].confirmed.minorUnits == 0)
        #expect(try await shop.store.verifyBooks().findings == [])
        let again = await #expect(throws: JobStoreError.self) {
            _ = try await Self.reverse(shop, attempt.job)
        }
        #expect(again?.message.contains("its reversal is job \(job.id), succeeded") == true)
    }

    /// It was refused, and its success came all the same.
    @Test func aReversalWhoseSuccessCameLateIsNotOrderedAgain() async throws {
        let shop = try Workshop()
        let attempt = try await shop.succeeded(serial: "S1")
        _ = try await Self.reverse(shop, attempt.job, people: 1)
        let taken = try await shop.takeAndArm(1)
        try await shop.refuse(taken)
        #expect(try await shop.job(of: taken)?.state == .failed)
        try await shop.succeed(taken, serial: "R1")
        let refusal = await #expect(throws: JobStoreError.self) {
            _ = try await Self.reverse(shop, attempt.job, people: 1)
        }
        #expect(refusal?.message.contains("may have been executed all the same") == true)
    }

    /// It brings back the money that is short.
    @Test(arguments: [true, false])
    func aReversalGoesOutOnASIMThatMaySpendNoMore(isLow: Bool) async throws {
        let shop = try Workshop()
        try await shop.admit(1, floatLow: isLow ? try Samples.yuan(95) : nil)
        try await shop.report(1, try Samples.yuan(100))
        let attempt = try await shop.succeeded(serial: "S1")
        try await shop.submit(try Samples.order(2))
        let limits = SIMLimits(perDayMinorUnits: 1000)
        #expect(try await shop.take(1, limits) == nil)
        _ = try await Self.reverse(shop, attempt.job, people: 1)
        let reversal = try #require(try await shop.take(1, limits))
        #expect(reversal.order.reversal?.job == attempt.job)
        let taken = try await shop.arm(reversal, 1)
        try await shop.succeed(taken, serial: "R1")
        #expect(try await shop.take(1, limits) == nil)
    }

    @Test func theWindowHoldsWhenProposedAndWhenApproved() async throws {
        let shop = try Workshop()
        let attempt = try await shop.succeeded(serial: "S1")
        let last = shop.start.advanced(by: .seconds(86_399))
        let proposal = try await Self.reverse(shop, attempt.job, at: last)
        let late = shop.start.advanced(by: .seconds(86_400))
        for call in 0...1 {
            let refusal = await #expect(throws: JobStoreError.self) {
                if call == 0 {
                    try await shop.approve(proposal, by: Workshop.lan, at: late)
                } else {
                    _ = try await Self.reverse(shop, attempt.job, at: late)
                }
            }
            #expect(refusal?.code == .wrongState)
        }
        #expect(try await shop.store.dossier(of: attempt.job)?.reversals == [])
    }

    @Test func theMonthIsTheCarriers() throws {
        let lastOfMonth = try #require(Timestamp("2026-11-30T15:59:59Z"))
        let first = try #require(Timestamp("2026-11-30T16:00:00Z"))
        let deadline = Self.terms.deadline(chargedAt: lastOfMonth)
        #expect(deadline == first)
        #expect(Self.terms.deadline(chargedAt: first) == first.advanced(by: .seconds(86_400)))
        let month = Self.terms.month(of: try #require(Timestamp("2026-12-31T15:59:59Z")))
        #expect(month.began == first)
        #expect(month.ends == Timestamp("2026-12-31T16:00:00Z"))
    }

    @Test func aSIMHasSoManyReversalsInAMonth() async throws {
        let shop = try Workshop()
        for order in 1...3 {
            let attempt = try await shop.succeeded(order, serial: "S\(order)")
            guard order < 3 else {
                let refusal = await #expect(throws: JobStoreError.self) {
                    _ = try await Self.reverse(shop, attempt.job, people: 1)
                }
                #expect(refusal?.message.contains("2 reversals") == true)
                return
            }
            let proposal = try await Self.reverse(shop, attempt.job, people: 1)
            #expect(proposal.state == .approved)
            let taken = try await shop.takeAndArm(1)
            try await shop.succeed(taken, serial: "R\(order)")
        }
    }

    /// What the carrier states may have the money back already: booked twice, if both were taken.
    @Test func nothingIsReconciledWhileAReversalIsInHandOrInDoubt() async throws {
        let shop = try Workshop()
        let sim = try Samples.iccid(1)
        try await shop.admit(1)
        try await shop.report(1, try Samples.yuan(100))
        let attempt = try await shop.succeeded(serial: "S1")
        _ = try await Self.reverse(shop, attempt.job, people: 1)
        let job = try #require(try await shop.take(1))
        func isRefused() async throws -> Bool {
            try await shop.report(1, try Samples.yuan(100))
            let float = try await shop.store.floats()[0]
            #expect(float.confirmed == (try Samples.yuan(90)) && float.drift.minorUnits == 0)
            let refusal = await #expect(throws: JobStoreError.self) {
                try await shop.store.reconcile(sim, reason: "", by: .gateway, at: shop.start)
            }
            return refusal?.code == .outcomePending
        }
        #expect(try await isRefused())
        let reversal = try await shop.arm(job, 1)
        #expect(try await isRefused())
        try await shop.settle(reversal, .unknown, [])
        #expect(try await isRefused())
        try await shop.succeed(reversal, serial: "R1")
        try await shop.report(1, try Samples.yuan(100))
        let float = try await shop.store.floats()[0]
        #expect(float.confirmed == (try Samples.yuan(100)) && float.drift.minorUnits == 0)
        #expect(try await shop.store.verifyBooks().findings == [])
    }

    @Test func aReversalThatFailedMayBeOrderedAgain() async throws {
        let shop = try Workshop()
        let attempt = try await shop.succeeded(serial: "S1")
        _ = try await Self.reverse(shop, attempt.job, people: 1)
        try await shop.refuse(try await shop.takeAndArm(1))
        _ = try await Self.reverse(shop, attempt.job, people: 1)
        let reversals = try await shop.store.dossier(of: attempt.job)?.reversals
        #expect(reversals?.count == 2)
    }

    @Test func onlyAProvedRechargeWithASerialIsReversed() async throws {
        let shop = try Workshop()
        let nameless = try await shop.succeeded(1, serial: nil)
        let proved = try await shop.succeeded(2, serial: "S2")
        _ = try await Self.reverse(shop, proved.job, people: 1)
        let reversal = try await shop.takeAndArm(1)
        try await shop.succeed(reversal, serial: "R2")
        let doubted = try await shop.doubted(3)
        for job in [nameless.job, reversal.job, doubted.job] {
            let refusal = await #expect(throws: JobStoreError.self) {
                _ = try await Self.reverse(shop, job)
            }
            #expect(refusal?.code == .wrongState)
        }
    }
}
