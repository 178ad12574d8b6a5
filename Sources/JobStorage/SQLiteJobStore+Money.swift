import GRDB
package import Recharge

/// Inquiries, floats and disputes.
extension SQLiteJobStore {
    package func ask(_ asking: Asking, at now: Timestamp) async throws -> Inquiry {
        let answer = try await queue.perform { try $0.ask(asking, at: now) }
        switch answer {
        case .asked(let inquiry): return inquiry
        case .refused(let error): throw error
        }
    }

    package func conclude(
        _ inquiry: Inquiry.ID,
        as outcome: Inquiry.Outcome,
        at now: Timestamp
    ) async throws {
        try await queue.perform { try $0.conclude(inquiry, outcome, at: now) }
    }

    package func inquiries(about job: Job.ID) async throws -> [Inquiry] {
        try await pool.read { try Inquiry.all(about: job, $0) }
    }

    package func report(_ report: FloatReport, at now: Timestamp) async throws {
        try await queue.perform { try $0.report(report, at: now) }
    }

    package func topUp(
        _ sim: ICCID,
        _ amount: Amount,
        key: NewJob.Key?,
        reason: String,
        by actor: Actor,
        at now: Timestamp
    ) async throws {
        try await queue.perform { turn in
            try turn.topUp(sim, amount, key: key, reason: reason, by: actor, at: now)
        }
    }

    package func reconcile(
        _ sim: ICCID,
        reason: String,
        by actor: Actor,
        at now: Timestamp
    ) async throws {
        try await queue.perform { turn in
            try turn.reconcile(sim, reason: reason, by: actor, at: now)
        }
    }

    package func floats() async throws -> [FloatStanding] {
        try await pool.read { try FloatStanding.all($0) }
    }

    package func movements(
        of sim: ICCID,
        after cursor: Int64?,
        limit: Int
    ) async throws -> Page<Movement> {
        let found = try await pool.read { db in
            try Movement.page(ofSIM: sim, after: cursor, limit: limit, db)
        }
        return Page(elements: found, next: found.count == limit ? found.last?.id : nil)
    }

    package func verifyBooks() async throws -> Books {
        try await pool.read { try Books.verified($0) }
    }

    // MARK: Disputes

    package func complain(
        _ job: Job.ID,
        reason: String,
        dueAt: Timestamp?,
        by actor: Actor,
        at now: Timestamp
    ) async throws -> Dispute {
        try await queue.perform { turn in
            try turn.complain(job, reason: reason, dueAt: dueAt, by: actor, at: now)
        }
    }

    package func close(
        _ dispute: Dispute.ID,
        as state: Dispute.State,
        reason: String,
        by actor: Actor,
        at now: Timestamp
    ) async throws -> Dispute {
        try await queue.perform { turn in
            try turn.close(dispute, as: state, reason: reason, by: actor, at: now)
        }
    }

    package func disputes(
        onlyOpen: Bool,
        after cursor: Int64?,
        limit: Int
    ) async throws -> Page<Dispute> {
        let found = try await pool.read { db in
            try Dispute.page(onlyOpen: onlyOpen, after: cursor, limit: limit, db)
        }
        return Page(elements: found, next: found.count == limit ? found.last?.id.rawValue : nil)
    }

    package func disputes(of job: Job.ID) async throws -> [Dispute] {
        try await pool.read { try Dispute.all(of: job, $0) }
    }
}
