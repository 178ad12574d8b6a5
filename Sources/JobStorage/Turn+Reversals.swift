import GRDB
import Recharge

/// What the body of a proposed reversal says: the carrier's terms when it was proposed.
private struct ReversalBody: Codable {
    var withinMilliseconds: Int64
    var sameMonth: Bool
    var perMonth: Int?
    var offsetMinutes: Int64

    init(_ terms: ReversalTerms) {
        withinMilliseconds = terms.within.wholeMilliseconds
        sameMonth = terms.sameMonth
        perMonth = terms.perMonth
        offsetMinutes = terms.offsetMinutes
    }

    var terms: ReversalTerms {
        ReversalTerms(
            within: .milliseconds(withinMilliseconds),
            sameMonth: sameMonth,
            perMonth: perMonth,
            offsetMinutes: offsetMinutes
        )
    }
}

extension Turn {
    /// Proposes to take a recharge back (冲正).
    mutating func reverse(
        _ job: Job.ID,
        _ terms: ReversalTerms,
        reason: String,
        people: Int,
        by actor: Actor,
        at now: Timestamp
    ) throws -> Proposal {
        let proposal = NewProposal(
            kind: .reversal,
            subject: job.description,
            body: try Turn.json(ReversalBody(terms)),
            attachment: nil,
            reason: reason,
            people: people
        )
        return try propose(proposal, by: actor, at: now)
    }

    /// The order that a proposal asks for, if the carrier still takes it.
    func reversalToOrder(_ proposal: Proposal, at now: Timestamp) throws -> NewJob {
        guard let id = proposal.job else { throw Turn.notReversible(proposal.subject, "is no job") }
        let terms = try Turn.read(ReversalBody.self, proposal.body).terms
        let job = try self.job(id)
        if let obstacle = try obstacle(toReversing: job) {
            throw Turn.notReversible(id.description, obstacle)
        }
        let charge = try row(
            """
            SELECT attempt.serial, sim.iccid, attempt.armed_at, sim.id
            FROM attempt JOIN sim ON sim.id = attempt.sim_id
            WHERE attempt.job_id = ? AND attempt.outcome = 'success'
            """,
            id.rawValue
        )
        guard let charge, let serial = charge[0] as String?, let sim = ICCID(charge[1]) else {
            throw Turn.notReversible(id.description, "the carrier's serial number is not known")
        }
        let deadline = terms.deadline(chargedAt: Timestamp(milliseconds: charge[2]))
        guard now < deadline else {
            let end = deadline.rfc3339
            throw Turn.notReversible(id.description, "the carrier took its reversal until \(end)")
        }
        try requireOneLeft(terms, sim: charge[3], iccid: sim, at: now)
        var order = NewJob(
            key: NewJob.Key(client: "recharged", key: "reversal-\(proposal.id)"),
            carrier: job.order.carrier,
            number: job.order.number,
            numberAsSubmitted: job.order.numberAsSubmitted,
            amount: job.order.amount
        )
        order.reference = job.order.reference
        order.note = proposal.reason
        order.deadline = deadline
        order.reversal = NewJob.Reversal(job: id, serial: serial, sim: sim)
        return order
    }

    mutating func orderReversal(_ proposal: Proposal, by actor: Actor, at now: Timestamp) throws {
        _ = try submit(try reversalToOrder(proposal, at: now), by: actor, at: now)
    }

    private func obstacle(toReversing job: Job) throws -> String? {
        if job.order.reversal != nil { return "it is a reversal itself" }
        if job.order.number.isErased { return "its number was erased" }
        if job.state != .succeeded {
            return "it is \(job.state.rawValue); only a succeeded job is reversed"
        }
        let live = try row(
            """
            SELECT id, state, \(Turn.mayHaveReversed) AND \(Turn.isOver) FROM job
            WHERE reverses_id = ? AND reverses_id IS NOT NULL AND \(Turn.mayHaveReversed)
            """,
            job.id.rawValue
        )
        return live.map { row in
            let name = "its reversal is job \(row[0] as Int64), \(row[1] as String)"
            return row[2] ? "\(name), and it may have been executed all the same" : name
        }
    }

    private static let isOver = "(state = 'failed' OR state = 'cancelled' OR state = 'expired')"

    /// Whether a reversal may be executed, or may have been: its success may have come late, and a
    /// backup may be older than its end.
    private static let mayHaveReversed = """
        (NOT \(isOver) OR restored = 1 AND state <> 'failed'
          OR EXISTS (SELECT 1 FROM evidence JOIN attempt ON attempt.id = evidence.attempt_id
            WHERE attempt.job_id = job.id AND evidence.verdict = 'success'))
        """

    /// A reversal counts in the month in which it was ordered or ended, until it failed.
    private func requireOneLeft(
        _ terms: ReversalTerms,
        sim: Int64,
        iccid: ICCID,
        at now: Timestamp
    ) throws {
        guard let most = terms.perMonth else { return }
        let began = terms.month(of: now).began.milliseconds
        let count = try integer(
            """
            SELECT COUNT(*) FROM job WHERE only_sim_id = ?1 AND only_sim_id IS NOT NULL
              AND \(Turn.mayHaveReversed)
              AND (finished_at IS NULL OR finished_at >= ?2)
            """,
            sim,
            began
        )
        guard count ?? 0 < most else {
            throw JobStoreError(
                .wrongState,
                "SIM \(iccid): has had its \(most) reversals of this month"
            )
        }
    }

    private static func notReversible(_ job: String, _ cause: String) -> JobStoreError {
        JobStoreError(.wrongState, "job \(job): cannot be reversed: \(cause)")
    }
}
