import Foundation

/// Runs numbered, independent trials on all processors, and folds what they came to in their order.
enum Shards {
    static func run<Outcome: Sendable>(
        _ count: Int,
        _ trial: @escaping @Sendable (Int) async throws -> Outcome,
        fold: (Int, Outcome) -> Void
    ) async throws {
        try await run(count, trial) { index, outcome in
            fold(index, outcome)
            return true
        }
    }

    /// The same until the fold says that it is enough; trials after that one are dropped.
    static func run<Outcome: Sendable>(
        _ count: Int,
        _ trial: @escaping @Sendable (Int) async throws -> Outcome,
        while fold: (Int, Outcome) -> Bool
    ) async throws {
        // A trial over the store waits for the store's thread about half of the time.
        let width = 2 * ProcessInfo.processInfo.activeProcessorCount
        try await withThrowingTaskGroup(of: (Int, Outcome).self) { group in
            var started = 0
            var done: [Int: Outcome] = [:]
            var folded = 0
            while started < min(count, width) {
                let index = started
                group.addTask { (index, try await trial(index)) }
                started += 1
            }
            for try await (index, outcome) in group {
                done[index] = outcome
                while let next = done.removeValue(forKey: folded) {
                    guard fold(folded, next) else {
                        group.cancelAll()
                        return
                    }
                    folded += 1
                }
                guard started < count else { continue }
                let index = started
                group.addTask { (index, try await trial(index)) }
                started += 1
            }
        }
    }
}
