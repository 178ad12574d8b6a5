import GRDB
import Recharge

/// The books of each SIM's float.
extension Turn {
    /// Writes down what the profile wants of a SIM's float.
    func setFloatTerms(_ sighting: SIMSighting, ofSIM sim: Int64) throws {
        try run(
            "UPDATE sim SET float_low_minor = ?, drift_max_minor = ? WHERE id = ?",
            sighting.floatLow?.minorUnits,
            sighting.driftMax?.minorUnits,
            sim
        )
    }

    /// Takes the float that the answer to a SIM's latest attempt states.
    ///
    /// It may have been stated before money that was paid in meanwhile: then it tells no float of
    /// now.
    mutating func take(
        _ balance: Amount?,
        of attempt: AttemptPosition,
        at now: Timestamp
    ) throws {
        let isOvertaken = try integer(
            "SELECT 1 FROM movement WHERE sim_id = ? AND at >= ? AND attempt_id IS NULL LIMIT 1",
            attempt.sim,
            attempt.armedAt
        )
        let balance = isOvertaken == nil ? balance : nil
        try setBalance(balance, ofSIM: attempt.sim, at: now)
        if let balance { try compare(balance, ofSIM: attempt.sim, isCurrent: true, at: now) }
    }

    private mutating func setBalance(
        _ balance: Amount?,
        ofSIM sim: Int64,
        at now: Timestamp
    ) throws {
        try run(
            """
            UPDATE sim SET balance_minor = ?, balance_currency = ?, balance_at = ? WHERE id = ?
            """,
            balance?.minorUnits,
            balance?.currency.code,
            balance == nil ? nil : now.milliseconds,
            sim
        )
        try wakeSIM(sim)
    }

    /// Books a proved attempt: a recharge takes from the float, a reversal gives back.
    mutating func capture(
        _ amount: Int64,
        _ attempt: AttemptPosition,
        at now: Timestamp
    ) throws {
        try run(
            """
            INSERT INTO movement (sim_id, at, kind, amount, currency, attempt_id, reason, actor)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            attempt.sim,
            now.milliseconds,
            (attempt.isReversal ? Movement.Kind.reversal : .capture).rawValue,
            attempt.isReversal ? amount : -amount,
            attempt.currency,
            attempt.id.rawValue,
            "job \(attempt.job)",
            Actor.gateway.name
        )
        try watchLow(ofSIM: attempt.sim, at: now)
    }

    /// Books what is tied to no attempt.
    mutating func book(
        _ kind: Movement.Kind,
        _ amount: Amount,
        sim iccid: ICCID,
        key: String? = nil,
        reason: String,
        by actor: Actor,
        at now: Timestamp
    ) throws {
        let sim = try simID(iccid)
        let before = try integer("SELECT float_minor FROM sim WHERE id = ?", sim) ?? 0
        let after = Amount(minorUnits: before + amount.minorUnits, currency: amount.currency)
        try run(
            """
            INSERT INTO movement (sim_id, at, kind, amount, currency, reason, actor, client_key)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            sim,
            now.milliseconds,
            kind.rawValue,
            amount.minorUnits,
            amount.currency.code,
            reason,
            actor.name,
            key
        )
        try record(
            .floatMoved,
            by: actor,
            at: now,
            [
                ("sim", iccid.digits), ("kind", kind.rawValue), ("amount", amount.major),
                ("before", Amount(minorUnits: before, currency: amount.currency).major),
                ("after", after.major), ("reason", reason),
            ]
        )
        try watchLow(ofSIM: sim, at: now)
    }

    // MARK: The carrier's word

    /// Takes what the carrier says of a SIM's float, and files its message.
    mutating func report(_ report: FloatReport, at now: Timestamp) throws {
        let sim = try simID(report.sim)
        for message in report.messages {
            try file(message, sim: sim, settling: nil, at: now)
        }
        if let inquiry = report.inquiry { try conclude(inquiry, .answered, at: now) }
        if report.isCurrent, try !isBusy(ofSIM: sim) {
            try run(
                """
                UPDATE sim SET balance_minor = ?, balance_currency = ?, balance_at = ?
                WHERE id = ?
                """,
                report.balance.minorUnits,
                report.balance.currency.code,
                now.milliseconds,
                sim
            )
            try wakeSIM(sim)
        }
        try compare(report.balance, ofSIM: sim, isCurrent: report.isCurrent, at: now)
    }

