import ControlAPI
import Recharge

/// A dispute as the daemon gives it, with all that may be hostile in it.
enum DeskSamples {
    static let hostile = "<script>alert(1)</script>\u{1B}[2J\u{202E}&\"'"

    static func sim() throws -> ICCID {
        guard let sim = ICCID("89860012340000000001") else { throw SystemFailure("ICCID") }
        return sim
    }

    static func proposal(_ state: Proposal.State = .open) -> ProposalView {
        var proposal = Proposal(
            id: .init(7),
            kind: .verdict,
            subject: "42",
            body: "{\"attempt\":1,\"finding\":\"succeeded\",\"serial\":\"S0001\"}",
            reason: "the carrier confirmed it by letter",
            people: 2,
            state: state,
            proposedAt: SampleViews.start.advanced(by: .seconds(4000)),
            proposedBy: "uid:1000(mei)"
        )
        if state != .open {
            proposal.decidedAt = SampleViews.start.advanced(by: .seconds(4600))
            proposal.decidedBy = "uid:1001(lan)"
            proposal.decision = "seen the letter"
        }
        return ProposalView(proposal)
    }

    static func inquiry() throws -> InquiryView {
        InquiryView(
            Inquiry(
                id: .init(1),
                kind: .history,
                sim: try sim(),
                attempt: .init(1),
                askedAt: SampleViews.start.advanced(by: .seconds(900)),
                answersUntil: SampleViews.start.advanced(by: .seconds(1800)),
                outcome: .silent
            )
        )
    }

    static func item() throws -> DeskItem {
        DeskItem(
            job: try SampleViews.job(.unknown, reason: "no answer"),
            attempt: try attempt(.unknown, evidence: []),
            ageSeconds: 97_381,
            inquiries: [try inquiry()],
            proposals: [proposal()],
            ways: ["a person who knows"]
        )
    }

    static func attempt(
        _ outcome: Attempt.Outcome,
        evidence: [(Int64, Evidence)]
    ) throws -> AttemptView {
        guard let number = PhoneNumber(e164: "+8613800138000") else { throw SystemFailure("") }
        let attempt = Attempt(
            id: .init(1),
            job: Job.ID(42),
            ordinal: 1,
            sim: try sim(),
            number: number,
            amount: try SampleViews.yuan(50),
            armedAt: SampleViews.start.advanced(by: .seconds(12)),
            balanceBefore: try SampleViews.yuan(1200),
            outcome: outcome
        )
        var view = AttemptView(attempt, evidence: [])
        view.evidence = evidence.map { seconds, evidence in
            var piece = EvidenceView(evidence)
            piece.at = SampleViews.start.advanced(by: .seconds(seconds))
            return piece
        }
        return view
    }

    static func evidence(
        _ kind: Evidence.Kind,
        _ raw: String,
        _ parsed: String,
        _ grade: Evidence.Grade,
        _ verdict: Evidence.Verdict
    ) -> Evidence {
        Evidence(
            kind: kind,
            raw: Array(raw.utf8),
            parsed: parsed,
            grade: grade,
            verdict: verdict,
            sentAt: SampleViews.start.advanced(by: .seconds(20))
        )
    }

    static func file(hostile: String = "充值成功") throws -> DisputeFile {
        let dialogue = """
            > AT+CMGF=0
            < OK
            > AT+CMGS=28
            < >
            > 0011000B8131000000F0000030C3******
            < +CMGS: 17
            < OK
            """
        var attempt = try attempt(
            .success,
            evidence: [
                (14, evidence(.trace, dialogue, "sent", .none, .inconclusive)),
                (
                    31,
                    evidence(
                        .sms,
                        "尊敬的代理商,您已为13800138000成功充值50.00元,流水号S0001,余额1150.00元。\(hostile)",
                        "rule=recharged number=+86138****8000 amount=50.00 serial=S0001",
                        .answer,
                        .success
                    )
                ),
                (
                    90_000,
                    evidence(
                        .statement,
                        "no record from 2026-11-18T00:00:00.000Z to 2026-11-19T00:00:00.000Z",
                        "the carrier's statement does not have it (november.csv: portal, brought "
                            + "by uid:1000(mei))",
                        .carrierRecord,
                        .notExecuted
                    )
                ),
            ]
        )
        attempt.outcomeAt = SampleViews.start.advanced(by: .seconds(31))
        attempt.serial = "S0001"
        attempt.messageReference = 17
        attempt.balanceAfter = Money(try SampleViews.yuan(1150))
        var job = try SampleViews.job(.succeeded, reason: "recharged")
        job.note = hostile
        job.reference = "A-17"
        job.finishedAt = attempt.outcomeAt
        var detail = JobDetail(job: job, attempts: [attempt])
        detail.inquiries = [try inquiry()]
        detail.disputes = disputes(hostile)
        detail.proposals = [proposal(.approved)]
        return DisputeFile(
            dispute: detail.disputes[0],
            detail: detail,
            other: nil,
            events: events(),
            version: "0.1.0",
            practice: false,
            at: SampleViews.start.advanced(by: .seconds(100_000))
        )
    }

    private static func disputes(_ hostile: String) -> [DisputeView] {
        let causes: [Dispute.Cause] = [.contradiction, .complaint]
        return causes.enumerated().map { index, cause in
            let openedAt = SampleViews.start.advanced(by: .seconds(90_000 + 60 * Int64(index)))
            var dispute = Dispute(
                id: .init(Int64(3 + index)),
                job: Job.ID(42),
                cause: cause,
                state: .open,
                reason: cause == .complaint
                    ? "the customer says that nothing arrived \(hostile)"
                    : "the carrier's statement does not have it",
                openedAt: openedAt,
                openedBy: cause == .complaint ? "uid:1000(mei)" : "gateway",
                dueAt: openedAt.advanced(by: Dispute.answerWithin)
            )
            dispute.attempt = .init(1)
            return DisputeView(dispute)
        }
    }

    private static func events() -> [RecordedEvent] {
        let kinds = ["job.submitted", "job.claimed", "job.armed", "job.settled", "dispute.opened"]
        return kinds.enumerated().map { index, kind in
            RecordedEvent(
                event: EventView(
                    sequence: Int64(100 + index),
                    at: SampleViews.start.advanced(by: .seconds(Int64(index) * 10)),
                    actor: index == 0 ? "uid:1000(mei)" : "gateway",
                    kind: kind,
                    job: Job.ID(42),
                    details: ["attempt": "1", "reason": "recharged"]
                ),
                hash: String(repeating: "9f3a5c07", count: 8)
            )
        }
    }
}
