import NIOPosix
import SerialPorts
import Simulation

/// Runs a pool for the time of a test; `body` begins when all its ttys exist.
func withPool(
    _ settings: SimulatedPool.Settings,
    _ body: @escaping @Sendable (PoolDirectory) async throws -> Void
) async throws {
    let (ready, continuation) = AsyncStream<Void>.makeStream()
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
            defer { continuation.finish() }
            try await SimulatedPool(settings: settings).run { continuation.yield() }
        }
        for await _ in ready { break }
        defer { group.cancelAll() }
        try await body(settings.directory)
        group.cancelAll()
        try await group.waitForAll()
    }
}

/// A program's end of a simulated transceiver's tty.
struct PoolClient: ~Copyable {
    private let port: SerialPort
    private var events: AsyncStream<SerialPort.Event>.Iterator
    private var heard = ""

    init(path: String) async throws {
        let (stream, continuation) = AsyncStream<SerialPort.Event>.makeStream()
        port = try await SerialPort.open(
            path: path,
            settings: SerialSettings(),
            on: MultiThreadedEventLoopGroup.singleton.next()
        ) { event in
            continuation.yield(event)
            if case .closed = event { continuation.finish() }
        }
        events = stream.makeAsyncIterator()
    }

    deinit {
        port.close()
    }

    /// Types and waits until `end` was said; returns all that was said until then.
    mutating func type(_ text: String, until end: String) async -> String {
        port.write(Array(text.utf8))
        return await hear(until: end)
    }

    mutating func hear(until end: String) async -> String {
        while true {
            if let range = heard.firstRange(of: end) {
                let said = heard[..<range.upperBound]
                heard.removeSubrange(..<range.upperBound)
                return String(said)
            }
            port.requestBytes()
            guard case .received(let bytes) = await events.next(isolation: #isolation) else {
                return "closed"
            }
            heard += String(decoding: bytes, as: UTF8.self)
        }
    }

    /// Waits for the hang-up.
    mutating func hangUp() async {
        port.requestBytes()
        while let event = await events.next(isolation: #isolation) {
            if case .closed = event { return }
            port.requestBytes()
        }
    }
}
