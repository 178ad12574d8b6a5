import ControlAPI
import Hummingbird
import JobStorage
import NIOCore
import Recharge

/// The routes of batches already taken; taking one is in `BatchUpload`.
extension ControlService {
    var batchRoutes: [Route] {
        let upload: [Route.Parameter] = [
            .init(name: "name", purpose: "What people call it: the file's name."),
            .init(name: "carrier", purpose: "The carrier of rows that name none."),
            .init(name: "accept_valid", purpose: "`true`: take the good rows, leave out the bad."),
            Route.Parameter.allowDuplicates,
        ]
        let dryRun = Route.Parameter(name: "dry_run", purpose: "`true`: check it, store nothing.")
        return [
            .post(
                "/v1/batches",
                .submitter,
                "Order what a CSV file says. One bad row refuses the whole file.",
                query: upload + [dryRun],
                body: .csv,
                answer: .createdOrReport("BatchReceipt", "BatchReport")
            ) { try await self.upload(call: $0, isDryRun: $0.flag("dry_run")) },
            .post(
                "/v1/batches/check",
                .submitter,
                "Check a CSV file and forecast its cost and duration; nothing is stored.",
                query: upload,
                body: .csv,
                answer: .json("BatchReport")
            ) { try await self.upload(call: $0, isDryRun: true) },
            .get(
                "/v1/batches",
                "List batches, newest first.",
                query: Route.Parameter.page,
                answer: .json("BatchPage"),
                listBatches
            ),
            .get(
                "/v1/batches/{id}",
                "Show a batch and how far it has come.",
                answer: .json("BatchView"),
                showBatch
            ),
            .get(
                "/v1/batches/{id}/results",
                "The results of a batch so far, one CSV line for each job.",
                answer: .text("text/csv"),
                results
            ),
            change("/v1/batches/{id}/pause", .pause, "Let no further job of a batch start."),
            change("/v1/batches/{id}/resume", .resume, "Let the jobs of a paused batch start."),
            change("/v1/batches/{id}/cancel", .cancel, "Withdraw all jobs not yet armed."),
        ]
    }

    private func change(_ path: String, _ change: BatchChange, _ summary: String) -> Route {
        .post(path, .operator, summary, body: .json("ReasonBody"), answer: .json("BatchView")) {
            call in
            let id = try call.batchID()
            return try await order(call) { reason in
                if change == .resume, let batch = try await store.batch(id), batch.isSuspect {
                    try await vouch(for: .batch(id), reason: reason, call)
                    return BatchView(try await store.batch(id) ?? batch, at: call.at)
                }
                let batch = try await store.change(
                    id,
                    change,
                    reason: reason,
                    by: call.actor,
                    at: call.at
                )
                return BatchView(batch, at: call.at)
            }
        }
    }

    @Sendable
    private func listBatches(_ call: ControlCall) async throws -> Response {
        let page = try await store.batches(after: try call.cursor(), limit: try call.limit())
        return try .json(
            PageView(
                items: page.elements.map { BatchView($0, at: call.at) },
                next: page.next
            )
        )
    }

    @Sendable
    private func showBatch(_ call: ControlCall) async throws -> Response {
        try .json(BatchView(try await knownBatch(call), at: call.at))
    }

    private func knownBatch(_ call: ControlCall) async throws -> Batch {
        let id = try call.batchID()
        guard let batch = try await store.batch(id) else {
            throw Problem(.notFound, detail: "there is no batch \(id)")
        }
        return batch
    }

    /// Pages through the store while the client reads: no more than one page is in memory.
    @Sendable
    private func results(_ call: ControlCall) async throws -> Response {
        let batch = try await knownBatch(call)
        let body = ResponseBody { [store] writer in
            try await writer.write(ByteBuffer(string: ResultsFile.header))
            var query = JobQuery(batch: batch.id, limit: ControlCall.pageMax)
            repeat {
                let page = try await store.jobs(query)
                let rows = page.elements.map(ResultsFile.row).joined()
                if !rows.isEmpty { try await writer.write(ByteBuffer(string: rows)) }
                query.after = page.next
            } while query.after != nil
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [.contentType: "text/csv; charset=utf-8"],
            body: body
        )
    }
}
