/// A reading of a monotonic clock in nanoseconds.
///
/// The origin is the clock's own; only differences mean something. Arithmetic saturates
/// instead of trapping, so an absurd duration becomes "never".
package struct Instant: InstantProtocol, Hashable, Sendable {
    package var nanoseconds: Int64

    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    package func advanced(by duration: Duration) -> Instant {
        let (seconds, attoseconds) = duration.components
        let whole = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let exact = whole.partialValue.addingReportingOverflow(attoseconds / 1_000_000_000)
        let moved = nanoseconds.addingReportingOverflow(exact.partialValue)
        guard whole.overflow || exact.overflow || moved.overflow else {
            return Instant(nanoseconds: moved.partialValue)
        }
        return Instant(nanoseconds: duration < .zero ? .min : .max)
    }

    package func duration(to other: Instant) -> Duration {
        .nanoseconds(other.nanoseconds) - .nanoseconds(nanoseconds)
    }

    package static func < (left: Instant, right: Instant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    package static func + (instant: Instant, duration: Duration) -> Instant {
        instant.advanced(by: duration)
    }

    package static func - (later: Instant, earlier: Instant) -> Duration {
        earlier.duration(to: later)
    }
}
