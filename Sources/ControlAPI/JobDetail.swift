package import Recharge

/// A job with all that was tried and found out.
package struct JobDetail: Codable, Hashable, Sendable {
    package var job: JobView
    /// Oldest first.
    package var attempts: [AttemptView]
    package var inquiries: [InquiryView] = []
    package var disputes: [DisputeView] = []
    /// What people proposed about it, and who decided.
    package var proposals: [ProposalView] = []
    /// The jobs that take it back, the failed ones too.
    package var reversals: [Job.ID] = []

    package init(job: JobView, attempts: [AttemptView]) {
        self.job = job
        self.attempts = attempts
    }
}
