import Glibc
import NIOCore
import NIOPosix
import SerialPorts
import Synchronization

/// One end of a line under test, with every event it ever reported.
final class TestLine: Sendable {
    let port: SerialPort
    let eventLoop: any EventLoop
    private let log: EventLog

    private init(port: SerialPort, eventLoop: any EventLoop, log: EventLog) {
        self.port = port
        self.eventLoop = eventLoop
        self.log = log
    }

    var events: [SerialPort.Event] { log.all.withLock { $0 } }

    static func open(_ path: String, _ settings: SerialSettings = .init()) async throws -> TestLine
    {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let log = EventLog()
        let port = try await SerialPort.open(
            path: path,
            settings: settings,
            on: loop,
            onEvent: log.record
        )
        return TestLine(port: port, eventLoop: loop, log: log)
    }

    static func master(of terminal: PseudoTerminal) async throws -> TestLine {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let log = EventLog()
        let port = try await SerialPort.adopt(
            descriptor: terminal.masterDescriptor,
            path: "master of \(terminal.slavePath)",
            on: loop,
            onEvent: log.record
        )
        return TestLine(port: port, eventLoop: loop, log: log)
    }

    /// Asks for chunks until so many bytes arrived; fewer when the line ends.
    func receive(_ count: Int) async -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            port.requestBytes()
            guard case .received(let chunk) = await nextEvent() else { break }
            bytes += chunk
        }
        return bytes
    }

    func nextEvent() async -> SerialPort.Event? {
        var events = log.stream.makeAsyncIterator()
        return await events.next()
    }

    /// Waits for the end of the line, asking for nothing.
    func ending() async -> SerialPort.Event? {
        while let event = await nextEvent() {
            if case .closed = event { return event }
        }
        return nil
    }

    /// Returns after the event loop polled its descriptors and did all it had to do, several times
    /// over.
    func settle() async throws {
        for _ in 0..<5 {
            try await eventLoop.scheduleTask(in: .nanoseconds(1)) {}.futureResult.get()
        }
    }
}

private final class EventLog: Sendable {
    let all = Mutex<[SerialPort.Event]>([])
    let stream: AsyncStream<SerialPort.Event>
    private let continuation: AsyncStream<SerialPort.Event>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    var record: @Sendable (SerialPort.Event) -> Void {
        { [self] event in
            all.withLock { $0.append(event) }
            continuation.yield(event)
        }
    }
}
