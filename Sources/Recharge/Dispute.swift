/// Something that speaks against a verdict, kept beside it: a verdict is never flipped.
package struct Dispute: Hashable, Sendable {
    /// The number of a dispute in the queue's database.
    package struct ID: Hashable, Sendable, CustomStringConvertible {
        package let rawValue: Int64

        package init(_ rawValue: Int64) {
            self.rawValue = rawValue
        }

        package var description: String { String(rawValue) }
    }

    package enum Cause: String, Hashable, Sendable, CaseIterable {
        /// Evidence against the verdict of an attempt.
        case contradiction
        /// A success of an attempt that was refused.
        case lateSuccess = "late_success"
        /// A serial number that another job has already.
        case duplicateSerial = "duplicate_serial"
        /// A customer says that it did not arrive.
        case complaint
    }

    package enum State: String, Hashable, Sendable, CaseIterable {
        /// → upheld, rejected, corrected
        case open
        /// The complaint was right. Final.
        case upheld
        /// The verdict stands. Final.
        case rejected
        /// The books were put right outside the verdict, by a reversal or an adjustment. Final.
        case corrected
    }

    package var id: ID
    package var job: Job.ID
    package var attempt: Attempt.ID?
    /// The job that has the same serial number.
    package var other: Job.ID?
    package var cause: Cause
    package var state: State
    package var reason: String
    package var openedAt: Timestamp
    package var openedBy: String
    /// Until when it should be answered.
    package var dueAt: Timestamp
    package var closedAt: Timestamp?
    package var closedBy: String?
    package var closing: String?

    package init(
        id: ID,
        job: Job.ID,
        cause: Cause,
        state: State,
        reason: String,
        openedAt: Timestamp,
        openedBy: String,
        dueAt: Timestamp
    ) {
        self.id = id
        self.job = job
        self.cause = cause
        self.state = state
        self.reason = reason
        self.openedAt = openedAt
        self.openedBy = openedBy
        self.dueAt = dueAt
    }

    /// How long an answer may take.
    package static let answerWithin = Duration.seconds(48 * 3600)
}
