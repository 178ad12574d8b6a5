import GRDB
import Recharge

/// What the limits of a SIM, its carrier and all together leave to one claim.
struct UseRoom {
    /// The limit that stands in the way, and the end of its window.
    typealias Obstacle = (until: Timestamp, reason: LimitReason)

    /// Of the limits that are used up, the one whose window ends last.
    var full: Obstacle?
    /// The least sum that a limit leaves, and that limit.
    var sumLeft: Int64?
    var tightest: Obstacle?

    fileprivate mutating func take(_ window: UseWindow, _ used: DayUse, _ reason: LimitReason) {
        let left = window.limit.minorUnits.map { $0 - used.minorUnits }
        let isFull = window.limit.count.map { used.count >= $0 } ?? false
        if isFull || left.map({ $0 <= 0 }) ?? false {
            if full.map({ $0.until < window.ends }) ?? true { full = (window.ends, reason) }
        }
        if let left, sumLeft.map({ left < $0 }) ?? true {
            sumLeft = left
            tightest = (window.ends, reason)
        }
    }
}

/// Why a job that may otherwise be claimed must wait.
enum UseObstacle {
    /// Its client's limit: the rows behind it in its batch wait with it.
    case lane(until: Timestamp)
    case job(JobMove)
}

extension Turn {
    /// Keeps by what a SIM is judged until it arms; nil when it has no limits at all.
    mutating func terms(of request: ClaimRequest) -> UseTerms? {
        guard request.uses != .none || !memory.overrides.isEmpty else {
            if memory.terms[request.sim] != nil { memory.terms[request.sim] = nil }
            return nil
        }
        let terms = UseTerms(request)
        if memory.terms[request.sim] != terms { memory.terms[request.sim] = terms }
        return terms
    }

    /// What is left to a SIM before any job is looked at.
    mutating func room(
        for request: ClaimRequest,
        _ terms: UseTerms,
        at now: Timestamp
    ) throws -> UseRoom {
        var room = UseRoom()
        let owners: [(UseScope, String, LimitReason)] = [
            (.sim, request.sim.digits, .simUse), (.carrier, request.carrier.name, .carrierUse),
            (.global, "", .globalUse),
        ]
        for (scope, subject, reason) in owners {
            for window in terms.windows(scope, subject, memory.overrides, at: now) {
                room.take(window, try used(window, at: now), reason)
            }
        }
        return room
    }

    /// Why a job must wait for a limit of its number or its client; nil when it need not.
    mutating func useObstacle(
        to job: JobPosition,
        _ terms: UseTerms,
        at now: Timestamp
    ) throws -> UseObstacle? {
        guard !job.isReversal, !job.waivesLimits else { return nil }
        let amount = job.money
        for (scope, subject) in [(UseScope.number, job.number), (.client, job.client)] {
            // The longest window first: who waits for it need not look at the others.
            for window in terms.windows(scope, subject, memory.overrides, at: now).reversed() {
                let used = try used(window, at: now)
                guard window.isPassed(by: amount.minorUnits, after: used) else { continue }
                let isTooNarrow = window.isTooNarrow(for: amount.minorUnits)
                if scope == .client, job.lane != Turn.walkInLane, !isTooNarrow {
                    return .lane(until: window.ends)
                }
                let words = window.words(amount, after: used)
                guard window.span != .day, !isTooNarrow else {
                    return .job(.hold(.overLimit, reason: words))
                }
                var move = JobMove(to: .scheduled, reason: words)
                move.dueAt = window.ends
                return .job(move)
            }
        }
        return nil
    }

    /// Takes a job that is over a limit out of the SIMs' way.
    mutating func putAside(_ job: inout JobPosition, _ move: JobMove, at now: Timestamp) throws {
        try self.move(&job, move, at: now)
        let isHeld = move.state == .held
        try record(
            isHeld ? .jobHeld : .jobDeferred,
            job: job.id,
            by: .gateway,
            at: now,
            [("hold", HoldReason.overLimit.rawValue), ("reason", move.reason ?? "")]
                .suffix(isHeld ? 2 : 1)
        )
    }

    /// Why a leased job must not be armed: others used up meanwhile what its claim saw free.
    mutating func limitPassed(
        by job: JobPosition,
        on sim: ICCID,
        at now: Timestamp
    ) throws -> String? {
        guard let terms = memory.terms[sim], !job.isReversal else { return nil }
        for (scope, subject) in owners(of: job, on: sim) {
            if job.waivesLimits, scope == .number || scope == .client { continue }
            for window in terms.windows(scope, subject, memory.overrides, at: now) {
                let used = try used(window, at: now)
                if window.isPassed(by: job.amount, after: used) {
                    return window.words(job.money, after: used)
                }
            }
        }
        return nil
    }

    // MARK: Counting

    private func owners(of job: JobPosition, on sim: ICCID) -> [(UseScope, String)] {
        [
            (.sim, sim.digits), (.number, job.number), (.client, job.client),
            (.carrier, job.carrier.name), (.global, ""),
        ]
    }

    /// Counts a job that is armed now in each open window of its owners.
    func countUse(_ job: JobPosition, on sim: ICCID, at now: Timestamp) throws {
        guard !job.isReversal else { return }
        for (scope, subject) in owners(of: job, on: sim) where memory.countedScopes.contains(scope)
        {
            try run(
                """
                UPDATE use SET count = count + 1, amount_sum = amount_sum + ?1
                WHERE scope = ?2 AND subject = ?3 AND began <= ?4 AND ends > ?4
                """,
                job.amount,
                scope.rawValue,
                subject,
                now.milliseconds
            )
        }
    }

    /// Takes a job that was not executed off the windows in which it was armed.
    mutating func giveBackUse(_ job: JobPosition, on sim: ICCID, armedAt: Int64) throws {
        guard !job.isReversal else { return }
        var isFreed = false
        for (scope, subject) in owners(of: job, on: sim) where memory.countedScopes.contains(scope)
        {
            try run(
                """
                UPDATE use SET count = count - 1, amount_sum = amount_sum - ?1
                WHERE scope = ?2 AND subject = ?3 AND began <= ?4 AND ends > ?4
                """,
                job.amount,
                scope.rawValue,
                subject,
                armedAt
            )
            if db.changesCount > 0 { isFreed = true }
        }
        if isFreed { memory.roster.wakeAll() }
    }

    /// What was used in a window; looked at for the first time, it is counted from the attempts.
    private mutating func used(_ window: UseWindow, at now: Timestamp) throws -> DayUse {
        if let kept = try WindowUse.kept(window, db) { return kept }
        let used = try WindowUse.counted(window, db)
        try run(
            """
            DELETE FROM use WHERE (scope, subject, span, began) IN (
              SELECT scope, subject, span, began FROM use WHERE ends <= ? LIMIT 8)
            """,
            now.milliseconds
        )
        try run(
            """
            INSERT INTO use (scope, subject, span, began, ends, count, amount_sum)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            window.scope.rawValue,
            window.subject,
            window.span.rawValue,
            window.bounds.lowerBound,
            window.bounds.upperBound,
            used.count,
            used.minorUnits
        )
        memory.countedScopes.insert(window.scope)
        return used
    }
}
