import Foundation
import GRDB
import Recharge

/// One transaction of the writer, as the calls in it see it.
///
/// What a call changes in `memory` is undone with its savepoint when it throws.
struct Turn {
    let db: Database
    var memory: WriterMemory
    let folder: StateFolder
    /// Whether urgent calls wait for this transaction to end.
    let isAwaited: @Sendable () -> Bool
    private let chunkTime: Duration
    /// Set when the store has stopped: no call may touch the database.
    var refusal: JobStoreError?

    private var hasRoom: Bool?

    init(
        db: Database,
        memory: WriterMemory,
        folder: StateFolder,
        chunkTime: Duration = WriterBudget.alone,
        isAwaited: @escaping @Sendable () -> Bool = { false }
    ) {
        self.db = db
        self.memory = memory
        self.folder = folder
        self.chunkTime = chunkTime
        self.isAwaited = isAwaited
    }

    /// The writer time of a bulk chunk that begins now.
    func chunkBudget() -> WriterBudget {
        WriterBudget(alone: chunkTime, isAwaited: isAwaited)
    }

    /// Runs one call in a savepoint of its own.
    mutating func attempt<Value>(_ body: (inout Turn) throws -> Value) throws -> Value {
        if let refusal { throw refusal }
        let before = memory
        try run("SAVEPOINT call")
        do {
            let value = try body(&self)
            try run("RELEASE call")
            return value
        } catch {
            memory = before
            if db.isInsideTransaction {
                try run("ROLLBACK TO call")
                try run("RELEASE call")
            }
            throw Turn.translated(error)
        }
    }

    /// Runs a call that is alone in its transaction so far; when it throws, that must be undone.
    mutating func attemptWhole<Value>(_ body: (inout Turn) throws -> Value) throws -> Value {
        if let refusal { throw refusal }
        do { return try body(&self) } catch { throw Turn.translated(error) }
    }

    /// A guard that refused what our own code tried is a broken invariant, not a caller's mistake.
    private static func translated(_ error: any Error) -> any Error {
        guard let error = error as? DatabaseError, error.resultCode == .SQLITE_CONSTRAINT else {
            return error
        }
        return JobStoreError(
            .invariant,
            "the database refused a change: \(error.message ?? "a constraint"); hold dispatch and"
                + " report this"
        )
    }

    /// Refuses new work while the disk is nearly full.
    mutating func requireRoom(for work: String) throws {
        if hasRoom == nil { hasRoom = folder.hasRoom() }
        guard hasRoom == true else {
            throw JobStoreError(
                .diskFull,
                "\(folder.path): less than \(StateFolder.freeBytesMin >> 20) MB free, \(work)"
                    + " refused; free disk space and try again"
            )
        }
    }

    // MARK: SQL

    /// A value to bind.
    typealias Value = (any DatabaseValueConvertible)?

    /// Runs a statement whose rows, if any, do not matter; it may not end the transaction.
    func run(_ sql: String, _ values: Value...) throws {
        var binder = ValueBinder(try db.cachedStatement(sql: sql))
        for value in values { binder.bind(value?.databaseValue ?? .null) }
        try binder.run(db)
    }

    /// Begins or ends a transaction.
    func control(_ sql: String) throws {
        try db.cachedStatement(sql: sql).execute()
    }

    /// The first row of a query.
    func row(_ sql: String, _ values: Value...) throws -> Row? {
        try Row.fetchOne(db.cachedStatement(sql: sql), arguments: StatementArguments(values))
    }

    /// All rows of a query known to be short.
    func rows(_ sql: String, _ values: Value...) throws -> [Row] {
        try Row.fetchAll(db.cachedStatement(sql: sql), arguments: StatementArguments(values))
    }

    /// The first column of the first row.
    func integer(_ sql: String, _ values: Value...) throws -> Int64? {
        try Int64.fetchOne(db.cachedStatement(sql: sql), arguments: StatementArguments(values))
    }

    // MARK: Events

    /// Appends an event to the chain.
    mutating func record(
        _ kind: EventKind,
        job: Job.ID? = nil,
        by actor: Actor,
        at now: Timestamp,
        _ details: [(String, String)] = []
    ) throws {
        let details = details.map { NewEvent.Detail($0.0, $0.1) }
        try append(NewEvent(kind: kind.rawValue, job: job, details: details), by: actor, at: now)
    }

    /// Appends an event that tells of a job's step from one state to where it stands now.
    mutating func record(
        _ kind: EventKind,
        _ before: JobState,
        _ job: JobPosition,
        by actor: Actor,
        at now: Timestamp,
        _ reason: String,
        _ details: [(String, String)] = []
    ) throws {
        let step = [("before", before.rawValue), ("after", job.state.rawValue)]
        try record(
            kind,
            job: job.id,
            by: actor,
            at: now,
            step + details + [("reason", reason)]
        )
    }

    /// Appends an event that another part of the gateway named.
    mutating func append(_ event: NewEvent, by actor: Actor, at now: Timestamp) throws {
        let link = memory.chain.appending(event, by: actor, at: now)
        try run(
            """
            INSERT INTO event (seq, at, kind, job_id, actor, body, prev_hash, hash)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            link.sequence,
            now.milliseconds,
            event.kind,
            event.job?.rawValue,
            actor.name,
            link.body,
            Data(memory.chain.hash),
            Data(link.hash)
        )
        memory.chain.advance(to: link)
    }
}
