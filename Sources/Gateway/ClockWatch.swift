import ATProtocol
package import Engine
import Recharge

/// Finds out when the wall clock was set: it is held against the monotonic one from beat to beat.
package struct ClockWatch: Sendable {
    /// A smaller step only moves limits and deadlines a little.
    static let jumpMax = Duration.seconds(300)

    private var last: Moment

    package init(at now: Moment) {
        last = now
    }

    /// By how much the wall clock jumped since the last look, when that is more than it may.
    package mutating func jump(at now: Moment) -> Duration? {
        defer { last = now }
        let wall = last.utc.duration(to: now.utc)
        let jump = wall - last.instant.duration(to: now.instant)
        return jump > ClockWatch.jumpMax || jump < .zero - ClockWatch.jumpMax ? jump : nil
    }
}
