import Digests
import Foundation
import GRDB
import Recharge

extension Turn {
    /// Writes down where a SIM was seen, and whether it may work there.
    mutating func admit(
        _ sighting: SIMSighting,
        enrolment: Enrolment,
        at now: Timestamp
    ) throws -> SIMAdmission {
        let known = try row(
            "SELECT id, state, imsi FROM sim WHERE iccid = ?",
            sighting.iccid.digits
        )
        let id: Int64
        let before = known?[1] as String?
        if let known {
            id = known[0]
            let state = SIM.State(rawValue: known[1]) ?? .quarantined
            let otherIMSI = known[2] as String? ?? sighting.imsi?.digits
            let isStranger =
                try otherIMSI != (sighting.imsi?.digits ?? otherIMSI)
                || !isEnrolled(id, in: sighting.imei)
            try update(id, sighting, at: now)
            try readmit(id, state, isStranger: isStranger, enrolment, sighting, at: now)
        } else {
            id = try insert(sighting, enrolment, at: now)
        }
        try setFloatTerms(sighting, ofSIM: id)
        try pauseInOtherCurrency(sighting, id, at: now)
        memory.roster.join(sighting.iccid, carrier: sighting.carrier)
        let sim = try sim(id)
        try record(
            sim.state == .quarantined ? .simQuarantined : .simJoined,
            by: .gateway,
            at: now,
            [
                ("sim", sighting.iccid.digits), ("before", before ?? "unknown"),
                ("after", sim.state.rawValue), ("port", sighting.port),
            ]
        )
        return SIMAdmission(
            sim: sim,
            unresolved: try Attempt.unresolved(sim: id, db),
            closed: try Attempt.lastClosed(sim: id, db),
            unfinishedParts: try unfinishedParts(ofSIM: id, sighting.iccid),
            inquiries: try Inquiry.recent(ofSIM: id, sighting.iccid, at: now, db)
        )
    }

    private func sim(_ id: Int64) throws -> SIM {
        guard let row = try row("SELECT \(SIM.columns) FROM sim WHERE id = ?", id) else {
            throw JobStoreError(.notFound, "SIM row \(id): there is no such SIM")
        }
        return try SIM(row: row)
    }

