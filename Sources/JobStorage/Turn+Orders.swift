import Digests
import Foundation
import GRDB
import Recharge

extension Turn {
    /// Writes one order, or finds the job that its key made before.
    mutating func submit(
        _ order: NewJob,
        by actor: Actor,
        at now: Timestamp
    ) throws -> Submission {
        let digest = Turn.digest(of: order)
        if let known = try row(
            "SELECT id, terms_digest FROM job WHERE client = ? AND client_key = ?",
            order.key.client,
            order.key.key
        ) {
            let id = Job.ID(known[0])
            guard known[1] as Data != Turn.erasedDigest else {
                throw JobStoreError(
                    .conflict,
                    "job \(id): key \(order.key.key) of \(order.key.client) had this order, and its"
                        + " number was erased since; do not send it again"
                )
            }
            guard Array(known[1] as Data) == digest else { throw Turn.conflict(order.key) }
            return Submission(job: try job(id), isNew: false)
        }
        try requireRoom(for: "an order")
        let insertion = try JobInsertion(db)
        let birth = try insertion.insert(
            order,
            key: order.key.key,
            digest: digest,
            lane: Turn.walkInLane,
            repeating: try DuplicateSearch(db).find(
                like: order,
                within: order.duplicateWindow,
                batch: nil,
                at: now
            ),
            at: now
        )
        let id = Job.ID(db.lastInsertedRowID)
        var details = [("state", birth.rawValue)]
        if order.allowsDuplicates { details.append(("duplicates", "allowed")) }
        try record(.jobSubmitted, job: id, by: actor, at: now, details)
        if birth == .ready { memory.roster.jobsCame(1, for: order.carrier) }
        return Submission(job: try job(id), isNew: true)
    }

    func job(_ id: Job.ID) throws -> Job {
        guard let job = try Job.find(id, db) else {
            throw JobStoreError(.notFound, "job \(id): there is no such job")
        }
        return job
    }

    /// What stands for the digest of terms that were erased.
    static let erasedDigest = Data([0])

    /// What the terms of a repeated order are compared by.
    static func digest(of order: NewJob) -> [UInt8] {
        Array(SHA256Digest.of(order.canonicalTerms.utf8).prefix(16))
    }

    static func conflict(_ key: NewJob.Key) -> JobStoreError {
        JobStoreError(
            .conflict,
            "key \(key.key) of \(key.client): known with other terms; a new order needs a new key"
        )
    }
}

/// The one statement that makes jobs, prepared once for a whole chunk of rows.
struct JobInsertion {
    private let db: Database
    private let statement: Statement

    init(_ db: Database) throws {
        self.db = db
        // What fails, fails: to be able to abort, SQLite would keep old images of all pages.
        statement = try db.cachedStatement(
            sql: """
                INSERT OR FAIL INTO job (client, client_key, terms_digest, lane_id, batch_line,
                  carrier, number, number_as_submitted, amount, currency, reference, note, priority,
                  not_before, deadline, state, hold_reason, due_at, rank, created_at, updated_at,
                  kind, reverses_id, only_sim_id, repeat, allows_duplicates, reason)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
                  (SELECT id FROM sim WHERE iccid = ?), ?, ?, ?)
                ON CONFLICT (client, client_key) DO NOTHING
                """
        )
    }

    /// Inserts an order under a key; a key that is there already changes nothing.
    ///
    /// One that repeats an earlier order waits for a person. Returns the state in which the job is
    /// born.
    @discardableResult
    func insert(
        _ order: NewJob,
        key: String,
        digest: [UInt8],
        lane: Int64,
        repeating earlier: EarlierOrder?,
        at now: Timestamp
    ) throws -> JobState {
        let dueAt = order.notBefore ?? now
        let hold = order.hold ?? earlier.map { _ in .duplicate }
        let state: JobState = hold != nil ? .held : dueAt > now ? .scheduled : .ready
        var values = ValueBinder(statement)
        values.bind(order.key.client)
        values.bind(key)
        values.bind(digest)
        values.bind(lane)
        values.bind(order.batchLine.map { Int64($0) })
        values.bind(order.carrier.name)
        values.bind(order.number.e164)
        values.bind(order.numberAsSubmitted)
        values.bind(order.amount.minorUnits)
        values.bind(order.amount.currency.code)
        values.bind(order.reference)
        values.bind(order.note)
        values.bind(Int64(order.priority))
        values.bind(order.notBefore?.milliseconds)
        values.bind(order.deadline?.milliseconds)
        values.bind(state.rawValue)
        values.bind(hold?.rawValue)
        values.bind(dueAt.milliseconds)
        values.bind(JobPosition.rank(dueAt: dueAt, priority: order.priority))
        values.bind(now.milliseconds)
        values.bind(now.milliseconds)
        values.bind(order.reversal == nil ? "recharge" : "reversal")
        values.bind(order.reversal?.job.rawValue)
        values.bind(order.reversal?.sim.digits)
        values.bind(order.repeatIndex.map { Int64($0) })
        values.bind(order.allowsDuplicates ? 1 : 0)
        values.bind(earlier?.words)
        try values.run(db)
        return state
    }
}
