import ControlAPI
import HTTPTypes
import Hummingbird
import JobStorage
import NIOCore
import Recharge

/// The routes of proof, copies and erasure.
extension ControlService {
    var upkeepRoutes: [Route] {
        [
            .get(
                "/v1/verify",
                needs: .operator,
                "Add everything up, walk the chain of events, and check the database.",
                answer: .json("VerificationView"),
                verify
            ),
            .get(
                "/v1/audit",
                "List events, newest first.",
                query: [
                    .init(name: "actor", purpose: "Only what this actor did."),
                    .init(name: "job", isNumber: true, purpose: "Only what concerns this job."),
                    .init(name: "kind", purpose: "Only `sim.paused`, or all of `sim`."),
                    .init(name: "since", purpose: "Only events from this time on (RFC 3339)."),
                ] + Route.Parameter.page,
                answer: .json("EventPage"),
                listAudit
            ),
            .get(
                "/v1/audit/verify",
                needs: .operator,
                "Walk the chain of events from its first to its head.",
                query: [
                    .init(name: "sequence", isNumber: true, purpose: "An event noted elsewhere."),
                    .init(name: "hash", purpose: "The hash that was noted with it, in hex."),
                ],
                answer: .json("AuditView")
            ) { call in try .json(try await auditView(against: try noted(call))) },
            .get(
                "/v1/backup",
                needs: .admin,
                "A consistent copy of the queue, made while it works.",
                answer: .text("application/vnd.sqlite3"),
                backUp
            ),
            .post(
                "/v1/erasures",
                .admin,
                "Erase a number from final jobs, their evidence and the messages that quote it.",
                body: .json("ErasureBody"),
                answer: .json("ErasureView"),
                erase
            ),
            .post(
                "/v1/sims/{iccid}/reconcile",
                .approver,
                "Say that the history of a SIM was compared since a backup was restored.",
                body: .json("ReasonBody"),
                answer: .json("SIMView"),
                reconcileSIM
            ),
            .post(
                "/v1/restored/release",
                .approver,
                "Let go of the jobs that a restore held.",
                query: [.init(name: "batch", isNumber: true, purpose: "Only those of this batch.")],
                body: .json("ReasonBody"),
                answer: .json("ReleasedView"),
                releaseRestored
            ),
        ]
    }

    // MARK: Proof

    @Sendable
    private func verify(_ call: ControlCall) async throws -> Response {
        let books = try await store.verifyBooks()
        return try .json(
            VerificationView(
                books: BooksView(
                    sims: books.sims,
                    movements: books.movements,
                    findings: books.findings
                ),
                audit: try await auditView(against: nil),
                integrity: try await store.verifyIntegrity()
            )
        )
    }

    private func auditView(against noted: ChainHead?) async throws -> AuditView {
        let report = try await store.verifyChain(against: noted)
        return AuditView(
            events: report.events,
            headSequence: report.head.sequence,
            headHash: report.head.hash.hexadecimal,
            findings: report.findings.map(\.text)
        )
    }

    private func noted(_ call: ControlCall) throws -> ChainHead? {
        let sequence = try call.number("sequence", in: 1...Int64.max)
        guard let text = call.query("hash") else {
            guard sequence == nil else { throw incomplete() }
            return nil
        }
        let digits = text.compactMap(\.hexDigitValue).map { UInt8($0) }
        guard let sequence, text.utf8.count == 64, digits.count == 64 else { throw incomplete() }
        let hash = stride(from: 0, to: 64, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
        return ChainHead(sequence: sequence, hash: hash)
    }

    private func incomplete() -> Problem {
        Problem(
            .badRequest,
            detail: "give both sequence and hash (64 hexadecimal digits), as they were noted"
        )
    }

    @Sendable
    private func listAudit(_ call: ControlCall) async throws -> Response {
        var query = AuditQuery()
        query.actor = call.query("actor")
        query.job = try call.number("job", in: 1...Int64.max).map { Job.ID($0) }
        query.kind = call.query("kind")
        query.after = try call.cursor()
        query.limit = try call.limit()
        if let text = call.query("since") {
            guard let since = Timestamp(text) else {
                throw Problem(
                    .badRequest,
                    detail: "since=\(text.visible): write a time such as 2026-11-23T09:30:00Z"
                )
            }
            query.since = since
        }
        let page = try await store.audit(query)
        return try .json(PageView(items: page.elements.map { EventView($0) }, next: page.next))
    }

    // MARK: Copies and erasure

    @Sendable
    private func backUp(_ call: ControlCall) async throws -> Response {
        let file = try await store.backUp(by: call.actor, at: call.at)
        let body = ResponseBody(contentLength: Int(file.byteCount)) { writer in
            var offset: Int64 = 0
            while true {
                let chunk = try file.chunk(at: offset)
                guard !chunk.isEmpty else { break }
                try await writer.write(ByteBuffer(bytes: chunk))
                offset += Int64(chunk.count)
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [.contentType: "application/vnd.sqlite3", .cacheControl: "no-store"],
            body: body
        )
    }

    @Sendable
    private func erase(_ call: ControlCall) async throws -> Response {
        try await order(call, as: ErasureBody.self) { body, reason in
            let (number, national) = try numbers(body.number)
            let erasure = try await store.erase(
                number,
                national: national,
                reason: reason,
                by: call.actor,
                at: call.at
            )
            return ErasureView(
                jobs: erasure.jobs,
                messages: erasure.messages,
                kept: erasure.kept
            )
        }
    }

    /// A number as people write it, in E.164 and as the texts of its carrier quote it.
    private func numbers(_ text: String) throws -> (PhoneNumber, national: String) {
        for carrier in configuration.carriers {
            let plan = carrier.rules.numbers
            if let number = plan.number(text), let national = plan.national(number) {
                return (number, national)
            }
        }
        guard let number = PhoneNumber(e164: text) else {
            throw Problem(
                .badRequest,
                detail: "number: this is no phone number; write it as +8613800138000"
            )
        }
        return (number, String(number.e164.dropFirst()))
    }

    // MARK: After a restore

    @Sendable
    private func reconcileSIM(_ call: ControlCall) async throws -> Response {
        let iccid = try call.iccid()
        return try await order(call) { reason in
            try await store.enterEpoch(iccid, reason: reason, by: call.actor, at: call.at)
            return SIMView(try await knownSIM(call))
        }
    }

    @Sendable
    private func releaseRestored(_ call: ControlCall) async throws -> Response {
        let batch = try call.number("batch", in: 1...Int64.max).map { Batch.ID($0) }
        return try await order(call) { reason in
            let released = try await store.releaseRestored(
                of: batch,
                reason: reason,
                by: call.actor,
                at: call.at
            )
            return ReleasedView(released: released)
        }
    }
}
