import GRDB
import Recharge
import Synchronization

/// The single writer: turns calls that come at the same time into one transaction.
///
/// It never waits for company. What queued while the last transaction was being committed goes
/// into the next one, each call in a savepoint of its own, and the callers go on after the commit.
/// It runs on the only writing connection and is the only one that checkpoints: two connections
/// that write or checkpoint at once may meet SQLite's WAL-reset bug (before 3.51.3).
///
/// Two classes of calls: at most one bulk chunk goes first, which must keep itself to a
/// `WriterBudget`, then all urgent ones, also those that came during the chunk. No urgent call
/// waits for more than the chunk and the commit that it is in. The chunk has no savepoint: with one
/// SQLite keeps the old image of each page a row touches; one that fails is undone with the
/// transaction, which nobody else is in yet.
final class CommitQueue: Sendable {
    /// Whether a call is one of a SIM or a person, or one chunk of a large piece of work.
    enum Urgency {
        case urgent
        case bulk
    }

    /// One queued call: runs in a transaction and gives back how to answer its caller.
    typealias Operation = @Sendable (inout Turn) -> Completion

    /// What a call came to.
    ///
    /// `deliver` is called once, after the commit or its failure.
    struct Completion {
        var error: (any Error)?
        var deliver: (JobStoreError?) -> Void
    }

    /// What was done since start.
    struct Counters {
        /// Transactions with changes that were committed.
        var commits = 0
        /// The calls in all transactions.
        var operations = 0
        /// The longest that an urgent call waited, from its coming to the end of its commit.
        var longestWait = Duration.zero
        var claims = 0
        /// The writer time of all claims, without their commits.
        var claimTime = Duration.zero
    }

    private struct Waiting {
        var urgent: [Operation] = []
        var bulk: [Operation] = []
        /// Whether the last transaction held a chunk: who waited for it goes before the next one.
        var hadChunk = false
        /// When the first of the urgent calls came; of those waiting, and of those being committed.
        var urgentSince: ContinuousClock.Instant?
        var committingSince: ContinuousClock.Instant?
        var isDraining = false
        var failure: JobStoreError?
        var counters = Counters()
    }

    private let pool: DatabasePool
    private let folder: StateFolder
    private let chunkTime: Duration
    private let waiting = Mutex(Waiting())
    private let memory: Mutex<WriterMemory>
    private let wakes: AsyncStream<ICCID>.Continuation
    private let failures: AsyncStream<JobStoreError>.Continuation

    init(
        pool: DatabasePool,
        folder: StateFolder,
        chunkTime: Duration,
        memory: WriterMemory,
        wakes: AsyncStream<ICCID>.Continuation,
        failures: AsyncStream<JobStoreError>.Continuation
    ) {
        self.pool = pool
        self.folder = folder
        self.chunkTime = chunkTime
        self.memory = Mutex(memory)
        self.wakes = wakes
        self.failures = failures
    }

    var counters: Counters { waiting.withLock { $0.counters } }

