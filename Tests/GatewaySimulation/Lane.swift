import Dispatch
import JobStorage
import Recharge
import Synchronization

/// What is ready to run in one seed runs one after the other, in the order in which it became so.
///
/// The store answers from a thread of its own and wakes SIMs through a stream. On a lane both come
/// in the order in which the store gave them, each time.
final class Lane: TaskExecutor {
    private let queue = DispatchQueue(label: "lane")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { [self] in job.runSynchronously(on: asUnownedTaskExecutor()) }
    }
}

/// Collects the wakes of the stores of a seed, one store after another.
struct WakeCollector: Sendable {
    private typealias Subscription = (AsyncStream<ICCID>, CheckedContinuation<Void, Never>)

    private final class Collection: Sendable {
        let wakes = Mutex<[ICCID]>([])
    }

    private let collected = Collection()
    private let subscriptions: AsyncStream<Subscription>
    private let continuation: AsyncStream<Subscription>.Continuation

    init() {
        (subscriptions, continuation) = AsyncStream.makeStream()
    }

    /// Runs a seed on a lane of its own, and beside it what collects its wakes.
    static func run<Value: Sendable>(
        _ body: @escaping @Sendable (WakeCollector) async throws -> Value
    ) async throws -> Value {
        let collector = WakeCollector()
        return try await withTaskExecutorPreference(Lane()) {
            try await withThrowingTaskGroup(of: Value?.self) { group in
                group.addTask {
                    defer { collector.continuation.finish() }
                    return try await body(collector)
                }
                for await (wakes, isReady) in collector.subscriptions {
                    group.addTask { [collected = collector.collected] in
                        isReady.resume()
                        for await wake in wakes { collected.wakes.withLock { $0.append(wake) } }
                        return nil
                    }
                }
                while let value = try await group.next() {
                    guard let value else { continue }
                    group.cancelAll()
                    return value
                }
                throw CancellationError()
            }
        }
    }

    /// Returns once no wake of a store can be missed.
    func collect(_ wakes: AsyncStream<ICCID>) async {
        collected.wakes.withLock { $0.removeAll() }
        await withCheckedContinuation { _ = continuation.yield((wakes, $0)) }
    }

    /// The wakes of the calls that were answered so far.
    ///
    /// An answer may come before anybody waits for it. Then its wakes are in the lane already, and
    /// run before who gets in line now.
    func take() async -> [ICCID] {
        await Task.yield()
        return collected.wakes.withLock { wakes in
            defer { wakes = [] }
            return wakes
        }
    }
}
