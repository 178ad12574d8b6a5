import Carriers
import ControlAPI
import Gateway
import Hummingbird
import JobStorage
import Recharge

/// The routes of what SIMs, numbers, clients, carriers and all together may use up.
extension ControlService {
    var limitRoutes: [Route] {
        [
            .get(
                "/v1/limits",
                "List the limits, and what is used up of the windows that are open.",
                answer: .json("LimitReport"),
                listLimits
            ),
            .post(
                "/v1/limits",
                .operator,
                "Set a limit: lower it at once, or raise it once a second person approved.",
                body: .json("LimitBody"),
                answer: .json("LimitReceipt"),
                setLimit
            ),
        ]
    }

    @Sendable
    private func listLimits(_ call: ControlCall) async throws -> Response {
        let uses = try await store.uses(at: call.at).map { UseView($0) }
        return try .json(LimitReport(limits: try await limitTable().limits, uses: uses))
    }

    @Sendable
    private func setLimit(_ call: ControlCall) async throws -> Response {
        try await order(call, as: LimitBody.self) { body, reason in
            let table = try await limitTable()
            let figure = LimitFigure(body.scope, body.subject, body.per, body.measure)
            guard table.isKnown(figure) else {
                throw Problem(
                    .badRequest,
                    detail: "there is no such \(body.scope.rawValue) to limit: a SIM is named by "
                        + "its ICCID, a carrier by its profile, a client as uid:1000; numbers, and "
                        + "all together, have no names"
                )
            }
            let proposal = try await store.setLimit(
                LimitChange(figure, try setting(body, table.currency(of: figure))),
                configured: table.limits(of: figure).map(\.configured),
                reason: reason,
                people: approvals(call).people,
                by: call.actor,
                at: call.at
            )
            return LimitReceipt(
                limits: try await limitTable().limits(of: figure),
                proposal: proposal.map { ProposalView($0) }
            )
        }
    }

    private func setting(_ body: LimitBody, _ currency: Currency?) throws -> LimitSetting {
        let amount = body.amount.flatMap { text in
            currency.flatMap { Amount(major: text, currency: $0)?.minorUnits }
        }
        let value = body.limit ?? amount
        switch (body.limit, body.amount, body.setting) {
        case (nil, nil, .unlimited?): return .unlimited
        case (nil, nil, .configured?): return .configured
        case (_?, nil, nil), (nil, _?, nil):
            guard let value, value >= 0, body.amount == nil || body.measure == .sum else { break }
            return .limit(value)
        case (nil, nil, nil), (_, _, _): break
        }
        throw Problem(
            .badRequest,
            detail: "give one of limit (recharges, or minor units), amount (a sum such as "
                + "\"5000\", where all carriers concerned have one currency) and setting (none, "
                + "configured)"
        )
    }

    private func limitTable() async throws -> LimitTable {
        LimitTable(
            carriers: configuration.carriers,
            own: configuration.ownLimits.uses,
            sims: try await store.sims(),
            overrides: try await store.limitOverrides()
        )
    }

    // MARK: Who waits for one

    /// The limit that keeps a job back, and until when.
    func limitWait(of job: Job, at now: Timestamp) async throws -> LimitWait? {
        guard let carrier = configuration.carriers.first(where: { $0.id == job.order.carrier })
        else { return nil }
        var uses = carrier.uses
        uses.client = configuration.ownLimits.client
        uses.global = configuration.ownLimits.global
        let day = carrier.zone.dayBounds(containing: now)
        let ownDay = configuration.ownLimits.zone.dayBounds(containing: now)
        return try await store.wait(
            of: job.id,
            uses,
            day: day.began..<day.ends,
            ownDay: ownDay.began..<ownDay.ends,
            at: now
        )
    }
}
