import ControlAPI
import Gateway
import Hummingbird
import JobStorage
import Recharge

/// The routes of SIMs, transceivers and the inbox.
extension ControlService {
    var stationRoutes: [Route] {
        [
            .get("/v1/sims", "List the SIMs and what they do.", answer: .json("SIMPage")) { _ in
                try .json(PageView(items: try await simViews(), next: nil))
            },
            setState(
                "/v1/sims/{iccid}/pause",
                "Let a SIM take no further job.",
                from: [.enabled],
                to: .paused
            ),
            setState(
                "/v1/sims/{iccid}/resume",
                "Let a paused SIM work again.",
                from: [.paused],
                to: .enabled
            ),
            .post(
                "/v1/sims/{iccid}/enrol",
                .operator,
                "Let a SIM work in the transceiver it was seen in, once a second person approved.",
                body: .json("ReasonBody"),
                answer: .json("SIMView"),
                enrol
            ),
            .get("/v1/modems", "List the transceivers.", answer: .json("ModemPage")) { _ in
                let modems = await gateway.modems().map { ModemView($0) }
                return try .json(PageView(items: modems, next: nil))
            },
            .get(
                "/v1/inbox",
                "List received messages that belong to no job, newest first.",
                query: Route.Parameter.page,
                answer: .json("InboxPage"),
                listInbox
            ),
        ]
    }

    private func setState(
        _ path: String,
        _ summary: String,
        from origins: Set<SIM.State>,
        to state: SIM.State
    ) -> Route {
        .post(path, .operator, summary, body: .json("ReasonBody"), answer: .json("SIMView")) {
            call in
            let iccid = try call.iccid()
            return try await order(call) { reason in
                let sims = try await store.sims()
                guard let sim = sims.first(where: { $0.iccid == iccid }) else {
                    throw Problem(.notFound, detail: "there is no SIM \(iccid)")
                }
                guard origins.contains(sim.state) else {
                    throw Problem(
                        .wrongState,
                        detail: "SIM \(iccid) is \(sim.state.rawValue) already"
                    )
                }
                try await store.setState(
                    of: iccid,
                    to: state,
                    reason: reason,
                    by: call.actor,
                    at: call.at
                )
                return try await simView(iccid)
            }
        }
    }

    @Sendable
    private func enrol(_ call: ControlCall) async throws -> Response {
        let sim = try await knownSIM(call)
        return try await order(call) { reason in
            _ = try await store.enrol(
                sim.iccid,
                reason: reason,
                people: approvals(call).people,
                by: call.actor,
                at: call.at
            )
            return try await simView(sim.iccid)
        }
    }

    private func simView(_ iccid: ICCID) async throws -> SIMView {
        guard let view = try await simViews().first(where: { $0.iccid == iccid }) else {
            throw Problem(.notFound, detail: "SIM \(iccid) has gone")
        }
        return view
    }

    private func simViews() async throws -> [SIMView] {
        let workers = Dictionary(
            await gateway.workers().map { ($0.iccid, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        return try await store.sims().map { sim in
            var view = SIMView(sim)
            if let worker = workers[sim.iccid] {
                view.port = worker.port.visible
                view.activity = worker.activity.rawValue
                view.job = worker.job
            }
            return view
        }
    }

    @Sendable
    private func listInbox(_ call: ControlCall) async throws -> Response {
        let page = try await store.inbox(after: try call.cursor(), limit: try call.limit())
        let items = page.elements.map { InboxView(id: $0.id, $0.message, filedAt: $0.filedAt) }
        return try .json(PageView(items: items, next: page.next))
    }
}

extension ModemView {
    /// What the gateway says of a transceiver; all texts in it are the transceiver's own.
    init(_ status: ModemStatus) {
        self.init(port: status.port.visible, phase: Phase(status.phase), since: status.since)
        switch status.phase {
        case .failed(let reason): self.reason = reason.visible
        case .opening, .identifying, .quarantined, .working: break
        }
        manufacturer = status.manufacturer?.visible
        model = status.model?.visible
        revision = status.revision?.visible
        imei = status.imei
        iccid = status.iccid
        signalDbm = status.signal
        isRegistered = status.isRegistered
    }
}

extension ModemView.Phase {
    init(_ phase: ModemStatus.Phase) {
        self =
            switch phase {
            case .opening: .opening
            case .identifying: .identifying
            case .quarantined: .quarantined
            case .working: .working
            case .failed: .failed
            }
    }
}
