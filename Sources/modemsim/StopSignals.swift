import Dispatch
import Glibc

/// SIGTERM, SIGINT and, if asked, the end of standard input.
struct StopSignals {
    private let watchesInput: Bool

    init(watchingInput watchesInput: Bool) {
        self.watchesInput = watchesInput
    }

    /// Returns when the first of them comes, or when the task is cancelled.
    func first() async {
        let (signals, continuation) = AsyncStream<Void>.makeStream()
        let sources = [SIGTERM, SIGINT].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler { continuation.yield() }
            source.activate()
            return source
        }
        let input = watchesInput ? DispatchSource.makeReadSource(fileDescriptor: STDIN_FILENO) : nil
        input?.setEventHandler {
            var buffer = [UInt8](repeating: 0, count: 256)
            if read(STDIN_FILENO, &buffer, buffer.count) <= 0 { continuation.yield() }
        }
        input?.activate()
        for await _ in signals { break }
        for source in sources { source.cancel() }
        input?.cancel()
    }
}
