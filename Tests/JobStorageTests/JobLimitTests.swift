import Recharge
import TestSupport
import Testing

@testable import JobStorage

/// Limits of numbers and clients, which keep single jobs back.
struct JobLimitTests {
    private func shop() async throws -> Workshop {
        let shop = try Workshop()
        try await shop.admit(1)
        return shop
    }

    private func order(_ index: Int, as key: String, yuan: Int64 = 10) throws -> NewJob {
        var order = try Samples.order(index, yuan: yuan)
        order.key.key = key
        return order
    }

    private let oncePerNumber = ClaimUses(number: UseLimits(perHour: UseLimit(count: 1)))

    @Test func aJobOverTheHourOfItsNumberWaitsForTheNextAndOthersGo() async throws {
        let shop = try await shop()
        for key in ["a", "b"] { try await shop.submit(try order(1, as: key)) }
        try await shop.submit(try order(2, as: "c"), at: shop.start.advanced(by: .seconds(1)))
        try await shop.succeed(try await shop.takeAndArm(1, uses: oncePerNumber))
        let next = try #require(try await shop.take(1, uses: oncePerNumber, after: .seconds(1)))
        #expect(next.order.key.key == "c")
        try await shop.succeed(try await shop.arm(next, 1, after: .seconds(1)))
        let waiting = try #require(
            try await shop.store.jobs(JobQuery(states: [.scheduled])).elements.first
        )
        #expect(waiting.order.key.key == "b")
        #expect(waiting.dueAt == shop.start.advanced(by: .seconds(3600)))
        #expect(waiting.reason?.contains("its number per hour: 1 of 1 recharges") == true)
        let end = shop.start.advanced(by: .seconds(3600))
        _ = try await shop.store.promote(at: end)
        let later = try await shop.take(1, uses: oncePerNumber, after: .seconds(3600))
        #expect(later?.order.key.key == "b")
    }

    @Test func aJobOverTheDayIsHeldAndItsReleaseWaivesTheLimit() async throws {
        let shop = try await shop()
        let uses = ClaimUses(number: UseLimits(perDay: UseLimit(minorUnits: 1500)))
        for key in ["a", "b"] { try await shop.submit(try order(1, as: key)) }
        try await shop.succeed(try await shop.takeAndArm(1, uses: uses))
        #expect(try await shop.claim(1, uses: uses) == .nothing)
        let held = try #require(try await shop.store.jobs(JobQuery(states: [.held])).elements.first)
        #expect(held.holdReason == .overLimit)
        #expect(held.reason?.contains("10.00 of 15.00 CNY are used, and this is 10.00") == true)
        _ = try await shop.store.release(
            held.id,
            heldFor: .overLimit,
            reason: "asked",
            by: .gateway,
            at: shop.start
        )
        let job = try #require(try await shop.take(1, uses: uses))
        #expect(job.id == held.id)
        try await shop.arm(job, 1)
        let events = try await shop.store.events(after: 0, limit: 100).map(\.event)
        let released = events.first { $0.kind == "job.released" }
        #expect(released?.details.contains(.init("limits", "waived")) == true)
    }

    @Test func aJobLargerThanTheLimitItselfIsHeldWhateverItsSpan() async throws {
        let shop = try await shop()
        let uses = ClaimUses(client: UseLimits(perMinute: UseLimit(minorUnits: 900)))
        let walkIn = try await shop.submit(try order(1, as: "a"))
        let batch = try await shop.batch("rows", first: 100, count: 2)
        #expect(try await shop.claim(1, uses: uses) == .nothing)
        #expect(try await shop.store.job(walkIn.id)?.holdReason == .overLimit)
        #expect(try await shop.store.batch(batch)?.counts[.held] == 2)
    }

    @Test func aBatchWaitsAsAWholeForTheLimitOfItsClient() async throws {
        let shop = try await shop()
        let uses = ClaimUses(client: UseLimits(perDay: UseLimit(count: 2)))
        let batch = try await shop.batch("rows", first: 100, count: 500)
        for _ in 0..<2 { try await shop.succeed(try await shop.takeAndArm(1, uses: uses)) }
        #expect(
            try await shop.claim(1, uses: uses)
                == .limited(until: shop.start.advanced(by: .seconds(86_400)), .clientUse)
        )
        #expect(try await shop.store.batch(batch)?.counts[.ready] == 498)
        var other = try order(1, as: "walk-in")
        other.key.client = "uid:2000"
        try await shop.submit(other)
        #expect(try await shop.take(1, uses: uses)?.order.key.key == "walk-in")
    }

    @Test func manyJobsOverALimitArePutAsideInSteps() async throws {
        let shop = try await shop()
        for index in 0..<100 { try await shop.submit(try order(1, as: "same-\(index)")) }
        try await shop.submit(try order(2, as: "last"), at: shop.start.advanced(by: .seconds(1)))
        try await shop.succeed(try await shop.takeAndArm(1, uses: oncePerNumber))
        let next = try await shop.take(1, uses: oncePerNumber, after: .seconds(1))
        #expect(next?.order.key.key == "last")
        let waiting = try await shop.store.jobs(JobQuery(states: [.scheduled], limit: 1000))
        #expect(waiting.elements.count == 99)
    }

    @Test func aRefusalGivesTheNumberItsRoomBack() async throws {
        let shop = try await shop()
        for key in ["a", "b"] { try await shop.submit(try order(1, as: key)) }
        try await shop.refuse(try await shop.takeAndArm(1, uses: oncePerNumber))
        #expect(try await shop.take(1, uses: oncePerNumber)?.order.key.key == "b")
    }

    // MARK: What people set

    private func set(
        _ shop: Workshop,
        _ scope: UseScope,
        _ subject: String?,
        _ setting: LimitSetting
    ) async throws {
        let figure = LimitFigure(scope, subject, .day, .count)
        _ = try await shop.store.setLimit(
            LimitChange(figure, setting),
            configured: [nil],
            reason: "test",
            people: 1,
            by: Workshop.mei,
            at: shop.start
        )
    }

    @Test func aLimitThatAPersonSetCountsAtOnceAndOverARestart() async throws {
        let shop = try await shop()
        for index in 1...3 { try await shop.submit(try order(index, as: "\(index)")) }
        try await shop.succeed(try await shop.takeAndArm(1))
        try await set(shop, .global, nil, .limit(1))
        let full = ClaimAnswer.limited(
            until: shop.start.advanced(by: .seconds(86_400)),
            .globalUse
        )
        #expect(try await shop.claim(1) == full)
        try shop.reopen()
        #expect(try await shop.claim(1) == full)
        try await set(shop, .global, nil, .configured)
        #expect(try await shop.take(1) != nil)
        #expect(try await shop.store.limitOverrides().isEmpty)
    }

    @Test func oneOwnersFigureGoesBeforeThatOfAllAndTheConfigured() async throws {
        let shop = try await shop()
        let uses = ClaimUses(sim: UseLimits(perDay: UseLimit(count: 1)))
        for index in 1...4 { try await shop.submit(try order(index, as: "\(index)")) }
        try await set(shop, .sim, nil, .limit(2))
        try await set(shop, .sim, try Samples.iccid(1).digits, .limit(3))
        for _ in 0..<3 { try await shop.succeed(try await shop.takeAndArm(1, uses: uses)) }
        #expect(try await shop.take(1, uses: uses) == nil)
        try await set(shop, .sim, try Samples.iccid(1).digits, .unlimited)
        #expect(try await shop.take(1, uses: uses) != nil)
    }
}
