import GRDB
import Recharge

extension Turn {
    mutating func cancel(
        _ id: Job.ID,
        reason: String,
        by actor: Actor,
        at now: Timestamp
    ) throws -> Job {
        var job = try position(of: id)
        switch job.state {
        case .cancelled: return try self.job(id)
        case .armed, .unknown:
            throw JobStoreError(
                .outcomePending,
                "job \(id): is \(job.state.rawValue), perhaps executed; wait for its evidence"
            )
        case .succeeded, .failed, .expired: throw Turn.wrongState(job, "be cancelled")
        case .held, .scheduled, .ready: break
        case .leased: try returnLease(&job, reason: reason, by: actor, at: now)
        }
        let before = job.state
        try move(&job, JobMove(to: .cancelled, reason: reason), at: now)
        try record(.jobCancelled, before, job, by: actor, at: now, reason)
        return try self.job(id)
    }

    /// Lets a job go on that is held for a reason; one with a success on record never does.
    mutating func release(
        _ id: Job.ID,
        heldFor hold: HoldReason?,
        reason: String,
        by actor: Actor,
        at now: Timestamp
    ) throws -> Job {
        var job = try position(of: id)
        guard job.state == .held else { throw Turn.wrongState(job, "be released") }
        try requireHeld(id, for: hold)
        guard try !hasSuccess(id) else {
            throw JobStoreError(
                .wrongState,
                "job \(id): a success is on record for it; it can only be cancelled"
            )
        }
        try requireVouched(id)
        let isWaived = try waiveLimits(of: id)
        let isEarly = job.notBefore.map { $0 > now } ?? false
        var move = JobMove(to: isEarly ? .scheduled : .ready, reason: reason)
        if isEarly { move.dueAt = job.notBefore }
        try self.move(&job, move, at: now)
        let waiver = isWaived ? [("limits", "waived")] : []
        try record(.jobReleased, .held, job, by: actor, at: now, reason, waiver)
        return try self.job(id)
    }

    /// Whoever may release it for one reason may not for another, which can have come meanwhile.
    private func requireHeld(_ job: Job.ID, for hold: HoldReason?) throws {
        let found = try row("SELECT hold_reason FROM job WHERE id = ?", job.rawValue)
        let name = found?[0] as String?
        guard name != hold?.rawValue else { return }
        throw JobStoreError(
            .wrongState,
            "job \(job): is held for another reason by now (\(name ?? "none")): look again"
        )
    }

    /// Lets a job that is held over a limit go over those of its number and client.
    private func waiveLimits(of job: Job.ID) throws -> Bool {
        try run(
            "UPDATE job SET limits_waived = 1 WHERE id = ? AND hold_reason = 'over_limit'",
            job.rawValue
        )
        return db.changesCount > 0
    }

    /// Gives back a leased job of a SIM, nothing having been armed.
    mutating func release(
        _ id: Job.ID,
        sim iccid: ICCID,
        to target: Release,
        reason: String,
        at now: Timestamp
    ) throws {
        let sim = try simID(iccid)
        var job = try position(of: id)
        guard job.state == .leased, job.sim == sim else {
            throw Turn.leaseLost(id, "it is \(job.state.rawValue), not leased to this SIM")
        }
        var move: JobMove
        let kind: EventKind
        switch target {
        case .ready:
            move = JobMove(to: .ready, reason: reason)
            kind = .jobReleased
        case .scheduled(let dueAt):
            move = JobMove(to: .scheduled, reason: reason)
            move.dueAt = dueAt
            kind = .jobReleased
        case .held(let hold):
            move = .hold(hold, reason: reason)
            kind = .jobHeld
        }
        try self.move(&job, move, at: now)
        try record(kind, .leased, job, by: .gateway, at: now, reason)
    }

    private static func wrongState(_ job: JobPosition, _ wish: String) -> JobStoreError {
        JobStoreError(.wrongState, "job \(job.id): is \(job.state.rawValue) and cannot \(wish)")
    }
}