    private func insert(
        _ sighting: SIMSighting,
        _ enrolment: Enrolment,
        at now: Timestamp
    ) throws -> Int64 {
        let state: SIM.State = enrolment == .open ? .enabled : .quarantined
        try run(
            """
            INSERT INTO sim (iccid, imsi, imei, port, carrier, state, state_reason, seen_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            sighting.iccid.digits,
            sighting.imsi?.digits,
            sighting.imei?.digits,
            sighting.port,
            sighting.carrier.name,
            state.rawValue,
            state == .quarantined ? "not enrolled yet" : nil,
            now.milliseconds
        )
        let id = db.lastInsertedRowID
        if state == .enabled { try enrol(id, by: .gateway, at: now) }
        return id
    }

    private func update(_ id: Int64, _ sighting: SIMSighting, at now: Timestamp) throws {
        try run(
            """
            UPDATE sim SET imsi = COALESCE(?, imsi), imei = ?, port = ?, carrier = ?, seen_at = ?
            WHERE id = ?
            """,
            sighting.imsi?.digits,
            sighting.imei?.digits,
            sighting.port,
            sighting.carrier.name,
            now.milliseconds,
            id
        )
    }

    /// Quarantines a SIM that is not where it was enrolled, or trusts it where enrolment is open.
    private func readmit(
        _ id: Int64,
        _ state: SIM.State,
        isStranger: Bool,
        _ enrolment: Enrolment,
        _ sighting: SIMSighting,
        at now: Timestamp
    ) throws {
        switch (enrolment, state) {
        case (.open, .quarantined), (.open, .enabled):
            try set(id, .enabled, reason: nil)
            if isStranger { try enrol(id, by: .gateway, at: now) }
        case (.required, .enabled), (.required, .paused):
            if isStranger {
                try set(id, .quarantined, reason: "seen in another transceiver than enrolled")
            }
        case (.required, .quarantined), (.open, .paused), (_, .retired):
            break
        }
    }

    /// A charge in another currency than that of its books could not be booked, once it was made.
    private mutating func pauseInOtherCurrency(
        _ sighting: SIMSighting,
        _ id: Int64,
        at now: Timestamp
    ) throws {
        let books: String? = try row("SELECT float_currency FROM sim WHERE id = ?", id)?[0]
        guard let books, let currency = sighting.currency?.code, books != currency,
            try sim(id).state == .enabled
        else { return }
        let reason = "its books are in \(books), its carrier's profile is in \(currency)"
        try move(sighting.iccid, to: .paused, reason: reason, by: .gateway, at: now)
    }

    private func set(_ id: Int64, _ state: SIM.State, reason: String?) throws {
        try run(
            "UPDATE sim SET state = ?, state_reason = ? WHERE id = ?",
            state.rawValue,
            reason,
            id
        )
    }

    private func isEnrolled(_ id: Int64, in imei: IMEI?) throws -> Bool {
        try integer(
            "SELECT 1 FROM enrolment WHERE sim_id = ? AND imei = ?",
            id,
            imei?.digits ?? ""
        ) != nil
    }

    /// Ties a SIM to the transceiver in which it was last seen.
    private func enrol(_ id: Int64, by actor: Actor, at now: Timestamp) throws {
        try run(
            """
            INSERT INTO enrolment (sim_id, imei, enrolled_at, enrolled_by)
            SELECT id, COALESCE(imei, ''), ?2, ?3 FROM sim WHERE id = ?1
            ON CONFLICT (sim_id) DO UPDATE SET imei = excluded.imei,
              enrolled_at = excluded.enrolled_at, enrolled_by = excluded.enrolled_by
            """,
            id,
            now.milliseconds,
            actor.name
        )
    }

    mutating func depart(_ iccid: ICCID, reason: String, at now: Timestamp) throws {
        let id = try simID(iccid)
        try doubtOpenAttempts(ofSIM: id, reason: reason, at: now)
        try silenceOpenInquiries(ofSIM: id, at: now)
        try returnLeases(of: id, reason: reason, by: .gateway, at: now)
        memory.roster.leave(iccid)
        try record(
            .simLeft,
            by: .gateway,
            at: now,
            [("sim", iccid.digits), ("reason", reason)]
        )
    }

    /// Changes the state of a SIM, except that it enrols none.
    mutating func setState(
        of iccid: ICCID,
        to state: SIM.State,
        reason: String,
        by actor: Actor,
        at now: Timestamp
    ) throws {
        guard try state != .enabled || sim(simID(iccid)).state != .quarantined else {
            throw JobStoreError(
                .wrongState,
                "SIM \(iccid): is quarantined: it is enrolled by two people, sim enrol"
            )
        }
        try move(iccid, to: state, reason: reason, by: actor, at: now)
    }

    /// Takes a SIM along one arrow; out of quarantine only an approved enrolment does.
    mutating func move(
        _ iccid: ICCID,
        to state: SIM.State,
        reason: String,
        by actor: Actor,
        at now: Timestamp
    ) throws {
        let id = try simID(iccid)
        let before = try sim(id).state
        guard before != state else { return }
        guard SIM.arrows(from: before).contains(state) else {
            throw JobStoreError(
                .wrongState,
                "SIM \(iccid): is \(before.rawValue) and cannot become \(state.rawValue)"
            )
        }
        let kind: EventKind
        switch state {
        case .enabled:
            kind = .simResumed
            try enrol(id, by: actor, at: now)
            memory.roster.wake(iccid)
        case .paused: kind = .simPaused
        case .quarantined: kind = .simQuarantined
        case .retired: kind = .simRetired
        }
        try set(id, state, reason: reason)
        if before == .enabled { try returnLeases(of: id, reason: reason, by: actor, at: now) }
        try record(
            kind,
            by: actor,
            at: now,
            [
                ("sim", iccid.digits), ("before", before.rawValue), ("after", state.rawValue),
                ("reason", reason),
            ]
        )
    }

    mutating func fence(_ iccid: ICCID, until: Timestamp?, at now: Timestamp) throws {
        let id = try simID(iccid)
        let before = try sim(id).fencedUntil
        try run("UPDATE sim SET fenced_until = ? WHERE id = ?", until?.milliseconds, id)
        try record(
            .simFenced,
            by: .gateway,
            at: now,
            [
                ("sim", iccid.digits), ("before", before?.rfc3339 ?? "free"),
                ("after", until?.rfc3339 ?? "free"),
            ]
        )
        if until.map({ $0 <= now }) ?? true { memory.roster.wake(iccid) }
    }

    // MARK: Messages

    /// Files a message once; a part that is filed again may become read, never unread.
    func file(
        _ message: InboxMessage,
        sim: Int64,
        settling attempt: Attempt.ID?,
        at now: Timestamp
    ) throws {
        try run(
            """
            INSERT INTO inbox
              (sim_id, pdu, pdu_digest, sender, text, sent_at, filed_at, is_read, attempt_id,
              is_listed)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (sim_id, pdu_digest) DO UPDATE SET
              is_read = MAX(is_read, excluded.is_read),
              is_listed = MIN(is_listed, excluded.is_listed),
              attempt_id = COALESCE(attempt_id, excluded.attempt_id)
            """,
            sim,
            message.pdu,
            Turn.digest(of: message),
            message.sender,
            message.text,
            message.sentAt?.milliseconds,
            now.milliseconds,
            message.isRead,
            attempt?.rawValue,
            message.isListed
        )
    }

    /// A settlement whose message settled another attempt before proves nothing: it was read again.
    func weighed(_ settlement: Settlement) throws -> Settlement {
        for message in settlement.messages {
            let other = try integer(
                """
                SELECT attempt_id FROM inbox WHERE sim_id = ? AND pdu_digest = ?
                AND attempt_id <> ?
                """,
                try simID(message.sim),
                Turn.digest(of: message),
                settlement.attempt.rawValue
            )
            guard let other else { continue }
            let cause = "its message settled attempt \(other)"
            var settlement = settlement
            settlement.ending = .unknown
            settlement.balance = nil
            settlement.reason = cause
            settlement.evidence = settlement.evidence.map { $0.doubted(cause) }
            return settlement
        }
        return settlement
    }

    private static func digest(of message: InboxMessage) -> Data {
        Data(SHA256Digest.of(message.pdu.utf8).prefix(16))
    }

    private func unfinishedParts(ofSIM id: Int64, _ iccid: ICCID) throws -> [InboxMessage] {
        try rows(
            """
            SELECT \(StoredMessage.columns) WHERE inbox.sim_id = ? AND is_read = 0
            ORDER BY inbox.id
            """,
            id
        ).map { try StoredMessage(row: $0).message }
    }
}
