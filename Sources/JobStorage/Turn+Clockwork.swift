import GRDB
import Recharge

/// What one transaction of the clockwork came to.
enum PromotionStep: Sendable {
    /// More is due: the next transaction goes on.
    case goOn
    /// Rows of a cancelled batch are still to be withdrawn.
    case withdraw(lane: Int64)
    /// Nothing more is due before this moment.
    case done(next: Timestamp?)
}

extension Turn {
    /// Makes due what is due, until the chunk's time is up.
    ///
    /// On hold only leases end: the clock may be what is wrong, and an expiry is final.
    mutating func promote(at now: Timestamp) throws -> PromotionStep {
        let budget = chunkBudget()
        let dues = memory.hold == nil ? Due.allCases : [.lease]
        repeat {
            var isIdle = true
            for due in dues {
                let found = try rows(due.sql, now.milliseconds, WriterBudget.stride)
                for row in found { try promote(Job.ID(row[0]), due, at: now) }
                if !found.isEmpty { isIdle = false }
            }
            if isIdle {
                if let lane = try laneToWithdraw() { return .withdraw(lane: lane) }
                return .done(next: try nextDue())
            }
        } while !budget.isSpent
        return .goOn
    }

    private mutating func promote(_ id: Job.ID, _ due: Due, at now: Timestamp) throws {
        var job = try position(of: id)
        switch due {
        case .lease:
            try returnLease(&job, reason: "its lease ran out", by: .gateway, at: now)
        case .deadline:
            let before = job.state
            try move(&job, JobMove(to: .expired, reason: "its deadline passed"), at: now)
            try record(.jobExpired, before, job, by: .gateway, at: now, "its deadline passed")
        case .time:
            var move = JobMove(to: .ready)
            move.avoid = try avoidance(of: id)
            try self.move(&job, move, at: now)
            try record(.jobReleased, .scheduled, job, by: .gateway, at: now, "due")
        case .avoidance:
            try run(
                "UPDATE job SET avoid_sim_id = NULL, avoid_until = NULL WHERE id = ?",
                id.rawValue
            )
            if job.state == .ready { memory.roster.jobsCame(1, for: job.carrier) }
        }
    }

    private func avoidance(of job: Job.ID) throws -> (sim: Int64, until: Timestamp)? {
        let found = try row("SELECT avoid_sim_id, avoid_until FROM job WHERE id = ?", job.rawValue)
        guard let found, let sim = found[0] as Int64?, let until = found[1] as Int64? else {
            return nil
        }
        return (sim, Timestamp(milliseconds: until))
    }

    /// When the clockwork has something to do again.
    private func nextDue() throws -> Timestamp? {
        let leases = "SELECT MIN(lease_until) FROM job WHERE \(Schema.few) AND state = 'leased'"
        let all = """
            SELECT MIN(moment) FROM (
              SELECT (\(leases)) AS moment
              UNION ALL SELECT MIN(deadline) FROM job
                WHERE deadline IS NOT NULL AND \(Schema.unstarted)
              UNION ALL SELECT MIN(due_at) FROM job
                WHERE \(Schema.waiting) AND state = 'scheduled'
              UNION ALL SELECT MIN(avoid_until) FROM job WHERE avoid_until IS NOT NULL)
            """
        return try integer(memory.hold == nil ? all : leases).map { Timestamp(milliseconds: $0) }
    }

    // MARK: The hold

    /// Stops dispatch, or lets it go on.
    ///
    /// A second reason to hold stands beside the first: whoever releases must know both.
    mutating func setHold(
        _ hold: Bool,
        reason: String,
        by actor: Actor,
        at now: Timestamp
    ) throws {
        let before = memory.hold
        if hold {
            let isSaid = before.map { "; \($0); ".contains("; \(reason); ") } ?? false
            // The gateway finds the same each minute; what a person says is written down each time.
            if isSaid, actor == .gateway { return }
            if !isSaid { memory.hold = before.map { "\($0); \(reason)" } ?? reason }
            try run(
                """
                INSERT INTO setting (name, value) VALUES ('hold', ?)
                ON CONFLICT (name) DO UPDATE SET value = excluded.value
                """,
                memory.hold
            )
        } else {
            guard before != nil else { return }
            try requireReconciledSIMs()
            try run("DELETE FROM setting WHERE name = 'hold'")
            memory.hold = nil
            memory.roster.wakeAll()
        }
        try record(
            hold ? .gatewayHeld : .gatewayReleased,
            by: actor,
            at: now,
            [
                ("before", before.map { "on hold: \($0)" } ?? "dispatching"),
                ("after", memory.hold.map { "on hold: \($0)" } ?? "dispatching"),
                ("reason", reason),
            ]
        )
    }
}

