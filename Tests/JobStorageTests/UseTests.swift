import GRDB
import Recharge
import TestSupport
import Testing

@testable import JobStorage

/// Limits of use: per SIM, number, client, carrier and over all.
struct UseTests {
    private let two = UseLimits(perHour: UseLimit(count: 2))

    private func shopWithOrders(_ count: Int = 9, sims: Int = 1) async throws -> Workshop {
        let shop = try Workshop()
        for sim in 1...sims { try await shop.admit(sim) }
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

    @Test(arguments: [
        (ClaimUses(sim: UseLimits(perHour: UseLimit(count: 2))), LimitReason.simUse),
        (ClaimUses(carrier: UseLimits(perHour: UseLimit(count: 2))), .carrierUse),
        (ClaimUses(global: UseLimits(perHour: UseLimit(count: 2))), .globalUse),
    ])
    func aCountHoldsUntilItsWindowEndsAndOverARestart(
        uses: ClaimUses,
        reason: LimitReason
    ) async throws {
        let shop = try await shopWithOrders()
        for second in 1...2 {
            try await shop.succeed(
                try await shop.takeAndArm(1, uses: uses, after: .seconds(second))
            )
        }
        let full = limited(shop, after: .seconds(3600), reason)
        #expect(try await shop.claim(1, uses: uses, after: .seconds(3)) == full)
        try shop.reopen()
        #expect(try await shop.claim(1, uses: uses, after: .seconds(3599)) == full)
        #expect(try await shop.take(1, uses: uses, after: .seconds(3600)) != nil)
    }

    @Test(arguments: [
        (UseSpan.minute, 60), (.hour, 3600), (.day, 86_400),
    ])
    func eachSpanHasItsOwnWindow(span: UseSpan, seconds: Int) async throws {
        let shop = try await shopWithOrders()
        var uses = ClaimUses()
        uses.global[span] = UseLimit(count: 1)
        try await shop.succeed(try await shop.takeAndArm(1, uses: uses, after: .seconds(1)))
        #expect(
            try await shop.claim(1, uses: uses, after: .seconds(2))
                == limited(shop, after: .seconds(seconds), .globalUse)
        )
    }

