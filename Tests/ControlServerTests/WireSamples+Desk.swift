import ControlAPI
import Recharge
import TestSupport

extension WireSamples {
    static func desk() throws -> [String: any Encodable] {
        let now = Samples.midnight
        let jobs = try jobs()
        guard let job = jobs["JobView"] as? JobView, let detail = jobs["JobDetail"] as? JobDetail
        else { return [:] }
        var proposal = Proposal(
            id: .init(1),
            kind: .verdict,
            subject: "1",
            body: "{}",
            reason: "r",
            people: 2,
            state: .approved,
            proposedAt: now,
            proposedBy: "a"
        )
        (proposal.decidedAt, proposal.decidedBy, proposal.decision) = (now, "b", "d")
        let inquiry = InquiryView(
            Inquiry(
                id: .init(1),
                kind: .history,
                sim: try Samples.iccid(1),
                attempt: .init(1),
                askedAt: now,
                answersUntil: now,
                outcome: .answered
            )
        )
        return [
            "ProposalView": ProposalView(proposal), "InquiryView": inquiry,
            "ProposalReceipt": ProposalReceipt(proposal: ProposalView(proposal), job: job),
            "DeskItem": DeskItem(
                job: job,
                attempt: detail.attempts[0],
                ageSeconds: 1,
                inquiries: [inquiry],
                proposals: [],
                ways: []
            ),
        ].merging(try disputes(detail)) { _, last in last }
            .merging(limits(ProposalView(proposal))) { _, last in last }
            .merging(try bodies()) { _, last in last }
    }

    private static func limits(_ proposal: ProposalView) -> [String: any Encodable] {
        let now = Samples.midnight
        var limit = LimitView(
            LimitFigure(.client, "uid:1000", .day, .sum),
            carrier: CarrierID("c"),
            configured: 1
        )
        (limit.currency, limit.setAt, limit.setBy, limit.reason) = ("CNY", now, "a", "r")
        let use = UseView(
            WindowUse(
                scope: .client,
                subject: "uid:1000",
                span: .day,
                began: now,
                ends: now,
                count: 1,
                minorUnits: 1
            )
        )
        var body = LimitBody(
            scope: .client,
            subject: "uid:1000",
            per: .day,
            measure: .sum,
            reason: "r"
        )
        (body.limit, body.amount, body.setting) = (1, "1", .unlimited)
        return [
            "LimitView": limit, "UseView": use, "LimitBody": body,
            "LimitReport": LimitReport(limits: [limit], uses: [use]),
            "LimitReceipt": LimitReceipt(limits: [limit], proposal: proposal),
        ]
    }

    private static func disputes(_ detail: JobDetail) throws -> [String: any Encodable] {
        let now = Samples.midnight
        var dispute = Dispute(
            id: .init(1),
            job: Job.ID(1),
            cause: .complaint,
            state: .rejected,
            reason: "r",
            openedAt: now,
            openedBy: "a",
            dueAt: now
        )
        (dispute.attempt, dispute.other) = (.init(1), Job.ID(2))
        (dispute.closedAt, dispute.closedBy, dispute.closing) = (now, "b", "c")
        let event = EventView(
            sequence: 1,
            at: now,
            actor: "a",
            kind: "k",
            job: Job.ID(1),
            details: [:]
        )
        let recorded = RecordedEvent(event: event, hash: "00")
        return [
            "DisputeView": DisputeView(dispute), "RecordedEvent": recorded,
            "DisputeFile": DisputeFile(
                dispute: DisputeView(dispute),
                detail: detail,
                other: detail,
                events: [recorded],
                version: "1",
                practice: false,
                at: now
            ),
        ]
    }

    private static func bodies() throws -> [String: any Encodable] {
        let now = Samples.midnight
        var resolve = ResolveBody(finding: .succeeded, reason: "r", evidence: "AA==")
        (resolve.serial, resolve.cancel) = ("s", false)
        var statement = StatementBody(
            carrier: try Samples.carrier(),
            name: "n",
            csv: "",
            reason: "r"
        )
        (statement.sim, statement.allSims) = (try Samples.iccid(1), true)
        (statement.coversFrom, statement.coversUntil) = (now, now)
        return [
            "ResolveBody": resolve, "DisputeBody": DisputeBody(reason: "r", dueAt: now),
            "CloseBody": CloseBody(state: .upheld, reason: "r"), "StatementBody": statement,
            "StatementReceipt": StatementReceipt(StatementReport(), lines: 0),
        ]
    }
}
