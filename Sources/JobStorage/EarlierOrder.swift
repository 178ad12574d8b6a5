import GRDB
package import Recharge

/// An earlier order that another one seems to repeat.
package struct EarlierOrder: Hashable, Sendable {
    package var job: Job.ID
    package var state: JobState
    package var batch: Batch.ID?
    package var batchName: String?
    package var createdAt: Timestamp
    /// Whether the client gave both the same reference: then it is this very order.
    package var hasSameReference: Bool
    /// The line of the order that repeats it.
    package var line: Int?
}

extension EarlierOrder {
    /// What it is to the order that repeats it, for people.
    package var words: String {
        let place = batchName.map { ", in batch \(batch?.description ?? "") (\($0))" } ?? ""
        return hasSameReference
            ? "job \(job)\(place) has the same reference, number and amount\(doubt)"
            : "job \(job)\(place) recharges the same number with the same amount and is"
                + " \(state.rawValue)\(doubt)"
    }

    /// One that counts though it came to nothing.
    private var doubt: String {
        switch state {
        case .failed, .cancelled, .expired: ", but may have been executed all the same"
        case .held, .scheduled, .ready, .leased, .armed, .unknown, .succeeded: ""
        }
    }
}

/// Finds the earlier order that one seems to repeat, by its number.
///
/// Two orders meet when from the moment the one is wanted it is less than the window to the moment
/// the other was done, or is wanted itself. Orders that came to nothing meet none; one that ended
/// so and has a success on record did not, and one that came back with a backup may not have.
struct DuplicateSearch {
    /// No condition on the number itself: by it SQLite would reckon the key of the index as a
    /// constant, and then not find the index.
    static let sql = """
        SELECT job.id, job.state, batch.id, batch.name, job.created_at, \(isSameRow)
        FROM job CROSS JOIN lane ON lane.id = job.lane_id
          LEFT JOIN batch ON batch.id = lane.batch_id
        WHERE \(Schema.numberKey) = ?1
          AND job.amount = ?2 AND job.currency = ?3 AND job.kind = 'recharge'
          AND (job.state <> 'failed' AND job.state <> 'cancelled' AND job.state <> 'expired'
            OR EXISTS (SELECT 1 FROM attempt JOIN evidence ON evidence.attempt_id = attempt.id
              WHERE attempt.job_id = job.id AND evidence.verdict = 'success')
            OR job.restored = 1 AND job.state <> 'failed')
          AND (?4 > 0 AND (?5 IS NULL OR job.repeat = ?5)
              AND ?6 < COALESCE(job.finished_at, MAX(job.due_at, ?7)) + ?4
              AND ?6 + ?4 > COALESCE(job.not_before, 0)
            OR \(isSameRow))
        LIMIT 1
        """

    /// Whether the client named both the same, not within one batch.
    private static let isSameRow = """
        (job.reference = ?8 AND job.client = ?9
          AND (?10 IS NULL OR batch.client_key IS NOT ?10))
        """

    private let db: Database
    private let statement: Statement

    init(_ db: Database) throws {
        self.db = db
        statement = try db.cachedStatement(sql: DuplicateSearch.sql)
    }

    /// The order that another one, which comes now, repeats.
    ///
    /// Without a window only an order under the same reference counts, and none of the same batch.
    func find(
        like order: NewJob,
        within window: Duration,
        batch: String?,
        at now: Timestamp
    ) throws -> EarlierOrder? {
        let reference = order.reference
        guard window > .zero || reference != nil, order.reversal == nil else { return nil }
        let values: [(any DatabaseValueConvertible)?] = [
            Int64(order.number.e164.dropFirst()), order.amount.minorUnits,
            order.amount.currency.code, window.wholeMilliseconds, order.repeatIndex,
            max(order.notBefore ?? now, now).milliseconds, now.milliseconds, reference,
            order.key.client, batch,
        ]
        // Nearly all orders repeat none, and a batch has a million: SQLite is asked straight.
        var binder = ValueBinder(statement)
        for value in values { binder.bind(value?.databaseValue ?? .null) }
        guard try binder.hasRow(db) else { return nil }
        return try Row.fetchOne(statement, arguments: StatementArguments(values)).map { row in
            try EarlierOrder(row: row, line: order.batchLine)
        }
    }
}

extension EarlierOrder {
    fileprivate init(row: Row, line: Int?) throws {
        var column = ColumnReader(row)
        job = Job.ID(column.next())
        state = try column.parsed(JobState.init(rawValue:))
        let batchID: Int64? = column.optional()
        batch = batchID.map { Batch.ID($0) }
        batchName = column.optional()
        createdAt = column.time()
        hasSameReference = column.optional() ?? false
        self.line = line
    }
}
