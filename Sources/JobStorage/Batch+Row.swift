import GRDB
import Recharge

extension Batch {
    /// What `init(row:_:)` reads, in its order, of a query on `batch`.
    static let columns = """
        id, client, client_key, name, state, row_count, amount_sum, currency, created_at,
        created_by
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
}
