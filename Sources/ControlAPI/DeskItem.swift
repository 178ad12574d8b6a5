package import Recharge

/// A job in doubt, with all that a person needs to settle it.
package struct DeskItem: Codable, Hashable, Sendable {
    package var job: JobView
    /// The attempt in doubt.
    package var attempt: AttemptView
    /// How long it has been armed.
    package var ageSeconds: Int
    package var inquiries: [InquiryView]
    /// What waits for a second person.
    package var proposals: [ProposalView]
    /// What would settle it, a sentence each.
    package var ways: [String]

    package init(
        job: JobView,
        attempt: AttemptView,
        ageSeconds: Int,
        inquiries: [InquiryView],
        proposals: [ProposalView],
        ways: [String]
    ) {
        self.job = job
        self.attempt = attempt
        self.ageSeconds = ageSeconds
        self.inquiries = inquiries
        self.proposals = proposals
        self.ways = ways
    }
}

/// A question to the carrier about an attempt in doubt.
package struct InquiryView: Codable, Hashable, Sendable {
    package var id: Inquiry.ID
    package var kind: Inquiry.Kind
    package var sim: ICCID
    package var attempt: Attempt.ID?
    package var askedAt: Timestamp
    package var answersUntil: Timestamp
    /// Absent while it is open.
    package var outcome: Inquiry.Outcome?

    package init(_ inquiry: Inquiry) {
        id = inquiry.id
        kind = inquiry.kind
        sim = inquiry.sim
        attempt = inquiry.attempt
        askedAt = inquiry.askedAt
        answersUntil = inquiry.answersUntil
        outcome = inquiry.outcome
    }
}
