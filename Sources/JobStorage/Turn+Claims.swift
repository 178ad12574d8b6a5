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
        let terms = terms(of: request)
        var tightest: UseRoom.Obstacle = (request.dayEnds, .daySum)
        if let terms {
            let room = try room(for: request, terms, at: now)
            if let full = room.full {
                try state.saveClocks(self)
                park(claimant, for: .permission)
                return .answer(.limited(until: full.until, full.reason))
            }
            if let left = room.sumLeft, left < claimant.sumLeft ?? .max {
                claimant.sumLeft = left
                tightest = room.tightest ?? tightest
            }
        }
        let generation = memory.roster.generation(of: request.carrier)
        var cursor = cursor ?? ClaimCursor(generation: generation)
        switch try find(claimant, terms, from: &cursor, at: now) {
        case .job(let job, let lane):
            state.takeToken()
            try state.save(request, self)
            return .answer(.claimed(try lease(job, lane: lane, to: claimant, request, at: now)))
        case .unfinished:
            return .goOn(cursor)
        case .nothing where cursor.generation != generation:
            return .goOn(ClaimCursor(generation: generation))
        case .nothing:
            try state.saveClocks(self)
            park(claimant, for: .job, leavesJobs: cursor.leavesJobs)
            return .answer(.nothing(cursor, tightest))
        }
    }

    /// Finds the next job that no limit keeps back; those that one keeps back are put aside.
    private mutating func find(
        _ claimant: Claimant,
        _ terms: UseTerms?,
        from cursor: inout ClaimCursor,
        at now: Timestamp
    ) throws -> Finding {
        var search = ClaimSearch(db: db, claimant: claimant, now: now)
        while true {
            switch try search.step(from: &cursor) {
            case .nothing: return .nothing
            case .unfinished: return .unfinished
            case .job(let id, let lane):
                var job = try position(of: Job.ID(id))
                switch try terms.flatMap({ try useObstacle(to: job, $0, at: now) }) {
                case nil: return .job(job, lane: lane)
                case .lane(let end): cursor.leave(lane, until: end)
                case .job(let move):
                    try putAside(&job, move, at: now)
                    search.putAside()
                }
            }
        }
    }

    private enum Finding {
        case job(JobPosition, lane: Int64)
        case nothing
        case unfinished
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
        _ found: JobPosition,
        lane: Int64,
        to claimant: Claimant,
        _ request: ClaimRequest,
        at now: Timestamp
    ) throws -> Job {
        try serve(lane)
        var position = found
        var move = JobMove(to: .leased)
        move.lease = (claimant.id, now.advanced(by: request.lease))
        try self.move(&position, move, at: now)
        try record(
            .jobClaimed,
            job: found.id,
            by: .gateway,
            at: now,
            [
                ("before", JobState.ready.rawValue), ("after", JobState.leased.rawValue),
                ("sim", claimant.iccid.digits),
            ]
        )
        memory.roster.took(claimant.iccid, carrier: claimant.carrier, load: claimant.load)
        return try job(found.id)
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

extension ClaimAnswer {
    /// No job now: for want of any, or because limits keep back all there are.
    fileprivate static func nothing(
        _ cursor: ClaimCursor,
        _ tightest: UseRoom.Obstacle
    ) -> ClaimAnswer {
        let sum = cursor.leavesForSum ? tightest : nil
        if let end = cursor.waitsUntil, sum.map({ end < $0.until }) ?? true {
            return .limited(until: end, .clientUse)
        }
        return sum.map { .limited(until: $0.until, $0.reason) } ?? .nothing
    }
}
