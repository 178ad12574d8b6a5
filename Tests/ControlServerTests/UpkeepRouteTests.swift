import ControlAPI
import Foundation
import Glibc
import JobStorage
import Recharge
import TestSupport
import Testing

@testable import ControlServer

/// Floats, proof, copies and erasure over the socket.
struct UpkeepRouteTests {
    private func topUp(
        _ client: ControlClient,
        _ sim: ICCID,
        _ amount: String,
        key: String,
        reason: String = "paid in"
    ) async throws -> FloatView {
        let body = TopUpBody(amount: amount, reason: reason)
        return try await client.post(ControlPath.float(sim, .topUp), body, key: key).value
    }

    @Test func aFloatIsToppedUpOnceAndReconciledWithTheCarrier() async throws {
        try await RunningServer.with { server in
            let sim = try await server.admit(1)
            try await server.client { client in
                for _ in 1...2 {
                    let float = try await topUp(client, sim, "49.90", key: "t")
                    #expect(float.confirmed.amountMinor == 4990)
                }
                let conflict = try await refusal {
                    _ = try await topUp(client, sim, "50", key: "t")
                }
                #expect(conflict.code == .conflict)
                for amount in ["0", "-1", "1.234", "much"] {
                    let problem = try await refusal {
                        _ = try await topUp(client, sim, amount, key: "k\(amount)")
                    }
                    #expect(problem.code == .badRequest, "\(amount)")
                }
                let early = try await refusal {
                    _ = try await client.post(
                        ControlPath.float(sim, .reconcile),
                        RunningServer.reason,
                        key: "r",
                        as: FloatView.self
                    )
                }
                #expect(early.code == .wrongState)
                let report = FloatReport(
                    sim: sim,
                    balance: try Samples.yuan(100),
                    messages: [],
                    inquiry: nil,
                    isCurrent: true
                )
                try await server.store.report(report, at: RunningServer.now)
                let float: FloatView = try await client.post(
                    ControlPath.float(sim, .reconcile),
                    RunningServer.reason,
                    key: "r2"
                ).value
                #expect(float.confirmed.amountMinor == 10_000)
                #expect(float.drift.amountMinor == 0 && float.reported?.amountMinor == 10_000)
                let page: PageView<MovementView> = try await client.get(
                    ControlPath.movements(of: sim)
                )
                #expect(page.items.map(\.kind) == [.opening, .topUp])
                let floats: PageView<FloatView> = try await client.get(ControlPath.floats)
                #expect(floats.items == [float])
                let metrics = try await client.text(ControlPath.metrics)
                #expect(metrics.contains("recharged_float_confirmed_minor{carrier=\"simulated\""))
                #expect(metrics.contains("\"} 10000\n") && metrics.contains("float_low{"))
            }
        }
    }

    @Test func whatIsKeptIsProvedAndWhatDisagreesIsListed() async throws {
        try await RunningServer.with { server in
            _ = try await server.admit(1)
            try await server.client { client in
                let view: VerificationView = try await client.get(ControlPath.verify)
                #expect(view.findings == [] && view.books.sims == 1)
                let audit: AuditView = try await client.get(ControlPath.auditVerify)
                #expect(audit == view.audit && audit.headHash.count == 64)
                let query = [
                    ("sequence", String(audit.headSequence)),
                    ("hash", String(repeating: "0", count: 64)),
                ]
                let noted: AuditView = try await client.get(
                    ControlPath.with(query, ControlPath.auditVerify)
                )
                #expect(noted.findings.count == 1)
                let half = try await refusal {
                    let _: AuditView = try await client.get(
                        ControlPath.with([query[0]], ControlPath.auditVerify)
                    )
                }
                #expect(half.code == .badRequest)
            }
        }
    }

