package import Recharge

extension SQLiteJobStore {
    package func submit(
        _ order: NewJob,
        by actor: Actor,
        at now: Timestamp
    ) async throws -> Submission {
        try await queue.perform { try $0.submit(order, by: actor, at: now) }
    }

    package func begin(
        _ batch: NewBatch,
        by actor: Actor,
        at now: Timestamp
    ) async throws -> BatchStart {
        try await queue.perform { try $0.begin(batch, by: actor, at: now) }
    }

    package func stage(_ orders: [NewJob], in batch: Batch.ID, at now: Timestamp) async throws {
        var next = 0
        while next < orders.count {
            let start = next
            next = try await queue.perform(.bulk) { turn in
                try turn.stage(orders, from: start, in: batch, at: now)
            }
        }
    }

    package func open(_ batch: Batch.ID, by actor: Actor, at now: Timestamp) async throws -> Batch {
        try await queue.perform { try $0.open(batch, by: actor, at: now) }
    }

    package func change(
        _ batch: Batch.ID,
        _ change: BatchChange,
        reason: String,
        by actor: Actor,
        at now: Timestamp
    ) async throws -> Batch {
        let changed = try await queue.perform { turn in
            try turn.change(batch, change, reason: reason, by: actor, at: now)
        }
        guard change == .cancel else { return changed }
        try await withdrawRows(ofLane: queue.perform { try $0.lane(of: batch) }, at: now)
        return try await queue.perform { try $0.batch(batch) }
    }

    private func withdrawRows(ofLane lane: Int64, at now: Timestamp) async throws {
        var line: Int64? = -1
        while let after = line {
            line = try await queue.perform(.bulk) { turn in
                try turn.withdrawRows(ofLane: lane, after: after, at: now)
            }
        }
    }

    package func promote(at now: Timestamp) async throws -> Timestamp? {
        while true {
            switch try await queue.perform(.bulk, { try $0.promote(at: now) }) {
            case .goOn: continue
            case .withdraw(let lane): try await withdrawRows(ofLane: lane, at: now)
            case .done(let next): return next
            }
        }
    }

    package func cancel(
        _ job: Job.ID,
        reason: String,
        by actor: Actor,
        at now: Timestamp
    ) async throws -> Job {
        try await queue.perform { try $0.cancel(job, reason: reason, by: actor, at: now) }
    }

    package func release(
        _ job: Job.ID,
        heldFor hold: HoldReason?,
        reason: String,
        by actor: Actor,
        at now: Timestamp
    ) async throws -> Job {
        try await queue.perform { turn in
            try turn.release(job, heldFor: hold, reason: reason, by: actor, at: now)
        }
    }

    package func setHold(
        _ hold: Bool,
        reason: String,
        by actor: Actor,
        at now: Timestamp
    ) async throws {
        try await queue.perform { try $0.setHold(hold, reason: reason, by: actor, at: now) }
    }

    package func record(_ event: NewEvent, by actor: Actor, at now: Timestamp) async throws {
        try await queue.perform { try $0.append(event, by: actor, at: now) }
    }
}
