/// The intent to send, as it is committed.
package struct Arming: Hashable, Sendable {
    package var job: Job.ID
    package var sim: ICCID
    /// The request with the PIN replaced; its digest is what is kept.
    package var redactedRequest: String
    package var balanceBefore: Amount?
    /// Until when the SIM may take no other job if this attempt ends in doubt.
    package var fenceUntil: Timestamp

    package init(
        job: Job.ID,
        sim: ICCID,
        redactedRequest: String,
        balanceBefore: Amount?,
        fenceUntil: Timestamp
    ) {
        self.job = job
        self.sim = sim
        self.redactedRequest = redactedRequest
        self.balanceBefore = balanceBefore
        self.fenceUntil = fenceUntil
    }
}

/// Where a leased job goes that was not armed.
package enum Release: Hashable, Sendable {
    case ready
    case scheduled(Timestamp)
    case held(HoldReason)
}
