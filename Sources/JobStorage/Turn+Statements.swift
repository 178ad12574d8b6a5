import GRDB
import Recharge

/// What a statement is looked at for, piece by piece, so that other calls need not wait.
struct StatementPass {
    let statement: CarrierStatement
    let terms: ApprovalTerms
    /// Whether another person brought it before.
    let isSeconded: Bool
    let actor: Actor
    let now: Timestamp
    var report = StatementReport()
    /// The next line.
    var line = 0
    /// The numbers of lines that are not accounted for: one of them may be the charge of an attempt
    /// that seems to be absent.
    var openNumbers: Set<PhoneNumber> = []

    /// The evidence that the statement is for an attempt.
    func evidence(
        _ verdict: Evidence.Verdict,
        _ said: String,
        _ parsed: String,
        sentAt: Timestamp? = nil
    ) -> Evidence {
        Evidence(
            kind: .statement,
            raw: Array(said.utf8),
            parsed: "\(parsed) (\(statement.name), brought by \(actor))",
            grade: .carrierRecord,
            verdict: verdict,
            sentAt: sentAt
        )
    }
}

extension StatementPass {
    /// Whether it settles a job of this amount: a file is quickly written, or is the wrong one.
    func decides(_ amount: Amount) -> Bool {
        isSeconded || terms.people(forVerdictOn: amount) == 1
    }

    /// Leaves a line that settles nothing.
    mutating func leave(_ line: StatementLine, _ reason: String) {
        report.leave(line, reason)
        openNumbers.insert(line.number)
    }
}

extension Turn {
    /// Takes lines until there are no more, or others wait; true at the end.
    mutating func takeLines(of pass: inout StatementPass) throws -> Bool {
        while pass.line < pass.statement.lines.count {
            try take(pass.statement.lines[pass.line], &pass)
            pass.line += 1
            if isAwaited() { break }
        }
        return pass.line == pass.statement.lines.count
    }

    /// Takes one line: its serial is on file, or it settles the attempt that it fits.
    private mutating func take(_ line: StatementLine, _ pass: inout StatementPass) throws {
        let carrier = pass.statement.carrier.name
        if let known = try charge(withSerial: line.serial, carrier: carrier) {
            return try compare(line, with: known, &pass)
        }
        let fitting = try attempts(fitting: line, pass.statement)
        if let unnamed = fitting.first(where: { $0.outcome == .success && $0.serial == nil }) {
            let reason =
                "job \(unnamed.job) succeeded without a serial number: perhaps by this line"
            return pass.leave(line, reason)
        }
        if let inHand = fitting.first(where: { $0.outcome == nil }) {
            return pass.leave(line, "job \(inHand.job) is under way: it may be its charge")
        }
        let refused = fitting.filter { $0.outcome == .notExecuted }
        if let unknown = fitting.first(where: { $0.outcome == .unknown }) {
            if let other = refused.first(where: { $0.job != unknown.job && $0.serial == nil }) {
                let reason =
                    "job \(unknown.job) is in doubt and job \(other.job) was refused: it may be "
                    + "the charge of either"
                return pass.leave(line, reason)
            }
            guard pass.decides(line.amount) else {
                pass.report.waiting.append(unknown.job)
                return pass.leave(line, "job \(unknown.job) waits for another person to bring it")
            }
            return try settle(unknown, by: line, &pass)
        }
        if let refused = refused.last(where: { $0.serial == nil }) ?? refused.last {
            return try dispute(refused, by: line, &pass)
        }
        pass.leave(line, Turn.leftOver(fitting.last))
    }

    /// Holds a line against the charge that has its serial number.
    ///
    /// A number that was erased is neither compared nor written down again.
    private mutating func compare(
        _ line: StatementLine,
        with known: KnownCharge,
        _ pass: inout StatementPass
    ) throws {
        guard known.isOf(line) else {
            let reason = "its serial number is that of job \(known.job), of another time"
            return pass.leave(line, reason)
        }
        let isErased = known.number == PhoneNumber.erased.e164
        guard isErased || known.number == line.number.e164, known.amount == line.amount.minorUnits
        else {
            guard known.outcome == .success else {
                let reason = "its serial number came for job \(known.job), which has other terms"
                return pass.leave(line, reason)
            }
            let parsed = "the carrier's statement has other terms under its serial number"
            let said = line.text(isErased: isErased)
            let evidence = pass.evidence(.notExecuted, said, parsed, sentAt: line.at)
            if let dispute = try keep(evidence, for: known.attempt, at: pass.now) {
                pass.report.disputes.append(dispute)
            }
            pass.openNumbers.insert(line.number)
            return
        }
        // Perhaps it came for a refused attempt and is the charge of another to the same number.
        if known.outcome != .success { pass.openNumbers.insert(line.number) }
        pass.report.agreed += 1
    }

