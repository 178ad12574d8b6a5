import GRDB
import Recharge

/// Whose words and numbers an erasure may take; the database holds it to that.
struct ErasureScope: Sendable {
    var number: PhoneNumber?
    /// The number as texts quote it.
    var national: String?
    var jobsBefore: Timestamp?
    var messagesBefore: Timestamp?
    var unlistedBefore: Timestamp?

    /// The messages that quote the number, but for those on a SIM with a job for it that was left
    /// alone: they may be all there is to prove it by.
    func quoting(_ db: Database) throws -> [Int64] {
        guard let number, let national else { return [] }
        let sql = """
            SELECT id, text, sender FROM inbox WHERE blanked_at IS NULL AND is_read = 1
              AND (instr(text, ?1) OR instr(sender, ?1))
              AND NOT EXISTS (SELECT 1 FROM attempt JOIN job ON job.id = attempt.job_id
                WHERE attempt.sim_id = inbox.sim_id AND job.number = ?2)
            """
        let international = String(number.e164.dropFirst())
        let forms: Set<Substring> = [
            national[...], "0\(national)", international[...], "00\(international)",
        ]
        let rows = try Row.fetchCursor(db, sql: sql, arguments: [national, number.e164])
        var found: [Int64] = []
        while let row = try rows.next() {
            let isQuoted = [row[1] as String, row[2] as String].contains { text in
                text.split { !("0"..."9").contains($0) }.contains(where: forms.contains)
            }
            if isQuoted { found.append(row[0]) }
        }
        return found
    }
}

/// What is personal and may go: numbers, and the texts that quote them.
///
/// Amounts, states, verdicts and the chain of events stay: none of them holds a number.
extension Turn {
    /// Runs a body under the one row that lets the guards pass an erasure.
    private mutating func erasing(
        _ scope: ErasureScope,
        _ body: (inout Turn) throws -> Void
    ) throws {
        try run(
            """
            INSERT INTO erasure (id, number, national, jobs_before, messages_before,
              unlisted_before) VALUES (1, ?, ?, ?, ?, ?)
            """,
            scope.number?.e164,
            scope.national,
            scope.jobsBefore?.milliseconds,
            scope.messagesBefore?.milliseconds,
            scope.unlistedBefore?.milliseconds
        )
        try body(&self)
        try run("DELETE FROM erasure")
    }

    /// Erases jobs until the chunk's time is up; returns how many were looked at.
    mutating func erase(
        jobs: ArraySlice<Int64>,
        _ scope: ErasureScope,
        into erasure: inout Erasure,
        by actor: Actor,
        at now: Timestamp
    ) throws -> Int {
        let budget = chunkBudget()
        var seen = 0
        var done = Erasure()
        try erasing(scope) { turn in
            for id in jobs {
                try turn.erase(Job.ID(id), into: &done, by: actor, at: now)
                seen += 1
                if budget.isSpent { break }
            }
        }
        erasure.jobs += done.jobs
        erasure.messages += done.messages
        erasure.kept += done.kept
        return seen
    }

    private mutating func erase(
        _ job: Job.ID,
        into erasure: inout Erasure,
        by actor: Actor,
        at now: Timestamp
    ) throws {
        let isInDispute = try integer(
            "SELECT 1 FROM dispute WHERE job_id = ? AND state = 'open'",
            job.rawValue
        )
        guard isInDispute == nil, try position(of: job).state.isFinal else {
            erasure.kept += 1
            return
        }
        for row in try rows(
            """
            SELECT id FROM proposal WHERE state = 'open' AND subject = ?
              AND kind IN ('verdict','reversal','duplicate')
            """,
            job.description
        ) {
            _ = try reject(Proposal.ID(row[0]), reason: Schema.erased, by: .gateway, at: now)
        }
        try eraseTexts(of: job)
        let messages = try rows(
            """
            SELECT inbox.id FROM inbox JOIN attempt ON attempt.id = inbox.attempt_id
            WHERE attempt.job_id = ? AND blanked_at IS NULL AND is_read = 1
            AND inbox.sim_id = attempt.sim_id
            """,
            job.rawValue
        )
        for message in messages { try blank(message[0], at: now) }
        erasure.messages += messages.count
        erasure.jobs += 1
        try record(
            .jobErased,
            job: job,
            by: actor,
            at: now,
            [("before", "a number"), ("after", Schema.erased), ("reason", "see number.erased")]
        )
    }

    /// Takes the number out of a job, and whatever would give it away.
    private func eraseTexts(of job: Job.ID) throws {
        try run(
            """
            DELETE FROM use
            WHERE scope = 'number' AND subject = (SELECT number FROM job WHERE id = ?)
            """,
            job.rawValue
        )
        try run(
            """
            UPDATE job SET number = ?, number_as_submitted = '\(Schema.erased)',
              terms_digest = x'00', reference = NULL, note = NULL WHERE id = ?
            """,
            PhoneNumber.erased.e164,
            job.rawValue
        )
        // Whoever knows the other rows of a file finds the one number that gives its digest.
        try run(
            """
            UPDATE batch SET body_digest = x'00' WHERE body_digest <> x'00' AND id =
              (SELECT batch_id FROM lane JOIN job ON job.lane_id = lane.id WHERE job.id = ?)
            """,
            job.rawValue
        )
        try run(
            """
            UPDATE proposal SET attachment = x'' WHERE kind = 'verdict' AND state <> 'open'
              AND subject = ? AND length(attachment) > 0
            """,
            job.description
        )
        let attempts = "SELECT id FROM attempt WHERE job_id = ?"
        try run("UPDATE attempt SET redacted_digest = x'00' WHERE job_id = ?", job.rawValue)
        try run(
            "UPDATE inquiry SET redacted_digest = x'00' WHERE attempt_id IN (\(attempts))",
            job.rawValue
        )
        try run(
            """
            UPDATE evidence SET raw = x'', parsed = '\(Schema.erased)'
            WHERE attempt_id IN (\(attempts))
            """,
            job.rawValue
        )
    }

    /// Blanks messages until the chunk's time is up; returns how many were looked at.
    mutating func blank(
        messages: ArraySlice<Int64>,
        _ scope: ErasureScope,
        into erasure: inout Erasure,
        at now: Timestamp
    ) throws -> Int {
        let budget = chunkBudget()
        var seen = 0
        try erasing(scope) { turn in
            for id in messages {
                try turn.blank(id, at: now, number: scope.national)
                seen += 1
                if budget.isSpent { break }
            }
        }
        erasure.messages += seen
        return seen
    }

    private func blank(_ message: Int64, at now: Timestamp, number: String? = nil) throws {
        try run(
            """
            UPDATE inbox SET pdu = '', text = '', blanked_at = ?1,
              sender = CASE WHEN instr(sender, ?2) THEN '' ELSE sender END
            WHERE id = ?3 AND blanked_at IS NULL AND is_read = 1
            """,
            now.milliseconds,
            number ?? "\u{1}",
            message
        )
    }
}
