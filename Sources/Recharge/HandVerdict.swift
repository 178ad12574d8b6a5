/// What a person finds out about a job in doubt, with the piece that shows it.
package struct HandVerdict: Hashable, Sendable {
    /// What became of the attempt in doubt, and what shall become of its job.
    package enum Finding: Hashable, Sendable {
        /// It was executed; the carrier's serial number where it is known.
        case succeeded(serial: String?)
        /// It was not executed: the job is tried again.
        case notExecuted
        /// It was not executed, and shall not be any more: the job is cancelled.
        case cancelled
    }

    package var job: Job.ID
    package var finding: Finding
    package var reason: String
    /// The file that shows it, as it came.
    package var evidence: [UInt8]

    /// The largest piece of evidence.
    package static let evidenceBytesMax = 64 << 10

    package init(job: Job.ID, finding: Finding, reason: String, evidence: [UInt8]) {
        self.job = job
        self.finding = finding
        self.reason = reason
        self.evidence = evidence
    }
}