    /// Disputes a refusal that a line speaks against; it may be the charge of another attempt.
    private mutating func dispute(
        _ refused: FittingAttempt,
        by line: StatementLine,
        _ pass: inout StatementPass
    ) throws {
        let parsed = "the carrier's statement has it as charged"
        let evidence = pass.evidence(.success, line.text(), parsed, sentAt: line.at)
        try noteLate(line.serial, of: refused.id)
        pass.openNumbers.insert(line.number)
        if let dispute = try keep(evidence, for: refused.id, at: pass.now) {
            pass.report.disputes.append(dispute)
        } else {
            pass.report.agreed += 1
        }
    }

    private static func leftOver(_ attempt: FittingAttempt?) -> String {
        guard let attempt else { return "no attempt to this number with this amount at this time" }
        return "job \(attempt.job) succeeded under another serial number: perhaps charged twice"
    }

    private mutating func settle(
        _ attempt: FittingAttempt,
        by line: StatementLine,
        _ pass: inout StatementPass
    ) throws {
        var settlement = Settlement(
            attempt: attempt.id,
            ending: .success(serial: line.serial),
            evidence: [
                pass.evidence(
                    .success,
                    line.text(),
                    "line \(line.line) of the carrier's statement, serial=\(line.serial)",
                    sentAt: line.at
                )
            ],
            reason: "the carrier's statement has it as charged"
        )
        settlement.decidedBy = pass.actor.name
        _ = try settle(settlement, at: pass.now)
        pass.report.succeeded.append(attempt.job)
    }

    // MARK: What is not on record

    /// Settles attempts in doubt that a complete statement does not have.
    ///
    /// Absence counts only where the statement begins so long before the attempt as its request
    /// could be under way, and ends after that could no longer arrive: our clock may have been
    /// wrong either way. Nor does it where a line that is not accounted for names the number: its
    /// time or amount may be written otherwise than we have it.
    mutating func takeAbsences(of pass: inout StatementPass) throws {
        guard let extent = pass.statement.extent else { return }
        let absent = try rows(
            """
            SELECT attempt.id, attempt.job_id, job.number, job.amount, job.currency FROM attempt
            JOIN job ON job.id = attempt.job_id JOIN sim ON sim.id = attempt.sim_id
            WHERE (attempt.outcome IS NULL OR attempt.outcome = 'unknown')
              AND attempt.outcome = 'unknown'
              AND attempt.carrier = ?1 AND job.kind = 'recharge'
              AND sim.iccid = COALESCE(?2, sim.iccid)
              AND attempt.armed_at - attempt.clock_error - \(Attempt.lifetimeColumn) >= ?3
              AND \(Attempt.deadAtColumn) + attempt.clock_error < ?4
            ORDER BY attempt.id
            """,
            pass.statement.carrier.name,
            extent.sim?.digits,
            extent.from.advanced(by: CarrierStatement.clockSkew).milliseconds,
            extent.until.advanced(by: .zero - CarrierStatement.clockSkew).milliseconds
        )
        let open = pass.openNumbers.union(pass.statement.openNumbers)
        for row in absent {
            let job = Job.ID(row[1])
            guard let number = PhoneNumber(e164: row[2]), !open.contains(number),
                let currency = Currency(code: row[4])
            else { continue }
            if try isSpokenFor(Attempt.ID(row[0]), isStatement: true) {
                pass.report.contradicted.append(job)
                continue
            }
            guard pass.decides(Amount(minorUnits: row[3], currency: currency)) else {
                pass.report.waiting.append(job)
                continue
            }
            var settlement = Settlement(
                attempt: Attempt.ID(row[0]),
                ending: .notExecuted(.tryAgain(after: .zero, elsewhere: false)),
                evidence: [
                    pass.evidence(
                        .notExecuted,
                        "no record from \(extent.from.rfc3339) to \(extent.until.rfc3339)",
                        "the carrier's statement does not have it"
                    )
                ],
                reason: "the carrier's statement does not have it"
            )
            settlement.decidedBy = pass.actor.name
            _ = try settle(settlement, at: pass.now)
            pass.report.notExecuted.append(job)
        }
    }

    /// Disputes successes that a complete statement does not have.
    mutating func takeMissing(_ missing: [Attempt.ID], _ pass: inout StatementPass) throws {
        guard let extent = pass.statement.extent else { return }
        for attempt in missing {
            let evidence = pass.evidence(
                .notExecuted,
                "no record from \(extent.from.rfc3339) to \(extent.until.rfc3339)",
                "the carrier's statement does not have it"
            )
            if let dispute = try keep(evidence, for: attempt, at: pass.now) {
                pass.report.disputes.append(dispute)
            }
        }
    }

