package import Recharge

/// The gateway at a glance.
package struct StatsView: Codable, Hashable, Sendable {
    package var version: String
    /// True when the transceivers are simulated: no money moves.
    package var practice: Bool
    package var startedAt: Timestamp
    package var at: Timestamp
    /// Why dispatch is stopped; absent while it is not.
    package var hold: String?
    /// How many jobs stand in each state, by the state's name.
    package var jobs: [String: Int]
    package var oldestReadyAt: Timestamp?
    package var oldestUnknownAt: Timestamp?
    /// How many SIMs stand in each state, by the state's name.
    package var sims: [String: Int]
    /// How many workers do what, by the activity's name.
    package var workers: [String: Int]
    /// How many transceivers are in each phase, by the phase's name.
    package var modems: [String: Int]
    /// Transactions committed since start, and operations in them.
    package var commits: Int
    package var operations: Int
    /// Since start: the longest that a SIM or a person waited for a commit.
    package var longestCommitWaitMs: Double
    /// Since start: searches for a job, and the writer's time for them without the commits.
    package var claims: Int
    package var claimNanoseconds: Int
    package var walBytes: Int64

    package init(version: String, practice: Bool, startedAt: Timestamp, at now: Timestamp) {
        self.version = version
        self.practice = practice
        self.startedAt = startedAt
        at = now
        jobs = [:]
        sims = [:]
        workers = [:]
        modems = [:]
        commits = 0
        operations = 0
        longestCommitWaitMs = 0
        claims = 0
        claimNanoseconds = 0
        walBytes = 0
    }

    package func jobs(in state: JobState) -> Int {
        jobs[state.rawValue] ?? 0
    }
}
