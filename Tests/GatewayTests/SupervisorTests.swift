import Gateway
import JobStorage
import Logging
import ModemDiscovery
import NIOPosix
import Recharge
import Synchronization
import TestSupport
import Testing

/// What becomes of all transceivers when the work at one breaks off.
@Suite struct SupervisorTests {
    private struct Broken: Error {}

    /// Keeps the gravest lines of a log, each with its port.
    private final class GraveLines: Sendable {
        let ports = Mutex<[String]>([])

        var logger: Logger { Logger(label: "test") { _ in Handler(lines: self) } }

        private struct Handler: LogHandler {
            let lines: GraveLines
            var metadata = Logger.Metadata()
            var logLevel = Logger.Level.critical

            subscript(metadataKey key: String) -> Logger.Metadata.Value? {
                get { metadata[key] }
                set { metadata[key] = newValue }
            }

            func log(event: LogEvent) {
                lines.ports.withLock { $0.append("\(event.metadata?["modem.port"] ?? "none")") }
            }
        }
    }

    /// Neither port is a transceiver: both are tried, and tried again after a pause.
    @Test(.timeLimit(.minutes(5)))
    func whatBreaksTheWorkAtOnePortEndsTheGatewayAtOnce() async throws {
        let ports = ["/dev/null", "/dev/zero"]
        let folder = try TemporaryFolder()
        let store = try SQLiteJobStore.open(folder: folder.path("state"), at: Samples.midnight)
        let pauses = Mutex(0)
        var time = Time.system
        time.sleep = { _ in
            let count = pauses.withLock {
                $0 += 1
                return $0
            }
            if count == ports.count { throw Broken() }
            // The other port waits for as long as nobody ends it.
            for await _ in AsyncStream<Never>.makeStream().stream {}
            throw CancellationError()
        }
        let lines = GraveLines()
        let supervisor = Supervisor(
            configuration: GatewayConfiguration(
                ports: [.list(ports)],
                profiles: [:],
                credentials: [:]
            ),
            store: store,
            eventLoop: MultiThreadedEventLoopGroup.singleton.next(),
            time: time,
            logger: lines.logger
        )
        await #expect(throws: Broken.self) { try await supervisor.run() }
        let told = lines.ports.withLock { $0 }
        #expect(told.count == 1 && ports.contains(told[0]))
        try store.close()
    }
}
