/// What a SIM's worker must know before its SIM claims anything.
package struct SIMAdmission: Hashable, Sendable {
    package var sim: SIM
    /// Its attempts without a final outcome: late answers may still prove them.
    package var unresolved: [Attempt]
    /// The last of its attempts that are closed, oldest first.
    package var closed: [ClosedAttempt]
    /// Parts of messages on disk whose other parts have not come.
    package var unfinishedParts: [InboxMessage]
    /// What was asked about the unresolved attempts and about the SIM lately, oldest first.
    package var inquiries: [Inquiry]

    package init(
        sim: SIM,
        unresolved: [Attempt],
        closed: [ClosedAttempt],
        unfinishedParts: [InboxMessage],
        inquiries: [Inquiry] = []
    ) {
        self.sim = sim
        self.unresolved = unresolved
        self.closed = closed
        self.unfinishedParts = unfinishedParts
        self.inquiries = inquiries
    }
}