    /// Runs a call in the next transaction and returns when that is on disk.
    func perform<Value: Sendable>(
        _ urgency: Urgency = .urgent,
        _ body: @escaping @Sendable (inout Turn) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            enqueue(urgency) { turn in
                let result = Result {
                    switch urgency {
                    case .urgent: try turn.attempt(body)
                    case .bulk: try turn.attemptWhole(body)
                    }
                }
                return Completion(error: result.failure) { failure in
                    if let failure {
                        continuation.resume(throwing: failure)
                    } else {
                        continuation.resume(with: result)
                    }
                }
            }
        }
    }

    private func enqueue(_ urgency: Urgency, _ operation: @escaping Operation) {
        let mustStart = waiting.withLock { waiting in
            switch urgency {
            case .urgent:
                if waiting.urgent.isEmpty { waiting.urgentSince = .now }
                waiting.urgent.append(operation)
            case .bulk: waiting.bulk.append(operation)
            }
            defer { waiting.isDraining = true }
            return !waiting.isDraining
        }
        if mustStart {
            pool.asyncWriteWithoutTransaction { [self] db in drain(db) }
        }
    }

    private func drain(_ db: Database) {
        let checkpoints = Checkpoints(folder: folder)
        while let next = takeNext() {
            if let failure = waiting.withLock({ $0.failure }) {
                for operation in next.all { refuse(operation, failure, db) }
            } else {
                commit(next, db)
                let erased = memory.withLock { $0.erasedPages }
                let left = checkpoints.runIfDue(db, erased)
                if left != erased { memory.withLock { $0.erasedPages = left } }
            }
        }
    }

    /// What goes into one transaction.
    private struct Group {
        var bulk: Operation?
        var urgent: [Operation]

        var all: [Operation] { (bulk.map { [$0] } ?? []) + urgent }
    }

    /// All urgent calls and at most one bulk chunk; nil when there is nothing, and draining ends.
    private func takeNext() -> Group? {
        waiting.withLock { waiting in
            waiting.committingSince = nil
            let isTurnOfUrgent = waiting.hadChunk && !waiting.urgent.isEmpty
            let bulk = waiting.bulk.isEmpty || isTurnOfUrgent ? nil : waiting.bulk.removeFirst()
            waiting.hadChunk = bulk != nil
            // Beside a chunk the urgent calls stay queued, so that it sees that it is awaited.
            let urgent = bulk == nil ? CommitQueue.takeUrgent(&waiting) : []
            if bulk == nil, urgent.isEmpty {
                waiting.isDraining = false
                return nil
            }
            return Group(bulk: bulk, urgent: urgent)
        }
    }

    private static func takeUrgent(_ waiting: inout Waiting) -> [Operation] {
        waiting.committingSince = waiting.urgentSince
        waiting.urgentSince = nil
        defer { waiting.urgent.removeAll(keepingCapacity: false) }
        return waiting.urgent
    }

    private func commit(_ group: Group, _ db: Database) {
        var group = group
        var turn = makeTurn(db)
        var completions: [Completion] = []
        do {
            try turn.control("BEGIN IMMEDIATE")
            let before = db.totalChangesCount
            if let bulk = group.bulk {
                let completion = bulk(&turn)
                completions.append(completion)
                if let error = completion.error { try undo(&turn, after: error) }
                group.urgent = waiting.withLock { CommitQueue.takeUrgent(&$0) }
            }
            for operation in group.urgent {
                let completion = operation(&turn)
                completions.append(completion)
                if let error = completion.error, CommitQueue.isFatal(error, db) { throw error }
            }
            let isChanged = db.totalChangesCount != before
            try turn.control("COMMIT")
            count(completions.count, isChanged: isChanged)
        } catch {
            stop(db, because: error)
            let failure = waiting.withLock { $0.failure }
            for completion in completions { completion.deliver(failure) }
            for operation in group.all.dropFirst(completions.count) {
                refuse(operation, failure, db)
            }
            return
        }
        let woken = turn.memory.roster.takeWakes()
        memory.withLock { $0 = turn.memory }
        // Before the callers go on: whoever drives them one by one sees the same order each time.
        for iccid in woken { wakes.yield(iccid) }
        for completion in completions { completion.deliver(nil) }
    }

    private func makeTurn(_ db: Database) -> Turn {
        Turn(
            db: db,
            memory: memory.withLock { $0 },
            folder: folder,
            chunkTime: chunkTime,
            isAwaited: { [self] in waiting.withLock { !$0.urgent.isEmpty } }
        )
    }

    /// Undoes a bulk chunk that failed, which is alone in its transaction, and begins anew.
    private func undo(_ turn: inout Turn, after error: any Error) throws {
        if CommitQueue.isFatal(error, turn.db) { throw error }
        try turn.control("ROLLBACK")
        try turn.control("BEGIN IMMEDIATE")
        turn = makeTurn(turn.db)
    }

    private func count(_ operations: Int, isChanged: Bool) {
        waiting.withLock {
            $0.counters.operations += operations
            if isChanged { $0.counters.commits += 1 }
            guard let since = $0.committingSince else { return }
            $0.counters.longestWait = max($0.counters.longestWait, since.duration(to: .now))
        }
    }

    /// Counts one step of a claim that began at an instant and ends now.
    func countClaim(since began: ContinuousClock.Instant) {
        waiting.withLock {
            $0.counters.claims += 1
            $0.counters.claimTime += began.duration(to: .now)
        }
    }

    /// Whether an error leaves the transaction, or what is on disk, in doubt.
    private static func isFatal(_ error: any Error, _ db: Database) -> Bool {
        guard db.isInsideTransaction else { return true }
        guard let error = error as? DatabaseError else { return false }
        return switch error.resultCode {
        case .SQLITE_IOERR, .SQLITE_CORRUPT, .SQLITE_FULL, .SQLITE_NOTADB, .SQLITE_NOMEM: true
        // Any other result code belongs to the call alone: its savepoint was rolled back.
        default: false
        }
    }

    /// Refuses everything from now on: only reopening tells what a failed commit left on disk.
    private func stop(_ db: Database, because error: any Error) {
        var cause = "\(error)"
        if db.isInsideTransaction {
            do { try db.execute(sql: "ROLLBACK") } catch { cause += ", then \(error)" }
        }
        let failure = JobStoreError(
            .stopped,
            "\(folder.databasePath): a commit failed (\(cause)); what it wrote is known only after"
                + " a restart: check the disk, then start recharged again"
        )
        waiting.withLock { $0.failure = failure }
        failures.yield(failure)
        failures.finish()
    }

    /// Answers a call that will not run.
    ///
    /// It is entered outside a transaction, where it must not write.
    private func refuse(_ operation: Operation, _ failure: JobStoreError?, _ db: Database) {
        var turn = Turn(db: db, memory: memory.withLock { $0 }, folder: folder)
        turn.refusal = failure
        operation(&turn).deliver(failure)
    }
}

extension Result {
    fileprivate var failure: Failure? {
        switch self {
        case .success: nil
        case .failure(let error): error
        }
    }
}
