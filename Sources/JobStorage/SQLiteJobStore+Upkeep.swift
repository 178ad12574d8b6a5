import GRDB
import Glibc
package import Recharge

/// Proof that the queue is whole, copies of it, and what a restore leaves to do.
extension SQLiteJobStore {
    // MARK: Proof

    package func verifyChain(against noted: ChainHead?) async throws -> ChainReport {
        try await pool.read { try EventChain.verified($0, against: noted) }
    }

    package func verifyIntegrity() async throws -> [String] {
        try await pool.read { try Soundness.findings($0) }
    }

    package func clockJumped(by jump: Duration, at now: Timestamp) async throws {
        try await queue.perform { try $0.clockJumped(by: jump, at: now) }
    }

    package func auditBooks(at now: Timestamp) async throws -> Books {
        let books = try await verifyBooks()
        try await queue.perform { turn in
            try turn.record(
                .booksVerified,
                by: .gateway,
                at: now,
                [
                    ("sims", String(books.sims)), ("movements", String(books.movements)),
                    ("findings", String(books.findings.count)),
                ]
            )
            guard let first = books.findings.first else { return }
            let reason = "the books do not agree (rechargectl verify): \(first)"
            try turn.setHold(true, reason: reason, by: .gateway, at: now)
        }
        return books
    }

    package func audit(_ query: AuditQuery) async throws -> Page<StoredEvent> {
        try await pool.read { try query.page($0) }
    }

    // MARK: Copies

    package func backUp(by actor: Actor, at now: Timestamp) async throws -> BackupFile {
        let path = folder.backupPath
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            guard errno == EEXIST else { throw SQLiteJobStore.unwritable(path) }
            throw JobStoreError(.wrongState, "\(path): another backup is being made; wait for it")
        }
        Glibc.close(descriptor)
        defer { unlink(path) }
        let bytes = StateFolder.size(of: folder.databasePath) + walBytes
        guard let free = StateFolder.freeBytes(at: folder.path),
            free > bytes + StateFolder.freeBytesMin
        else {
            throw JobStoreError(
                .diskFull,
                "\(folder.path): a backup needs \(bytes >> 20) MB here while it is made; free "
                    + "disk space and try again"
            )
        }
        try await queue.perform { turn in
            try turn.record(.gatewayBackedUp, by: actor, at: now, [("bytes", String(bytes))])
        }
        try await pool.read { source in try SQLiteJobStore.copy(source, to: path) }
        return try BackupFile(takingOver: path)
    }

    private static func unwritable(_ path: String) -> JobStoreError {
        JobStoreError(.diskFull, "\(path): cannot be made: \(String(cString: strerror(errno)))")
    }

    /// Copies one snapshot page by page: the writer goes on beside it.
    private static func copy(_ source: Database, to path: String) throws {
        var configuration = Configuration()
        configuration.label = "recharged.backup"
        let target = try DatabaseQueue(path: path, configuration: configuration)
        try target.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = OFF")
            try source.backup(to: db)
            // One file, which needs no log beside it.
            _ = try Row.fetchAll(db, sql: "PRAGMA journal_mode = DELETE")
            let finding = try String.fetchOne(db, sql: "PRAGMA quick_check(1)") ?? "no answer"
            guard finding == "ok" else {
                throw JobStoreError(
                    .unusable,
                    "the copy is damaged as the queue itself is (\(finding)): rechargectl verify"
                )
            }
        }
        try target.close()
    }

    // MARK: After a restore

    package func enterEpoch(
        _ sim: ICCID,
        reason: String,
        by actor: Actor,
        at now: Timestamp
    ) async throws {
        try await queue.perform { turn in
            try turn.enterEpoch(sim, reason: reason, by: actor, at: now)
        }
    }

    package func releaseRestored(
        of batch: Batch.ID?,
        reason: String,
        by actor: Actor,
        at now: Timestamp
    ) async throws -> Int {
        var count = 0
        var last: Int64? = 0
        while let start = last {
            let (next, released) = try await queue.perform(.bulk) { turn in
                var released = 0
                let next = try turn.releaseRestored(
                    of: batch,
                    after: start,
                    count: &released,
                    reason: reason,
                    by: actor,
                    at: now
                )
                return (next, released)
            }
            last = next
            count += released
        }
        return count
    }
}

/// Whether a database file is sound.
enum Soundness {
    /// The most findings of each kind that are told.
    private static let findingsMax = 20

    static func findings(_ db: Database) throws -> [String] {
        let check = "PRAGMA integrity_check(\(findingsMax))"
        var findings = try String.fetchAll(db, sql: check).filter { $0 != "ok" }
        for row in try Row.fetchAll(db, sql: "PRAGMA foreign_key_check").prefix(findingsMax) {
            let place = (row[1] as Int64?).map { " (row \($0))" } ?? ""
            findings.append("\(row[0] as String)\(place) refers to a missing \(row[2] as String)")
        }
        return findings
    }
}
