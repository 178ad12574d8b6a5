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
            let isOnSpending = state.limit(request, isSpending: false, at: now) == nil
            return try limited(claimant, limit, isOnSpending, &state, request, at: now)
        }
        let terms = terms(of: request)
        var tightest: UseRoom.Obstacle = (request.dayEnds, .daySum)
        if let terms {
            let room = try room(for: request, terms, at: now)
            if let full = room.full {
                return try limited(claimant, full, true, &state, request, at: now)
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
            return try give((job, lane), to: claimant, &state, request, at: now)
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

    /// Parks a SIM that is over a limit; what brings money back goes out over one on spending.
    private mutating func limited(
        _ claimant: Claimant,
        _ limit: (until: Timestamp, reason: LimitReason),
        _ isOnSpending: Bool,
        _ state: inout LimitState,
        _ request: ClaimRequest,
        at now: Timestamp
    ) throws -> ClaimStep {
        if isOnSpending, let reversal = try waitingReversal(for: claimant, at: now) {
            return try give(reversal, to: claimant, &state, request, at: now)
        }
        try state.saveClocks(self)
        park(claimant, for: .permission)
        return .answer(.limited(until: limit.until, limit.reason))
    }

    private mutating func give(
        _ found: (job: JobPosition, lane: Int64),
        to claimant: Claimant,
        _ state: inout LimitState,
        _ request: ClaimRequest,
        at now: Timestamp
    ) throws -> ClaimStep {
        state.takeToken()
        try state.save(request, self)
        let job = try lease(found.job, lane: found.lane, to: claimant, request, at: now)
        return .answer(.claimed(job))
    }

    /// A reversal that may go out on a SIM that may spend no more.
    private func waitingReversal(
        for claimant: Claimant,
        at now: Timestamp
    ) throws -> (job: JobPosition, lane: Int64)? {
        let found = try row(
            """
            SELECT id, lane_id FROM job AS waiting
            WHERE only_sim_id = ?1 AND only_sim_id IS NOT NULL AND carrier = ?2
              AND state = 'ready' AND (deadline IS NULL OR deadline > ?3)
              AND EXISTS (SELECT 1 FROM lane WHERE lane.id = lane_id AND open = 1)
              AND NOT EXISTS (SELECT 1 FROM job WHERE job.number = waiting.number
                AND \(Schema.inFlight))
            ORDER BY id LIMIT 1
            """,
            claimant.id,
            claimant.carrier.name,
            now.milliseconds
        )
        return try found.map { (try position(of: Job.ID($0[0])), $0[1]) }
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
