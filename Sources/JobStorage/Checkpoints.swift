import GRDB
import GRDBSQLite

/// When the writer moves the write-ahead log into the database file.
///
/// Only the writer does, between two transactions, so that no other commit waits for more than a
/// thousand pages and the log does not grow without bound.
struct Checkpoints {
    /// Written pages after which a passive checkpoint is due.
    static let pagesMax: Int32 = 1000
    /// A log larger than this is cut: a reader kept it from starting over.
    static let walBytesMax: Int64 = 64 << 20

    let folder: StateFolder

    /// Looks at how many pages were written since the last checkpoint, and runs one if it is due.
    ///
    /// A checkpoint that finds the database busy is left to the next time: the log is complete, and
    /// what it holds is durable. One that meets a failing disk is answered by the next commit.
    ///
    /// Returns what of erased texts is left in the log.
    func runIfDue(
        _ db: Database,
        _ erased: WriterMemory.ErasedPages
    ) -> WriterMemory.ErasedPages {
        guard let connection = db.sqliteConnection else { return erased }
        if erased == .fresh { return cut(connection) ? .none : .kept }
        var pages: Int32 = 0
        var highest: Int32 = 0
        let counter = SQLITE_DBSTATUS_CACHE_WRITE
        guard sqlite3_db_status(connection, counter, &pages, &highest, 0) == SQLITE_OK,
            pages >= Checkpoints.pagesMax
        else { return erased }
        sqlite3_db_status(connection, counter, &pages, &highest, 1)
        sqlite3_wal_checkpoint_v2(connection, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
        let isLong = StateFolder.size(of: folder.walPath) > Checkpoints.walBytesMax
        return (isLong || erased == .kept) && cut(connection) ? .none : erased
    }

    /// Empties the log, unless a reader needs it.
    private func cut(_ connection: SQLiteConnection) -> Bool {
        sqlite3_busy_timeout(connection, 20)
        defer { sqlite3_busy_timeout(connection, 5000) }
        let mode = SQLITE_CHECKPOINT_TRUNCATE
        return sqlite3_wal_checkpoint_v2(connection, nil, mode, nil, nil) == SQLITE_OK
    }
}
