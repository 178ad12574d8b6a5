import GRDB
package import Recharge

/// The queue in one SQLite database, in one folder that one process may use.
///
/// Writes go through one `CommitQueue`; reads see the last commit, on connections that cannot
/// write. No call runs SQL on the caller's thread.
package final class SQLiteJobStore: JobStore {
    /// What opening found of the process before.
    package struct Recovery: Hashable, Sendable {
        /// Jobs that were leased and are ready again.
        package var returned: Int
        /// Jobs that were armed and are unknown now.
        package var doubts: Int
        /// Why the gateway is still on hold; nil when it is not.
        package var hold: String?
        /// When the process before filed its last event.
        package var lastEventAt: Timestamp?
    }

    package let recovery: Recovery
    package let wakes: AsyncStream<ICCID>
    /// Gives one element, and ends, when a commit failed: the process must exit.
    ///
    /// One consumer.
    package let failures: AsyncStream<JobStoreError>

    let pool: DatabasePool
    let queue: CommitQueue
    let folder: StateFolder

    /// Locks a folder, opens its database, and settles what the process before left open.
    ///
    /// Every armed job becomes unknown, because nobody knows what went out; every leased one is
    /// ready.
    ///
    /// - Parameters:
    ///   - folder: the state folder; made with mode 0700 when missing, in a parent that exists.
    ///   - now: the moment of the start.
    ///   - chunkTime: the writer time of a chunk of bulk work that nobody waits for; nil: as
    ///     measured for the gateway. Zero: a chunk is as small as it can be, on any machine.
    ///   - freeBytes: how much may still be written at a path, nil when that is not known.
    /// - Returns: the store, with what it found in `recovery`.
    /// - Throws: `JobStoreError` with code `locked`, `unusable`, `diskFull`, or `stopped`
    ///   where the disk failed.
    package static func open(
        folder: String,
        at now: Timestamp,
        chunkTime: Duration? = nil,
        freeBytes: @escaping @Sendable (String) -> Int64? = { StateFolder.freeBytes(at: $0) }
    ) throws -> SQLiteJobStore {
        let folder = try StateFolder(path: folder, freeBytes: freeBytes)
        _ = folder.hasRoom()
        try folder.clearUnfinished()
        return try Connections.opening(folder.databasePath) {
            let pool = try Connections.open(folder.databasePath)
            let (memory, recovery) = try pool.writeWithoutTransaction { db in
                try Turn.recover(db, folder: folder, at: now)
            }
            return SQLiteJobStore(
                folder: folder,
                pool: pool,
                chunkTime: chunkTime ?? WriterBudget.alone,
                memory: memory,
                recovery: recovery
            )
        }
    }

    private init(
        folder: StateFolder,
        pool: DatabasePool,
        chunkTime: Duration,
        memory: WriterMemory,
        recovery: Recovery
    ) {
        let wakes = AsyncStream.makeStream(of: ICCID.self)
        let failures = AsyncStream.makeStream(of: JobStoreError.self)
        self.folder = folder
        self.pool = pool
        self.recovery = recovery
        self.wakes = wakes.stream
        self.failures = failures.stream
        queue = CommitQueue(
            pool: pool,
            folder: folder,
            chunkTime: chunkTime,
            memory: memory,
            wakes: wakes.continuation,
            failures: failures.continuation
        )
    }

    /// Closes the database and lets another process have the folder.
    ///
    /// No call may follow.
    package func close() throws {
        // The pool closes its writer first, and a reader that closes last leaves the log behind.
        pool.invalidateReadOnlyConnections()
        try pool.close()
        folder.close()
    }

    /// The bytes of the write-ahead log.
    var walBytes: Int64 { StateFolder.size(of: folder.walPath) }
}

extension Turn {
    /// Settles, in one transaction, what the process before left open.
    fileprivate static func recover(
        _ db: Database,
        folder: StateFolder,
        at now: Timestamp
    ) throws -> (WriterMemory, SQLiteJobStore.Recovery) {
        var recovery = SQLiteJobStore.Recovery(returned: 0, doubts: 0, hold: nil)
        var memory = WriterMemory(chain: try EventChain.load(db), hold: nil, virtualTime: 0)
        try db.inTransaction(.immediate) {
            let hold = "SELECT value FROM setting WHERE name = 'hold'"
            memory.hold = try String.fetchOne(db, sql: hold)
            memory.epoch = try Int64.fetchOne(db, sql: "SELECT \(Schema.epoch)") ?? 0
            recovery.hold = memory.hold
            recovery.lastEventAt = try Timestamp.newest(db)
            let pass = "SELECT MAX(pass - stride) FROM lane"
            memory.virtualTime = max(0, try Int64.fetchOne(db, sql: pass) ?? 0)
            memory.overrides = try LimitOverrides.load(db)
            memory.countedScopes = try WindowUse.scopes(db)
            var turn = Turn(db: db, memory: memory, folder: folder)
            if let last = recovery.lastEventAt {
                try turn.relive(since: last, error: .zero, at: now)
            }
            let reason = "the gateway stopped while it was in flight"
            recovery.doubts = try turn.doubtOpenAttempts(ofSIM: nil, reason: reason, at: now)
            try turn.silenceOpenInquiries(ofSIM: nil, at: now)
            for row in try turn.rows("SELECT DISTINCT sim_id FROM job WHERE \(leased)") {
                try turn.returnLeases(of: row[0], reason: reason, by: .gateway, at: now)
            }
            recovery.returned = try turn.returned(since: memory.chain.sequence)
            try turn.record(
                .gatewayStarted,
                by: .gateway,
                at: now,
                [
                    ("returned", String(recovery.returned)), ("doubts", String(recovery.doubts)),
                ]
            )
            memory.chain = turn.memory.chain
            return .commit
        }
        return (memory, recovery)
    }

    private static let leased = "\(Schema.few) AND state = 'leased'"

    private func returned(since sequence: Int64) throws -> Int {
        let count = try integer(
            "SELECT count(*) FROM event WHERE seq > ? AND kind = ?",
            sequence,
            EventKind.jobReleased.rawValue
        )
        return Int(count ?? 0)
    }
}
