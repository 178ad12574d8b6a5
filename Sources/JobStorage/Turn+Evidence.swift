import Foundation
import GRDB
import Recharge

/// What evidence on file says for and against what comes.
extension Turn {
    /// Why an absent record or an unchanged float does not prove that nothing was executed; nil
    /// when it does, or when other evidence speaks.
    ///
    /// An answer that says that the attempt was executed, or is about to be, says more than what
    /// is not there, however little it proves. Money that was paid in could hide a charge, so the
    /// books must expect the same float.
    func objection(to settlement: Settlement, _ attempt: AttemptPosition) throws -> String? {
        guard attempt.outcome == .unknown,
            settlement.evidence.allSatisfy({ Evidence.Kind.ofAbsence.contains($0.kind) })
        else { return nil }
        let isStatement = settlement.evidence.contains { $0.kind == .statement }
        if try isSpokenFor(attempt.id, isStatement: isStatement) {
            return "an answer says otherwise"
        }
        guard settlement.evidence.allSatisfy({ $0.kind == .balance }) else { return nil }
        guard try settlement.evidence.contains(where: { try isSaidTwice($0, attempt) }) else {
            return "it was said once only"
        }
        let found = try row(
            """
            SELECT float_minor, float_minor = balance_before AND float_opened_at IS NOT NULL,
              \(Schema.hidesCharge("attempt"))
            FROM sim JOIN attempt ON attempt.sim_id = sim.id WHERE attempt.id = ?
            """,
            attempt.id.rawValue
        )
        guard let found, let currency = Currency(code: attempt.currency) else { return nil }
        guard found[1] ?? false else {
            let expected = Amount(minorUnits: found[0], currency: currency)
            return "the books expect \(expected.major)"
        }
        return found[2] ? "money was paid in, or an answer names it" : nil
    }

    /// Whether another message said the same of an attempt: without time stamps two look like one.
    private func isSaidTwice(_ evidence: Evidence, _ attempt: AttemptPosition) throws -> Bool {
        try integer(
            """
            SELECT 1 FROM evidence WHERE attempt_id = ?1 AND kind = ?2 AND verdict = ?3
              AND NOT (raw = ?4 AND sent_at IS ?5) LIMIT 1
            """,
            attempt.id.rawValue,
            evidence.kind.rawValue,
            evidence.verdict.rawValue,
            Data(evidence.raw),
            evidence.sentAt?.milliseconds
        ) != nil
    }

    /// Whether an answer says that an attempt was executed, or that the carrier has it in hand.
    ///
    /// A statement is of a time when nothing is in hand any more.
    func isSpokenFor(_ attempt: Attempt.ID, isStatement: Bool) throws -> Bool {
        let condition = Schema.speaksForCharge("?1", isStatement: isStatement ? "TRUE" : "FALSE")
        return try integer("SELECT \(condition)", attempt.rawValue) == 1
    }

    /// Whether the same message was found to prove nothing: it is read again where a crash kept it
    /// from being deleted, by a worker that knows less.
    func provedNothing(_ evidence: Evidence, _ attempt: AttemptPosition) throws -> Bool {
        guard evidence.kind == .sms else { return false }
        return try integer(
            """
            SELECT 1 FROM evidence WHERE attempt_id = ? AND kind = 'sms' AND raw = ?
              AND verdict = 'success' AND grade = 0 AND sent_at IS ?
            """,
            attempt.id.rawValue,
            Data(evidence.raw),
            evidence.sentAt?.milliseconds
        ) != nil
    }

    /// Another job with the same terms whose charge a record may be of, since nobody knows the
    /// serial number of that and it was made when the attempt was armed, or later.
    ///
    /// It may be of any SIM: some carriers show the recharges of a number.
    func unnumberedSuccess(
        like job: JobPosition,
        since attempt: AttemptPosition
    ) throws -> Job.ID? {
        try integer(
            """
            SELECT job.id FROM job JOIN attempt ON attempt.job_id = job.id
            WHERE \(Schema.numberKey) = CAST(?1 AS INTEGER) AND job.number = ?1
              AND job.amount = ?2 AND job.currency = ?3 AND job.kind = 'recharge'
              AND job.id <> ?4 AND attempt.carrier = ?5
              AND attempt.outcome = 'success' AND attempt.serial IS NULL
              AND \(Attempt.deadAtColumn) + attempt.clock_error >= ?6
            LIMIT 1
            """,
            job.number,
            job.amount,
            job.currency.code,
            job.id.rawValue,
            attempt.carrier,
            attempt.armedAt - CarrierStatement.clockSkew.wholeMilliseconds
        ).map { Job.ID($0) }
    }

    /// Whether anything says that an attempt of the job was executed.
    func hasSuccess(_ job: Job.ID) throws -> Bool {
        try integer(
            """
            SELECT 1 FROM attempt JOIN evidence ON evidence.attempt_id = attempt.id
            WHERE attempt.job_id = ? AND evidence.verdict = 'success' LIMIT 1
            """,
            job.rawValue
        ) != nil
    }

    /// Whether an answer says that the attempt was executed, whatever that proves.
    func saysSuccess(_ attempt: AttemptPosition) throws -> Bool {
        try integer(
            "SELECT 1 FROM evidence WHERE attempt_id = ? AND verdict = 'success' LIMIT 1",
            attempt.id.rawValue
        ) != nil
    }
}

extension Evidence.Kind {
    /// What says only that something is not there.
    static let ofAbsence: [Evidence.Kind] = [.balance, .history, .statement]
}

extension Evidence {
    /// The same evidence, proving nothing, with the cause of doubt beside it.
    ///
    /// An answer that names no other attempt keeps what it says: that speaks against an absence.
    func doubted(_ cause: String, keepsVerdict: Bool = false) -> Evidence {
        guard verdict != .inconclusive else { return self }
        var doubted = self
        doubted.grade = .none
        if !keepsVerdict { doubted.verdict = .inconclusive }
        doubted.parsed += " (\(cause))"
        return doubted
    }
}
