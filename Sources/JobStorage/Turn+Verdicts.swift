import Foundation
import GRDB
import Recharge

/// What the body of a proposed verdict says.
private struct VerdictBody: Codable {
    enum Finding: String, Codable {
        case succeeded
        case notExecuted = "not_executed"
        case cancelled
    }

    var attempt: Int64
    var finding: Finding
    var serial: String?
}

extension Turn {
    /// Proposes a verdict on a job in doubt.
    mutating func resolve(
        _ verdict: HandVerdict,
        people terms: ApprovalTerms,
        by actor: Actor,
        at now: Timestamp
    ) throws -> Proposal {
        let job = try self.job(verdict.job)
        var body = VerdictBody(attempt: try doubtful(verdict.job).id.rawValue, finding: .succeeded)
        switch verdict.finding {
        case .succeeded(let serial): body.serial = serial
        case .notExecuted: body.finding = .notExecuted
        case .cancelled: body.finding = .cancelled
        }
        let proposal = NewProposal(
            kind: .verdict,
            subject: verdict.job.description,
            body: try Turn.json(body),
            attachment: verdict.evidence,
            reason: verdict.reason,
            people: terms.people(forVerdictOn: job.order.amount)
        )
        return try propose(proposal, by: actor, at: now)
    }

    /// The verdict that a proposal asks for, if nothing stands in its way any more.
    func verdictToGive(_ proposal: Proposal, at now: Timestamp) throws -> Settlement {
        let body = try Turn.read(VerdictBody.self, proposal.body)
        let id = Attempt.ID(body.attempt)
        guard let job = proposal.job, try doubtful(job).id == id else {
            throw JobStoreError(
                .wrongState,
                "proposal \(proposal.id): the job is in doubt about another attempt by now"
            )
        }
        let verdict: Evidence.Verdict = body.finding == .succeeded ? .success : .notExecuted
        let ending: Settlement.Ending
        switch body.finding {
        case .succeeded:
            ending = .success(serial: body.serial)
            try requireUnseen(body.serial, attempt(id))
        case .notExecuted:
            ending = .notExecuted(.tryAgain(after: .zero, elsewhere: false))
            try requireDead(attempt(id), at: now)
        case .cancelled:
            ending = .notExecuted(.hold(.heldByPerson))
            try requireDead(attempt(id), at: now)
        }
        let evidence = Evidence(
            kind: .person,
            raw: Array(try attachment(of: proposal)),
            parsed: "by \(proposal.deciders): \(proposal.reason)",
            grade: .none,
            verdict: verdict
        )
        var settlement = Settlement(
            attempt: id,
            ending: ending,
            evidence: [evidence],
            reason: proposal.reason
        )
        settlement.decidedBy = proposal.deciders
        return settlement
    }

    mutating func giveVerdict(_ proposal: Proposal, by actor: Actor, at now: Timestamp) throws {
        let settlement = try verdictToGive(proposal, at: now)
        let state = try settle(settlement, at: now)
        let body = try Turn.read(VerdictBody.self, proposal.body)
        guard body.finding == .cancelled, state == .held, let job = proposal.job else { return }
        _ = try cancel(job, reason: proposal.reason, by: actor, at: now)
    }

    /// The attempt of a job that may have been executed.
    private func doubtful(_ id: Job.ID) throws -> AttemptPosition {
        let job = try position(of: id)
        let attempt = try integer(
            "SELECT id FROM attempt WHERE job_id = ? AND outcome = 'unknown'",
            id.rawValue
        )
        guard job.state == .unknown, let attempt else {
            throw JobStoreError(
                .wrongState,
                "job \(id): is \(job.state.rawValue); only a job in doubt is settled by hand"
            )
        }
        return try self.attempt(Attempt.ID(attempt))
    }

    private func requireUnseen(_ serial: String?, _ attempt: AttemptPosition) throws {
        guard let serial, let other = try jobID(withSerial: serial, carrier: attempt.carrier)
        else { return }
        let cure =
            other == attempt.job
            ? "it came late for an earlier attempt of this job; this one is another"
            : "the serial number is on job \(other) already; look at both, and open a dispute"
        throw JobStoreError(.wrongState, "job \(attempt.job): \(cure)")
    }

    /// What follows, on the same number or SIM, must not meet the late request.
    private func requireDead(_ attempt: AttemptPosition, at now: Timestamp) throws {
        guard attempt.fenceUntil > now.milliseconds else { return }
        let until = Timestamp(milliseconds: attempt.fenceUntil).rfc3339
        throw JobStoreError(
            .outcomePending,
            "job \(attempt.job): its request can still reach the carrier until \(until); before, "
                + "nothing shows that it was not executed"
        )
    }

    private func attachment(of proposal: Proposal) throws -> Data {
        let found = try row(
            "SELECT attachment FROM proposal WHERE id = ?",
            proposal.id.rawValue
        )
        return found?[0] ?? Data()
    }

    // MARK: Bodies

    static func json(_ body: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(body), as: UTF8.self)
    }

    static func read<Body: Decodable>(_ type: Body.Type, _ body: String) throws -> Body {
        do {
            return try JSONDecoder().decode(type, from: Data(body.utf8))
        } catch {
            throw JobStoreError(.unusable, "a proposal has a body that none can have: \(error)")
        }
    }
}