    /// Holds the carrier's figure against the books.
    ///
    /// The first one opens them. While the SIM is busy both may be right, so nothing is said, and
    /// the figure is not kept: nobody knows what it included.
    mutating func compare(
        _ balance: Amount,
        ofSIM sim: Int64,
        isCurrent: Bool,
        at now: Timestamp
    ) throws {
        guard isCurrent, try !isBusy(ofSIM: sim), let iccid = try iccid(ofSIM: sim) else { return }
        try run(
            "UPDATE sim SET reported_minor = ?, reported_at = ? WHERE id = ?",
            balance.minorUnits,
            now.milliseconds,
            sim
        )
        guard
            let books = try row(
                """
                SELECT float_minor, float_opened_at, drift_minor, drift_max_minor,
                  COALESCE(float_currency, ?1) = ?1
                FROM sim WHERE id = ?2
                """,
                balance.currency.code,
                sim
            ), books[4]
        else { return }
        let difference = balance.minorUnits - (books[0] as Int64)
        guard books[1] as Int64? != nil else {
            let opening = Amount(minorUnits: difference, currency: balance.currency)
            let reason = "the carrier states \(balance.major)"
            return try book(.opening, opening, sim: iccid, reason: reason, by: .gateway, at: now)
        }
        guard difference != books[2] else { return }
        try drifted(by: difference, balance, sim: sim, iccid, most: books[3], at: now)
    }

    private mutating func drifted(
        by difference: Int64,
        _ balance: Amount,
        sim: Int64,
        _ iccid: ICCID,
        most: Int64?,
        at now: Timestamp
    ) throws {
        try run("UPDATE sim SET drift_minor = ? WHERE id = ?", difference, sim)
        let drift = Amount(minorUnits: difference, currency: balance.currency)
        let expected = Amount(
            minorUnits: balance.minorUnits - difference,
            currency: balance.currency
        )
        try record(
            .floatDrifted,
            by: .gateway,
            at: now,
            [
                ("sim", iccid.digits), ("expected", expected.major),
                ("reported", balance.major), ("drift", drift.major),
            ]
        )
        guard let most, difference.magnitude > most.magnitude,
            try integer("SELECT state = 'enabled' FROM sim WHERE id = ?", sim) == 1
        else { return }
        // What is more than the books know came in; what is less went out, or never came.
        let cure =
            difference > 0
            ? "record the top-up (float topup)"
            : "find the charge or the top-up that never came (float show)"
        let reason =
            "its float is \(balance.major) by the carrier and \(expected.major) by the books; "
            + "\(cure), or accept the difference (float reconcile)"
        try setState(of: iccid, to: .paused, reason: reason, by: .gateway, at: now)
    }

    /// Accepts the carrier's figure: the difference is booked as an adjustment.
    mutating func reconcile(
        _ iccid: ICCID,
        reason: String,
        by actor: Actor,
        at now: Timestamp
    ) throws {
        let sim = try simID(iccid)
        guard try !isBusy(ofSIM: sim) else {
            throw JobStoreError(
                .outcomePending,
                "SIM \(iccid): a job is in hand or in doubt on it; settle that first"
            )
        }
        let books = try row(
            """
            SELECT reported_minor - float_minor, float_currency FROM sim
            WHERE id = ? AND float_opened_at IS NOT NULL
            """,
            sim
        )
        guard let books, let difference = books[0] as Int64?,
            let currency = Currency(code: books[1])
        else {
            throw JobStoreError(
                .wrongState,
                "SIM \(iccid): the carrier has not stated its float yet; there is nothing to "
                    + "reconcile it with"
            )
        }
        if difference != 0 {
            try requireCurrentReport(ofSIM: sim, iccid)
            let amount = Amount(minorUnits: difference, currency: currency)
            try book(.adjustment, amount, sim: iccid, reason: reason, by: actor, at: now)
        }
        let drift = Amount(
            minorUnits: try integer("SELECT drift_minor FROM sim WHERE id = ?", sim) ?? 0,
            currency: currency
        )
        try run("UPDATE sim SET drift_minor = 0 WHERE id = ?", sim)
        try record(
            .floatReconciled,
            by: actor,
            at: now,
            [
                ("sim", iccid.digits), ("before", "drift \(drift.major)"),
                ("after", "drift \(Amount(minorUnits: 0, currency: currency).major)"),
                ("reason", reason),
            ]
        )
    }

