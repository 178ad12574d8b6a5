import Foundation
import GRDB
import Recharge

extension Turn {
    /// How long after it is due a job is kept for other SIMs than the one that was refused.
    private static let elsewhereGrace = Duration.seconds(30)

    /// Files the end of an attempt in the order evidence, attempt, job.
    mutating func settle(_ settlement: Settlement, at now: Timestamp) throws -> JobState {
        let settlement = try weighed(settlement)
        let attempt = try attempt(settlement.attempt)
        var job = try position(of: attempt.job)
        for message in settlement.messages {
            try file(message, sim: try simID(message.sim), settling: attempt.id, at: now)
        }
        if let inquiry = settlement.inquiry { try conclude(inquiry, .answered, at: now) }
        if case .notExecuted = settlement.ending,
            let cause = try objection(to: settlement, attempt)
        {
            try add(settlement.evidence.map { $0.doubted(cause) }, attempt, at: now)
            return job.state
        }
        try note(settlement, attempt)
        switch attempt.outcome {
        case .success, .notExecuted:
            try contradict(settlement, attempt, &job, at: now)
        case nil, .unknown:
            switch settlement.ending {
            case .success(let serial):
                try succeed(settlement, attempt, &job, serial, at: now)
            case .notExecuted(let following):
                try refuse(settlement, attempt, &job, following, at: now)
            case .unknown:
                try add(settlement.evidence, attempt, at: now)
                if attempt.outcome == nil {
                    try doubt(attempt, &job, reason: settlement.reason, at: now)
                }
            }
        }
        return job.state
    }

    // MARK: Endings

    private mutating func succeed(
        _ settlement: Settlement,
        _ attempt: AttemptPosition,
        _ job: inout JobPosition,
        _ serial: String?,
        at now: Timestamp
    ) throws {
        if try settlement.evidence.contains(where: { try provedNothing($0, attempt) }) {
            let reason = "its message proved nothing before"
            return try leave(settlement.evidence, attempt, &job, reason: reason, at: now)
        }
        if let serial, let other = try jobID(withSerial: serial, carrier: attempt.carrier) {
            let reason =
                other == job.id
                ? "its serial number came late for an earlier attempt of this job"
                : "its serial number is already on job \(other)"
            let keeps = other != job.id
            let evidence = settlement.evidence.map { $0.doubted(reason, keepsVerdict: keeps) }
            try leave(evidence, attempt, &job, reason: reason, at: now)
            if settlement.evidence.contains(where: { $0.kind == .sms }) {
                let dispute = NewDispute(.duplicateSerial, attempt.id, other: other, reason)
                try open(dispute, job: job.id, by: .gateway, at: now)
            }
            return
        }
        if settlement.evidence.contains(where: { $0.kind == .history }),
            let other = try unnumberedSuccess(like: job, since: attempt)
        {
            let reason = "perhaps of job \(other), which succeeded without a serial number"
            let evidence = settlement.evidence.map { $0.doubted(reason, keepsVerdict: true) }
            return try leave(evidence, attempt, &job, reason: reason, at: now)
        }
        try add(settlement.evidence, attempt, at: now)
        try close(attempt, .success, serial: serial, at: now)
        try capture(job.amount, attempt, at: now)
        if attempt.isLatest { try take(settlement.balance, of: attempt, at: now) }
        var move = JobMove(to: .succeeded, reason: settlement.reason)
        move.serial = serial
        let before = job.state
        try self.move(&job, move, at: now)
        try recordEnd(.jobSettled, settlement, attempt, before, job, at: now)
    }

    /// Files evidence that proves nothing after all: what was in flight is in doubt then.
    private mutating func leave(
        _ evidence: [Evidence],
        _ attempt: AttemptPosition,
        _ job: inout JobPosition,
        reason: String,
        at now: Timestamp
    ) throws {
        try add(evidence, attempt, at: now)
        if attempt.outcome == nil { try doubt(attempt, &job, reason: reason, at: now) }
    }

