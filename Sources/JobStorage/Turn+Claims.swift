import GRDB
import Recharge

/// What one transaction of a claim came to.
enum ClaimStep: Sendable {
    case answer(ClaimAnswer)
    /// The search goes on in the next transaction, so that no other commit waits for it.
    case goOn(ClaimCursor)
}

extension Turn {
    /// Gives a SIM its next job, or parks it.
    mutating func claim(
        _ request: ClaimRequest,
        from cursor: ClaimCursor?,
        at now: Timestamp
    ) throws -> ClaimStep {
        try requireRoom(for: "a claim")
        var state = try LimitState(of: request, self)
        var claimant = state.claimant(for: request)
        claimant.hasOther = memory.roster.hasOther(than: request.sim, of: request.carrier)
        guard memory.hold == nil, state.isEnabled else {
            park(claimant, for: .permission)
            return .answer(.stopped)
        }
        if let limit = state.limit(request, at: now) {
            try state.saveClocks(self)
            park(claimant, for: .permission)
            return .answer(.limited(until: limit.until, limit.reason))
        }
        let generation = memory.roster.generation(of: request.carrier)
        var search = ClaimSearch(db: db, claimant: claimant, now: now)
        switch try search.step(from: cursor ?? ClaimCursor(generation: generation)) {
        case .job(let id, let lane):
            state.takeToken()
            try state.save(request, self)
            let job = try lease(Job.ID(id), lane: lane, to: claimant, request, at: now)
            return .answer(.claimed(job))
        case .unfinished(let cursor):
            return .goOn(cursor)
        case .nothing(let cursor) where cursor.generation != generation:
            return .goOn(ClaimCursor(generation: generation))
        case .nothing(let cursor):
            try state.saveClocks(self)
            park(claimant, for: .job, leavesJobs: cursor.leavesJobs)
            let isOutOfSum = cursor.leavesForSum
            return .answer(
                isOutOfSum ? .limited(until: request.dayEnds, .daySum) : .nothing
            )
        }
    }

    private mutating func park(
        _ claimant: Claimant,
        for rest: SIMRoster.Rest,
        leavesJobs: Bool = true
    ) {
        memory.roster.park(
            claimant.iccid,
            carrier: claimant.carrier,
            for: rest,
            load: claimant.load,
            leavesJobs: leavesJobs
        )
    }

    private mutating func lease(
        _ id: Job.ID,
        lane: Int64,
        to claimant: Claimant,
        _ request: ClaimRequest,
        at now: Timestamp
    ) throws -> Job {
        try serve(lane)
        var position = try position(of: id)
        var move = JobMove(to: .leased)
        move.lease = (claimant.id, now.advanced(by: request.lease))
        try self.move(&position, move, at: now)
        try record(
            .jobClaimed,
            job: id,
            by: .gateway,
            at: now,
            [
                ("before", JobState.ready.rawValue), ("after", JobState.leased.rawValue),
                ("sim", claimant.iccid.digits),
            ]
        )
        memory.roster.took(claimant.iccid, carrier: claimant.carrier, load: claimant.load)
        return try job(id)
    }

    /// Moves a lane back in the order of lanes by its stride.
    ///
    /// It starts at the virtual time at the earliest: a lane that was idle or had nothing for any
    /// SIM comes back level with the others, without credit (start-time fair queueing).
    private mutating func serve(_ lane: Int64) throws {
        let pass = try integer("SELECT pass FROM lane WHERE id = ?", lane) ?? 0
        memory.virtualTime = max(memory.virtualTime, pass)
        try run("UPDATE lane SET pass = ? + stride WHERE id = ?", memory.virtualTime, lane)
    }
}
