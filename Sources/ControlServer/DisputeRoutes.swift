import ControlAPI
import Hummingbird
import JobStorage
import Recharge

/// The routes of disputes.
extension ControlService {
    var disputeRoutes: [Route] {
        [
            .get(
                "/v1/disputes",
                "List the open disputes, or all, newest first.",
                query: [.init(name: "all", purpose: "`true`: the closed ones too.")]
                    + Route.Parameter.page,
                answer: .json("DisputePage"),
                listDisputes
            ),
            .get(
                "/v1/disputes/{id}",
                "Everything that is on file about the job of a dispute.",
                answer: .json("DisputeFile"),
                showDispute
            ),
            .post(
                "/v1/jobs/{id}/dispute",
                .operator,
                "Open the dispute of a person about a job, such as a complaint.",
                body: .json("DisputeBody"),
                answer: .json("DisputeView"),
                openDispute
            ),
            .post(
                "/v1/disputes/{id}/close",
                .operator,
                "Close a dispute; the verdict stands as it is.",
                body: .json("CloseBody"),
                answer: .json("DisputeView"),
                closeDispute
            ),
        ]
    }

    @Sendable
    private func listDisputes(_ call: ControlCall) async throws -> Response {
        let page = try await store.disputes(
            onlyOpen: try !call.flag("all"),
            after: try call.cursor(),
            limit: try call.limit()
        )
        let items = page.elements.map { DisputeView($0) }
        return try .json(PageView(items: items, next: page.next))
    }

    @Sendable
    private func showDispute(_ call: ControlCall) async throws -> Response {
        let id = Dispute.ID(try call.id("dispute"))
        guard let dispute = try await store.dispute(id),
            let dossier = try await store.dossier(of: dispute.job)
        else { throw Problem(.notFound, detail: "there is no dispute \(id)") }
        var other: JobDetail?
        if let id = dispute.other { other = try await store.dossier(of: id).map { JobDetail($0) } }
        let events = try await store.events(about: dispute.job)
        return try .json(
            DisputeFile(
                dispute: DisputeView(dispute),
                detail: JobDetail(dossier),
                other: other,
                events: events.map { RecordedEvent($0) },
                version: configuration.version,
                practice: configuration.isPractice,
                at: call.at
            )
        )
    }

    @Sendable
    private func openDispute(_ call: ControlCall) async throws -> Response {
        let id = try call.jobID()
        return try await order(call, as: DisputeBody.self) { body, reason in
            if let due = body.dueAt, due <= call.at {
                throw Problem(.badRequest, detail: "\(due.rfc3339) is over: name a later deadline")
            }
            return DisputeView(
                try await store.complain(
                    id,
                    reason: reason,
                    dueAt: body.dueAt,
                    by: call.actor,
                    at: call.at
                )
            )
        }
    }

    @Sendable
    private func closeDispute(_ call: ControlCall) async throws -> Response {
        let id = Dispute.ID(try call.id("dispute"))
        return try await order(call, as: CloseBody.self) { body, reason in
            DisputeView(
                try await store.close(
                    id,
                    as: body.state,
                    reason: reason,
                    by: call.actor,
                    at: call.at
                )
            )
        }
    }
}

extension RecordedEvent {
    init(_ recorded: ChainedEvent) {
        let digits = Array("0123456789abcdef".utf8)
        let hex = recorded.hash.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        self.init(
            event: EventView(recorded.event),
            hash: String(decoding: hex, as: UTF8.self)
        )
    }
}

extension JobDetail {
    init(_ dossier: Dossier) {
        self.init(
            job: JobView(dossier.job),
            attempts: dossier.tries.map { AttemptView($0) }
        )
        inquiries = dossier.inquiries.map { InquiryView($0) }
        disputes = dossier.disputes.map { DisputeView($0) }
        proposals = dossier.proposals.map { ProposalView($0) }
        reversals = dossier.reversals
    }
}

extension AttemptView {
    init(_ found: Dossier.Try) {
        self.init(found.attempt, evidence: [])
        evidence = found.evidence.map { moment, evidence in
            var view = EvidenceView(evidence)
            view.at = moment
            return view
        }
        outcomeAt = found.outcomeAt
        serial = found.serial?.visible
        messageReference = found.messageReference
        balanceAfter = found.balanceAfter.map(Money.init)
        decidedBy = found.decidedBy?.visible
    }
}
