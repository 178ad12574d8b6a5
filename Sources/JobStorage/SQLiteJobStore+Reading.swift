import GRDB
package import Recharge

extension SQLiteJobStore {
    package func job(_ id: Job.ID) async throws -> Job? {
        try await pool.read { try Job.find(id, $0) }
    }

    package func jobs(_ query: JobQuery) async throws -> Page<Job> {
        try await pool.read { try query.page($0) }
    }

    package func attempts(of job: Job.ID) async throws -> [(Attempt, [Evidence])] {
        try await pool.read { db in
            try Attempt.all(of: job, db).map { ($0, try Evidence.all(on: $0.id, db)) }
        }
    }

    package func batch(_ id: Batch.ID) async throws -> Batch? {
        try await pool.read { try Batch.find(id, $0) }
    }

    package func batches(after cursor: Int64?, limit: Int) async throws -> Page<Batch> {
        try await pool.read { db in
            let sql = """
                SELECT \(Batch.columns) FROM batch WHERE id < ? ORDER BY id DESC LIMIT ?
                """
            let rows = try Row.fetchAll(db, sql: sql, arguments: [cursor ?? .max, limit])
            let batches = try rows.map { try Batch(row: $0, db) }
            return Page(batches, limit: limit) { $0.id.rawValue }
        }
    }

    package func sims() async throws -> [SIM] {
        try await pool.read { db in
            let sql = "SELECT \(SIM.columns) FROM sim ORDER BY iccid"
            return try Row.fetchAll(db, sql: sql).map(SIM.init(row:))
        }
    }

    package func inbox(after cursor: Int64?, limit: Int) async throws -> Page<StoredMessage> {
        try await pool.read { db in
            let sql = """
                SELECT \(StoredMessage.columns) WHERE attempt_id IS NULL AND inbox.id < ?
                ORDER BY inbox.id DESC LIMIT ?
                """
            let rows = try Row.fetchAll(db, sql: sql, arguments: [cursor ?? .max, limit])
            return Page(try rows.map(StoredMessage.init(row:)), limit: limit) { $0.id }
        }
    }

    package func events(after sequence: Int64, limit: Int) async throws -> [StoredEvent] {
        try await pool.read { db in
            let sql = """
                SELECT seq, at, actor, kind, job_id, body FROM event
                WHERE seq > ? ORDER BY seq LIMIT ?
                """
            let rows = try Row.fetchAll(db, sql: sql, arguments: [sequence, limit])
            return try rows.map { try StoredEvent(row: $0, db) }
        }
    }

    package func stats(at now: Timestamp) async throws -> QueueStats {
        let counters = queue.counters
        let walBytes = walBytes
        return try await pool.read { db in
            let counts = "SELECT state, SUM(count) FROM lane_count GROUP BY state"
            let ready = "SELECT MIN(due_at) FROM job WHERE \(Schema.waiting) AND state = 'ready'"
            let unknown = """
                SELECT MIN(updated_at) FROM job WHERE \(Schema.few) AND state = 'unknown'
                """
            return QueueStats(
                jobs: try Batch.counts(db, counts, []),
                oldestReadyAt: try Timestamp.fetch(db, ready),
                oldestUnknownAt: try Timestamp.fetch(db, unknown),
                hold: try String.fetchOne(
                    db,
                    sql: "SELECT value FROM setting WHERE name = 'hold'"
                ),
                commits: counters.commits,
                operations: counters.operations,
                longestCommitWait: counters.longestWait,
                claims: counters.claims,
                claimTime: counters.claimTime,
                walBytes: walBytes
            )
        }
    }

    /// The first event whose link in the chain of hashes is broken; nil when all hold.
    package func firstBrokenEvent() async throws -> Int64? {
        try await verifyChain(against: nil).findings.first?.sequence
    }
}

extension Page {
    /// A page of what a query gave; a full one may have another after it.
    fileprivate init(_ elements: [Element], limit: Int, key: (Element) -> Int64) {
        let isFull = elements.count == limit
        self.init(elements: elements, next: isFull ? elements.last.map(key) : nil)
    }
}

extension Timestamp {
    fileprivate static func fetch(_ db: Database, _ sql: String) throws -> Timestamp? {
        try Int64.fetchOne(db, sql: sql).map { Timestamp(milliseconds: $0) }
    }
}

extension StoredEvent {
    init(row: Row, _ db: Database) throws {
        var column = ColumnReader(row)
        let sequence: Int64 = column.next()
        let at = column.time()
        let actor: String = column.next()
        let kind: String = column.next()
        let job: Int64? = column.optional()
        let body: String = column.next()
        let statement = try db.cachedStatement(sql: "SELECT key, value FROM json_each(?)")
        let details = try Row.fetchAll(statement, arguments: [body]).map {
            NewEvent.Detail($0[0], $0[1])
        }
        let event = NewEvent(kind: kind, job: job.map { Job.ID($0) }, details: details)
        self.init(sequence: sequence, at: at, actor: actor, event: event)
    }
}

extension JobQuery {
    /// Jobs newest first, or by line within a batch.
    fileprivate func page(_ db: Database) throws -> Page<Job> {
        var conditions: [String] = []
        var arguments: StatementArguments = []
        if let batch {
            conditions.append(
                "lane_id = (SELECT id FROM lane WHERE batch_id = ?)"
                    + " AND batch_line IS NOT NULL AND batch_line > ?"
            )
            arguments += [batch.rawValue, after ?? -1]
        } else {
            conditions.append("id < ?")
            arguments += [after ?? .max]
        }
        if let number {
            conditions.append("\(Schema.numberKey) = CAST(? AS INTEGER)")
            arguments += [number.e164]
        }
        if let reference {
            conditions.append("reference = ?")
            arguments += [reference]
        }
        if !states.isEmpty {
            let names = states.map { "'\($0.rawValue)'" }.sorted().joined(separator: ",")
            conditions.append("state IN (\(names))")
            if states.isDisjoint(with: [.ready, .scheduled, .succeeded]) {
                conditions.append(Schema.few)
            }
        }
        let order = batch == nil ? "id DESC" : "batch_line"
        let sql = """
            SELECT \(Job.columns) FROM job WHERE \(conditions.joined(separator: " AND "))
            ORDER BY \(order) LIMIT ?
            """
        let rows = try Row.fetchAll(db, sql: sql, arguments: arguments + [limit])
        return Page(try rows.map(Job.init(row:)), limit: limit) { job in
            batch == nil ? job.id.rawValue : Int64(job.order.batchLine ?? 0)
        }
    }
}
