import ControlAPI
import Gateway
import JobStorage
import Recharge
import TestSupport
import Testing

@testable import ControlServer

struct StationRouteTests {
    private func post<Answer: Decodable & Sendable>(
        _ client: ControlClient,
        _ path: String,
        key: String
    ) async throws -> Answer {
        try await client.post(path, RunningServer.reason, key: key, as: Answer.self).value
    }

    @Test func aSIMIsEnrolledByTwoPeople() async throws {
        try await RunningServer.with { server in
            let iccid = try await server.admit(1, .required)
            try await server.client { client in
                let path = ControlPath.sim(iccid, .enrol)
                let waiting: SIMView = try await post(client, path, key: "e")
                let proposal = try #require(waiting.proposal)
                #expect(waiting.state == .quarantined)
                _ = try await server.store.approve(
                    proposal,
                    reason: "seen it",
                    by: Actor("uid:1001(lan)"),
                    at: RunningServer.now
                )
                let page: PageView<SIMView> = try await client.get(ControlPath.sims)
                #expect(page.items.map(\.state) == [.enabled])
                #expect(page.items.map(\.proposal) == [nil])
            }
        }
    }

    @Test func aSIMIsEnrolledPausedAndResumed() async throws {
        let alone = try #require(ApprovalTerms(people: 1, verdictAbove: "100"))
        try await RunningServer.with {
            $0.approvals = alone
        } _: { server in
            let iccid = try await server.admit(1, .required)
            try await server.client { client in
                let page: PageView<SIMView> = try await client.get(ControlPath.sims)
                #expect(page.items.map(\.state) == [.quarantined])
                for (action, state) in [
                    (ControlPath.SIMAction.enrol, SIM.State.enabled), (.pause, .paused),
                    (.resume, .enabled),
                ] {
                    let view: SIMView = try await post(
                        client,
                        ControlPath.sim(iccid, action),
                        key: action.rawValue
                    )
                    #expect(view.state == state)
                }
                let problem = try await refusal {
                    let _: SIMView = try await post(
                        client,
                        ControlPath.sim(iccid, .enrol),
                        key: "again"
                    )
                }
                #expect(problem.code == .wrongState)
                let unknown = try await refusal {
                    let _: SIMView = try await post(
                        client,
                        ControlPath.sim(Samples.iccid(9), .pause),
                        key: "nobody"
                    )
                }
                #expect(unknown.code == .notFound)
                let none = try await refusal {
                    let _: SIMView = try await post(client, "/v1/sims/12/pause", key: "short")
                }
                #expect(none.code == .notFound)
            }
        }
    }

    @Test func whatTransceiversSayIsMadeVisible() async throws {
        var modem = ModemStatus(
            port: "ttyUSB0",
            phase: .failed(reason: "no SIM\r"),
            since: RunningServer.now
        )
        modem.model = "M\u{1B}[0m"
        modem.signal = -71
        let iccid = try Samples.iccid(1)
        let worker = WorkerStatus(
            iccid: iccid,
            port: "ttyUSB0",
            activity: .awaitingAnswer,
            job: Job.ID(3)
        )
        let gateway = GatewayView(modems: { [modem = modem] in [modem] }, workers: { [worker] })
        try await RunningServer.with(gateway: gateway) { server in
            _ = try await server.admit(1)
            try await server.client { client in
                let modems: PageView<ModemView> = try await client.get(ControlPath.modems)
                #expect(modems.items.first?.phase == .failed)
                #expect(modems.items.first?.reason == "no SIM\\r")
                #expect(modems.items.first?.model == "M\\u{1B}[0m")
                let sims: PageView<SIMView> = try await client.get(ControlPath.sims)
                #expect(sims.items.first?.activity == "awaiting_answer")
                #expect(sims.items.first?.job == Job.ID(3))
                let profiles: PageView<ProfileView> = try await client.get(ControlPath.profiles)
                #expect(profiles.items.map(\.id.name) == ["simulated"])
                let metrics = try await client.text(ControlPath.metrics)
                #expect(metrics.contains("recharged_modem_signal_dbm{port=\"ttyUSB0\"} -71\n"))
                #expect(metrics.contains("recharged_workers{activity=\"awaiting_answer\"} 1\n"))
                #expect(metrics.contains("recharged_jobs{state=\"unknown\"} 0\n"))
                #expect(metrics.contains("recharged_sims{state=\"enabled\"} 1\n"))
            }
        }
    }

    @Test func unreadMessagesAreListedNewestFirst() async throws {
        try await RunningServer.with { server in
            let iccid = try await server.admit(1)
            let messages = (1...3).map { index in
                InboxMessage(
                    sim: iccid,
                    pdu: "0\(index)",
                    sender: "10086",
                    text: "\(index)\u{7}",
                    sentAt: nil,
                    isRead: true
                )
            }
            try await server.store.file(messages, at: RunningServer.now)
            let page: PageView<InboxView> = try await server.client {
                try await $0.get("/v1/inbox?limit=2")
            }
            #expect(page.items.map(\.text) == ["3\\u{07}", "2\\u{07}"])
            #expect(page.next != nil)
        }
    }

    @Test func aHoldStandsUntilItIsReleased() async throws {
        try await RunningServer.with { server in
            try await server.client { client in
                let held: HoldView = try await post(client, ControlPath.hold, key: "h")
                #expect(held.hold)
                var stats: StatsView = try await client.get(ControlPath.stats)
                #expect(stats.hold?.contains("a test") == true)
                let released: HoldView = try await post(client, ControlPath.release, key: "r")
                #expect(!released.hold)
                stats = try await client.get(ControlPath.stats)
                #expect(stats.hold == nil)
                #expect(stats.at == RunningServer.now)
            }
        }
    }

    @Test func healthIsAnswered() async throws {
        try await RunningServer.with { server in
            try await server.client { client in
                let alive: HealthView = try await client.get(ControlPath.alive)
                let ready: HealthView = try await client.get(ControlPath.ready)
                #expect([alive.status, ready.status] == ["alive", "ready"])
            }
        }
    }

    @Test(arguments: [
        "", "[]", "{}", "{\"reason\":5}", "nonsense", "{\"reason\":\"\"}",
        "{\"reason\":\"\(String(repeating: "x", count: 501))\"}",
    ])
    func whatIsNoReasonIsRefused(body: String) async throws {
        try await RunningServer.with { server in
            let problem = try await server.client { client in
                try await refusal {
                    var rest: [UInt8]? = Array(body.utf8)
                    _ = try await client.upload(
                        ControlPath.hold,
                        contentType: "application/json",
                        key: "k",
                        as: HoldView.self
                    ) { rest.take() }
                }
            }
            #expect(problem.code == .badRequest)
            #expect(try await server.store.stats(at: RunningServer.now).hold == nil)
        }
    }

    @Test func aDocumentThatIsTooLongIsRefused() async throws {
        try await RunningServer.with { server in
            let problem = try await server.client { client in
                try await refusal {
                    _ = try await client.post(
                        ControlPath.hold,
                        ReasonBody(reason: String(repeating: "x", count: 70_000)),
                        key: "k",
                        as: HoldView.self
                    )
                }
            }
            #expect(problem.code == .tooLarge)
        }
    }
}
