import GRDB
import Recharge

/// A dispute about to be opened.
struct NewDispute {
    var cause: Dispute.Cause
    var attempt: Attempt.ID?
    var other: Job.ID?
    var reason: String
    var dueAt: Timestamp?

    init(
        _ cause: Dispute.Cause,
        _ attempt: Attempt.ID?,
        other: Job.ID? = nil,
        _ reason: String
    ) {
        self.cause = cause
        self.attempt = attempt
        self.other = other
        self.reason = reason
    }
}

extension Turn {
    /// Opens a dispute beside a verdict; one that is open for the same cause stays the only one.
    @discardableResult
    mutating func open(
        _ dispute: NewDispute,
        job: Job.ID,
        by actor: Actor,
        at now: Timestamp
    ) throws -> Dispute.ID {
        let known = try integer(
            "SELECT id FROM dispute WHERE job_id = ? AND cause = ? AND state = 'open'",
            job.rawValue,
            dispute.cause.rawValue
        )
        if let known { return Dispute.ID(known) }
        try run(
            """
            INSERT INTO dispute (job_id, attempt_id, other_job_id, evidence_id, cause, state,
              reason, opened_at, opened_by, due_at)
            VALUES (?1, ?2, ?3, (SELECT MAX(id) FROM evidence WHERE attempt_id = ?2), ?4, 'open',
              ?5, ?6, ?7, ?8)
            """,
            job.rawValue,
            dispute.attempt?.rawValue,
            dispute.other?.rawValue,
            dispute.cause.rawValue,
            dispute.reason,
            now.milliseconds,
            actor.name,
            (dispute.dueAt ?? now.advanced(by: Dispute.answerWithin)).milliseconds
        )
        let id = Dispute.ID(db.lastInsertedRowID)
        try record(
            .disputeOpened,
            job: job,
            by: actor,
            at: now,
            [
                ("dispute", id.description), ("cause", dispute.cause.rawValue),
                ("reason", dispute.reason),
            ]
        )
        return id
    }

    /// Opens the dispute of a person, such as a customer's complaint.
    mutating func complain(
        _ job: Job.ID,
        reason: String,
        dueAt: Timestamp?,
        by actor: Actor,
        at now: Timestamp
    ) throws -> Dispute {
        _ = try position(of: job)
        let attempt = try integer(
            "SELECT id FROM attempt WHERE job_id = ? ORDER BY n DESC LIMIT 1",
            job.rawValue
        )
        var dispute = NewDispute(.complaint, attempt.map { Attempt.ID($0) }, reason)
        dispute.dueAt = dueAt
        return try self.dispute(try open(dispute, job: job, by: actor, at: now))
    }

    mutating func close(
        _ id: Dispute.ID,
        as state: Dispute.State,
        reason: String,
        by actor: Actor,
        at now: Timestamp
    ) throws -> Dispute {
        let found = try dispute(id)
        guard found.state == .open, state != .open else {
            throw JobStoreError(
                .wrongState,
                "dispute \(id): is \(found.state.rawValue) and cannot become \(state.rawValue)"
            )
        }
        try run(
            """
            UPDATE dispute SET state = ?, closed_at = ?, closed_by = ?, closing = ? WHERE id = ?
            """,
            state.rawValue,
            now.milliseconds,
            actor.name,
            reason,
            id.rawValue
        )
        try record(
            .disputeClosed,
            job: found.job,
            by: actor,
            at: now,
            [
                ("dispute", id.description), ("before", found.state.rawValue),
                ("after", state.rawValue), ("reason", reason),
            ]
        )
        return try dispute(id)
    }

    private func dispute(_ id: Dispute.ID) throws -> Dispute {
        guard let dispute = try Dispute.find(id, db) else {
            throw JobStoreError(.notFound, "dispute \(id): there is no such dispute")
        }
        return dispute
    }
}

extension Dispute {
    private static let columns = """
        id, job_id, cause, state, reason, opened_at, opened_by, due_at, attempt_id, other_job_id,
        closed_at, closed_by, closing
        """

    private init(row: Row) throws {
        var column = ColumnReader(row)
        self.init(
            id: ID(column.next()),
            job: Job.ID(column.next()),
            cause: try column.parsed(Cause.init(rawValue:)),
            state: try column.parsed(State.init(rawValue:)),
            reason: column.next(),
            openedAt: column.time(),
            openedBy: column.next(),
            dueAt: column.time()
        )
        attempt = (column.optional() as Int64?).map { Attempt.ID($0) }
        other = (column.optional() as Int64?).map { Job.ID($0) }
        closedAt = column.optionalTime()
        closedBy = column.optional()
        closing = column.optional()
    }

    static func find(_ id: ID, _ db: Database) throws -> Dispute? {
        let statement = try db.cachedStatement(sql: "SELECT \(columns) FROM dispute WHERE id = ?")
        return try Row.fetchOne(statement, arguments: [id.rawValue]).map(Dispute.init(row:))
    }

    /// The disputes of a job, oldest first.
    static func all(of job: Job.ID, _ db: Database) throws -> [Dispute] {
        let sql = "SELECT \(columns) FROM dispute WHERE job_id = ? ORDER BY id"
        return try Row.fetchAll(db, sql: sql, arguments: [job.rawValue]).map(Dispute.init(row:))
    }

    /// Disputes newest first; the open ones alone, or all.
    static func page(
        onlyOpen: Bool,
        after cursor: Int64?,
        limit: Int,
        _ db: Database
    ) throws -> [Dispute] {
        let open = onlyOpen ? "AND state = 'open'" : ""
        let sql = "SELECT \(columns) FROM dispute WHERE id < ? \(open) ORDER BY id DESC LIMIT ?"
        let arguments: StatementArguments = [cursor ?? .max, limit]
        return try Row.fetchAll(db, sql: sql, arguments: arguments).map(Dispute.init(row:))
    }
}
