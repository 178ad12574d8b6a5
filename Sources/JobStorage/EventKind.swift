/// What the store itself files as an event: one for each arrow of a job or step of a batch.
enum EventKind: String {
    case jobSubmitted = "job.submitted"
    case jobHeld = "job.held"
    /// Over a limit: it waits for the limit's window to end.
    case jobDeferred = "job.deferred"
    /// A held or leased job may go on; its time has come.
    case jobReleased = "job.released"
    case jobClaimed = "job.claimed"
    case jobArmed = "job.armed"
    case jobSettled = "job.settled"
    case jobDoubted = "job.doubted"
    case jobCancelled = "job.cancelled"
    case jobExpired = "job.expired"
    /// Evidence against a verdict that stands, or a person's complaint.
    case disputeOpened = "dispute.opened"
    case disputeClosed = "dispute.closed"
    case proposalMade = "proposal.made"
    /// And carried out.
    case proposalApproved = "proposal.approved"
    case proposalRejected = "proposal.rejected"
    case statementImported = "statement.imported"
    case inquiryAsked = "inquiry.asked"
    case inquiryConcluded = "inquiry.concluded"
    case floatMoved = "float.moved"
    /// The carrier states another float than the books.
    case floatDrifted = "float.drifted"
    case floatLow = "float.low"
    /// A person accepted the carrier's figure.
    case floatReconciled = "float.reconciled"
    /// All that is kept in two places was added up.
    case booksVerified = "books.verified"
    case jobErased = "job.erased"
    /// A number, by a person's order.
    case numberErased = "number.erased"
    /// What was kept for long enough.
    case textsErased = "texts.erased"
    case simFenced = "sim.fenced"
    /// Its history was compared since the restore.
    case simReconciled = "sim.reconciled"
    case gatewayBackedUp = "gateway.backed_up"
    case gatewayRestored = "gateway.restored"
    /// A person set a limit in place of the configured one, or took that back.
    case limitSet = "limit.set"
    case batchStaged = "batch.staged"
    case batchOpened = "batch.opened"
    case batchPaused = "batch.paused"
    case batchCancelled = "batch.cancelled"
    case batchClosed = "batch.closed"
    case simJoined = "sim.joined"
    case simLeft = "sim.left"
    case simPaused = "sim.paused"
    case simResumed = "sim.resumed"
    case simQuarantined = "sim.quarantined"
    case simRetired = "sim.retired"
    case gatewayStarted = "gateway.started"
    case gatewayHeld = "gateway.held"
    case gatewayReleased = "gateway.released"
}
