import ControlAPI
import Hummingbird
import JobStorage
import Recharge

/// The routes of the SIMs' floats.
extension ControlService {
    var floatRoutes: [Route] {
        [
            .get("/v1/floats", "List the float of each SIM.", answer: .json("FloatPage")) { _ in
                let floats = try await store.floats().map(FloatView.init)
                return try .json(PageView(items: floats, next: nil))
            },
            .get(
                "/v1/floats/{iccid}/movements",
                "List what moved the float of a SIM, newest first.",
                query: Route.Parameter.page,
                answer: .json("MovementPage"),
                listMovements
            ),
            .post(
                "/v1/floats/{iccid}/topup",
                .operator,
                "Record money that was paid into a float.",
                body: .json("TopUpBody"),
                answer: .json("FloatView"),
                topUp
            ),
            .post(
                "/v1/floats/{iccid}/reconcile",
                .approver,
                "Accept the carrier's figure; the difference is booked as an adjustment.",
                body: .json("ReasonBody"),
                answer: .json("FloatView"),
                reconcileFloat
            ),
        ]
    }

    @Sendable
    private func listMovements(_ call: ControlCall) async throws -> Response {
        let sim = try await knownSIM(call)
        let page = try await store.movements(
            of: sim.iccid,
            after: try call.cursor(),
            limit: try call.limit()
        )
        return try .json(
            PageView(items: page.elements.map(MovementView.init), next: page.next)
        )
    }

    @Sendable
    private func topUp(_ call: ControlCall) async throws -> Response {
        let sim = try await knownSIM(call)
        let key = try call.key()
        return try await order(call, as: TopUpBody.self, keepsKey: false) { body, reason in
            try await store.topUp(
                sim.iccid,
                try await amount(body, of: sim),
                key: key,
                reason: reason,
                by: call.actor,
                at: call.at
            )
            return try await float(of: sim.iccid)
        }
    }

    @Sendable
    private func reconcileFloat(_ call: ControlCall) async throws -> Response {
        let sim = try await knownSIM(call)
        return try await order(call) { reason in
            try await store.reconcile(sim.iccid, reason: reason, by: call.actor, at: call.at)
            return try await float(of: sim.iccid)
        }
    }

    /// The amount of a top-up, in the currency of the float or of the carrier.
    private func amount(_ body: TopUpBody, of sim: SIM) async throws -> Amount {
        let known = try await store.floats().first { $0.sim == sim.iccid }?.confirmed.currency
        let carrier = configuration.carriers.first { $0.id == sim.carrier }
        guard let currency = known ?? carrier?.rules.currency else {
            throw Problem(
                .wrongState,
                detail: "SIM \(sim.iccid): its carrier \(sim.carrier.name) has no profile here"
            )
        }
        let amount: Amount? =
            switch (body.amount, body.amountMinor) {
            case (let text?, nil): Amount(major: text, currency: currency)
            case (nil, let units?): Amount(minorUnits: units, currency: currency)
            case (nil, nil), (_?, _?): nil
            }
        guard let amount, (1...Amount.minorUnitsMax).contains(amount.minorUnits) else {
            throw Problem(
                .badRequest,
                detail: "the amount must be above nothing and in \(currency.code), such as 5000 or "
                    + "49.90"
            )
        }
        return amount
    }

    func float(of iccid: ICCID) async throws -> FloatView {
        guard let float = try await store.floats().first(where: { $0.sim == iccid }) else {
            throw Problem(.notFound, detail: "SIM \(iccid): it has no float yet")
        }
        return FloatView(float)
    }

    func knownSIM(_ call: ControlCall) async throws -> SIM {
        try await sim(try call.iccid())
    }

    func sim(_ iccid: ICCID) async throws -> SIM {
        guard let sim = try await store.sims().first(where: { $0.iccid == iccid }) else {
            throw Problem(.notFound, detail: "there is no SIM \(iccid)")
        }
        return sim
    }
}
