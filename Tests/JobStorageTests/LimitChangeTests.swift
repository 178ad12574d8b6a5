import Recharge
import TestSupport
import Testing

@testable import JobStorage

/// Limits that people set: lowered by one, raised by two.
struct LimitChangeTests {
    private let global = LimitFigure(.global, nil, .hour, .count)

    private func shopWithOrders(_ count: Int = 4, sims: Int = 1) async throws -> Workshop {
        let shop = try Workshop()
        for sim in 1...sims { try await shop.admit(sim) }
        for index in 1...count { try await shop.submit(try Samples.order(index)) }
        return shop
    }

    private func set(
        _ shop: Workshop,
        _ figure: LimitFigure,
        _ setting: LimitSetting,
        configured: [Int64?],
        people: Int = 2
    ) async throws -> Proposal? {
        try await shop.store.setLimit(
            LimitChange(figure, setting),
            configured: configured,
            reason: "a new shop",
            people: people,
            by: Workshop.mei,
            at: shop.start
        )
    }

    private func refusal(_ act: () async throws -> Void) async -> JobStoreError.Code? {
        await #expect(throws: JobStoreError.self) { try await act() }?.code
    }

    @Test func onePersonLowersALimitAtOnce() async throws {
        let shop = try await shopWithOrders()
        #expect(try await set(shop, global, .limit(1), configured: [nil]) == nil)
        try await shop.succeed(try await shop.takeAndArm(1))
        #expect(
            try await shop.claim(1)
                == .limited(until: shop.start.advanced(by: .seconds(3600)), .globalUse)
        )
        let events = try await shop.store.events(after: 0, limit: 100).map(\.event)
        let event = try #require(events.last { $0.kind == "limit.set" })
        #expect(event.details.contains(.init("figure", "per_hour_count")))
        #expect(event.details.contains(.init("before", "configured")))
        #expect(event.details.contains(.init("after", "1")))
    }

    @Test func aRaiseHoldsOnceAnotherPersonApproved() async throws {
        let shop = try await shopWithOrders()
        let uses = ClaimUses(global: UseLimits(perHour: UseLimit(count: 1)))
        try await shop.succeed(try await shop.takeAndArm(1, uses: uses))
        let proposal = try #require(
            try await set(shop, global, .limit(2), configured: [1])
        )
        #expect(proposal.kind == .limit && proposal.state == .open && proposal.job == nil)
        #expect(proposal.subject == "global each per_hour_count")
        #expect(try await shop.take(1, uses: uses) == nil)
        #expect(await refusal { try await shop.approve(proposal, by: Workshop.mei) } == .samePerson)
        #expect(try await shop.store.limitOverrides() == [])
        try await shop.approve(proposal, by: Workshop.lan)
        #expect(try await shop.take(1, uses: uses) != nil)
        #expect(try await shop.store.limitOverrides().map(\.value) == [2])
    }

    @Test func inAOneManShopOnePersonRaisesIt() async throws {
        let shop = try await shopWithOrders()
        let proposal = try await set(shop, global, .unlimited, configured: [1], people: 1)
        #expect(proposal?.state == .approved)
        #expect(try await shop.store.limitOverrides().map(\.value) == [nil])
    }

    @Test func aRaiseThatWaitsKeepsNobodyFromLoweringAndIsStaleThen() async throws {
        let shop = try await shopWithOrders()
        let raise = try #require(try await set(shop, global, .limit(9), configured: [3]))
        #expect(
            await refusal {
                _ = try await set(shop, global, .limit(8), configured: [3])
            } == .wrongState
        )
        #expect(try await set(shop, global, .limit(1), configured: [3]) == nil)
        #expect(await refusal { try await shop.approve(raise, by: Workshop.lan) } == .wrongState)
        #expect(try await shop.store.limitOverrides().map(\.value) == [1])
    }

    @Test(
        arguments: [
            ([10], .configured, .limit(9), false), ([10], .configured, .limit(10), false),
            ([10], .configured, .limit(11), true), ([10], .configured, .unlimited, true),
            ([nil], .configured, .unlimited, false), ([nil], .configured, .limit(5), false),
            ([10], .limit(5), .configured, true), ([10], .limit(20), .configured, false),
            ([10], .unlimited, .configured, false), ([nil], .limit(5), .configured, true),
            ([10, 3], .configured, .limit(5), true), ([10, 3], .configured, .limit(3), false),
            ([], .configured, .limit(3), true),
        ] as [([Int64?], LimitSetting, LimitSetting, Bool)]
    )
    func aRaiseIsWhatLetsMoreThroughForAnyone(
        configured: [Int64?],
        before: LimitSetting,
        after: LimitSetting,
        isRaise: Bool
    ) {
        var overrides = LimitOverrides()
        overrides.set(global, before)
        let change = LimitChange(global, after)
        #expect(overrides.isRaised(by: change, configured: configured) == isRaise)
    }

    @Test func oneOwnersFigureIsComparedWithThatOfAll() {
        let each = LimitFigure(.client, nil, .day, .sum)
        let one = LimitFigure(.client, "uid:1", .day, .sum)
        var overrides = LimitOverrides()
        overrides.set(each, .limit(50))
        for (setting, isRaise) in [
            (LimitSetting.limit(50), false), (.limit(51), true), (.configured, false),
        ] {
            let change = LimitChange(one, setting)
            #expect(overrides.isRaised(by: change, configured: [100]) == isRaise)
        }
    }

    // MARK: Who waits

    private func wait(_ shop: Workshop, _ job: Job, _ uses: ClaimUses) async throws -> LimitWait? {
        let day = shop.start..<shop.start.advanced(by: .seconds(86_400))
        return try await shop.store.wait(of: job.id, uses, day: day, ownDay: day, at: shop.start)
    }

    @Test(arguments: UseScope.allCases)
    func aReadyJobSaysForWhichLimitItWaitsAndUntilWhen(_ scope: UseScope) async throws {
        let shop = try Workshop()
        try await shop.admit(1)
        let one = UseLimits(perHour: UseLimit(count: 1), perDay: UseLimit(count: 9))
        let uses: ClaimUses
        switch scope {
        case .sim: uses = ClaimUses(sim: one)
        case .number: uses = ClaimUses(number: one)
        case .client: uses = ClaimUses(client: one)
        case .carrier: uses = ClaimUses(carrier: one)
        case .global: uses = ClaimUses(global: one)
        }
        try await shop.submit(try Samples.order(1))
        try await shop.succeed(try await shop.takeAndArm(1))
        var second = try Samples.order(1)
        second.key.key = "second"
        let job = try await shop.submit(second)
        let found = try #require(try await wait(shop, job, uses))
        #expect(found.until == shop.start.advanced(by: .seconds(3600)))
        #expect(found.words.hasPrefix("over the limit of"))
        #expect(found.words.hasSuffix("per hour: 1 of 1 recharges are used"))
        #expect(try await wait(shop, job, .none) == nil)
    }

    @Test func oneSIMWithRoomIsEnough() async throws {
        let shop = try await shopWithOrders(2, sims: 2)
        let uses = ClaimUses(sim: UseLimits(perHour: UseLimit(count: 1)))
        try await shop.succeed(try await shop.takeAndArm(1, uses: uses))
        let job = try #require(
            try await shop.store.jobs(JobQuery(states: [.ready])).elements.first
        )
        #expect(try await wait(shop, job, uses) == nil)
    }
}
