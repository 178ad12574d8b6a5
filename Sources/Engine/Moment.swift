package import ATProtocol
package import Recharge

/// One reading of both clocks: the monotonic one for time-outs, UTC for records and windows.
package struct Moment: Hashable, Sendable {
    package var instant: Instant
    package var utc: Timestamp

    package init(instant: Instant, utc: Timestamp) {
        self.instant = instant
        self.utc = utc
    }

    /// The monotonic reading at which a moment in UTC is due; never before this one.
    func instant(of timestamp: Timestamp) -> Instant {
        instant.advanced(by: max(.zero, utc.duration(to: timestamp)))
    }
}
