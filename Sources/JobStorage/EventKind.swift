/// What the store itself files as an event: one for each arrow of a job or step of a batch.
enum EventKind: String {
    case jobSubmitted = "job.submitted"
    case jobHeld = "job.held"
    /// A held or leased job may go on; its time has come.
    case jobReleased = "job.released"
    case jobClaimed = "job.claimed"
    case jobArmed = "job.armed"
    case jobSettled = "job.settled"
    case jobDoubted = "job.doubted"
    case jobCancelled = "job.cancelled"
    case jobExpired = "job.expired"
    /// Evidence against a verdict that stands.
    case jobDisputed = "job.disputed"
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
