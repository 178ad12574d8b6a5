/// A job with all that was tried and found out.
package struct JobDetail: Codable, Hashable, Sendable {
    package var job: JobView
    /// Oldest first.
    package var attempts: [AttemptView]

    package init(job: JobView, attempts: [AttemptView]) {
        self.job = job
        self.attempts = attempts
    }
}