    /// Tells that a statement was taken, and what came of it.
    mutating func conclude(_ pass: StatementPass) throws {
        let report = pass.report
        try record(
            .statementImported,
            by: pass.actor,
            at: pass.now,
            [
                ("carrier", pass.statement.carrier.name), ("name", pass.statement.name),
                ("sha256", pass.statement.digest.hexadecimal), ("covers", pass.statement.covers),
                ("lines", String(pass.statement.lines.count)),
                ("agreed", String(report.agreed)), ("succeeded", String(report.succeeded.count)),
                ("not_executed", String(report.notExecuted.count)),
                ("waiting", String(report.waiting.count)),
                ("contradicted", String(report.contradicted.count)),
                ("disputes", String(report.disputes.count)),
                ("unmatched", String(report.unmatchedCount)),
            ]
        )
    }

    // MARK: Looking things up

    private struct FittingAttempt {
        var id: Attempt.ID
        var job: Job.ID
        var outcome: Attempt.Outcome?
        /// Of its charge, one that came late too.
        var serial: String?
    }

    /// A charge whose serial number is on file.
    private struct KnownCharge {
        var attempt: Attempt.ID
        var job: Job.ID
        /// Not executed where its success came late.
        var outcome: Attempt.Outcome?
        var number: String
        var amount: Int64
        /// When it can have been made.
        var made: ClosedRange<Timestamp>

        /// Whether a line is of it: a carrier that counts anew gives a serial number twice.
        func isOf(_ line: StatementLine) -> Bool {
            let skew = CarrierStatement.clockSkew
            return made.lowerBound.advanced(by: .zero - skew) <= line.at
                && line.at <= made.upperBound.advanced(by: skew)
        }
    }

    private func charge(withSerial serial: String, carrier: String) throws -> KnownCharge? {
        let charges = """
            SELECT attempt.id, attempt.job_id, attempt.outcome, job.number, job.amount,
              attempt.armed_at - attempt.clock_error,
              \(Attempt.deadAtColumn) + attempt.clock_error
            FROM attempt JOIN job ON job.id = attempt.job_id
            """
        let found = try row(
            """
            \(charges) WHERE attempt.carrier = ?1 AND attempt.serial = ?2
              AND attempt.serial IS NOT NULL
            UNION ALL \(charges) WHERE attempt.carrier = ?1 AND attempt.late_serial = ?2
              AND attempt.late_serial IS NOT NULL
            LIMIT 1
            """,
            carrier,
            serial
        )
        return found.map { row in
            KnownCharge(
                attempt: Attempt.ID(row[0]),
                job: Job.ID(row[1]),
                outcome: (row[2] as String?).flatMap { Attempt.Outcome(rawValue: $0) },
                number: row[3],
                amount: row[4],
                made: Timestamp(milliseconds: row[5])...Timestamp(milliseconds: row[6])
            )
        }
    }

    /// The attempts to the number of a line, with its amount, that may have made that charge.
    private func attempts(
        fitting line: StatementLine,
        _ statement: CarrierStatement
    ) throws -> [FittingAttempt] {
        try rows(
            """
            SELECT attempt.id, attempt.job_id, attempt.outcome,
              COALESCE(attempt.serial, attempt.late_serial)
            FROM job JOIN attempt ON attempt.job_id = job.id JOIN sim ON sim.id = attempt.sim_id
            WHERE \(Schema.numberKey) = CAST(?1 AS INTEGER) AND job.number = ?1
              AND job.amount = ?2 AND job.currency = ?3 AND job.kind = 'recharge'
              AND attempt.carrier = ?4 AND sim.iccid = COALESCE(?5, sim.iccid)
              AND attempt.armed_at - attempt.clock_error <= ?6
              AND \(Attempt.deadAtColumn) + attempt.clock_error >= ?7
            ORDER BY attempt.id
            """,
            line.number.e164,
            line.amount.minorUnits,
            line.amount.currency.code,
            statement.carrier.name,
            statement.sim?.digits,
            line.at.advanced(by: CarrierStatement.clockSkew).milliseconds,
            line.at.advanced(by: .zero - CarrierStatement.clockSkew).milliseconds
        ).map { row in
            FittingAttempt(
                id: Attempt.ID(row[0]),
                job: Job.ID(row[1]),
                outcome: (row[2] as String?).flatMap { Attempt.Outcome(rawValue: $0) },
                serial: row[3]
            )
        }
    }
}

extension StatementLine {
    /// The line as evidence: what it says, without the file's other columns.
    fileprivate func text(isErased: Bool = false) -> String {
        let number = isErased ? Schema.erased : self.number.e164
        return "number=\(number) amount=\(amount.major) \(amount.currency.code) serial=\(serial) "
            + "time=\(at.rfc3339)"
    }
}
