import Recharge
import TestSupport
import Testing

@testable import JobStorage

struct WakeTests {
    /// The SIMs woken by now: a stream keeps what nobody took.
    private func wakes(_ shop: Workshop, _ count: Int) async throws -> [ICCID] {
        var iterator = shop.store.wakes.makeAsyncIterator()
        var woken: [ICCID] = []
        while woken.count < count, let next = await iterator.next() { woken.append(next) }
        return woken
    }

    private func parked(_ sims: Int) async throws -> Workshop {
        let shop = try Workshop()
        for sim in 1...sims { try await shop.admit(sim) }
        for sim in 1...sims { #expect(try await shop.claim(sim) == .nothing) }
        return shop
    }

    @Test func theLeastLoadedSIMIsWokenFirst() async throws {
        let shop = try Workshop()
        for sim in 1...3 { try await shop.admit(sim) }
        for (sim, count) in [(1, 2), (2, 0), (3, 1)] {
            for index in 0..<count {
                try await shop.submit(try Samples.order(sim * 10 + index))
                try await shop.succeed(try await shop.takeAndArm(sim))
            }
        }
        for sim in 1...3 { #expect(try await shop.claim(sim) == .nothing) }
        for index in 1...3 { try await shop.submit(try Samples.order(index)) }
        #expect(try await wakes(shop, 3) == [2, 3, 1].map { try Samples.iccid($0) })
    }

    @Test func asManySIMsAreWokenAsJobsCame() async throws {
        let shop = try await parked(4)
        try await shop.submit(try Samples.order(1))
        try await shop.submit(try Samples.order(2))
        #expect(try await wakes(shop, 2) == [1, 2].map { try Samples.iccid($0) })
        #expect(try await shop.take(1) != nil)
        #expect(try await shop.take(2) != nil)
        try await shop.batch("rest", first: 100, count: 50)
        #expect(try await wakes(shop, 2) == [3, 4].map { try Samples.iccid($0) })
    }

    @Test func aWakeThatHelpsNotIsPassedOn() async throws {
        let shop = try Workshop()
        for sim in 1...2 { try await shop.admit(sim) }
        try await shop.submit(try Samples.order(1))
        try await shop.succeed(try await shop.takeAndArm(2), balance: try Samples.yuan(5))
        try await shop.submit(try Samples.order(3))
        try await shop.succeed(try await shop.takeAndArm(1), balance: nil)
        try await shop.submit(try Samples.order(4))
        try await shop.succeed(try await shop.takeAndArm(1), balance: nil)
        for sim in 1...2 { #expect(try await shop.claim(sim) == .nothing) }
        try await shop.submit(try Samples.order(2))
        #expect(try await wakes(shop, 1) == [try Samples.iccid(2)])
        #expect(try await shop.claim(2) == .nothing)
        #expect(try await wakes(shop, 1) == [try Samples.iccid(1)])
        #expect(try await shop.take(1) != nil)
    }

    @Test func aSIMThatLeavesPassesItsWakeOn() async throws {
        let shop = try await parked(2)
        try await shop.submit(try Samples.order(1))
        #expect(try await wakes(shop, 1) == [try Samples.iccid(1)])
        try await shop.store.depart(try Samples.iccid(1), reason: "unplugged", at: shop.start)
        #expect(try await wakes(shop, 1) == [try Samples.iccid(2)])
    }

    @Test func aStoppedSIMIsWokenWhenItsStopEnds() async throws {
        let shop = try Workshop()
        try await shop.admit(1)
        let sim = try Samples.iccid(1)
        try await shop.store.setHold(true, reason: "r", by: .gateway, at: shop.start)
        #expect(try await shop.claim(1) == .stopped)
        try await shop.store.setHold(false, reason: "r", by: .gateway, at: shop.start)
        #expect(try await wakes(shop, 1) == [sim])
        try await shop.store.setState(
            of: sim,
            to: .paused,
            reason: "r",
            by: .gateway,
            at: shop.start
        )
        #expect(try await shop.claim(1) == .stopped)
        try await shop.store.setState(
            of: sim,
            to: .enabled,
            reason: "r",
            by: .gateway,
            at: shop.start
        )
        #expect(try await wakes(shop, 1) == [sim])
        try await shop.store.fence(sim, until: shop.start.advanced(by: .seconds(9)), at: shop.start)
        _ = try await shop.claim(1)
        try await shop.store.fence(sim, until: nil, at: shop.start)
        #expect(try await wakes(shop, 1) == [sim])
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func noWakeIsLost(seed: UInt64) async throws {
        let shop = try Workshop()
        let store = shop.store
        let (sims, jobs) = (4, 60)
        for sim in 1...sims { try await shop.admit(sim) }
        var random = SplitMix64(seed: seed)
        let numbers = (0..<jobs).map { _ in Int.random(in: 0..<20, using: &random) }
        let orders = try numbers.enumerated().map { index, number in
            var order = try Samples.order(number)
            order.key.key = "run-\(index)"
            return order
        }
        let requests = try (1...sims).map { sim in
            ClaimRequest(
                sim: try Samples.iccid(sim),
                carrier: try Samples.carrier(),
                limits: .unlimited,
                dayBegan: shop.start,
                dayEnds: shop.start.advanced(by: .seconds(86_400)),
                lease: .seconds(60)
            )
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for order in orders {
                    _ = try await store.submit(order, by: .gateway, at: Samples.midnight)
                }
            }
            group.addTask {
                var done = 0
                for request in requests { done += try await WakeTests.drain(store, request) }
                var wakes = store.wakes.makeAsyncIterator()
                while done < jobs, let sim = await wakes.next() {
                    for request in requests where request.sim == sim {
                        done += try await WakeTests.drain(store, request)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await store.stats(at: shop.start).jobs == [.succeeded: jobs])
    }

    /// Does all the jobs a SIM gets until it is parked; returns how many.
    private static func drain(_ store: SQLiteJobStore, _ request: ClaimRequest) async throws -> Int
    {
        var done = 0
        let now = Samples.midnight
        while case .claimed(let job) = try await store.claim(request, at: now) {
            let attempt = try await store.arm(
                Arming(
                    job: job.id,
                    sim: request.sim,
                    redactedRequest: "",
                    balanceBefore: nil,
                    fenceUntil: now
                ),
                at: now
            )
            _ = try await store.settle(
                Settlement(
                    attempt: attempt.id,
                    ending: .success(serial: nil),
                    evidence: [Workshop.evidence(.success)],
                    reason: "ok"
                ),
                at: now
            )
            done += 1
        }
        return done
    }
}
