/// An attempt with a final outcome, as a SIM's next worker must still know it.
///
/// Carriers repeat answers, contradict themselves and come late, and a worker may end in between.
package struct ClosedAttempt: Hashable, Sendable {
    package var attempt: Attempt
    /// The carrier's serial number of a success, also of one that came too late for the outcome.
    package var serial: String?
    package var closedAt: Timestamp

    package init(attempt: Attempt, serial: String?, closedAt: Timestamp) {
        self.attempt = attempt
        self.serial = serial
        self.closedAt = closedAt
    }
}
