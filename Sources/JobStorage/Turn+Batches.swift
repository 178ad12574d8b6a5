import Foundation
import GRDB
import Recharge

extension Turn {
    /// How much the pass of a batch's lane grows with each of its jobs; walk-ins grow by 1, so that
    /// a customer at the counter goes before the next rows of any batch.
    private static let batchStride = 8

    mutating func begin(
        _ batch: NewBatch,
        by actor: Actor,
        at now: Timestamp
    ) throws -> BatchStart {
        let known = try row(
            "SELECT id, body_digest FROM batch WHERE client = ? AND client_key = ?",
            batch.key.client,
            batch.key.key
        )
        if let known { return try resume(batch, id: Batch.ID(known[0]), digest: known[1]) }
        let digests = [batch.bodyDigest] + batch.otherDigests
        if !batch.allowsDuplicates, let same = try Batch.find(ofFile: digests, db) {
            throw JobStoreError(repeating: same)
        }
        try requireRoom(for: "a batch")
        try run(
            """
            INSERT INTO batch (client, client_key, name, body_digest, state, row_count, amount_sum,
              currency, created_at, created_by, allows_duplicates)
            VALUES (?, ?, ?, ?, 'staging', ?, ?, ?, ?, ?, ?)
            """,
            batch.key.client,
            batch.key.key,
            batch.name,
            Data(batch.bodyDigest),
            batch.rowCount,
            batch.amountSum.minorUnits,
            batch.amountSum.currency.code,
            now.milliseconds,
            actor.name,
            batch.allowsDuplicates
        )
        let id = db.lastInsertedRowID
        try run(
            "INSERT INTO lane (batch_id, stride, pass, open) VALUES (?, ?, ?, 0)",
            id,
            Turn.batchStride,
            memory.virtualTime
        )
        return .stage(Batch.ID(id))
    }

    private func resume(_ batch: NewBatch, id: Batch.ID, digest: Data) throws -> BatchStart {
        let known = try self.batch(id)
        guard digest != Turn.erasedDigest else {
            throw JobStoreError(
                .conflict,
                "batch \(id): key \(batch.key.key) of \(batch.key.client) had this batch, and"
                    + " numbers of it were erased since; do not send its file again"
            )
        }
        let digests = [batch.bodyDigest] + batch.otherDigests
        guard digests.contains(Array(digest)), known.rowCount == batch.rowCount,
            known.amountSum == batch.amountSum
        else {
            throw JobStoreError(
                .conflict,
                "batch \(id): key \(batch.key.key) of \(batch.key.client) is known with another"
                    + " file; take a new key for a new file"
            )
        }
        return known.state == .staging ? .stage(id) : .known(known)
    }

    func batch(_ id: Batch.ID) throws -> Batch {
        guard let batch = try Batch.find(id, db) else {
            throw JobStoreError(.notFound, "batch \(id): there is no such batch")
        }
        return batch
    }

    func lane(of batch: Batch.ID) throws -> Int64 {
        guard let lane = try integer("SELECT id FROM lane WHERE batch_id = ?", batch.rawValue)
        else { throw JobStoreError(.notFound, "batch \(batch): there is no such batch") }
        return lane
    }

    /// Writes rows until the chunk's time is up; returns the index of the row to go on with.
    mutating func stage(
        _ orders: [NewJob],
        from start: Int,
        in id: Batch.ID,
        at now: Timestamp
    ) throws -> Int {
        try requireRoom(for: "rows of batch \(id)")
        let batch = try batch(id)
        guard batch.state == .staging else {
            throw JobStoreError(
                .wrongState,
                "batch \(id): is \(batch.state.rawValue) and takes no more rows"
            )
        }
        let lane = try lane(of: id)
        let writing = try (insertion: JobInsertion(db), duplicates: DuplicateSearch(db))
        let budget = chunkBudget()
        var index = start
        repeat {
            for order in orders[index..<min(index + WriterBudget.stride, orders.count)] {
                try stage(order, of: batch, lane: lane, with: writing, at: now)
            }
            index = min(index + WriterBudget.stride, orders.count)
        } while index < orders.count && !budget.isSpent
        return index
    }

    private func stage(
        _ order: NewJob,
        of batch: Batch,
        lane: Int64,
        with writing: (insertion: JobInsertion, duplicates: DuplicateSearch),
        at now: Timestamp
    ) throws {
        guard let line = order.batchLine, order.key.client == batch.key.client else {
            throw JobStoreError(
                .conflict,
                "batch \(batch.id): a row without a line, or of another client"
            )
        }
        let key = "\(batch.key.key)/\(line)"
        let digest = Turn.digest(of: order)
        let earlier =
            batch.allowsDuplicates
            ? nil
            : try writing.duplicates.find(
                like: order,
                within: order.duplicateWindow,
                batch: batch.key.key,
                at: now
            )
        try writing.insertion.insert(
            order,
            key: key,
            digest: digest,
            lane: lane,
            repeating: earlier,
            at: now
        )
        guard db.changesCount == 0 else { return }
        let known = try row(
            "SELECT terms_digest, lane_id FROM job WHERE client = ? AND client_key = ?",
            order.key.client,
            key
        )
        guard let known, Array(known[0] as Data) == digest, known[1] == lane else {
            throw Turn.conflict(NewJob.Key(client: order.key.client, key: key))
        }
    }

