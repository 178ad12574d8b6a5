import ControlAPI
import Gateway
import JobStorage
import Recharge
import TestSupport
import Testing

@testable import ControlServer

/// Limits over the socket: seen, lowered, raised, and waited for.
struct LimitRouteTests {
    private func withLimits(
        role: Role? = nil,
        people: Int = 2,
        _ body: (RunningServer, ControlClient) async throws -> Void
    ) async throws {
        try await RunningServer.with { configuration in
            configuration.carriers[0].uses.number.perDay = UseLimit(count: 3)
            configuration.carriers[0].uses.carrier.perHour = UseLimit(minorUnits: 100_000)
            configuration.ownLimits = OwnLimits(global: UseLimits(perDay: UseLimit(count: 500)))
            configuration.approvals.people = people
            guard let role else { return }
            configuration.roles = configuration.adminUIDs.map { RoleRule(.uid($0), role) }
            configuration.adminUIDs = []
        } _: { server in
            try await server.client { try await body(server, $0) }
        }
    }

    private func body(
        _ scope: UseScope = .global,
        _ subject: String? = nil,
        _ per: UseSpan = .day,
        _ measure: UseMeasure = .count,
        limit: Int64? = nil,
        amount: String? = nil,
        setting: LimitBody.Setting? = nil
    ) -> LimitBody {
        var body = LimitBody(
            scope: scope,
            subject: subject,
            per: per,
            measure: measure,
            reason: "a test"
        )
        (body.limit, body.amount, body.setting) = (limit, amount, setting)
        return body
    }

    private func set(_ client: ControlClient, _ body: LimitBody) async throws -> LimitReceipt {
        try await client.post(ControlPath.limits, body, key: "\(body.hashValue)").value
    }

    @Test func theListTellsWhatIsConfiguredAndWhatWasSet() async throws {
        try await withLimits { _, client in
            let before: LimitReport = try await client.get(ControlPath.limits)
            #expect(before.limits.map(\.scope) == [.number, .carrier, .global])
            #expect(before.limits.map(\.limit) == [3, 100_000, 500])
            #expect(before.limits.map(\.currency) == [nil, "CNY", nil])
            #expect(before.limits[0].carrier?.name == "simulated")
            _ = try await set(client, body(limit: 20))
            _ = try await set(client, body(.client, "uid:1000", .hour, .sum, amount: "49.90"))
            let after: LimitReport = try await client.get(ControlPath.limits)
            let global = try #require(after.limits.last)
            #expect(global.limit == 20 && global.configured == 500)
            #expect(global.reason == "a test" && global.setBy?.hasPrefix("uid:") == true)
            let client = try #require(after.limits.first { $0.scope == .client })
            #expect(client.subject == "uid:1000" && client.limit == 4990)
            #expect(client.currency == "CNY" && client.configured == nil)
        }
    }

    /// Where one person decides, that is an approver.
    @Test(arguments: [(Role.operator, 20), (.approver, 500)] as [(Role, Int64)])
    func whereOnePersonDecidesOnlyAnApproverRaisesALimit(role: Role, limit: Int64) async throws {
        try await withLimits(role: role, people: 1) { _, client in
            _ = try await set(client, body(limit: 20))
            let raised = try await set(client, body(setting: .configured))
            #expect(raised.limits.map(\.limit) == [limit])
            #expect(raised.proposal?.state == (limit == 20 ? .open : .approved))
        }
    }

    @Test func oneOperatorLowersAndAnotherPersonMustApproveARaise() async throws {
        try await withLimits(role: .operator) { server, client in
            let lowered = try await set(client, body(limit: 20))
            #expect(lowered.proposal == nil && lowered.limits.map(\.limit) == [20])
            let raised = try await set(client, body(setting: .configured))
            let proposal = try #require(raised.proposal)
            #expect(proposal.state == .open && proposal.kind == .limit)
            #expect(proposal.what == "from 20 to configured")
            #expect(raised.limits.map(\.limit) == [20])
            _ = try await server.store.approve(
                proposal.id,
                reason: "agreed",
                by: Actor("uid:1001(lan)"),
                at: RunningServer.now
            )
            let report: LimitReport = try await client.get(ControlPath.limits)
            #expect(report.limits.last?.limit == 500 && report.limits.last?.setBy == nil)
        }
    }

    @Test func aSubmitterSetsNone() async throws {
        try await withLimits(role: .submitter) { _, client in
            let problem = try await refusal { _ = try await set(client, body(limit: 1)) }
            #expect(problem.code == .forbidden)
        }
    }

    @Test func whatNamesNothingOrSaysTwoThingsIsRefused() async throws {
        try await withLimits { server, client in
            let sim = try await server.admit(1)
            for wrong in [
                body(.number, "+8613800138001", limit: 1), body(.global, "x", limit: 1),
                body(.carrier, "nobody", limit: 1), body(.client, "", limit: 1),
                body(.client, "mei", limit: 1), body(.client, "uid:0(root)", limit: 1),
                body(.client, "uid:00", limit: 1), body(.client, "uid:+1", limit: 1),
                body(.sim, "89860000000000000099", limit: 1), body(limit: -1), body(),
                body(limit: 1, setting: .unlimited), body(amount: "5"),
                body(.global, nil, .day, .sum, amount: "5.001"),
                body(.global, nil, .day, .sum, limit: 5, amount: "5"),
            ] {
                let problem = try await refusal { _ = try await set(client, wrong) }
                #expect(problem.code == .badRequest, "\(wrong)")
            }
            let known = try await set(client, body(.sim, sim.digits, .minute, limit: 2))
            #expect(known.limits.map(\.limit) == [2])
            #expect(known.limits.map(\.carrier?.name) == ["simulated"])
        }
    }

    @Test func aJobThatWaitsForALimitSaysSoAndUntilWhen() async throws {
        try await withLimits { server, client in
            _ = try await server.admit(1)
            _ = try await set(client, body(.carrier, "simulated", .hour, .sum, amount: "15"))
            let order = JobOrder(number: "13800138001", amount: "20")
            let job: JobView = try await client.post(ControlPath.jobs, order, key: "a").value
            let detail: JobDetail = try await client.get(ControlPath.job(job.id))
            #expect(detail.job.state == .ready)
            let words = "over the limit of carrier simulated per hour: 0.00 of 15.00 CNY are used"
            #expect(detail.job.reason?.hasPrefix(words) == true, "\(detail.job)")
            #expect(detail.goesOnAt == RunningServer.now.advanced(by: .seconds(3600)))
        }
    }
}