/// What a clock that was set, or a gateway that did not run, leaves open.
extension Turn {
    private static let inDoubt = "(outcome IS NULL OR outcome = 'unknown')"

    /// Lets requests in doubt live as long again from now: how old they are is not known any more.
    ///
    /// Not those that had died by `last`, until when the clock was watched, as it was then: they
    /// stay dead. Where it was wrong by `error`, what it said before is nothing to go by, and the
    /// arming of all may be misdated by as much.
    mutating func relive(since last: Timestamp, error: Duration, at now: Timestamp) throws {
        let error = abs(error.wholeMilliseconds)
        try run(
            """
            UPDATE attempt SET clock_error = clock_error + ?3, lives_until = CASE
              WHEN \(Attempt.deadAtColumn) < ?2 THEN MIN(\(Attempt.deadAtColumn), ?1)
              WHEN ?3 > 0 THEN ?1 + \(Attempt.lifetimeColumn)
              ELSE MAX(\(Attempt.deadAtColumn), ?1 + \(Attempt.lifetimeColumn)) END
            WHERE \(Turn.inDoubt) AND (?3 > 0 OR \(Attempt.deadAtColumn) >= ?2)
            """,
            now.milliseconds,
            last.milliseconds,
            error
        )
        try run(
            """
            UPDATE sim SET fenced_until = MAX(IIF(?1 > 0, 0, COALESCE(fenced_until, 0)),
              (SELECT MAX(lives_until) FROM attempt WHERE sim_id = sim.id AND \(Turn.inDoubt)))
            WHERE EXISTS (SELECT 1 FROM attempt WHERE sim_id = sim.id AND \(Turn.inDoubt)
              AND lives_until IS NOT NULL)
            """,
            error
        )
    }

    /// Holds dispatch because the wall clock was set: until a person has looked, nobody knows what
    /// limits, windows and deadlines mean.
    mutating func clockJumped(by jump: Duration, at now: Timestamp) throws {
        let seconds = jump.components.seconds
        let size = "\(seconds > 0 ? "+" : "")\(seconds) s"
        let event = NewEvent(kind: "gateway.clock_jumped", details: [.init("jump", size)])
        try append(event, by: .gateway, at: now)
        try relive(since: now.advanced(by: .zero - jump), error: jump, at: now)
        try setHold(
            true,
            reason: "the clock jumped by \(size) to \(now.rfc3339); set it right, then release",
            by: .gateway,
            at: now
        )
    }
}

/// The kinds of things that come due, each found by its index.
enum Due: CaseIterable {
    case lease
    case deadline
    case time
    case avoidance

    /// The jobs due at a moment, at most so many.
    var sql: String {
        switch self {
        case .lease:
            """
            SELECT id FROM job WHERE \(Schema.few) AND state = 'leased' AND lease_until <= ?1
            LIMIT ?2
            """
        case .deadline:
            """
            SELECT id FROM job WHERE deadline IS NOT NULL AND \(Schema.unstarted)
            AND deadline <= ?1 LIMIT ?2
            """
        case .time:
            """
            SELECT id FROM job WHERE \(Schema.waiting) AND state = 'scheduled' AND due_at <= ?1
            ORDER BY due_at LIMIT ?2
            """
        case .avoidance:
            """
            SELECT id FROM job WHERE avoid_until IS NOT NULL AND avoid_until <= ?1 LIMIT ?2
            """
        }
    }
}
