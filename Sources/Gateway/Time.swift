package import ATProtocol
package import Engine
import NIOCore
package import Recharge

/// The clocks of the gateway: everything above Core reads time here and nowhere else.
package struct Time: Sendable {
    package var instant: @Sendable () -> Instant
    package var utc: @Sendable () -> Timestamp
    package var sleep: @Sendable (Duration) async throws -> Void

    package init(
        instant: @escaping @Sendable () -> Instant,
        utc: @escaping @Sendable () -> Timestamp,
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.instant = instant
        self.utc = utc
        self.sleep = sleep
    }

    package var moment: Moment { Moment(instant: instant(), utc: utc()) }

    /// The clocks of the machine: the monotonic one is that of NIO's event loops.
    package static let system = Time(
        instant: { Instant(nanoseconds: Int64(NIODeadline.now().uptimeNanoseconds)) },
        utc: { Timestamp(milliseconds: WallClock.milliseconds()) },
        sleep: { try await Task.sleep(for: $0) }
    )
}
