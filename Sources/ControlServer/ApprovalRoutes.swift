import ControlAPI
import Hummingbird
import JobStorage
import Recharge

/// The routes of changes that take a second person.
extension ControlService {
    var approvalRoutes: [Route] {
        [
            .get(
                "/v1/proposals",
                "List the changes that wait for a second person, or all, newest first.",
                query: [.init(name: "all", purpose: "`true`: the decided ones too.")]
                    + Route.Parameter.page,
                answer: .json("ProposalPage"),
                listProposals
            ),
            .get(
                "/v1/proposals/{id}/attachment",
                needs: .operator,
                "The file that a proposal came with: what shows that a verdict is right.",
                answer: .text("application/octet-stream"),
                attachment
            ),
            decide(
                "/v1/proposals/{id}/approve",
                "Approve a change that another person proposed; it happens at once."
            ) { id, reason, call in
                try await store.approve(id, reason: reason, by: call.actor, at: call.at)
            },
            decide(
                "/v1/proposals/{id}/reject",
                needs: .operator,
                "Reject a change that was proposed; an operator takes back an own one."
            ) { id, reason, call in
                if call.role < .approver { try await requireOwn(id, call) }
                return try await store.reject(id, reason: reason, by: call.actor, at: call.at)
            },
        ]
    }

    private func decide(
        _ path: String,
        needs role: Role = .approver,
        _ summary: String,
        _ act: @escaping @Sendable (Proposal.ID, String, ControlCall) async throws -> Proposal
    ) -> Route {
        .post(
            path,
            role,
            summary,
            body: .json("ReasonBody"),
            answer: .json("ProposalReceipt")
        ) { call in
            let id = Proposal.ID(try call.id("proposal"))
            return try await order(call) { reason in
                try await receipt(try await act(id, reason, call))
            }
        }
    }

    private func requireOwn(_ id: Proposal.ID, _ call: ControlCall) async throws {
        let cursor = id.rawValue == .max ? nil : id.rawValue + 1
        let page = try await store.proposals(onlyOpen: true, after: cursor, limit: 1)
        guard let proposal = page.elements.first, proposal.id == id,
            proposal.proposedBy != call.actor.name
        else { return }
        throw Problem(
            .forbidden,
            detail: "proposal \(id): \(proposal.proposedBy) made it; an operator takes back an own "
                + "one, and an approver rejects others"
        )
    }

    /// How many people a change takes that one person proposes now.
    ///
    /// Where one is enough, that is one who may approve: what anyone else proposes waits for such.
    func approvals(_ call: ControlCall) -> ApprovalTerms {
        var terms = configuration.approvals
        if call.role < .approver { terms.people = max(terms.people, 2) }
        return terms
    }

    /// What became of a proposal, with the job that it is about.
    func receipt(_ proposal: Proposal) async throws -> ProposalReceipt {
        var job: Job?
        if let id = proposal.job { job = try await store.job(id) }
        return ProposalReceipt(proposal: ProposalView(proposal), job: job.map { JobView($0) })
    }

    @Sendable
    private func attachment(_ call: ControlCall) async throws -> Response {
        let id = Proposal.ID(try call.id("proposal"))
        guard let bytes = try await store.attachment(of: id) else {
            throw Problem(.notFound, detail: "proposal \(id): there is none, or it has no file")
        }
        return Response(
            status: .ok,
            headers: [.contentType: "application/octet-stream"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        )
    }

    @Sendable
    private func listProposals(_ call: ControlCall) async throws -> Response {
        let page = try await store.proposals(
            onlyOpen: try !call.flag("all"),
            after: try call.cursor(),
            limit: try call.limit()
        )
        let items = page.elements.map { ProposalView($0) }
        return try .json(PageView(items: items, next: page.next))
    }
}
