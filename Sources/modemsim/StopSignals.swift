import Dispatch
import Glibc
import UnixSignals

/// SIGTERM, SIGINT and, if asked, the end of standard input.
struct StopSignals {
    private let signals: UnixSignalsSequence
    private let watchesInput: Bool

    /// From when this returns no signal is missed.
    init(watchingInput watchesInput: Bool) async {
        signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        self.watchesInput = watchesInput
    }

    /// Returns when the first of them comes, or when the task is cancelled.
    func first() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [signals] in
                for await _ in signals { return }
            }
            if watchesInput { group.addTask { await inputEnded() } }
            await group.next()
            group.cancelAll()
        }
    }

    private func inputEnded() async {
        let (ends, continuation) = AsyncStream<Void>.makeStream()
        // A thread that waits, since a file and /dev/null cannot be waited for otherwise.
        DispatchQueue.global().async {
            var buffer = [UInt8](repeating: 0, count: 256)
            while read(STDIN_FILENO, &buffer, buffer.count) > 0 {}
            continuation.yield()
        }
        for await _ in ends { break }
    }
}
