import Digests
import Foundation
import GRDB
import Recharge

/// What became of the wish to send.
enum ArmingAnswer: Sendable {
    case armed(Attempt)
    /// Nothing may be sent; the job went back to the queue in the same commit.
    case refused(JobStoreError)
}

extension Turn {
    /// Writes the intent to send, or gives the job back when it must not go out now.
    mutating func arm(_ arming: Arming, at now: Timestamp) throws -> ArmingAnswer {
        let sim = try simID(arming.sim)
        var job = try position(of: arming.job)
        guard job.state == .leased, job.sim == sim else {
            throw Turn.leaseLost(arming.job, "it is \(job.state.rawValue), not leased to this SIM")
        }
        let passed = try limitPassed(by: job, on: arming.sim, at: now)
        if let obstacle = try obstacle(to: job, sim: sim, at: now) ?? passed {
            try returnLease(&job, reason: obstacle, by: .gateway, at: now)
            return .refused(Turn.leaseLost(arming.job, obstacle))
        }
        if let reason = try otherBooks(than: job, of: sim) {
            // With it the SIM gives back what it has leased.
            try move(arming.sim, to: .paused, reason: reason, by: .gateway, at: now)
            return .refused(Turn.leaseLost(arming.job, reason))
        }
        let attempt = try insertAttempt(arming, job: job, sim: sim, at: now)
        var move = JobMove(to: .armed)
        move.lease = (sim, job.leaseUntil ?? now)
        try self.move(&job, move, at: now)
        try count(job.isReversal ? 0 : job.amount, sim: sim, at: now)
        try countUse(job, on: arming.sim, at: now)
        try record(
            .jobArmed,
            job: job.id,
            by: .gateway,
            at: now,
            [
                ("before", JobState.leased.rawValue), ("after", JobState.armed.rawValue),
                ("attempt", attempt.description), ("sim", arming.sim.digits),
            ]
        )
        guard let stored = try Attempt.all(of: job.id, db).last else {
            throw JobStoreError(.invariant, "attempt \(attempt): not found after it was written")
        }
        return .armed(stored)
    }

    static func leaseLost(_ job: Job.ID, _ cause: String) -> JobStoreError {
        JobStoreError(.leaseLost, "job \(job): must not be sent: \(cause); claim the next one")
    }

    /// Why a leased job must not go out now.
    private func obstacle(
        to job: JobPosition,
        sim: Int64,
        at now: Timestamp
    ) throws -> String? {
        if memory.hold != nil { return "the gateway is on hold" }
        if let deadline = job.deadline, deadline <= now { return "its deadline passed" }
        if let until = job.leaseUntil, until <= now { return "its lease ran out" }
        if try integer("SELECT open FROM lane WHERE id = ?", job.lane) != 1 {
            return "its batch is paused or cancelled"
        }
        let standing = try row("SELECT state = 'enabled', fenced_until FROM sim WHERE id = ?", sim)
        guard let standing, standing[0] else { return "the SIM is not enabled" }
        if let fence = standing[1] as Int64?, fence > now.milliseconds {
            return "the SIM is fenced"
        }
        return nil
    }

    /// Why a charge of a job could not be booked once it was made.
    private func otherBooks(than job: JobPosition, of sim: Int64) throws -> String? {
        let found = try row("SELECT float_currency FROM sim WHERE id = ?", sim)
        guard let books = found?[0] as String?, books != job.currency.code else { return nil }
        return "its books are in \(books), job \(job.id) is in \(job.currency.code)"
    }

    private func insertAttempt(
        _ arming: Arming,
        job: JobPosition,
        sim: Int64,
        at now: Timestamp
    ) throws -> Attempt.ID {
        try run(
            """
            INSERT INTO attempt (job_id, n, sim_id, carrier, armed_at, fence_until, day_began,
              balance_before, redacted_digest)
            SELECT ?1, ?2, ?3, ?4, ?5, ?6, day_began,
              CASE WHEN balance_currency = ?8 AND balance_minor = ?7 THEN ?7 END, ?9
            FROM sim WHERE id = ?3
            """,
            job.id.rawValue,
            job.attempts + 1,
            sim,
            job.carrier.name,
            now.milliseconds,
            arming.fenceUntil.milliseconds,
            arming.balanceBefore?.minorUnits,
            arming.balanceBefore?.currency.code,
            Data(SHA256Digest.of(arming.redactedRequest.utf8))
        )
        return Attempt.ID(db.lastInsertedRowID)
    }

    /// Counts a job against the day that its SIM claimed it in.
    private func count(_ amount: Int64, sim: Int64, at now: Timestamp) throws {
        try run("UPDATE sim SET last_armed_at = ? WHERE id = ?", now.milliseconds, sim)
        try run(
            """
            INSERT INTO sim_day (sim_id, day_began, count, amount_sum)
            SELECT id, day_began, 1, ?1 FROM sim WHERE id = ?2
            ON CONFLICT (sim_id, day_began)
            DO UPDATE SET count = count + 1, amount_sum = amount_sum + ?1
            """,
            amount,
            sim
        )
    }

    /// Leaves an open attempt in doubt: its job is unknown, its SIM fenced, its float uncertain.
    mutating func doubt(
        _ attempt: AttemptPosition,
        _ job: inout JobPosition,
        reason: String,
        at now: Timestamp
    ) throws {
        try run(
            "UPDATE attempt SET outcome = 'unknown', outcome_at = ? WHERE id = ?",
            now.milliseconds,
            attempt.id.rawValue
        )
        try run(
            """
            UPDATE sim SET balance_minor = NULL, balance_currency = NULL, balance_at = NULL,
              fenced_until = MAX(COALESCE(fenced_until, 0), ?) WHERE id = ?
            """,
            attempt.fenceUntil,
            attempt.sim
        )
        let before = job.state
        try move(&job, JobMove(to: .unknown, reason: reason), at: now)
        let details = [("attempt", attempt.id.description)]
        try record(.jobDoubted, before, job, by: .gateway, at: now, reason, details)
    }

    /// What a restart, or a SIM that left, makes of its open attempts: nobody knows.
    @discardableResult
    mutating func doubtOpenAttempts(
        ofSIM sim: Int64?,
        reason: String,
        at now: Timestamp
    ) throws -> Int {
        let open = try rows(
            "SELECT id FROM attempt WHERE outcome IS NULL AND sim_id = COALESCE(?, sim_id)",
            sim
        )
        for row in open {
            let attempt = try attempt(Attempt.ID(row[0]))
            var job = try position(of: attempt.job)
            try doubt(attempt, &job, reason: reason, at: now)
        }
        return open.count
    }
}