    private mutating func refuse(
        _ settlement: Settlement,
        _ attempt: AttemptPosition,
        _ job: inout JobPosition,
        _ following: Settlement.Following,
        at now: Timestamp
    ) throws {
        try add(settlement.evidence, attempt, at: now)
        try close(attempt, .notExecuted, serial: nil, at: now)
        try giveBack(job, attempt)
        if attempt.isLatest, settlement.balance != nil {
            try take(settlement.balance, of: attempt, at: now)
        }
        let isProvedOnce = try hasSuccess(job.id)
        let withdrawn = try isWithdrawn(job)
        var move = following.move(
            from: job,
            sim: attempt.sim,
            reason: settlement.reason,
            grace: Turn.elsewhereGrace,
            at: now
        )
        if isProvedOnce {
            move = .hold(.duplicate, reason: "a success is on record for this job")
        } else if withdrawn, !move.state.isFinal {
            move = .hold(.heldByPerson, reason: settlement.reason)
        } else if try isOfBackup(attempt), !move.state.isFinal {
            move = .hold(.restored, reason: settlement.reason)
        }
        let before = job.state
        try self.move(&job, move, at: now)
        if try saysSuccess(attempt) {
            let cause = "an answer says that it was executed"
            try open(.init(.lateSuccess, attempt.id, cause), job: job.id, by: .gateway, at: now)
        }
        try recordEnd(
            job.state == .held ? .jobHeld : .jobSettled,
            settlement,
            attempt,
            before,
            job,
            at: now
        )
        if withdrawn, job.state == .held, !isProvedOnce {
            try self.move(&job, JobMove(to: .cancelled, reason: "batch cancelled"), at: now)
            try record(.jobCancelled, .held, job, by: .gateway, at: now, "batch cancelled")
        }
    }

    /// Files what speaks of an attempt whose verdict stands.
    ///
    /// A verdict is never flipped.
    private mutating func contradict(
        _ settlement: Settlement,
        _ attempt: AttemptPosition,
        _ job: inout JobPosition,
        at now: Timestamp
    ) throws {
        var evidence = settlement.evidence
        var isContradiction = false
        switch (settlement.ending, attempt.outcome) {
        case (.success(let serial), .success):
            // Of one that was settled without its serial number it is the number, not another.
            isContradiction =
                serial != nil && attempt.serial != nil && serial != attempt.serial
        case (.success(let serial), _):
            isContradiction = true
            guard let serial else { break }
            if let other = try jobID(
                withSerial: serial,
                carrier: attempt.carrier,
                besides: attempt.id
            ) {
                evidence = evidence.map { $0.doubted("its serial number is on job \(other)") }
            } else {
                try noteLate(serial, of: attempt.id)
            }
        case (.notExecuted, let outcome):
            isContradiction = outcome == .success
        case (.unknown, _):
            break
        }
        guard try add(evidence, attempt, at: now), isContradiction else { return }
        try dispute(attempt, &job, reason: settlement.reason, at: now)
    }

    /// Files evidence that settles nothing; what contradicts a verdict opens a dispute beside it.
    ///
    /// Returns the dispute, where this evidence was not on file before.
    @discardableResult
    mutating func keep(
        _ evidence: Evidence,
        for id: Attempt.ID,
        at now: Timestamp
    ) throws -> Dispute.ID? {
        let attempt = try attempt(id)
        guard try add([evidence], attempt, at: now) else { return nil }
        let contradicted: Attempt.Outcome? =
            switch evidence.verdict {
            case .success: .notExecuted
            case .notExecuted: .success
            case .inconclusive: nil
            }
        guard let contradicted, attempt.outcome == contradicted else { return nil }
        var job = try position(of: attempt.job)
        return try dispute(attempt, &job, reason: evidence.parsed, at: now)
    }

    /// Tells of evidence against a verdict, and holds the job if it would go out again.
    @discardableResult
    private mutating func dispute(
        _ attempt: AttemptPosition,
        _ job: inout JobPosition,
        reason: String,
        at now: Timestamp
    ) throws -> Dispute.ID {
        let isLateSuccess = attempt.outcome == .notExecuted
        let cause = isLateSuccess ? Dispute.Cause.lateSuccess : .contradiction
        let new = NewDispute(cause, attempt.id, reason)
        let id = try open(new, job: job.id, by: .gateway, at: now)
        guard try hasSuccess(job.id) else { return id }
        switch job.state {
        case .scheduled, .ready, .leased:
            let before = job.state
            try move(&job, .hold(.duplicate, reason: "late success: \(reason)"), at: now)
            let hold = [("hold", HoldReason.duplicate.rawValue)]
            try record(.jobHeld, before, job, by: .gateway, at: now, reason, hold)
        case .held, .armed, .unknown, .succeeded, .failed, .cancelled, .expired:
            break
        }
        return id
    }

    // MARK: Parts of a settlement

