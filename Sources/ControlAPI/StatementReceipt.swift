package import Recharge

/// What a carrier's statement settled, and what it could not.
package struct StatementReceipt: Codable, Hashable, Sendable {
    /// A line that settled nothing and speaks against nothing.
    package struct Unmatched: Codable, Hashable, Sendable {
        package var line: Int
        package var reason: String
    }

    package var lines: Int
    /// Lines that say what is on file already.
    package var agreed: Int
    package var succeeded: [Job.ID]
    package var notExecuted: [Job.ID]
    /// Jobs that it lacks though an answer says that they were executed: a person decides.
    package var contradicted: [Job.ID]
    /// Jobs that it settles once another person brings it too.
    package var waiting: [Job.ID]
    package var disputes: [Dispute.ID]
    package var unmatched: [Unmatched]
    /// How many more there are than ``unmatched`` lists.
    package var unmatchedOmitted: Int

    package init(_ report: StatementReport, lines: Int) {
        self.lines = lines
        agreed = report.agreed
        succeeded = report.succeeded
        notExecuted = report.notExecuted
        contradicted = report.contradicted
        waiting = report.waiting
        disputes = report.disputes
        unmatched = report.unmatched.map { Unmatched(line: $0.line, reason: $0.reason) }
        unmatchedOmitted = report.unmatchedCount - report.unmatched.count
    }
}