    @Test func theLimitOfTheCarrierCountsAllItsSIMs() async throws {
        let shop = try await shopWithOrders(sims: 3)
        let uses = ClaimUses(carrier: two)
        try await shop.succeed(try await shop.takeAndArm(1, uses: uses))
        try await shop.succeed(try await shop.takeAndArm(2, uses: uses))
        #expect(
            try await shop.claim(3, uses: uses) == limited(shop, after: .seconds(3600), .carrierUse)
        )
        let own = ClaimUses(sim: two)
        #expect(try await shop.take(3, uses: own) != nil)
    }

    @Test func whatIsLeasedAtOnceIsCountedOnceMoreBeforeItIsArmed() async throws {
        let shop = try await shopWithOrders(sims: 3)
        let uses = ClaimUses(global: two)
        var leased: [Job] = []
        for sim in 1...3 {
            leased.append(try #require(try await shop.take(sim, uses: uses)))
        }
        try await shop.arm(leased[0], 1)
        try await shop.arm(leased[1], 2)
        let refusal = await #expect(throws: JobStoreError.self) {
            try await shop.arm(leased[2], 3)
        }
        #expect(refusal?.code == .leaseLost)
        #expect(try await shop.store.job(leased[2].id)?.state == .ready)
        #expect(
            try await shop.claim(3, uses: uses) == limited(shop, after: .seconds(3600), .globalUse)
        )
    }

    @Test func aSumIsNeverPassedAndSmallerJobsStillGo() async throws {
        let shop = try await shopWithOrders(2)
        let uses = ClaimUses(carrier: UseLimits(perDay: UseLimit(minorUnits: 1500)))
        try await shop.succeed(try await shop.takeAndArm(1, uses: uses))
        #expect(
            try await shop.claim(1, uses: uses)
                == limited(shop, after: .seconds(86_400), .carrierUse)
        )
        try await shop.submit(try Samples.order(7, yuan: 5))
        #expect(try await shop.take(1, uses: uses)?.order.key.key == "order-7")
    }

    @Test func theTighterOfTwoSumsCounts() async throws {
        let shop = try await shopWithOrders(2)
        let uses = ClaimUses(
            sim: UseLimits(perDay: UseLimit(minorUnits: 1900)),
            global: UseLimits(perHour: UseLimit(minorUnits: 1500))
        )
        try await shop.succeed(try await shop.takeAndArm(1, uses: uses))
        try await shop.submit(try Samples.order(7, yuan: 8))
        #expect(
            try await shop.claim(1, uses: uses) == limited(shop, after: .seconds(3600), .globalUse)
        )
        #expect(
            try await shop.take(1, uses: uses, after: .seconds(3600))?.order.amount.minorUnits
                == 800
        )
    }

    @Test func proofThatNothingWasExecutedGivesBackAndWakesTheOthers() async throws {
        let shop = try await shopWithOrders(sims: 2)
        let uses = ClaimUses(global: UseLimits(perDay: UseLimit(count: 1)))
        let attempt = try await shop.takeAndArm(1, uses: uses)
        try await shop.settle(attempt, .unknown, [])
        try shop.reopen()
        try await shop.admit(2)
        let full = limited(shop, after: .seconds(86_400), .globalUse)
        #expect(try await shop.claim(2, uses: uses, after: .seconds(9)) == full)
        try await shop.refuse(attempt)
        var wakes = shop.store.wakes.makeAsyncIterator()
        #expect(await wakes.next() == (try Samples.iccid(2)))
        #expect(try await shop.take(2, uses: uses, after: .seconds(9)) != nil)
    }

    @Test func aLimitThatIsNewCountsWhatWasArmedBefore() async throws {
        let shop = try await shopWithOrders()
        try await shop.succeed(try await shop.takeAndArm(1))
        try await shop.refuse(try await shop.takeAndArm(1, after: .seconds(1)))
        let uses = ClaimUses(sim: two, global: two)
        try await shop.succeed(try await shop.takeAndArm(1, uses: uses, after: .seconds(2)))
        #expect(
            try await shop.claim(1, uses: uses, after: .seconds(3))
                == limited(shop, after: .seconds(3600), .simUse)
        )
    }

    @Test func aClockThatJumpsBackNeitherGrantsNorBlocksForLong() async throws {
        let shop = try await shopWithOrders()
        let uses = ClaimUses(global: UseLimits(perHour: UseLimit(count: 1)))
        try await shop.succeed(try await shop.takeAndArm(1, uses: uses, after: .seconds(10)))
        // A day ahead by mistake: a new window, and the old rows are swept.
        try await shop.succeed(try await shop.takeAndArm(1, uses: uses, after: .seconds(90_000)))
        #expect(
            try await shop.claim(1, uses: uses, after: .seconds(20))
                == limited(shop, after: .seconds(3600), .globalUse)
        )
        #expect(try await shop.take(1, uses: uses, after: .seconds(3600)) != nil)
    }

    @Test func withoutLimitsNothingIsKept() async throws {
        let shop = try await shopWithOrders()
        try await shop.succeed(try await shop.takeAndArm(1))
        let rows = try await shop.store.pool.read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM use")
        }
        #expect(rows == 0)
    }

    @Test func windowsThatEndedAreSwept() async throws {
        let shop = try await shopWithOrders(40)
        let uses = ClaimUses(number: UseLimits(perMinute: UseLimit(count: 1)))
        for index in 0..<40 {
            let attempt = try await shop.takeAndArm(1, uses: uses, after: .seconds(60 * index))
            try await shop.succeed(attempt)
        }
        let rows = try await shop.store.pool.read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM use")
        }
        #expect(rows == 1)
    }

    @Test(arguments: UseScope.allCases)
    func aNewWindowIsCountedByIndex(scope: UseScope) throws {
        let shop = try Workshop()
        let plan = try shop.store.pool.read { db in
            try Workshop.plan(
                ["?1", "?2", "?3"].reduce(WindowUse.counted(scope)) {
                    $0.replacing($1, with: "'1'")
                },
                db
            )
        }
        #expect(!plan.contains("SCAN"), "\(plan)")
        #expect(plan.contains(scope == .number ? "job_number" : "attempt_armed"), "\(plan)")
    }
}
