package import Recharge

/// Something that speaks against a verdict.
package struct DisputeView: Codable, Hashable, Sendable {
    package var id: Dispute.ID
    package var job: Job.ID
    package var attempt: Attempt.ID?
    /// The job that has the same serial number.
    package var other: Job.ID?
    package var cause: Dispute.Cause
    package var state: Dispute.State
    package var reason: String
    package var openedAt: Timestamp
    package var openedBy: String
    package var dueAt: Timestamp
    package var closedAt: Timestamp?
    package var closedBy: String?
    package var closing: String?

    package init(_ dispute: Dispute) {
        id = dispute.id
        job = dispute.job
        attempt = dispute.attempt
        other = dispute.other
        cause = dispute.cause
        state = dispute.state
        reason = dispute.reason.visible
        openedAt = dispute.openedAt
        openedBy = dispute.openedBy.visible
        dueAt = dispute.dueAt
        closedAt = dispute.closedAt
        closedBy = dispute.closedBy?.visible
        closing = dispute.closing?.visible
    }
}

/// A dispute with everything that is on file about its job.
package struct DisputeFile: Codable, Hashable, Sendable {
    package var dispute: DisputeView
    package var detail: JobDetail
    /// The job that has the same serial number.
    package var other: JobDetail?
    /// The events about the job, oldest first.
    package var events: [RecordedEvent]
    /// The version of the gateway that wrote this.
    package var version: String
    package var practice: Bool
    package var at: Timestamp

    package init(
        dispute: DisputeView,
        detail: JobDetail,
        other: JobDetail?,
        events: [RecordedEvent],
        version: String,
        practice: Bool,
        at: Timestamp
    ) {
        self.dispute = dispute
        self.detail = detail
        self.other = other
        self.events = events
        self.version = version
        self.practice = practice
        self.at = at
    }
}

/// An event with its link in the chain.
package struct RecordedEvent: Codable, Hashable, Sendable {
    package var event: EventView
    /// SHA-256 in hex; it covers every event before.
    package var hash: String

    package init(event: EventView, hash: String) {
        self.event = event
        self.hash = hash
    }
}