    /// Refuses a figure of before the last movement: it would book that away.
    private func requireCurrentReport(ofSIM sim: Int64, _ iccid: ICCID) throws {
        let later = try row(
            """
            SELECT reported_at, max(at) FROM sim JOIN movement ON movement.sim_id = sim.id
            WHERE sim.id = ? GROUP BY sim.id HAVING max(at) > reported_at
            """,
            sim
        )
        guard let later else { return }
        let reported = Timestamp(milliseconds: later[0])
        let moved = Timestamp(milliseconds: later[1])
        throw JobStoreError(
            .wrongState,
            "SIM \(iccid): the carrier stated its float at \(reported.rfc3339), before what was "
                + "booked at \(moved.rfc3339); wait until it states it anew, with its next answer"
        )
    }

    /// Records money paid in, and whether the carrier's last figure agrees with the books now.
    ///
    /// A key is booked once: its repetition changes nothing.
    mutating func topUp(
        _ iccid: ICCID,
        _ amount: Amount,
        key: NewJob.Key?,
        reason: String,
        by actor: Actor,
        at now: Timestamp
    ) throws {
        let sim = try simID(iccid)
        let text = key.map { "\($0.client) \($0.key)" }
        if let text,
            let known = try row(
                "SELECT sim_id, amount, currency FROM movement WHERE client_key = ?",
                text
            )
        {
            guard known[0] == sim, known[1] == amount.minorUnits,
                known[2] == amount.currency.code
            else {
                throw JobStoreError(
                    .conflict,
                    "SIM \(iccid): this key has booked another top-up; take a new one"
                )
            }
            return
        }
        try requireOneCurrency(amount, iccid, sim)
        try book(.topUp, amount, sim: iccid, key: text, reason: reason, by: actor, at: now)
        try run(
            """
            UPDATE sim SET drift_minor = CASE WHEN drift_minor = 0 THEN 0
              ELSE reported_minor - float_minor END
            WHERE id = ? AND float_opened_at IS NOT NULL AND reported_minor IS NOT NULL
            """,
            sim
        )
        // What the carrier stated before is not the float of now.
        try run(
            "UPDATE sim SET balance_minor = NULL, balance_currency = NULL WHERE id = ?",
            sim
        )
    }

    private func requireOneCurrency(_ amount: Amount, _ iccid: ICCID, _ sim: Int64) throws {
        let found = try row("SELECT float_currency FROM sim WHERE id = ?", sim)
        guard let known = found.flatMap({ $0[0] as String? }), known != amount.currency.code else {
            return
        }
        throw JobStoreError(
            .conflict,
            "SIM \(iccid): its float is in \(known), not in \(amount.currency.code)"
        )
    }

    /// Whether anything is in hand or in doubt on a SIM that may still move its float, either way.
    private func isBusy(ofSIM sim: Int64) throws -> Bool {
        try integer(
            """
            SELECT EXISTS (SELECT 1 FROM attempt
                WHERE sim_id = ?1 AND (outcome IS NULL OR outcome = 'unknown'))
              OR EXISTS (SELECT 1 FROM job
                WHERE \(Schema.few) AND state = 'leased' AND sim_id = ?1)
            """,
            sim
        ) == 1
    }

    /// Tells once when a float sinks below what its profile wants, and wakes the SIM when it rises.
    private mutating func watchLow(ofSIM sim: Int64, at now: Timestamp) throws {
        let found = try row(
            """
            SELECT float_minor < float_low_minor, is_low, iccid, float_minor, float_currency
            FROM sim WHERE id = ? AND float_opened_at IS NOT NULL AND float_low_minor IS NOT NULL
            """,
            sim
        )
        guard let found, found[0] as Bool != found[1] as Bool, let iccid = ICCID(found[2]),
            let currency = Currency(code: found[4])
        else { return }
        let isLow: Bool = found[0]
        try run("UPDATE sim SET is_low = ? WHERE id = ?", isLow, sim)
        guard isLow else { return memory.roster.wake(iccid) }
        let left = Amount(minorUnits: found[3], currency: currency)
        try record(
            .floatLow,
            by: .gateway,
            at: now,
            [("sim", iccid.digits), ("left", left.major)]
        )
    }
}
