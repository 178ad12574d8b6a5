import GRDB
import Recharge

/// A SIM's limits and what it used of them, within one claim.
///
/// The clocks are wall times and survive a restart. One that lies in the future, because the wall
/// clock jumped back, is set to now: that neither grants a token nor blocks for longer than once.
struct LimitState {
    private let id: Int64
    let isEnabled: Bool
    /// What may still be spent: by the books, or by the carrier's word before these are open.
    private let balance: Int64?
    private let low: Int64?
    private var tokens: Double
    private var tokensAt: Int64
    private var lastArmedAt: Int64?
    private let fencedUntil: Int64?
    private let load: DayUse
    private var isClockMoved = false

    /// When a SIM whose float is low asks again, if nobody pays in before.
    private static let lowFloatPause = Duration.seconds(60)

    init(of request: ClaimRequest, _ turn: Turn) throws {
        let found = try turn.row(
            """
            SELECT id, state = 'enabled' AND epoch = ?3,
              CASE WHEN float_opened_at IS NULL THEN balance_minor
                ELSE float_minor - (\(FloatStanding.reserved)) END,
              float_low_minor, tokens, tokens_at, last_armed_at, fenced_until,
              COALESCE((SELECT count FROM sim_day WHERE sim_id = sim.id AND day_began = ?1), 0),
              COALESCE((SELECT amount_sum FROM sim_day
                WHERE sim_id = sim.id AND day_began = ?1), 0)
            FROM sim WHERE iccid = ?2
            """,
            request.dayBegan.milliseconds,
            request.sim.digits,
            turn.memory.epoch
        )
        guard let found else { throw Turn.unknown(request.sim) }
        var column = ColumnReader(found)
        id = column.next()
        isEnabled = column.next()
        balance = column.optional()
        low = column.optional()
        tokens = column.next()
        tokensAt = column.next()
        lastArmedAt = column.optional()
        fencedUntil = column.optional()
        load = DayUse(count: column.next(), minorUnits: column.next())
    }

    func claimant(for request: ClaimRequest) -> Claimant {
        Claimant(
            id: id,
            iccid: request.sim,
            carrier: request.carrier,
            balance: balance,
            sumLeft: request.limits.perDayMinorUnits.map { $0 - load.minorUnits },
            load: load,
            hasOther: false
        )
    }

    /// The first limit that stands in the way; also brings the token bucket up to now.
    ///
    /// What takes money back is held to none of those on what is spent.
    mutating func limit(
        _ request: ClaimRequest,
        isSpending: Bool = true,
        at now: Timestamp
    ) -> (until: Timestamp, reason: LimitReason)? {
        let limits = request.limits
        let time = now.milliseconds
        if let fencedUntil, fencedUntil > time {
            return (Timestamp(milliseconds: fencedUntil), .fenced)
        }
        if isSpending, let limit = spendingLimit(request, at: now) { return limit }
        if let last = lastArmedAt {
            if last > time {
                lastArmedAt = time
                isClockMoved = true
            }
            let end = min(last, time) + limits.gap.wholeMilliseconds
            if end > time { return (Timestamp(milliseconds: end), .gap) }
        }
        return refill(limits, at: time)
    }

    private func spendingLimit(
        _ request: ClaimRequest,
        at now: Timestamp
    ) -> (until: Timestamp, reason: LimitReason)? {
        if let low, let balance, balance < low {
            return (now.advanced(by: LimitState.lowFloatPause), .lowFloat)
        }
        if let count = request.limits.perDayCount, load.count >= count {
            return (request.dayEnds, .dayCount)
        }
        if let sum = request.limits.perDayMinorUnits, load.minorUnits >= sum {
            return (request.dayEnds, .daySum)
        }
        return nil
    }

    private mutating func refill(
        _ limits: SIMLimits,
        at time: Int64
    ) -> (until: Timestamp, reason: LimitReason)? {
        guard let perMinute = limits.perMinute, perMinute > 0 else { return nil }
        let perMillisecond = Double(perMinute) / 60_000
        let elapsed = Double(max(0, time - tokensAt))
        if time < tokensAt { isClockMoved = true }
        let full = Double(max(1, limits.burst))
        let filled = min(full, tokens + elapsed * perMillisecond)
        // A rounding error must not make a SIM wait a millisecond more than its rate says.
        guard filled < 1 - 1e-9 else {
            tokens = filled
            tokensAt = time
            return nil
        }
        if isClockMoved {
            tokens = filled
            tokensAt = time
        }
        let wait = Int64(((1 - filled) / perMillisecond).rounded(.up))
        return (Timestamp(milliseconds: time + wait), .rate)
    }

    mutating func takeToken() {
        tokens = max(0, tokens - 1)
    }

    /// Keeps clocks that were moved back, though nothing was claimed.
    func saveClocks(_ turn: Turn) throws {
        guard isClockMoved else { return }
        try turn.run(
            "UPDATE sim SET tokens = ?, tokens_at = ?, last_armed_at = ? WHERE id = ?",
            tokens,
            tokensAt,
            lastArmedAt,
            id
        )
    }

    /// Keeps the bucket, and the day for which the next arming counts.
    func save(_ request: ClaimRequest, _ turn: Turn) throws {
        try turn.run(
            """
            UPDATE sim SET tokens = ?, tokens_at = ?, last_armed_at = ?, day_began = ? WHERE id = ?
            """,
            tokens,
            tokensAt,
            lastArmedAt,
            request.dayBegan.milliseconds,
            id
        )
    }
}
