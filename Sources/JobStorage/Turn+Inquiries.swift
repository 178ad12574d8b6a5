import Digests
import Foundation
import GRDB
import Recharge

/// What became of the wish to ask.
enum AskingAnswer: Sendable {
    case asked(Inquiry)
    /// Nothing may be sent.
    case refused(JobStoreError)
}

extension Turn {
    /// Writes the intent to ask the carrier.
    ///
    /// A reconfirmation may still execute the recharge, so it keeps the SIM fenced as long as it
    /// can arrive, and is not begun while the gateway is on hold.
    mutating func ask(_ asking: Asking, at now: Timestamp) throws -> AskingAnswer {
        let sim = try simID(asking.sim)
        if let obstacle = try obstacle(to: asking, sim: sim, at: now) { return .refused(obstacle) }
        try run(
            """
            INSERT INTO inquiry (sim_id, attempt_id, kind, asked_at, fence_until, redacted_digest)
            VALUES (?, ?, ?, ?, ?, ?)
            """,
            sim,
            asking.attempt?.rawValue,
            asking.kind.rawValue,
            now.milliseconds,
            asking.answersUntil.milliseconds,
            Data(SHA256Digest.of(asking.redactedRequest.utf8))
        )
        let id = Inquiry.ID(db.lastInsertedRowID)
        if asking.kind.movesMoney { try fence(asking, sim: sim) }
        let attempt = try asking.attempt.map { try self.attempt($0) }
        try record(
            .inquiryAsked,
            job: attempt?.job,
            by: .gateway,
            at: now,
            [
                ("inquiry", id.description), ("kind", asking.kind.rawValue),
                ("sim", asking.sim.digits),
            ]
        )
        return .asked(
            Inquiry(
                id: id,
                kind: asking.kind,
                sim: asking.sim,
                attempt: asking.attempt,
                askedAt: now,
                answersUntil: asking.answersUntil
            )
        )
    }

    /// Keeps the SIM from claiming, and the attempt alive, as long as a repetition can arrive.
    private func fence(_ asking: Asking, sim: Int64) throws {
        try run(
            """
            UPDATE attempt SET lives_until = MAX(lives_until, ?)
            WHERE id = ? AND lives_until IS NOT NULL
            """,
            asking.answersUntil.milliseconds,
            asking.attempt?.rawValue
        )
        try run(
            "UPDATE sim SET fenced_until = MAX(COALESCE(fenced_until, 0), ?) WHERE id = ?",
            asking.answersUntil.milliseconds,
            sim
        )
    }

    /// Why it may not be asked; a conflict where others settled what it is about.
    ///
    /// A repetition may execute the order, so it must be one that may still go out.
    private func obstacle(
        to asking: Asking,
        sim: Int64,
        at now: Timestamp
    ) throws -> JobStoreError? {
        let words = "SIM \(asking.sim): may not ask now:"
        if let id = asking.attempt, try attempt(id).outcome != .unknown {
            return JobStoreError(.conflict, "\(words) attempt \(id) is not in doubt any more")
        }
        guard try integer("SELECT state = 'enabled' FROM sim WHERE id = ?", sim) == 1 else {
            return JobStoreError(.wrongState, "\(words) the SIM is not enabled")
        }
        guard asking.kind.movesMoney else { return nil }
        if memory.hold != nil {
            return JobStoreError(.wrongState, "\(words) the gateway is on hold")
        }
        if try isBehind(sim) {
            let cause = "the SIM was not reconciled since a backup was restored"
            return JobStoreError(.wrongState, "\(words) \(cause)")
        }
        guard let id = asking.attempt else { return nil }
        let job = try position(of: attempt(id).job)
        if let deadline = job.deadline, deadline <= now {
            return JobStoreError(.wrongState, "\(words) the deadline of job \(job.id) passed")
        }
        guard try integer("SELECT open FROM lane WHERE id = ?", job.lane) == 1 else {
            let cause = "the batch of job \(job.id) is paused or cancelled"
            return JobStoreError(.wrongState, "\(words) \(cause)")
        }
        return nil
    }

    /// Notes what became of an inquiry; what is final stays.
    mutating func conclude(
        _ inquiry: Inquiry.ID,
        _ outcome: Inquiry.Outcome,
        at now: Timestamp
    ) throws {
        try run(
            """
            UPDATE inquiry SET outcome = ?1, outcome_at = ?2
            WHERE id = ?3 AND (outcome IS NULL OR outcome = 'silent' AND ?1 = 'answered')
            """,
            outcome.rawValue,
            now.milliseconds,
            inquiry.rawValue
        )
        guard db.changesCount > 0 else { return }
        try record(
            .inquiryConcluded,
            by: .gateway,
            at: now,
            [("inquiry", inquiry.description), ("outcome", outcome.rawValue)]
        )
    }

    /// What a restart, or a SIM that left, makes of its open inquiries: nobody knows.
    mutating func silenceOpenInquiries(ofSIM sim: Int64?, at now: Timestamp) throws {
        let open = try rows(
            "SELECT id FROM inquiry WHERE outcome IS NULL AND sim_id = COALESCE(?, sim_id)",
            sim
        )
        for row in open { try conclude(Inquiry.ID(row[0]), .silent, at: now) }
    }
}

extension Inquiry {
    /// How long what was asked and said matters for what is asked next.
    static let memory = Duration.seconds(24 * 3600)

    static let columns = """
        inquiry.id, inquiry.kind, inquiry.attempt_id, inquiry.asked_at, inquiry.fence_until,
        inquiry.outcome
        """

    init(row: Row, sim: ICCID) throws {
        var column = ColumnReader(row)
        self.init(
            id: ID(column.next()),
            kind: try column.parsed(Kind.init(rawValue:)),
            sim: sim,
            attempt: (column.optional() as Int64?).map { Attempt.ID($0) },
            askedAt: column.time(),
            answersUntil: column.time(),
            outcome: try column.optionalParsed(Outcome.init(rawValue:))
        )
    }

    /// What was asked on a SIM lately, and ever about what is still in doubt, oldest first.
    static func recent(
        ofSIM sim: Int64,
        _ iccid: ICCID,
        at now: Timestamp,
        _ db: Database
    ) throws -> [Inquiry] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT \(columns) FROM inquiry
                LEFT JOIN attempt ON attempt.id = inquiry.attempt_id
                WHERE inquiry.sim_id = ? AND (attempt.outcome = 'unknown' OR asked_at > ?)
                ORDER BY inquiry.id
                """
        )
        let since = now.advanced(by: .zero - memory)
        return try Row.fetchAll(statement, arguments: [sim, since.milliseconds])
            .map { try Inquiry(row: $0, sim: iccid) }
    }

    /// What was asked about the attempts of a job, oldest first.
    static func all(about job: Job.ID, _ db: Database) throws -> [Inquiry] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT \(columns), sim.iccid FROM inquiry
                JOIN attempt ON attempt.id = inquiry.attempt_id
                JOIN sim ON sim.id = inquiry.sim_id
                WHERE attempt.job_id = ? ORDER BY inquiry.id
                """
        )
        return try Row.fetchAll(statement, arguments: [job.rawValue]).compactMap { row in
            try ICCID(row[6] as String).map { try Inquiry(row: row, sim: $0) }
        }
    }
}
