package import Engine
import GRDB
import Gateway
package import JobStorage
import Logging
package import Recharge

/// The real store under a simulated gateway, on files that outlive its processes.
package final class StoredQueue: SimulatedQueue {
    private var folder: StoreFolder
    private let enrolment: Enrolment
    private let wakes: WakeCollector
    private let disk = FailingDisk()
    private var process: Process
    /// Whether the store was called since wakes were taken.
    private var hasCalled = true

    /// What is gone after a kill.
    private struct Process {
        let store: SQLiteJobStore
        let actions: DurableActions
        /// Reads past the store, for the ledger's checks.
        let reader: DatabaseQueue

        init(_ folder: StoreFolder, _ disk: FailingDisk, at now: Timestamp) throws {
            store = try SQLiteJobStore.open(
                folder: folder.path,
                at: now,
                // The same chunks on any machine, or a seed would not repeat.
                chunkTime: .zero,
                freeBytes: { _ in disk.freeBytes }
            )
            actions = DurableActions(
                store: store,
                logger: Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() }
            )
            var configuration = Configuration()
            configuration.readonly = true
            reader = try DatabaseQueue(path: folder.database, configuration: configuration)
        }

        func close() throws {
            try reader.close()
            try store.close()
        }
    }

    init(enrolment: Enrolment, wakes: WakeCollector, at now: Timestamp) async throws {
        folder = try StoreFolder()
        self.enrolment = enrolment
        self.wakes = wakes
        disk.serve(folder.path)
        process = try Process(folder, disk, at: now)
        await wakes.collect(process.store.wakes)
    }

    /// Ends the last process and removes its files.
    func remove() throws {
        try process.close()
        disk.forget(folder.path)
        try folder.remove()
    }

    package func submit(
        _ orders: [NewJob],
        steps: Int,
        at now: Timestamp
    ) async throws -> [Job.ID] {
        hasCalled = true
        guard orders.first?.batchLine != nil else {
            var ids: [Job.ID] = []
            for order in orders.prefix(steps) {
                ids.append(try await process.store.submit(order, by: .gateway, at: now).job.id)
            }
            return ids
        }
        let batch = try Self.batch(of: orders)
        if case .stage(let id) = try await process.store.begin(batch, by: .gateway, at: now) {
            guard steps > 1 else { return [] }
            try await process.store.stage(orders, in: id, at: now)
            guard steps > 2 else { return [] }
            _ = try await process.store.open(id, by: .gateway, at: now)
        }
        return try ids(of: orders, in: batch)
    }

    private static func batch(of orders: [NewJob]) throws -> NewBatch {
        guard var sum = orders.first?.amount, let key = orders.first?.key else {
            throw JobStoreError(.notFound, "a batch has a row")
        }
        sum.minorUnits = orders.reduce(0) { $0 + $1.amount.minorUnits }
        return NewBatch(
            key: NewJob.Key(client: key.client, key: "batch of \(key.key)"),
            name: "batch.csv",
            bodyDigest: Array(repeating: 7, count: 32),
            rowCount: orders.count,
            amountSum: sum
        )
    }

    /// The jobs of a batch that is open: a row's key is the batch's and its line.
    private func ids(of orders: [NewJob], in batch: NewBatch) throws -> [Job.ID] {
        try process.reader.read { db in
            try orders.map { order in
                let id = try Int64.fetchOne(
                    db,
                    sql: "SELECT id FROM job WHERE client = ? AND client_key = ?",
                    arguments: [order.key.client, "\(batch.key.key)/\(order.batchLine ?? 0)"]
                )
                guard let id else {
                    throw JobStoreError(.notFound, "order \(order.key.key) is in no open batch")
                }
                return Job.ID(id)
            }
        }
    }

    package func admit(_ sighting: SIMSighting, at now: Timestamp) async throws -> SIMAdmission {
        hasCalled = true
        return try await process.store.admit(sighting, enrolment: enrolment, at: now)
    }

    package func perform(
        _ action: SIMWorkerMachine.Action,
        for sim: ICCID,
        at now: Timestamp
    ) async throws -> SIMWorkerMachine.Event? {
        hasCalled = true
        return try await process.actions.perform(action, for: sim, at: now)
    }

    package func depart(_ sim: ICCID, at now: Timestamp) async throws {
        hasCalled = true
        try await process.store.depart(sim, reason: "left", at: now)
    }

    package func promote(at now: Timestamp) async throws -> Timestamp? {
        hasCalled = true
        return try await process.store.promote(at: now)
    }

    package func resume(_ sim: ICCID, at now: Timestamp) async throws {
        hasCalled = true
        let known = try await process.store.sims().first { $0.iccid == sim }
        if let known, known.state == .quarantined { return try await enrol(known, at: now) }
        try await process.store.setState(
            of: sim,
            to: .enabled,
            reason: "looked at",
            by: .gateway,
            at: now
        )
    }

    package func clockJumped(by jump: Duration, at now: Timestamp) async throws {
        hasCalled = true
        try await process.store.clockJumped(by: jump, at: now)
    }

    package func release(at now: Timestamp) async throws {
        hasCalled = true
        let reason = "the clock is right"
        try await process.store.setHold(false, reason: reason, by: Actor("mei"), at: now)
    }

    func isFloatOpen(_ sim: ICCID) throws -> Bool {
        try process.reader.read { db in
            let sql = "SELECT float_opened_at IS NOT NULL FROM sim WHERE iccid = ?"
            return try Bool.fetchOne(db, sql: sql, arguments: [sim.digits]) ?? false
        }
    }

    /// The float of each SIM by its books, where they are open and nothing is in doubt.
    func floats() throws -> [(sim: ICCID, minorUnits: Int64)] {
        try process.reader.read { db in
            let sql = """
                SELECT iccid, (SELECT SUM(amount) FROM movement WHERE sim_id = sim.id) FROM sim
                WHERE float_opened_at IS NOT NULL AND NOT EXISTS (
                  SELECT 1 FROM attempt JOIN job ON job.id = attempt.job_id
                  WHERE attempt.sim_id = sim.id AND (outcome IS NULL OR outcome = 'unknown'
                    OR EXISTS (SELECT 1 FROM dispute WHERE dispute.job_id = job.id)))
                ORDER BY sim.id
                """
            return try Row.fetchAll(db, sql: sql).compactMap { row in
                ICCID(row[0]).map { ($0, row[1] ?? 0) }
            }
        }
    }

    /// Two people let a quarantined SIM work; what a failure left undecided is proposed again.
    ///
    /// Where the disk is nearly full they make room first, as no proposal is taken without.
    private func enrol(_ sim: SIM, at now: Timestamp) async throws {
        let freeBytes = disk.freeBytes
        disk.suffer(.enoughSpace)
        defer { if disk.freeBytes > freeBytes { disk.suffer(.lowSpace) } }
        let (mei, lan) = (Actor("mei"), Actor("lan"))
        if let open = sim.proposal {
            _ = try await process.store.reject(open, reason: "again", by: mei, at: now)
        }
        let proposal = try await process.store.enrol(
            sim.iccid,
            reason: "looked at",
            people: 2,
            by: mei,
            at: now
        )
        _ = try await process.store.approve(proposal.id, reason: "agreed", by: lan, at: now)
    }

    /// Two people order that a recharge is taken back.
    func reverse(_ job: Job.ID, _ terms: ReversalTerms, at now: Timestamp) async throws {
        hasCalled = true
        let proposal = try await process.store.reverse(
            job,
            terms,
            reason: "the wrong number",
            people: 2,
            by: Actor("mei"),
            at: now
        )
        guard proposal.state == .open else { return }
        _ = try await process.store.approve(
            proposal.id,
            reason: "agreed",
            by: Actor("lan"),
            at: now
        )
    }

    func topUp(_ sim: ICCID, _ amount: Amount, at now: Timestamp) async throws {
        hasCalled = true
        try await process.store.topUp(
            sim,
            amount,
            key: nil,
            reason: "paid in",
            by: Actor("mei"),
            at: now
        )
    }

    package func takeWakes() async -> [ICCID] {
        guard hasCalled else { return [] }
        hasCalled = false
        return await wakes.take()
    }

    package func damage(_ damage: DiskDamage) { disk.suffer(damage) }

    package func restart(at now: Timestamp) async throws {
        let left = folder.path
        try folder.crash()
        // What the dead process does to its files at its end has no bearing.
        disk.forget(left)
        try? process.close()
        disk.serve(folder.path)
        process = try Process(folder, disk, at: now)
        await wakes.collect(process.store.wakes)
    }

    package func standings() throws -> [JobStanding] {
        try process.reader.read { db in
            let rows = try Row.fetchAll(db.cachedStatement(sql: StoredQueue.standingsSQL))
            return try rows.map { row in
                guard let number = PhoneNumber(e164: row[1]), let state = JobState(rawValue: row[2])
                else { throw JobStoreError(.unusable, "job \(row[0] as Int64) cannot be read") }
                return JobStanding(
                    id: Job.ID(row[0]),
                    number: number,
                    state: state,
                    sim: (row[3] as String?).flatMap { ICCID($0) },
                    serial: row[4],
                    isDisputed: row[5],
                    isSpokenFor: row[6],
                    isReversal: row[7],
                    attempts: row[8]
                )
            }
        }
    }

    private static let standingsSQL = """
        SELECT job.id, number, job.state, iccid, serial,
          EXISTS (SELECT 1 FROM dispute WHERE dispute.job_id = job.id),
          job.state = 'unknown' AND EXISTS (SELECT 1 FROM attempt JOIN evidence
            ON evidence.attempt_id = attempt.id WHERE attempt.job_id = job.id
            AND evidence.kind = 'sms' AND (verdict = 'success'
              OR verdict = 'inconclusive' AND grade > 0)),
          job.kind = 'reversal',
          (SELECT COUNT(*) FROM attempt WHERE job_id = job.id)
        FROM job LEFT JOIN sim ON sim.id = COALESCE(job.sim_id,
          (SELECT sim_id FROM attempt WHERE job_id = job.id ORDER BY n DESC LIMIT 1))
        ORDER BY job.id
        """

    /// What is wrong in the database itself: its integrity, its chain, its books, its proofs.
    ///
    /// Without the whole only the proofs are looked at, which is fast.
    func audit(isWhole: Bool, isSparse: Bool = false) async -> [String] {
        do {
            var findings = try proofFindings(isSparse ? .answerLackingFields : .answer)
            guard isWhole else { return findings }
            findings += try await process.store.verifyBooks().findings
            if let broken = try await process.store.firstBrokenEvent() {
                findings.append("the chain of events breaks at \(broken)")
            }
            return try findings + integrityFindings()
        } catch {
            return ["the audit failed: \(error)"]
        }
    }

    private func integrityFindings() throws -> [String] {
        try process.reader.read { db in
            var findings: [String] = []
            let integrity = try String.fetchAll(db, sql: "PRAGMA integrity_check")
            if integrity != ["ok"] { findings += integrity }
            if try !Row.fetchAll(db, sql: "PRAGMA foreign_key_check").isEmpty {
                findings.append("a foreign key points nowhere")
            }
            return findings
        }
    }

    private func proofFindings(_ least: Evidence.Grade) throws -> [String] {
        try process.reader.read { db in
            try StoredQueue.proofs(least).flatMap { sql, meaning in
                try Int64.fetchAll(db, sql: sql).map { "attempt \($0): \(meaning)" }
            }
        }
    }

    /// Attempts that lack the evidence for what is filed of them.
    private static func proofs(_ least: Evidence.Grade) -> KeyValuePairs<String, String> {
        [
            """
            SELECT id FROM attempt WHERE outcome = 'success' AND NOT EXISTS (
              SELECT 1 FROM evidence WHERE attempt_id = attempt.id AND verdict = 'success'
              AND grade >= \(least.rawValue))
            """: "succeeded without proof",
            """
            SELECT id FROM attempt WHERE outcome = 'not_executed' AND NOT EXISTS (
              SELECT 1 FROM evidence WHERE attempt_id = attempt.id AND verdict = 'not_executed'
              AND (grade >= 3 OR kind = 'balance' AND (SELECT COUNT(*) FROM evidence AS other
                  WHERE other.attempt_id = attempt.id AND other.kind = 'balance'
                  AND other.verdict = 'not_executed' AND other.grade = 1) >= 2
                OR kind = 'trace'
                AND attempt.id NOT IN (SELECT CAST(json_extract(body, '$.attempt') AS INTEGER)
                  FROM event WHERE kind = 'job.doubted')))
            """: "refused without proof of its grade",
        ]
    }
}
