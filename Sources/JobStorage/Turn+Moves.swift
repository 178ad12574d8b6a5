import GRDB
import Recharge

/// Where a job stands, as far as moving it needs.
struct JobPosition {
    var id: Job.ID
    var state: JobState
    var lane: Int64
    var carrier: CarrierID
    var number: String
    var amount: Int64
    var priority: Int
    var dueAt: Timestamp
    var deadline: Timestamp?
    var notBefore: Timestamp?
    /// The SIM that holds it, while one does.
    var sim: Int64?
    var leaseUntil: Timestamp?
    var attempts: Int
    var currency: Currency
    var client: String
    var isReversal: Bool
    /// Whether an approver let it go over the limits of its number and client.
    var waivesLimits: Bool

    var money: Amount { Amount(minorUnits: amount, currency: currency) }
}

/// A step of a job along one arrow.
struct JobMove {
    var state: JobState
    var reason: String?
    var hold: HoldReason?
    /// When it is due, where that changes.
    var dueAt: Timestamp?
    /// The SIM that holds it from now on, and until when.
    var lease: (sim: Int64, until: Timestamp)?
    /// The SIM that should not have it before a moment.
    var avoid: (sim: Int64, until: Timestamp)?
    var serial: String?

    init(to state: JobState, reason: String? = nil) {
        self.state = state
        self.reason = reason
    }

    static func hold(_ hold: HoldReason, reason: String?) -> JobMove {
        var move = JobMove(to: .held, reason: reason)
        move.hold = hold
        return move
    }
}

extension JobPosition {
    /// How much earlier one step of priority makes a job: ageing is static, a job waiting this much
    /// longer goes before one of the next priority.
    static let priorityWeight = Duration.seconds(60)

    static func rank(dueAt: Timestamp, priority: Int) -> Int64 {
        dueAt.milliseconds - priorityWeight.wholeMilliseconds * Int64(priority)
    }
}

extension Turn {
    func position(of job: Job.ID) throws -> JobPosition {
        let found = try row(
            """
            SELECT id, state, lane_id, carrier, number, amount, priority, due_at, deadline,
              not_before, sim_id, lease_until, attempts, currency, client, kind = 'reversal',
              limits_waived
            FROM job WHERE id = ?
            """,
            job.rawValue
        )
        guard let found else { throw JobStoreError(.notFound, "job \(job): there is no such job") }
        var column = ColumnReader(found)
        return JobPosition(
            id: Job.ID(column.next()),
            state: try column.parsed(JobState.init(rawValue:)),
            lane: column.next(),
            carrier: try column.parsed(CarrierID.init),
            number: column.next(),
            amount: column.next(),
            priority: column.next(),
            dueAt: column.time(),
            deadline: column.optionalTime(),
            notBefore: column.optionalTime(),
            sim: column.optional(),
            leaseUntil: column.optionalTime(),
            attempts: column.next(),
            currency: try column.parsed(Currency.init(code:)),
            client: column.next(),
            isReversal: column.next(),
            waivesLimits: column.next()
        )
    }

    /// Takes a job along one arrow, and wakes whom that may concern.
    mutating func move(_ job: inout JobPosition, _ move: JobMove, at now: Timestamp) throws {
        let dueAt = move.dueAt ?? job.dueAt
        let attempts = job.attempts + (move.state == .armed ? 1 : 0)
        try run(
            """
            UPDATE job SET state = ?, hold_reason = ?, reason = COALESCE(?, reason), due_at = ?,
              rank = ?, sim_id = ?, lease_until = ?, avoid_sim_id = ?, avoid_until = ?, serial = ?,
              attempts = ?, updated_at = ?, finished_at = ?
            WHERE id = ?
            """,
            move.state.rawValue,
            move.hold?.rawValue,
            move.reason,
            dueAt.milliseconds,
            JobPosition.rank(dueAt: dueAt, priority: job.priority),
            move.lease?.sim,
            move.lease?.until.milliseconds,
            move.avoid?.sim,
            move.avoid?.until.milliseconds,
            move.serial,
            attempts,
            now.milliseconds,
            move.state.isFinal ? now.milliseconds : nil,
            job.id.rawValue
        )
        let before = job.state
        job.state = move.state
        job.dueAt = dueAt
        job.sim = move.lease?.sim
        job.leaseUntil = move.lease?.until
        job.attempts = attempts
        if before.isInFlight, !job.state.isInFlight { try freed(job) }
        if job.state == .ready { memory.roster.jobsCame(1, for: job.carrier) }
        if job.state.isFinal { try closeBatch(ofLane: job.lane, at: now) }
    }

    /// A number left flight: another job for it may go.
    private mutating func freed(_ job: JobPosition) throws {
        let next = try row(
            """
            SELECT carrier FROM job
            WHERE \(Schema.numberKey) = CAST(? AS INTEGER) AND state = 'ready' AND id <> ? LIMIT 1
            """,
            job.number,
            job.id.rawValue
        )
        if let next, let carrier = CarrierID(next[0] as String) {
            memory.roster.jobsCame(1, for: carrier)
        }
    }

    /// Closes the open batch of a lane when its last job is final.
    mutating func closeBatch(ofLane lane: Int64, at now: Timestamp) throws {
        guard lane != Turn.walkInLane,
            try integer(
                """
                SELECT 1 FROM lane_count WHERE lane_id = ? AND count > 0
                AND state NOT IN ('succeeded','failed','cancelled','expired') LIMIT 1
                """,
                lane
            ) == nil,
            let batch = try integer(
                """
                SELECT batch.id FROM lane JOIN batch ON batch.id = lane.batch_id
                WHERE lane.id = ? AND batch.state = 'open'
                """,
                lane
            )
        else { return }
        try run("UPDATE batch SET state = 'closed' WHERE id = ?", batch)
        try record(
            .batchClosed,
            by: .gateway,
            at: now,
            [
                ("batch", String(batch)), ("before", Batch.State.open.rawValue),
                ("after", Batch.State.closed.rawValue), ("reason", "its last job is final"),
            ]
        )
    }

    /// The lane of orders that came one by one.
    static let walkInLane: Int64 = 1

    /// Gives a leased job back to the queue; the next claim may have it.
    mutating func returnLease(
        _ job: inout JobPosition,
        reason: String,
        by actor: Actor,
        at now: Timestamp
    ) throws {
        try move(&job, JobMove(to: .ready, reason: reason), at: now)
        try record(.jobReleased, .leased, job, by: actor, at: now, reason)
    }

    /// Gives back every job that a SIM has leased.
    mutating func returnLeases(
        of sim: Int64,
        reason: String,
        by actor: Actor,
        at now: Timestamp
    ) throws {
        let leased = try rows(
            "SELECT id FROM job WHERE \(Schema.few) AND state = 'leased' AND sim_id = ?",
            sim
        )
        for row in leased {
            var job = try position(of: Job.ID(row[0]))
            try returnLease(&job, reason: reason, by: actor, at: now)
        }
    }
}

extension JobState {
    /// Whether its number is blocked for other jobs.
    var isInFlight: Bool {
        switch self {
        case .leased, .armed, .unknown: true
        case .held, .scheduled, .ready, .succeeded, .failed, .cancelled, .expired: false
        }
    }
}
