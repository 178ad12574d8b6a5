import GRDB
import Recharge

extension FloatStanding {
    /// What jobs in hand or in doubt may still take from the float of a row of `sim`.
    static let reserved = """
        SELECT COALESCE((SELECT SUM(job.amount) FROM attempt JOIN job ON job.id = attempt.job_id
            WHERE attempt.sim_id = sim.id AND job.kind = 'recharge'
            AND (attempt.outcome IS NULL OR attempt.outcome = 'unknown')), 0)
          + COALESCE((SELECT SUM(job.amount) FROM job
            WHERE \(Schema.few) AND job.state = 'leased' AND job.sim_id = sim.id
            AND job.kind = 'recharge'), 0)
        """

    static func all(_ db: Database) throws -> [FloatStanding] {
        let sql = """
            SELECT iccid, carrier, float_minor, float_currency, (\(reserved)), float_opened_at,
              reported_minor, reported_at, drift_minor, float_low_minor, is_low
            FROM sim WHERE float_currency IS NOT NULL ORDER BY iccid
            """
        return try Row.fetchAll(db, sql: sql).map(FloatStanding.init(row:))
    }

    private init(row: Row) throws {
        var column = ColumnReader(row)
        let iccid = try column.parsed(ICCID.init)
        let carrier = try column.parsed(CarrierID.init)
        let confirmed = try column.amount()
        func amount(_ minorUnits: Int64) -> Amount {
            Amount(minorUnits: minorUnits, currency: confirmed.currency)
        }
        let reserved = amount(column.next())
        let openedAt = column.optionalTime()
        let reported = (column.optional() as Int64?).map(amount)
        let reportedAt = column.optionalTime()
        let drift = amount(column.next())
        let low = (column.optional() as Int64?).map(amount)
        self.init(
            sim: iccid,
            carrier: carrier,
            confirmed: confirmed,
            reserved: reserved,
            drift: drift,
            isLow: column.next()
        )
        self.openedAt = openedAt
        self.reported = reported
        self.reportedAt = reportedAt
        self.low = low
    }
}

extension Movement {
    /// The movements of a SIM, newest first.
    static func page(
        ofSIM iccid: ICCID,
        after cursor: Int64?,
        limit: Int,
        _ db: Database
    ) throws -> [Movement] {
        let sql = """
            SELECT movement.id, at, kind, amount, currency, attempt_id, reason, actor
            FROM movement JOIN sim ON sim.id = movement.sim_id
            WHERE sim.iccid = ? AND movement.id < ? ORDER BY movement.id DESC LIMIT ?
            """
        let arguments: StatementArguments = [iccid.digits, cursor ?? .max, limit]
        return try Row.fetchAll(db, sql: sql, arguments: arguments).map { row in
            var column = ColumnReader(row)
            return Movement(
                id: column.next(),
                sim: iccid,
                at: column.time(),
                kind: try column.parsed(Kind.init(rawValue:)),
                amount: try column.amount(),
                attempt: (column.optional() as Int64?).map { Attempt.ID($0) },
                reason: column.next(),
                actor: column.next()
            )
        }
    }
}
