package import Recharge

/// What became of a submission.
package struct Submission: Hashable, Sendable {
    package var job: Job
    /// False when the key was known and this is the job of its first submission.
    package var isNew: Bool

    package init(job: Job, isNew: Bool) {
        self.job = job
        self.isNew = isNew
    }
}
