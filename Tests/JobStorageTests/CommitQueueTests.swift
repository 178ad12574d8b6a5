import GRDB
import Recharge
import TestSupport
import Testing

@testable import JobStorage

struct CommitQueueTests {
    @Test func callsThatComeTogetherShareCommits() async throws {
        let shop = try Workshop()
        let store = shop.store
        let before = try await store.stats(at: shop.start)
        let orders = try (1...200).map { try Samples.order($0) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for order in orders {
                group.addTask {
                    _ = try await store.submit(order, by: .gateway, at: Samples.midnight)
                }
            }
            try await group.waitForAll()
        }
        let after = try await store.stats(at: shop.start)
        #expect(after.operations - before.operations == 200)
        #expect(after.commits - before.commits < 150)
        #expect(after.jobs == [.ready: 200])
        #expect(try await store.firstBrokenEvent() == nil)
    }

    @Test func aCallThatThrowsHurtsOnlyItself() async throws {
        let shop = try Workshop()
        let store = shop.store
        try await shop.submit(try Samples.order(0))
        var other = try Samples.order(0)
        other.reference = "other terms"
        let conflicting = other
        let orders = try (1...60).map { try Samples.order($0) }
        let outcomes = try await withThrowingTaskGroup(of: Bool.self) { group in
            for order in orders {
                group.addTask {
                    let order = order.key.key.hasSuffix("5") ? conflicting : order
                    do {
                        return try await store.submit(order, by: .gateway, at: Samples.midnight)
                            .isNew
                    } catch let error as JobStoreError where error.code == .conflict {
                        return false
                    }
                }
            }
            return try await group.reduce(into: [Bool]()) { $0.append($1) }
        }
        #expect(outcomes.filter { !$0 }.count == 6)
        #expect(try await store.stats(at: shop.start).jobs == [.ready: 55])
        #expect(try await store.firstBrokenEvent() == nil)
    }

    @Test func whatACallChangedIsUndoneWhenItThrows() async throws {
        let shop = try Workshop()
        let order = try Samples.order(1)
        await #expect(throws: CancellationError.self) {
            try await shop.store.queue.perform { turn in
                _ = try turn.submit(order, by: .gateway, at: Samples.midnight)
                throw CancellationError()
            }
        }
        #expect(try await shop.store.jobs(JobQuery()).elements.isEmpty)
        try await shop.submit(order)
        #expect(try await shop.store.firstBrokenEvent() == nil)
    }

    @Test func aChunkThatThrowsHurtsOnlyItself() async throws {
        let shop = try Workshop()
        let store = shop.store
        let orders = try (1...40).map { try Samples.order($0) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for order in orders {
                group.addTask {
                    _ = try await store.submit(order, by: .gateway, at: Samples.midnight)
                }
            }
            for index in 41...60 {
                let order = try Samples.order(index)
                group.addTask {
                    await #expect(throws: CancellationError.self) {
                        try await store.queue.perform(.bulk) { turn in
                            _ = try turn.submit(order, by: .gateway, at: Samples.midnight)
                            throw CancellationError()
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await store.stats(at: shop.start).jobs == [.ready: 40])
        #expect(try await store.firstBrokenEvent() == nil)
    }

    @Test func aFailedCommitStopsTheStore() async throws {
        let shop = try Workshop()
        let refusal = await #expect(throws: JobStoreError.self) {
            try await shop.store.queue.perform { turn in
                try turn.db.execute(sql: "PRAGMA defer_foreign_keys = ON")
                try turn.run(
                    """
                    INSERT INTO sim_day (sim_id, day_began, count, amount_sum) VALUES (99, 0, 0, 0)
                    """
                )
            }
        }
        #expect(refusal?.code == .stopped)
        var failures = shop.store.failures.makeAsyncIterator()
        #expect(await failures.next()?.code == .stopped)
        let later = await #expect(throws: JobStoreError.self) {
            try await shop.submit(try Samples.order(1))
        }
        #expect(later?.code == .stopped)
        try shop.reopen()
        try await shop.submit(try Samples.order(1))
    }

    @Test func urgentCallsGoBeforeBulkChunks() async throws {
        let shop = try Workshop()
        let store = shop.store
        let count = 4000
        let batch = try Workshop.newBatch("bulk", count: count)
        guard case .stage(let id) = try await store.begin(batch, by: .gateway, at: shop.start)
        else { return }
        let rows = try Workshop.rows(first: 1000, count: count)
        async let staging: Void = store.stage(rows, in: id, at: Samples.midnight)
        var between = 0
        for index in 0..<20 {
            try await shop.submit(try Samples.order(index))
            let staged = try await shop.store.stats(at: shop.start).jobs[.ready] ?? 0
            if staged < count { between += 1 }
        }
        try await staging
        #expect(between > 0)
        #expect(try await store.open(id, by: .gateway, at: shop.start).rowCount == count)
    }
}
