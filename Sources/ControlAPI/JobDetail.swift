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
    /// When it may go on, where it waits for its time or for a limit.
    package var goesOnAt: Timestamp?

    package init(job: JobView, attempts: [AttemptView]) {
        self.job = job
        self.attempts = attempts
    }
}
