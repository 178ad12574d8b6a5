import Foundation
import GRDB
package import Recharge

/// Everything that is on file about one job, as of one moment.
package struct Dossier: Sendable {
    /// One attempt with what was noted of it.
    package struct Try: Sendable {
        package var attempt: Attempt
        package var outcomeAt: Timestamp?
        package var serial: String?
        /// The network's reference of the message (`+CMGS`).
        package var messageReference: Int?
        package var balanceAfter: Amount?
        /// The people who settled it; nil where the gateway did.
        package var decidedBy: String?
        /// With the moment each was filed at.
        package var evidence: [(at: Timestamp, Evidence)]
    }

    package var job: Job
    /// Oldest first, as all that follows.
    package var tries: [Try]
    package var inquiries: [Inquiry]
    package var disputes: [Dispute]
    package var proposals: [Proposal]
    /// The jobs that take it back, the failed ones too.
    package var reversals: [Job.ID]
}

/// An event with its link in the chain.
package struct ChainedEvent: Sendable {
    package var event: StoredEvent
    package var hash: [UInt8]
}

extension Dossier {
    static func find(_ id: Job.ID, _ db: Database) throws -> Dossier? {
        guard let job = try Job.find(id, db) else { return nil }
        let sql = "SELECT id FROM job WHERE reverses_id = ? AND reverses_id IS NOT NULL ORDER BY id"
        let reversals = try Int64.fetchAll(db, sql: sql, arguments: [id.rawValue])
        return Dossier(
            job: job,
            tries: try Attempt.all(of: id, db).map { try Try($0, db) },
            inquiries: try Inquiry.all(about: id, db),
            disputes: try Dispute.all(of: id, db),
            proposals: try Proposal.all(about: id, db),
            reversals: reversals.map { Job.ID($0) }
        )
    }
}

extension Dossier.Try {
    fileprivate init(_ attempt: Attempt, _ db: Database) throws {
        self.attempt = attempt
        let notes = try db.cachedStatement(
            sql: """
                SELECT outcome_at, serial, message_reference, balance_after, decided_by
                FROM attempt WHERE id = ?
                """
        )
        let times = try db.cachedStatement(
            sql: "SELECT at FROM evidence WHERE attempt_id = ? ORDER BY id"
        )
        guard let row = try Row.fetchOne(notes, arguments: [attempt.id.rawValue]) else {
            throw JobStoreError(.invariant, "attempt \(attempt.id): not found though it is listed")
        }
        var column = ColumnReader(row)
        outcomeAt = column.optionalTime()
        serial = column.optional()
        messageReference = column.optional()
        let balance: Int64? = column.optional()
        balanceAfter = balance.map { Amount(minorUnits: $0, currency: attempt.amount.currency) }
        decidedBy = column.optional()
        let moments = try Int64.fetchAll(times, arguments: [attempt.id.rawValue])
        evidence = zip(moments, try Evidence.all(on: attempt.id, db)).map {
            (Timestamp(milliseconds: $0), $1)
        }
    }
}

extension ChainedEvent {
    /// The events about a job, oldest first.
    static func all(about job: Job.ID, _ db: Database) throws -> [ChainedEvent] {
        let sql = """
            SELECT seq, at, actor, kind, job_id, body, hash FROM event
            WHERE job_id = ? AND job_id IS NOT NULL ORDER BY seq
            """
        return try Row.fetchAll(db, sql: sql, arguments: [job.rawValue]).map { row in
            ChainedEvent(event: try StoredEvent(row: row, db), hash: Array(row[6] as Data))
        }
    }
}
