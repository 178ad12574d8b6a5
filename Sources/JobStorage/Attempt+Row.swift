import GRDB
import Recharge

extension Attempt {
    /// Attempts with what `init(row:)` reads, in its order; a condition is to follow.
    static let query = """
        SELECT attempt.id, attempt.job_id, attempt.n, sim.iccid, job.number, job.amount,
          job.currency, attempt.armed_at, attempt.balance_before, attempt.outcome,
          \(deadAtColumn), \(lifetimeColumn),
          (SELECT serial FROM attempt taken
            WHERE taken.job_id = job.reverses_id AND taken.outcome = 'success'),
          attempt.message_reference, attempt.clock_error
        FROM attempt JOIN job ON job.id = attempt.job_id JOIN sim ON sim.id = attempt.sim_id
        """

    /// When the request of an attempt, or a reconfirmation of it, can no longer arrive.
    static let deadAtColumn = """
        COALESCE(attempt.lives_until, MAX(attempt.fence_until,
          COALESCE((SELECT MAX(fence_until) \(repetitions)), 0)))
        """

    /// How long its request, or a reconfirmation of it, can be under way, in milliseconds.
    static let lifetimeColumn = """
        MAX(attempt.fence_until - attempt.armed_at,
          COALESCE((SELECT MAX(fence_until - asked_at) \(repetitions)), 0))
        """

    private static let repetitions = """
        FROM inquiry WHERE inquiry.attempt_id = attempt.id AND inquiry.attempt_id IS NOT NULL
        AND inquiry.kind = 'reconfirm' AND inquiry.outcome IS NOT 'not_sent'
        """

    init(row: Row) throws {
        var column = ColumnReader(row)
        self.init(
            id: ID(column.next()),
            job: Job.ID(column.next()),
            ordinal: column.next(),
            sim: try column.parsed(ICCID.init),
            number: try column.parsed(PhoneNumber.init(e164:)),
            amount: try column.amount(),
            armedAt: column.time()
        )
        let balance: Int64? = column.optional()
        balanceBefore = balance.map { Amount(minorUnits: $0, currency: amount.currency) }
        outcome = try column.optionalParsed(Outcome.init(rawValue:))
        deadAt = column.time()
        life = .milliseconds(column.next() as Int64)
        reversedSerial = column.optional()
        messageReference = column.optional()
        clockError = .milliseconds(column.next() as Int64)
    }

    /// The attempts of a job, oldest first.
    static func all(of job: Job.ID, _ db: Database) throws -> [Attempt] {
        let statement = try db.cachedStatement(sql: "\(query) WHERE job_id = ? ORDER BY n")
        return try Row.fetchAll(statement, arguments: [job.rawValue]).map(Attempt.init(row:))
    }

    /// The attempts of a SIM that late answers may still prove, oldest first.
    static func unresolved(sim: Int64, _ db: Database) throws -> [Attempt] {
        let sql = """
            \(query) WHERE attempt.sim_id = ?
              AND (attempt.outcome IS NULL OR attempt.outcome = 'unknown') ORDER BY attempt.id
            """
        let statement = try db.cachedStatement(sql: sql)
        return try Row.fetchAll(statement, arguments: [sim]).map(Attempt.init(row:))
    }

    /// The last attempts of a SIM with a final outcome, oldest first.
    static func lastClosed(sim: Int64, _ db: Database) throws -> [ClosedAttempt] {
        let sql = """
            SELECT id, COALESCE(serial, late_serial), outcome_at FROM attempt
            WHERE sim_id = ? AND outcome IN ('success', 'not_executed')
            ORDER BY id DESC LIMIT 256
            """
        let rows = try Row.fetchAll(try db.cachedStatement(sql: sql), arguments: [sim])
        return try rows.reversed().map { row in
            let statement = try db.cachedStatement(sql: "\(query) WHERE attempt.id = ?")
            let id: Int64 = row[0]
            guard let found = try Row.fetchOne(statement, arguments: [id]) else {
                throw JobStoreError(.invariant, "attempt \(id): not found though it is listed")
            }
            return ClosedAttempt(
                attempt: try Attempt(row: found),
                serial: row[1],
                closedAt: Timestamp(milliseconds: row[2])
            )
        }
    }
}

extension Evidence {
    /// The evidence on an attempt, in the order it was filed.
    static func all(on attempt: Attempt.ID, _ db: Database) throws -> [Evidence] {
        let sql = """
            SELECT kind, raw, parsed, grade, verdict, sent_at FROM evidence
            WHERE attempt_id = ? ORDER BY id
            """
        let statement = try db.cachedStatement(sql: sql)
        return try Row.fetchAll(statement, arguments: [attempt.rawValue]).map { row in
            var column = ColumnReader(row)
            return Evidence(
                kind: try column.parsed(Kind.init(rawValue:)),
                raw: column.octets(),
                parsed: column.next(),
                grade: Grade(rawValue: column.next()) ?? .none,
                verdict: try column.parsed(Verdict.init(rawValue:)),
                sentAt: column.optionalTime()
            )
        }
    }
}
