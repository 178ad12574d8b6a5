import Foundation
import GRDB
package import Recharge

extension Batch {
    /// What `init(row:_:)` reads, in its order, of a query on `batch`.
    static let columns = """
        id, client, client_key, name, state, row_count, amount_sum, currency, created_at,
        created_by, allows_duplicates, state = 'held' AND allows_duplicates = 1
          AND NOT EXISTS (\(about) AND state = 'approved'), (\(about) AND state = 'open')
        """

    private static let about = """
        SELECT id FROM proposal WHERE kind = 'duplicate' AND subject = 'batch ' || batch.id
        """

    init(row: Row, _ db: Database) throws {
        var column = ColumnReader(row)
        self.init(
            id: ID(column.next()),
            key: NewJob.Key(client: column.next(), key: column.next()),
            name: column.next(),
            state: try column.parsed(State.init(rawValue:)),
            rowCount: column.next(),
            amountSum: try column.amount(),
            createdAt: column.time(),
            createdBy: column.next(),
            counts: [:]
        )
        allowsDuplicates = column.next()
        isSuspect = column.next()
        let proposal: Int64? = column.optional()
        self.proposal = proposal.map { Proposal.ID($0) }
        counts = try Batch.counts(
            db,
            """
            SELECT state, count FROM lane_count
            WHERE lane_id = (SELECT id FROM lane WHERE batch_id = ?)
            """,
            [id.rawValue]
        )
    }

    /// The counts by state that a query of states and numbers gives, without zeros.
    static func counts(
        _ db: Database,
        _ sql: String,
        _ arguments: StatementArguments
    ) throws -> [JobState: Int] {
        var counts: [JobState: Int] = [:]
        for row in try Row.fetchAll(db.cachedStatement(sql: sql), arguments: arguments) {
            var column = ColumnReader(row)
            let state = try column.parsed(JobState.init(rawValue:))
            let count: Int = column.next()
            if count > 0 { counts[state] = count }
        }
        return counts
    }

    static func find(_ id: ID, _ db: Database) throws -> Batch? {
        let statement = try db.cachedStatement(sql: "SELECT \(columns) FROM batch WHERE id = ?")
        return try Row.fetchOne(statement, arguments: [id.rawValue]).map { row in
            try Batch(row: row, db)
        }
    }

    /// The batch that a file is already, unless it came to nothing; the newest.
    static func find(ofFile digests: [[UInt8]], _ db: Database) throws -> Batch? {
        let statement = try db.cachedStatement(
            sql: """
                SELECT \(columns) FROM batch WHERE body_digest = ? AND \(Schema.isWorked)
                ORDER BY id DESC LIMIT 1
                """
        )
        let found = try digests.compactMap { digest in
            try Row.fetchOne(statement, arguments: [Data(digest)]).map { row in
                try Batch(row: row, db)
            }
        }
        return found.max { $0.id.rawValue < $1.id.rawValue }
    }

    /// The newest batch before another one that has its file and did not come to nothing.
    static func find(repeatedBy id: ID, _ db: Database) throws -> Batch? {
        let sql = """
            SELECT \(columns) FROM batch
            WHERE body_digest = (SELECT body_digest FROM batch WHERE id = ?1)
              AND id < ?1 AND \(Schema.isWorked) ORDER BY id DESC LIMIT 1
            """
        return try Row.fetchOne(db, sql: sql, arguments: [id.rawValue]).map { row in
            try Batch(row: row, db)
        }
    }

    /// What whoever sends its file again is told.
    package var isThisFile: String {
        "batch \(id) (\(name)) is this very file: \(createdBy) sent it at \(createdAt.rfc3339)"
    }
}

extension JobStoreError {
    /// A file that is a batch already.
    package init(repeating batch: Batch) {
        let cure =
            switch batch.state {
            case .cancelled:
                "it was cancelled when rows of it were sent or may have been: send the others "
                    + "alone, or "
            case .staging, .held, .open: "cancel that batch first, or "
            case .closed: ""
            }
        self.init(
            .conflict,
            "\(batch.isThisFile); \(cure)send the file with --allow-duplicates and let a second "
                + "person approve it"
        )
    }
}
