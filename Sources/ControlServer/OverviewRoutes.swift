import ControlAPI
import Gateway
import Hummingbird
import JobStorage
import Recharge

/// The routes that watch: statistics, metrics, events, health, and the description of all routes.
extension ControlService {
    var overviewRoutes: [Route] {
        [
            .get("/v1/stats", "The gateway at a glance.", answer: .json("StatsView")) { call in
                try .json(try await stats(at: call.at))
            },
            .get(
                "/v1/events",
                "Events as they happen (server-sent events); resumes after Last-Event-ID.",
                query: [
                    .init(name: "after", isNumber: true, purpose: "Resumes after this event.")
                ],
                answer: .text("text/event-stream"),
                events
            ),
            .get("/metrics", "Figures for Prometheus.", answer: .text("text/plain")) { call in
                let metrics = MetricsText(
                    stats: try await stats(at: call.at),
                    sims: try await store.sims(),
                    floats: try await store.floats(),
                    modems: await gateway.modems()
                )
                return .text(metrics.text, contentType: "text/plain; version=0.0.4")
            },
            .get("/healthz", "Whether the process answers.", answer: .json("HealthView")) { _ in
                try .json(HealthView(status: "alive"))
            },
            .get("/readyz", "Whether the queue answers.", answer: .json("HealthView"), ready),
            .get("/openapi.json", "This description.", answer: .json("OpenAPI")) { _ in
                .json(bytes: Array(try OpenAPIDocument(routes, configuration.version).text.utf8))
            },
        ]
    }

    @Sendable
    private func ready(_ call: ControlCall) async throws -> Response {
        do {
            _ = try await store.stats(at: call.at)
        } catch let error as JobStoreError {
            throw Problem(.notReady, detail: error.message)
        }
        return try .json(HealthView(status: "ready"))
    }

    private func stats(at now: Timestamp) async throws -> StatsView {
        let queue = try await store.stats(at: now)
        var view = StatsView(
            version: configuration.version,
            practice: configuration.isPractice,
            startedAt: startedAt,
            at: now
        )
        view.hold = queue.hold?.visible
        view.jobs = Dictionary(
            uniqueKeysWithValues: queue.jobs.map { ($0.key.rawValue, $0.value) }
        )
        view.oldestReadyAt = queue.oldestReadyAt
        view.oldestUnknownAt = queue.oldestUnknownAt
        view.commits = queue.commits
        view.operations = queue.operations
        view.longestCommitWaitMs = queue.longestCommitWait / .milliseconds(1)
        view.claims = queue.claims
        view.claimNanoseconds = Int(queue.claimTime / .nanoseconds(1))
        view.walBytes = queue.walBytes
        view.sims = counts(try await store.sims().map(\.state.rawValue))
        view.workers = counts(await gateway.workers().map(\.activity.rawValue))
        view.modems = counts(
            await gateway.modems().map { ModemView.Phase($0.phase).rawValue }
        )
        return view
    }

    private func counts(_ names: [String]) -> [String: Int] {
        names.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }
}
