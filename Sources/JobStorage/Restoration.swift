import GRDB
import Glibc
package import Recharge

/// Puts a backup in the place of the queue: on hold, in a new epoch, with nothing to be sent before
/// people have looked.
///
///     copy ─▶ check ─▶ bring up to date ─▶ hold all ─▶ move the old queue aside ─▶ take its name
///     aside ─▶ take its name
///
/// A mark stands in the folder while names change: a start in between is refused.
package struct Restoration {
    /// A job that was not final in the backup: it may have been sent since.
    package struct Suspect: Hashable, Sendable {
        package var job: Job
        /// Where it stood in the backup.
        package var state: JobState
    }

    /// What a restore came to.
    package struct Report: Hashable, Sendable {
        /// When the backup was made: its last event.
        package var madeAt: Timestamp?
        package var epoch: Int64 = 0
        /// Jobs held, which would have been sent.
        package var held = 0
        /// Jobs that were armed and are unknown.
        package var doubts = 0
        /// What does not agree in the books of the backup.
        package var findings: [String] = []
        /// Where the queue lies that was there before.
        package var movedTo: String?
    }

    let file: String
    let folder: StateFolder
    let replaces: Bool
    let now: Timestamp

    /// Locks a state folder and restores a backup into it.
    ///
    /// - Parameters:
    ///   - file: the backup; it is only read.
    ///   - folder: the state folder; made when missing.
    ///   - replaces: whether a queue that is there may be moved aside.
    ///   - now: the moment of the restore.
    ///   - tell: takes each job that may have been sent since, before anything is changed.
    /// - Returns: what was held and doubted.
    /// - Throws: `JobStoreError` with code `locked`, `unusable` or `diskFull`.
    package static func restore(
        _ file: String,
        into folder: String,
        replaces: Bool,
        at now: Timestamp,
        tell: (Suspect) throws -> Void
    ) throws -> Report {
        let folder = try StateFolder(path: folder) { StateFolder.freeBytes(at: $0) }
        defer { folder.close() }
        let restoration = Restoration(file: file, folder: folder, replaces: replaces, now: now)
        return try restoration.run(tell)
    }

    private func run(_ tell: (Suspect) throws -> Void) throws -> Report {
        guard replaces || access(folder.databasePath, F_OK) != 0 else {
            throw JobStoreError(
                .unusable,
                "\(folder.databasePath): there is a queue already; --force moves it aside"
            )
        }
        let draft = "\(folder.path)/restore.part"
        for suffix in ["", "-journal", "-wal", "-shm"] { unlink(draft + suffix) }
        defer { for suffix in ["", "-journal", "-wal", "-shm"] { unlink(draft + suffix) } }
        try FileCopy.copy(file, to: draft)
        // A queue that was moved aside has commits in its log, if its process was killed.
        if access(file + "-wal", F_OK) == 0 { try FileCopy.copy(file + "-wal", to: draft + "-wal") }
        var report = try prepare(draft, tell)
        report.movedTo = try exchange(draft)
        return report
    }

    // MARK: The draft

    private func prepare(_ draft: String, _ tell: (Suspect) throws -> Void) throws -> Report {
        do {
            try Connections.inspect(draft, named: file, cure: "Restore an earlier backup")
            let queue = try DatabaseQueue(path: draft, configuration: Configuration())
            let report = try queue.writeWithoutTransaction { db in
                _ = try Row.fetchAll(db, sql: "PRAGMA journal_mode = DELETE")
                try Connections.apply(db)
                try check(db)
                try Schema.migrate(db)
                try tellSuspects(db, tell)
                return try settle(db)
            }
            try queue.close()
            try FileCopy.sync(draft)
            return report
        } catch let error as DatabaseError {
            guard error.resultCode != .SQLITE_FULL else {
                throw JobStoreError(.diskFull, "\(folder.path): the disk is full; free disk space")
            }
            throw refused("\(error.resultCode): \(error.message ?? "")")
        }
    }

    private func check(_ db: Database) throws {
        let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
        guard tables > 0 else { throw refused("it is empty") }
        if let finding = try Soundness.findings(db).first { throw refused(finding) }
        if let finding = try EventChain.verified(db).findings.first { throw refused(finding.text) }
    }

    private func refused(_ finding: String) -> JobStoreError {
        JobStoreError(
            .unusable,
            "\(file): cannot be restored: \(finding); restore an earlier backup"
        )
    }

    private func tellSuspects(_ db: Database, _ tell: (Suspect) throws -> Void) throws {
        let final = Schema.isOne("job.state", of: Schema.final)
        let sql = "SELECT \(Job.columns) FROM job WHERE NOT \(final) ORDER BY job.id"
        let rows = try Row.fetchCursor(db, sql: sql)
        while let row = try rows.next() {
            let job = try Job(row: row)
            try tell(Suspect(job: job, state: job.state))
        }
    }

    /// Changes what the backup says in one transaction, so that nothing of it is ever sent.
    private func settle(_ db: Database) throws -> Report {
        var report = Report()
        report.madeAt = try Timestamp.newest(db)
        report.findings = try Books.verified(db).findings
        try db.inTransaction(.immediate) {
            var turn = Turn(
                db: db,
                memory: WriterMemory(chain: try EventChain.load(db), hold: nil, virtualTime: 0),
                folder: folder
            )
            turn.memory.hold = try String.fetchOne(
                db,
                sql: "SELECT value FROM setting WHERE name = 'hold'"
            )
            try turn.restore(&report, at: now)
            return .commit
        }
        return report
    }

    // MARK: The folder

    /// Gives the draft the name of the queue; what had it keeps all its files under another name.
    private func exchange(_ draft: String) throws -> String? {
        let mark = folder.restoringPath
        // A restore that was cut off has moved the log under this name, and not what it belongs to.
        let ending = ".replaced"
        let begun = FileCopy.text(of: mark).flatMap { name in
            name.hasSuffix(ending) && access(name, F_OK) != 0 ? name : nil
        }
        let digits = now.rfc3339.filter { $0.isNumber }
        let aside = begun ?? "\(folder.databasePath).\(digits)\(ending)"
        if begun == nil { try FileCopy.mark(mark, saying: aside) }
        try FileCopy.syncFolder(folder.path)
        var movedTo: String?
        for suffix in ["-wal", "-shm", ""] {
            let old = folder.databasePath + suffix
            guard access(old, F_OK) == 0 else { continue }
            try FileCopy.rename(old, to: aside + suffix)
            movedTo = aside
        }
        try FileCopy.rename(draft, to: folder.databasePath)
        try FileCopy.syncFolder(folder.path)
        unlink(mark)
        try FileCopy.syncFolder(folder.path)
        return movedTo
    }
}

