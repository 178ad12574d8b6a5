import CSQLite
import Foundation
import GRDB
import GRDBSQLite

/// How every connection to the database is set up, and that it is.
///
/// SQLite forgets these settings with each connection, and GRDB lowers `synchronous` on the writer
/// after opening; so they are set, and read back.
enum Connections {
    /// The settings that a connection must report, by pragma.
    ///
    /// `synchronous` is EXTRA: in the log it is FULL, and the journal with which a new database
    /// changes over to the log is durably gone, or it would undo that after a power cut.
    /// `secure_delete`: what is erased is gone from the file as well, not only from its rows.
    static let settings: KeyValuePairs<String, Int> = [
        "synchronous": 3, "foreign_keys": 1, "recursive_triggers": 1, "trusted_schema": 0,
        "cell_size_check": 1, "mmap_size": 0, "temp_store": 2, "wal_autocheckpoint": 0,
        "secure_delete": 1,
    ]

    /// The size of the writer's page cache in KiB: the indexes that staging a batch walks through.
    private static let cacheKiB = 12_288
    /// A larger file is not read through at opening: that would take longer than a restart may.
    private static let quickCheckBytesMax: Int64 = 200 << 20

    private static let libraryPreparation: Void = disable_memory_statistics()

    /// Opens the pool on a database that is ours and sound, at this schema's version.
    static func open(_ path: String) throws -> DatabasePool {
        _ = libraryPreparation
        try inspect(path, named: path)
        let pool = try DatabasePool(path: path, configuration: configuration)
        try pool.writeWithoutTransaction { db in
            try apply(db)
            try db.execute(sql: "PRAGMA cache_size = -\(cacheKiB)")
            try verify(db)
            try Schema.migrate(db)
        }
        return pool
    }

    /// Runs what must succeed before a store can be used; says what a failure asks people to do.
    static func opening<Value>(_ path: String, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as DatabaseError {
            let finding = "\(error.extendedResultCode): \(error.message ?? "")"
            switch error.resultCode {
            case .SQLITE_FULL:
                throw JobStoreError(
                    .diskFull,
                    "\(path): the disk is full; free disk space and start again"
                )
            case .SQLITE_IOERR: throw failed(path, finding)
            case .SQLITE_CANTOPEN:
                throw JobStoreError(
                    .unusable,
                    "\(path): cannot be opened (\(finding)): check its owner, its mode and the disk"
                )
            default: throw unusable(path, finding, cure)
            }
        }
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "recharged"
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = 4
        configuration.persistentReadOnlyConnections = true
        configuration.prepareDatabase { db in
            try apply(db)
            if db.configuration.readonly { try db.execute(sql: "PRAGMA query_only = 1") }
            try verify(db)
        }
        return configuration
    }

    static func apply(_ db: Database) throws {
        for (name, value) in settings {
            // A pragma that answers with its new value must be stepped through.
            _ = try Row.fetchAll(db, sql: "PRAGMA \(name) = \(value)")
        }
    }

    /// Throws unless every setting reads back as it was set.
    static func verify(_ db: Database) throws {
        for (name, value) in settings {
            let found = try Int.fetchOne(db, sql: "PRAGMA \(name)") ?? 0
            guard found == value else {
                throw JobStoreError(
                    .unusable,
                    "SQLite: \(name) is \(found) and must be \(value) on each connection"
                )
            }
        }
    }

    /// What to do about a queue that cannot be used.
    private static let cure =
        "Put the last backup in its place, which moves this one aside and starts on hold: "
        + "recharged restore FILE --force"

    /// Looks at a database before anything is written to it.
    static func inspect(_ path: String, named name: String, cure: String = cure) throws {
        guard StateFolder.size(of: path) > 0 else { return }
        var configuration = Configuration()
        configuration.label = "recharged.inspection"
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        defer { closeQuietly(queue) }
        try queue.writeWithoutTransaction { db in
            let application = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
            let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
            let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
            guard application == Schema.applicationID || tables == 0 else {
                throw unusable(name, "it is a database of another program", cure)
            }
            guard version <= Schema.version else {
                throw JobStoreError(
                    .unusable,
                    "\(name): written by a newer recharged (schema \(version), this one knows"
                        + " \(Schema.version)); install that version again"
                )
            }
            // After a failed sync the pages of the log count as clean though the disk lacks them:
            // commits written behind them would go with the power. Moving the log writes it anew.
            try db.checkpoint(.truncate)
            guard StateFolder.size(of: path) <= quickCheckBytesMax else { return }
            let finding = try String.fetchOne(db, sql: "PRAGMA quick_check(1)") ?? "no answer"
            guard finding == "ok" else {
                let cause = "quick_check: \(finding)"
                throw isFailedRead(finding) ? failed(name, cause) : unusable(name, cause, cure)
            }
        }
    }

    /// Whether the check met no damage but a page that could not be read (`btree.c`, `checkList`
    /// and `checkTreePage`).
    private static func isFailedRead(_ finding: String) -> Bool {
        if finding.contains("failed to get page") { return true }
        guard let code = finding.components(separatedBy: "error code=").dropFirst().first else {
            return false
        }
        return Int32(code.prefix { $0.isNumber }).map { $0 & 0xFF == SQLITE_IOERR } ?? false
    }

    private static func failed(_ path: String, _ finding: String) -> JobStoreError {
        JobStoreError(
            .stopped,
            "\(path): the disk failed (\(finding)): check it, then start recharged again"
        )
    }

    /// Closes the inspecting connection; one that will not close is closed when it is let go.
    private static func closeQuietly(_ queue: DatabaseQueue) {
        do { try queue.close() } catch { queue.releaseMemory() }
    }

    private static func unusable(
        _ path: String,
        _ finding: String,
        _ cure: String
    ) -> JobStoreError {
        JobStoreError(.unusable, "\(path): cannot be used: \(finding). \(cure)")
    }
}
