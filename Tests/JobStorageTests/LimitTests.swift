import Recharge
import TestSupport
import Testing

@testable import JobStorage

struct LimitTests {
    private func shopWithOrders(_ count: Int = 9) async throws -> Workshop {
        let shop = try Workshop()
        try await shop.admit(1)
        for index in 1...count { try await shop.submit(try Samples.order(index)) }
        return shop
    }

    private func limited(
        _ shop: Workshop,
        after delay: Duration,
        _ reason: LimitReason
    ) -> ClaimAnswer {
        .limited(until: shop.start.advanced(by: delay), reason)
    }

    @Test func theRateHoldsAcrossARestart() async throws {
        let shop = try await shopWithOrders()
        let limits = SIMLimits(perMinute: 6, burst: 2)
        #expect(try await shop.take(1, limits) != nil)
        #expect(try await shop.take(1, limits) != nil)
        #expect(try await shop.claim(1, limits) == limited(shop, after: .seconds(10), .rate))
        try shop.reopen()
        #expect(
            try await shop.claim(1, limits, after: .seconds(4))
                == limited(shop, after: .seconds(10), .rate)
        )
        #expect(try await shop.take(1, limits, after: .seconds(10)) != nil)
    }

    @Test func aBucketNeverHoldsMoreThanItsBurst() async throws {
        let shop = try await shopWithOrders()
        let limits = SIMLimits(perMinute: 6, burst: 2)
        for _ in 0..<2 { #expect(try await shop.take(1, limits, after: .seconds(9999)) != nil) }
        #expect(try await shop.take(1, limits, after: .seconds(9999)) == nil)
    }

    @Test func aClockThatJumpsBackNeitherGrantsNorBlocksForEver() async throws {
        let shop = try await shopWithOrders()
        let limits = SIMLimits(perMinute: 6, burst: 1, gap: .seconds(5))
        #expect(try await shop.take(1, limits, after: .seconds(100_000)) != nil)
        #expect(try await shop.claim(1, limits) == limited(shop, after: .seconds(10), .rate))
        #expect(try await shop.take(1, limits, after: .seconds(10)) != nil)
    }

    @Test func theGapCountsFromTheLastArmingAndSurvivesARestart() async throws {
        let shop = try await shopWithOrders()
        let limits = SIMLimits(gap: .seconds(7))
        try await shop.succeed(try await shop.takeAndArm(1, limits, after: .seconds(1)))
        try shop.reopen()
        #expect(
            try await shop.claim(1, limits, after: .seconds(2))
                == limited(shop, after: .seconds(8), .gap)
        )
        #expect(try await shop.take(1, limits, after: .seconds(8)) != nil)
    }

    @Test func theDayCountSurvivesARestartAndIsGivenBackByProof() async throws {
        let shop = try await shopWithOrders()
        let limits = SIMLimits(perDayCount: 2)
        try await shop.succeed(try await shop.takeAndArm(1, limits))
        let second = try await shop.takeAndArm(1, limits)
        try await shop.settle(second, .unknown, [])
        try shop.reopen()
        let full = limited(shop, after: .seconds(86_400), .dayCount)
        #expect(try await shop.claim(1, limits, after: .seconds(1000)) == full)
        try await shop.refuse(second)
        #expect(try await shop.take(1, limits, after: .seconds(1000)) != nil)
    }

    @Test func theDaySumIsNeverPassed() async throws {
        let shop = try await shopWithOrders(2)
        let limits = SIMLimits(perDayMinorUnits: 1500)
        try await shop.succeed(try await shop.takeAndArm(1, limits))
        let full = limited(shop, after: .seconds(86_400), .daySum)
        #expect(try await shop.claim(1, limits) == full)
        try await shop.submit(try Samples.order(7, yuan: 5))
        #expect(try await shop.take(1, limits)?.order.key.key == "order-7")
    }

    @Test func aDoubtFencesItsSIMUntilItIsResolved() async throws {
        let shop = try await shopWithOrders()
        let attempt = try await shop.takeAndArm(1)
        try await shop.settle(attempt, .unknown, [])
        let fenced = limited(shop, after: .seconds(900), .fenced)
        #expect(try await shop.claim(1) == fenced)
        try shop.reopen()
        #expect(try await shop.claim(1) == fenced)
        #expect(try await shop.store.sims()[0].balance == nil)
        try await shop.succeed(attempt)
        #expect(try await shop.take(1) != nil)
    }

    @Test func aFenceEndsByItself() async throws {
        let shop = try await shopWithOrders()
        try await shop.settle(try await shop.takeAndArm(1), .unknown, [])
        #expect(try await shop.take(1, after: .seconds(900)) != nil)
    }

    @Test func theHoldStopsEveryClaimAndSurvivesARestart() async throws {
        let shop = try await shopWithOrders()
        let leased = try #require(try await shop.take(1))
        try await shop.store.setHold(true, reason: "audit", by: .gateway, at: shop.start)
        #expect(try await shop.claim(1) == .stopped)
        let refusal = await #expect(throws: JobStoreError.self) { try await shop.arm(leased, 1) }
        #expect(refusal?.code == .leaseLost)
        #expect(try await shop.store.job(leased.id)?.state == .ready)
        try shop.reopen()
        #expect(shop.store.recovery.hold == "audit")
        #expect(try await shop.claim(1) == .stopped)
        try await shop.store.setHold(false, reason: "done", by: .gateway, at: shop.start)
        #expect(try await shop.take(1) != nil)
    }
}
