import ControlAPI
import FoundationEssentials
import Hummingbird
import JobStorage
import Recharge

/// The routes of what people settle by hand.
extension ControlService {
    var deskRoutes: [Route] {
        [
            .get(
                "/v1/desk",
                "List the jobs in doubt: evidence, inquiries, and what would settle each.",
                query: Route.Parameter.page,
                answer: .json("DeskPage"),
                desk
            ),
            .post(
                "/v1/jobs/{id}/resolve",
                .operator,
                "Give a verdict on a job in doubt; above a limit a second person approves it.",
                body: .json("ResolveBody"),
                answer: .json("ProposalReceipt"),
                resolve
            ),
            .post(
                "/v1/jobs/{id}/reverse",
                .operator,
                "Take a recharge back, once a second person approved.",
                body: .json("ReasonBody"),
                answer: .json("ProposalReceipt"),
                reverse
            ),
        ]
    }

    @Sendable
    private func desk(_ call: ControlCall) async throws -> Response {
        let query = JobQuery(
            states: [.unknown],
            after: try call.cursor(),
            limit: try call.limit()
        )
        let page = try await store.jobs(query)
        var items: [DeskItem] = []
        for job in page.elements {
            // One that was settled meanwhile has left the desk.
            guard let dossier = try await store.dossier(of: job.id),
                let found = dossier.tries.last(where: { $0.attempt.outcome == .unknown })
            else { continue }
            items.append(item(dossier, found, at: call.at))
        }
        return try .json(PageView(items: items, next: page.next))
    }

    private func item(_ dossier: Dossier, _ found: Dossier.Try, at now: Timestamp) -> DeskItem {
        let age = found.attempt.armedAt.duration(to: now).wholeMilliseconds / 1000
        return DeskItem(
            job: JobView(dossier.job),
            attempt: AttemptView(found),
            ageSeconds: Int(age),
            inquiries: dossier.inquiries.map { InquiryView($0) },
            proposals: dossier.proposals.filter { $0.state == .open }.map { ProposalView($0) },
            ways: DeskAdvice(
                job: dossier.job,
                attempt: found.attempt,
                questions: configuration.carriers
                    .first { $0.id == dossier.job.order.carrier }?.questions ?? [],
                isSpokenFor: found.evidence.contains { $1.speaksForCharge },
                now: now
            ).ways
        )
    }

    // MARK: Verdicts by hand

    /// A Base64 text is a third longer than what it stands for.
    private static let resolveBytesMax = HandVerdict.evidenceBytesMax * 4 / 3 + (8 << 10)

    @Sendable
    private func resolve(_ call: ControlCall) async throws -> Response {
        let id = try call.jobID()
        let bytesMax = ControlService.resolveBytesMax
        return try await order(call, as: ResolveBody.self, bytesMax: bytesMax) { body, reason in
            let verdict = HandVerdict(
                job: id,
                finding: try finding(body),
                reason: reason,
                evidence: try evidence(body)
            )
            return try await receipt(
                try await store.resolve(
                    verdict,
                    people: approvals(call),
                    by: call.actor,
                    at: call.at
                )
            )
        }
    }

    private func finding(_ body: ResolveBody) throws -> HandVerdict.Finding {
        switch (body.finding, body.cancel ?? false) {
        case (.succeeded, false):
            return .succeeded(serial: try body.serial.map(serial))
        case (.notExecuted, let cancel) where body.serial == nil:
            return cancel ? .cancelled : .notExecuted
        case (.succeeded, true), (.notExecuted, _):
            throw Problem(
                .badRequest,
                detail: "a job that succeeded has a serial number and is not cancelled; one that "
                    + "was not executed has none"
            )
        }
    }

    private func serial(_ text: String) throws -> String {
        let isPlain: (UInt8) -> Bool = {
            (0x30...0x39).contains($0) || (0x41...0x5A).contains($0)
                || (0x61...0x7A).contains($0) || $0 == 0x2D
        }
        guard (1...40).contains(text.utf8.count), text.utf8.allSatisfy(isPlain) else {
            throw Problem(
                .badRequest,
                detail: "a serial number is 1 to 40 letters, digits and hyphens",
                mistakes: [
                    Mistake(
                        field: "serial",
                        message: "it is no serial number",
                        cure: "write it as the carrier does"
                    )
                ]
            )
        }
        return text
    }

    private func evidence(_ body: ResolveBody) throws -> [UInt8] {
        let most = HandVerdict.evidenceBytesMax
        guard let found = Data(base64Encoded: body.evidence), !found.isEmpty, found.count <= most
        else {
            throw Problem(
                .badRequest,
                detail: "the evidence is a file of 1 to \(most) bytes, in Base64",
                mistakes: [
                    Mistake(
                        field: "evidence",
                        message: "it is empty, too large or no Base64",
                        cure: "send the letter, the screenshot or the statement that shows it"
                    )
                ]
            )
        }
        return Array(found)
    }

    // MARK: Reversals

    @Sendable
    private func reverse(_ call: ControlCall) async throws -> Response {
        let id = try call.jobID()
        return try await order(call) { reason in
            guard let job = try await store.job(id) else {
                throw Problem(.notFound, detail: "there is no job \(id)")
            }
            let carrier = configuration.carriers.first { $0.id == job.order.carrier }
            guard let terms = carrier?.reversal(at: call.at) else {
                throw Problem(
                    .wrongState,
                    detail: "job \(id): the profile \(job.order.carrier) knows no reversal; ask "
                        + "the carrier"
                )
            }
            return try await receipt(
                try await store.reverse(
                    id,
                    terms,
                    reason: reason,
                    people: approvals(call).people,
                    by: call.actor,
                    at: call.at
                )
            )
        }
    }
}