    /// Appends evidence that is not on file yet; true when there was any.
    @discardableResult
    private func add(
        _ evidence: [Evidence],
        _ attempt: AttemptPosition,
        at now: Timestamp
    ) throws -> Bool {
        var isNew = false
        for item in evidence {
            try run(
                """
                INSERT INTO evidence
                  (attempt_id, sim_id, at, kind, raw, parsed, grade, verdict, sent_at)
                SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 WHERE NOT EXISTS (
                  SELECT 1 FROM evidence WHERE attempt_id = ?1 AND kind = ?4 AND raw = ?5
                  AND verdict = ?8 AND sent_at IS ?9)
                """,
                attempt.id.rawValue,
                attempt.sim,
                now.milliseconds,
                item.kind.rawValue,
                Data(item.raw),
                item.parsed,
                item.grade.rawValue,
                item.verdict.rawValue,
                item.sentAt?.milliseconds
            )
            if db.changesCount > 0 { isNew = true }
        }
        return isNew
    }

    /// Writes the final outcome of an attempt and lifts the fence that its doubt had put up.
    private mutating func close(
        _ attempt: AttemptPosition,
        _ outcome: Attempt.Outcome,
        serial: String?,
        at now: Timestamp
    ) throws {
        try run(
            "UPDATE attempt SET outcome = ?, outcome_at = ?, serial = ? WHERE id = ?",
            outcome.rawValue,
            now.milliseconds,
            serial,
            attempt.id.rawValue
        )
        guard attempt.outcome == .unknown else { return }
        try run(
            """
            UPDATE sim SET fenced_until = (SELECT MAX(\(Attempt.deadAtColumn)) FROM attempt
              WHERE sim_id = sim.id AND outcome = 'unknown'
              AND (outcome IS NULL OR outcome = 'unknown'))
            WHERE id = ? AND fenced_until = ?
            """,
            attempt.sim,
            attempt.fenceUntil
        )
        if db.changesCount > 0 { try wakeSIM(attempt.sim) }
    }

    /// Writes down what an answer tells of the attempt beside its verdict.
    private func note(_ settlement: Settlement, _ attempt: AttemptPosition) throws {
        guard
            settlement.messageReference != nil || settlement.balance != nil
                || settlement.decidedBy != nil
        else { return }
        try run(
            """
            UPDATE attempt SET message_reference = COALESCE(message_reference, ?),
              balance_after = COALESCE(balance_after, ?), decided_by = COALESCE(decided_by, ?)
            WHERE id = ?
            """,
            settlement.messageReference,
            settlement.balance?.minorUnits,
            settlement.decidedBy,
            attempt.id.rawValue
        )
    }

    /// Takes a job that was not executed off the day of its SIM and off all limits.
    private mutating func giveBack(_ job: JobPosition, _ attempt: AttemptPosition) throws {
        try run(
            """
            UPDATE sim_day SET count = count - 1, amount_sum = amount_sum - ?
            WHERE sim_id = ? AND day_began = ?
            """,
            job.isReversal ? 0 : job.amount,
            attempt.sim,
            attempt.dayBegan
        )
        if let sim = try iccid(ofSIM: attempt.sim) {
            try giveBackUse(job, on: sim, armedAt: attempt.armedAt)
        }
        try wakeSIM(attempt.sim)
    }

    mutating func wakeSIM(_ sim: Int64) throws {
        if let iccid = try iccid(ofSIM: sim) { memory.roster.wake(iccid) }
    }

    private func isWithdrawn(_ job: JobPosition) throws -> Bool {
        try integer(
            """
            SELECT 1 FROM lane JOIN batch ON batch.id = lane.batch_id
            WHERE lane.id = ? AND batch.state = 'cancelled'
            """,
            job.lane
        ) != nil
    }

    private mutating func recordEnd(
        _ kind: EventKind,
        _ settlement: Settlement,
        _ attempt: AttemptPosition,
        _ before: JobState,
        _ job: JobPosition,
        at now: Timestamp
    ) throws {
        let details = [("attempt", attempt.id.description), ("state", job.state.rawValue)]
        let actor = settlement.decidedBy.map { Actor($0) } ?? .gateway
        try record(kind, before, job, by: actor, at: now, settlement.reason, details)
    }
}

extension Settlement.Following {
    /// Where it takes a job that is armed or unknown.
    ///
    /// Out of doubt a job is never ready at once: it is scheduled, due now at the earliest.
    fileprivate func move(
        from job: JobPosition,
        sim: Int64,
        reason: String,
        grace: Duration,
        at now: Timestamp
    ) -> JobMove {
        switch self {
        case .tryAgain(let delay, let elsewhere):
            let isReady = delay <= .zero && job.state == .armed
            var move = JobMove(to: isReady ? .ready : .scheduled, reason: reason)
            let dueAt = now.advanced(by: max(.zero, delay))
            if !isReady { move.dueAt = dueAt }
            if elsewhere { move.avoid = (sim, dueAt.advanced(by: grace)) }
            return move
        case .hold(let hold): return .hold(hold, reason: reason)
        case .fail: return JobMove(to: .failed, reason: reason)
        }
    }
}
