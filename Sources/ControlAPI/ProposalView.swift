package import Recharge

/// A change that waits for a second person, or was decided.
package struct ProposalView: Codable, Hashable, Sendable {
    package var id: Proposal.ID
    package var kind: Proposal.Kind
    package var subject: String
    /// The job that it is about.
    package var job: Job.ID?
    /// What exactly shall be done, as JSON.
    package var body: String
    package var reason: String
    package var people: Int
    package var state: Proposal.State
    package var proposedAt: Timestamp
    package var proposedBy: String
    package var decidedAt: Timestamp?
    package var decidedBy: String?
    /// What whoever decided said.
    package var decision: String?

    package init(_ proposal: Proposal) {
        id = proposal.id
        kind = proposal.kind
        subject = proposal.subject.visible
        job = proposal.job
        body = proposal.body.visible
        reason = proposal.reason.visible
        people = proposal.people
        state = proposal.state
        proposedAt = proposal.proposedAt
        proposedBy = proposal.proposedBy.visible
        decidedAt = proposal.decidedAt
        decidedBy = proposal.decidedBy?.visible
        decision = proposal.decision?.visible
    }
}

/// What became of the wish to change something: done, or waiting for a second person.
package struct ProposalReceipt: Codable, Hashable, Sendable {
    package var proposal: ProposalView
    /// The job that it is about, as it stands now.
    package var job: JobView?

    package init(proposal: ProposalView, job: JobView?) {
        self.proposal = proposal
        self.job = job
    }
}
