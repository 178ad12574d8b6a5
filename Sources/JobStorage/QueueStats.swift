package import Recharge

/// The queue at a glance.
package struct QueueStats: Hashable, Sendable {
    /// How many jobs stand in each state; states with none are missing.
    package var jobs: [JobState: Int]
    package var oldestReadyAt: Timestamp?
    package var oldestUnknownAt: Timestamp?
    /// Why the gateway is on hold; nil while it is not.
    package var hold: String?
    /// Since start: transactions committed, operations in them.
    package var commits: Int
    package var operations: Int
    /// Since start: the longest that a SIM or a person waited for a commit.
    package var longestCommitWait: Duration
    /// Since start: searches for a job, and the writer's time for them without the commits.
    package var claims: Int
    package var claimTime: Duration
    package var walBytes: Int64

    package init(
        jobs: [JobState: Int],
        oldestReadyAt: Timestamp?,
        oldestUnknownAt: Timestamp?,
        hold: String?,
        commits: Int,
        operations: Int,
        longestCommitWait: Duration,
        claims: Int,
        claimTime: Duration,
        walBytes: Int64
    ) {
        self.jobs = jobs
        self.oldestReadyAt = oldestReadyAt
        self.oldestUnknownAt = oldestUnknownAt
        self.hold = hold
        self.commits = commits
        self.operations = operations
        self.longestCommitWait = longestCommitWait
        self.claims = claims
        self.claimTime = claimTime
        self.walBytes = walBytes
    }
}