    @Test func changesAreListedByActorJobKindAndTime() async throws {
        try await RunningServer.with { server in
            let job = try await server.store.submit(
                try Samples.order(1),
                by: .init("uid:1(mei)"),
                at: RunningServer.now
            ).job
            try await server.client { client in
                let _: HoldView = try await client.post(
                    ControlPath.hold,
                    ReasonBody(reason: "customer 13800138000 called, SIM 89860012340000000001"),
                    key: "h"
                ).value
                func list(_ query: (String, String?)...) async throws -> [EventView] {
                    let page: PageView<EventView> = try await client.get(
                        ControlPath.with(query, ControlPath.audit)
                    )
                    return page.items
                }
                #expect(try await list(("actor", "uid:1(mei)")).map(\.job) == [job.id])
                #expect(try await list(("job", "\(job.id)")).map(\.kind) == ["job.submitted"])
                let held = try await list(("kind", "gateway.held"))
                #expect(
                    held.first?.details["reason"]
                        == "customer 138****00 called, SIM 89860012340000000001",
                    "a number does not enter the chain of events"
                )
                #expect(held.first?.details["after"]?.hasPrefix("on hold") == true)
                #expect(try await list(("since", "2030-01-01")).isEmpty)
                let problem = try await refusal { _ = try await list(("since", "yesterday")) }
                #expect(problem.code == .badRequest)
            }
        }
    }

    /// Before a restart it lifted another hold.
    @Test func anOldKeyLiftsNoNewHold() async throws {
        try await RunningServer.with { server in
            try await server.client { client in
                func order(_ path: String, _ key: String) async throws {
                    let _: HoldView = try await client.post(path, RunningServer.reason, key: key)
                        .value
                }
                try await order(ControlPath.hold, "h")
                let user = "uid:\(getuid())"
                let old = NewJob.Key(client: user, key: "old")
                #expect(try await server.store.take(old, at: RunningServer.sent) == nil)
                let problem = try await refusal { try await order(ControlPath.release, "old") }
                #expect(problem.code == .conflict)
                #expect(problem.detail.contains(RunningServer.sent.rfc3339))
                #expect(try await server.store.stats(at: RunningServer.now).hold != nil)
                try await order(ControlPath.release, "new")
                try await order(ControlPath.release, "new")
                // What was refused did not use its key up.
                let gone = ControlPath.job(Job.ID(99), .release)
                for _ in 0..<2 {
                    let none = try await refusal { try await order(gone, "again") }
                    #expect(none.code == .notFound)
                }
            }
        }
    }

    /// What an event holds is kept for ever.
    @Test(arguments: [
        ("138 0013 8000, 138-0013-8001", "138****00, 138****01"),
        ("1380013800１", "138****01"),
        ("on 2026-11-20 13800138000 5.00", "on 2026-11-20 138****00 5.00"),
        ("+86 13800138000/13800138001", "+861****00/138****01"),
        ("138 0013 8000 138 0013 8001", "138****00 138****01"),
        ("SIM 89860012340000000001", "SIM 89860012340000000001"), ("12 13 14", "12 13 14"),
    ])
    func noNumberEntersTheChainHoweverItIsWritten(text: String, kept: String) async throws {
        try await RunningServer.with { server in
            try await server.client { client in
                let _: HoldView = try await client.post(
                    ControlPath.hold,
                    ReasonBody(reason: text),
                    key: "h"
                ).value
                let events = try await server.store.audit(AuditQuery()).elements
                let held = events.first { $0.event.kind == "gateway.held" }
                #expect(held?.event.details.contains(.init("reason", kept)) == true)
            }
        }
    }

    @Test func aBackupComesWholeAndOpens() async throws {
        try await RunningServer.with { server in
            _ = try await server.store.submit(
                try Samples.order(1),
                by: .gateway,
                at: RunningServer.now
            )
            var bytes: [UInt8] = []
            try await server.client { client in
                try await client.download(ControlPath.backup) { bytes += $0 }
            }
            let file = server.folder.path("backup")
            try Data(bytes).write(to: URL(fileURLWithPath: file))
            var jobs: [Job.ID] = []
            let report = try Restoration.restore(
                file,
                into: server.folder.path("other"),
                replaces: false,
                at: RunningServer.now
            ) { jobs.append($0.job.id) }
            #expect(report.held == 1 && jobs.count == 1)
            let left = try FileManager.default.contentsOfDirectory(
                atPath: server.folder.path("state")
            )
            #expect(!left.contains { $0.hasPrefix("backup") })
        }
    }

    @Test func aNumberIsErasedAndTheAnswerSaysHowOften() async throws {
        try await RunningServer.with { server in
            let store = server.store
            let now = RunningServer.now
            let job = try await store.submit(try Samples.order(1), by: .gateway, at: now).job
            try await server.client { client in
                func erase(_ number: String, key: String) async throws -> ErasureView {
                    let body = ErasureBody(number: number, reason: "asked for")
                    return try await client.post(ControlPath.erasures, body, key: key).value
                }
                let number = job.order.number.e164
                #expect(try await erase(number, key: "1").kept == 1)
                _ = try await store.cancel(job.id, reason: "r", by: .gateway, at: now)
                #expect(try await erase(String(number.dropFirst(3)), key: "2").jobs == 1)
                let detail: JobDetail = try await client.get(ControlPath.job(job.id))
                #expect(detail.job.number == PhoneNumber.erased.e164)
                let problem = try await refusal { _ = try await erase("12", key: "3") }
                #expect(problem.code == .badRequest)
            }
        }
    }

    @Test func withoutARestoreThereIsNothingToReconcile() async throws {
        try await RunningServer.with { server in
            let sim = try await server.admit(1)
            try await server.client { client in
                let problem = try await refusal {
                    _ = try await client.post(
                        ControlPath.sim(sim, .reconcile),
                        RunningServer.reason,
                        key: "s",
                        as: SIMView.self
                    )
                }
                #expect(problem.code == .wrongState)
                let view: ReleasedView = try await client.post(
                    ControlPath.restoredRelease,
                    RunningServer.reason,
                    key: "j"
                ).value
                #expect(view.released == 0)
            }
        }
    }
}