    mutating func open(_ id: Batch.ID, by actor: Actor, at now: Timestamp) throws -> Batch {
        let staged = try batch(id)
        guard staged.state == .staging else { return staged }
        try requireRoom(for: "opening batch \(id)")
        let lane = try lane(of: id)
        let sums = try row(
            """
            SELECT COALESCE(SUM(count), 0), COALESCE(SUM(amount_sum), 0)
            FROM lane_count WHERE lane_id = ?
            """,
            lane
        )
        guard let sums, sums[0] == staged.rowCount, sums[1] == staged.amountSum.minorUnits else {
            throw JobStoreError(
                .wrongState,
                "batch \(id): not all of its \(staged.rowCount) rows are staged; submit it again"
                    + " under the same key"
            )
        }
        var details = [("batch", id.description), ("rows", String(staged.rowCount))]
        if staged.allowsDuplicates { details.append(("duplicates", "allowed")) }
        try record(.batchStaged, by: actor, at: now, details)
        let state: Batch.State = staged.allowsDuplicates ? .held : .open
        try setBatch(id, state)
        let step = [("before", staged.state.rawValue), ("after", state.rawValue)]
        guard state == .open else {
            try record(.batchPaused, by: actor, at: now, step + details)
            return try batch(id)
        }
        try record(.batchOpened, by: actor, at: now, step + details)
        try jobsCame(inLane: lane)
        try closeBatch(ofLane: lane, at: now)
        return try batch(id)
    }

    /// Pauses, resumes or withdraws a batch; what it is already stays so.
    mutating func change(
        _ id: Batch.ID,
        _ change: BatchChange,
        reason: String,
        by actor: Actor,
        at now: Timestamp
    ) throws -> Batch {
        let before = try batch(id).state
        let (state, kind, origins): (Batch.State, EventKind, Set<Batch.State>) =
            switch change {
            case .pause: (.held, .batchPaused, [.open])
            case .resume: (.open, .batchOpened, [.held])
            case .cancel: (.cancelled, .batchCancelled, [.staging, .held, .open])
            }
        if before == state { return try batch(id) }
        guard origins.contains(before) else {
            throw JobStoreError(
                .wrongState,
                "batch \(id): is \(before.rawValue), cannot \(change.rawValue) it"
            )
        }
        if change == .resume { try requireVouched(try batch(id)) }
        try setBatch(id, state)
        try record(
            kind,
            by: actor,
            at: now,
            [
                ("batch", id.description), ("before", before.rawValue), ("after", state.rawValue),
                ("reason", reason),
            ]
        )
        if change == .resume {
            let lane = try lane(of: id)
            try jobsCame(inLane: lane)
            try closeBatch(ofLane: lane, at: now)
        }
        return try batch(id)
    }

    private func setBatch(_ id: Batch.ID, _ state: Batch.State) throws {
        try run("UPDATE batch SET state = ? WHERE id = ?", state.rawValue, id.rawValue)
    }

    /// Wakes as many SIMs of each carrier as the lane has jobs for.
    private mutating func jobsCame(inLane lane: Int64) throws {
        for (carrier, hungry) in memory.roster.hungry {
            let count = try integer(
                """
                SELECT count(*) FROM (SELECT 1 FROM job
                WHERE carrier = ? AND lane_id = ? AND state = 'ready' LIMIT ?)
                """,
                carrier.name,
                lane,
                hungry
            )
            if let count, count > 0 { memory.roster.jobsCame(Int(count), for: carrier) }
        }
    }

    /// Withdraws rows of a cancelled batch that lie after a line, until the chunk's time is up.
    ///
    /// One event tells of the batch; its rows have none of their own. Returns the line to go on
    /// after, nil when all rows were seen.
    mutating func withdrawRows(
        ofLane lane: Int64,
        after line: Int64,
        at now: Timestamp
    ) throws -> Int64? {
        let budget = chunkBudget()
        var line = line
        repeat {
            let found = try rows(
                """
                SELECT id, batch_line, state FROM job
                WHERE lane_id = ? AND batch_line IS NOT NULL AND batch_line > ?
                ORDER BY batch_line LIMIT ?
                """,
                lane,
                line,
                WriterBudget.stride
            )
            for row in found {
                line = row[1]
                guard let state = JobState(rawValue: row[2]), state.mayBeWithdrawn else { continue }
                var job = try position(of: Job.ID(row[0]))
                if state == .leased { try move(&job, JobMove(to: .ready), at: now) }
                try move(&job, JobMove(to: .cancelled, reason: "batch cancelled"), at: now)
            }
            if found.count < WriterBudget.stride { return nil }
        } while !budget.isSpent
        return line
    }

    /// The lane of a cancelled batch that has rows still to withdraw: a crash came between.
    func laneToWithdraw() throws -> Int64? {
        try integer(
            """
            SELECT lane.id FROM batch JOIN lane ON lane.batch_id = batch.id
            WHERE batch.state = 'cancelled' AND EXISTS (SELECT 1 FROM lane_count
              WHERE lane_id = lane.id AND count > 0
              AND state IN ('held','scheduled','ready','leased'))
            LIMIT 1
            """
        )
    }
}

extension JobState {
    /// Whether a person may withdraw it: nothing irreversible was begun.
    var mayBeWithdrawn: Bool {
        switch self {
        case .held, .scheduled, .ready, .leased: true
        case .armed, .unknown, .succeeded, .failed, .cancelled, .expired: false
        }
    }
}