extension Turn {
    fileprivate mutating func restore(
        _ report: inout Restoration.Report,
        at now: Timestamp
    ) throws {
        let made = report.madeAt?.rfc3339 ?? "an unknown time"
        let reason = "restored from a backup of \(made)"
        memory.epoch = (try integer("SELECT \(Schema.epoch)") ?? 0) + 1
        let last = try integer("SELECT MAX(id) FROM attempt") ?? 0
        for (name, value) in [
            ("epoch", memory.epoch), ("restored_at", now.milliseconds), ("restored_attempt", last),
        ] {
            try run(
                """
                INSERT INTO setting (name, value) VALUES (?, ?)
                ON CONFLICT (name) DO UPDATE SET value = excluded.value
                """,
                name,
                String(value)
            )
        }
        report.epoch = memory.epoch
        try markRestored()
        try withdrawUnfinished(reason: reason, at: now)
        // Nobody watched the clock between the backup and now.
        if let madeAt = report.madeAt { try relive(since: madeAt, error: .zero, at: now) }
        report.doubts = try doubtOpenAttempts(ofSIM: nil, reason: reason, at: now)
        try silenceOpenInquiries(ofSIM: nil, at: now)
        report.held = try holdJobs(reason: reason, at: now)
        try setHold(true, reason: reason, by: .gateway, at: now)
        try record(
            .gatewayRestored,
            by: .gateway,
            at: now,
            [
                ("before", "epoch \(memory.epoch - 1)"), ("after", "epoch \(memory.epoch)"),
                ("held", String(report.held)), ("doubts", String(report.doubts)),
                ("reason", reason),
            ]
        )
    }

    /// Marks what was not final: it may have been executed since, whatever becomes of it now.
    ///
    /// A batch in staging may have had all its rows.
    private func markRestored() throws {
        let final = Schema.isOne("state", of: Schema.final)
        try run("UPDATE job SET restored = 1 WHERE NOT \(final)")
        try run(
            """
            UPDATE lane SET is_worked = 1 WHERE batch_id IS NOT NULL AND (
              EXISTS (SELECT 1 FROM batch WHERE batch.id = batch_id AND state = 'staging')
              OR EXISTS (SELECT 1 FROM lane_count
                WHERE lane_id = lane.id AND count > 0 AND NOT \(final)))
            """
        )
    }

    /// Ends what was half done when the backup was made, and may have been finished since.
    ///
    /// A batch in staging was not acknowledged then: under its own key its other rows would come
    /// again as new ones. What was proposed may have been approved and carried out.
    private mutating func withdrawUnfinished(reason: String, at now: Timestamp) throws {
        for row in try rows("SELECT id FROM batch WHERE state = 'staging'") {
            _ = try change(Batch.ID(row[0]), .cancel, reason: reason, by: .gateway, at: now)
        }
        for row in try rows("SELECT id FROM proposal WHERE state = 'open'") {
            _ = try reject(Proposal.ID(row[0]), reason: reason, by: .gateway, at: now)
        }
        try run(
            """
            UPDATE job SET reason = ?1 || COALESCE('; ' || reason, ''), updated_at = ?2
            WHERE state = 'held' AND hold_reason = 'duplicate'
            """,
            reason,
            now.milliseconds
        )
    }

    /// Holds all that could go out, and says how many jobs that are.
    ///
    /// Those that were held may have been released and sent since. Each keeps why it was held.
    private func holdJobs(reason: String, at now: Timestamp) throws -> Int {
        try run(
            """
            UPDATE job SET state = 'held', hold_reason = 'restored', reason = ?1, sim_id = NULL,
              lease_until = NULL, avoid_sim_id = NULL, avoid_until = NULL, updated_at = ?2
            WHERE state = 'ready' OR state = 'scheduled' OR state = 'leased'
            """,
            reason,
            now.milliseconds
        )
        let waiting = db.changesCount
        try run(
            """
            UPDATE job SET hold_reason = 'restored', updated_at = ?2,
              reason = ?1 || '\(Turn.heldBefore)' || hold_reason || COALESCE(': ' || reason, '')
            WHERE state = 'held' AND hold_reason <> 'duplicate' AND hold_reason <> 'restored'
            """,
            reason,
            now.milliseconds
        )
        return waiting + db.changesCount
    }
}
