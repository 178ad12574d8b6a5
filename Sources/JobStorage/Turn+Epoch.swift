import GRDB
import Recharge

/// What a restore from a backup demands of each SIM before it works.
extension Turn {
    /// Whether a SIM's history was not compared since the queue was restored.
    func isBehind(_ sim: Int64) throws -> Bool {
        try integer("SELECT epoch < ? FROM sim WHERE id = ?", memory.epoch, sim) == 1
    }

    /// Whether an attempt came with a restored backup: its job may have been sent since that was
    /// made.
    ///
    /// Known by its ID: the restore may have been made by a clock that is behind.
    func isOfBackup(_ attempt: AttemptPosition) throws -> Bool {
        guard memory.epoch > 0 else { return false }
        let last = try integer(
            "SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'restored_attempt'"
        )
        return last.map { attempt.id.rawValue <= $0 } ?? true
    }

    /// Takes a person's word that a SIM's history or a statement was compared since the restore.
    mutating func enterEpoch(
        _ iccid: ICCID,
        reason: String,
        by actor: Actor,
        at now: Timestamp
    ) throws {
        let sim = try simID(iccid)
        guard try isBehind(sim) else {
            throw JobStoreError(
                .wrongState,
                "SIM \(iccid): nothing is to be reconciled; no backup was restored since it was"
            )
        }
        let before = try integer("SELECT epoch FROM sim WHERE id = ?", sim) ?? 0
        try run("UPDATE sim SET epoch = ? WHERE id = ?", memory.epoch, sim)
        memory.roster.wake(iccid)
        try record(
            .simReconciled,
            by: actor,
            at: now,
            [
                ("sim", iccid.digits), ("before", "epoch \(before)"),
                ("after", "epoch \(memory.epoch)"), ("reason", reason),
            ]
        )
    }

    /// Refuses to let dispatch go on while a SIM that came since the restore is not reconciled.
    func requireReconciledSIMs() throws {
        guard memory.epoch > 0 else { return }
        let behind = try rows(
            """
            SELECT iccid FROM sim WHERE epoch < ? AND state <> 'retired' AND seen_at >= CAST(
              (SELECT value FROM setting WHERE name = 'restored_at') AS INTEGER) ORDER BY iccid
            """,
            memory.epoch
        )
        guard !behind.isEmpty else { return }
        let names = behind.map { $0[0] as String }.joined(separator: ", ")
        throw JobStoreError(
            .wrongState,
            "restored from a backup, and not reconciled yet: SIM \(names); compare the carrier's "
                + "history of each with `job list`, then: rechargectl sim reconcile ICCID --reason"
        )
    }

    /// What stands in the reason of a restored job between the restore and why it was held before.
    static let heldBefore = "; held before: "

    /// Lets go of jobs that a restore held, from an ID on, until the chunk's time is up.
    ///
    /// One that was held before it for another reason is released by its own name only.
    /// Returns the ID to go on after, nil when all were seen.
    mutating func releaseRestored(
        of batch: Batch.ID?,
        after id: Int64,
        count: inout Int,
        reason: String,
        by actor: Actor,
        at now: Timestamp
    ) throws -> Int64? {
        let lane = try batch.map { try self.lane(of: $0) }
        let budget = chunkBudget()
        var last = id
        repeat {
            let found = try rows(
                """
                SELECT id FROM job WHERE \(Schema.few) AND state = 'held'
                AND hold_reason = 'restored' AND id > ?
                AND instr(COALESCE(reason, ''), '\(Turn.heldBefore)') = 0
                AND lane_id = COALESCE(?, lane_id)
                ORDER BY id LIMIT ?
                """,
                last,
                lane,
                WriterBudget.stride
            )
            for row in found {
                last = row[0]
                let job = Job.ID(last)
                guard try !hasSuccess(job) else { continue }
                _ = try release(job, heldFor: .restored, reason: reason, by: actor, at: now)
                count += 1
            }
            if found.count < WriterBudget.stride { return nil }
        } while !budget.isSpent
        return last
    }
}

extension Timestamp {
    /// When the last event was filed.
    static func newest(_ db: Database) throws -> Timestamp? {
        try Int64.fetchOne(db, sql: "SELECT at FROM event ORDER BY seq DESC LIMIT 1")
            .map { Timestamp(milliseconds: $0) }
    }
}
