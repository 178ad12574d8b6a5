import ControlAPI
import JobStorage
import Recharge
import TestSupport
import Testing

@testable import ControlServer

struct JobRouteTests {
    private let order = JobOrder(number: "13800138000", amount: "49.90")

    @Test func anOrderIsTakenOnceHoweverOftenItIsSent() async throws {
        try await RunningServer.with { server in
            try await server.client { client in
                let first = try await client.post(
                    ControlPath.jobs,
                    order,
                    key: "a",
                    as: JobView.self
                )
                #expect(first.isNew)
                #expect(first.value.number == "+8613800138000")
                #expect(first.value.numberAsSubmitted == "13800138000")
                #expect(first.value.amountMinor == 4990)
                #expect(first.value.state == .ready)
                let again = try await client.post(
                    ControlPath.jobs,
                    order,
                    key: "a",
                    as: JobView.self
                )
                #expect(!again.isNew)
                #expect(again.value.id == first.value.id)
                let minor = JobOrder(
                    number: "+8613800138000",
                    amount: try Samples.yuan(20),
                    carrier: "simulated"
                )
                let problem = try await refusal {
                    _ = try await client.post(ControlPath.jobs, minor, key: "a", as: JobView.self)
                }
                #expect(problem.code == .conflict)
                #expect(problem.status == 409)
                let page: PageView<JobView> = try await client.get(ControlPath.jobs)
                #expect(page.items.map(\.id) == [first.value.id])
            }
        }
    }

    @Test func aRepeatIsGoodAfterItsDeadline() async throws {
        try await RunningServer.with { server in
            let key = NewJob.Key(client: "uid:\(server.uid)", key: "late")
            var order = order
            order.deadline = RunningServer.now.advanced(by: .seconds(-60))
            let job = try OrderReading(
                carriers: server.configuration.carriers,
                standard: nil,
                key: key
            ).job(order)
            let before = RunningServer.now.advanced(by: .seconds(-3600))
            _ = try await server.store.submit(job, by: .gateway, at: before)
            try await server.client { client in
                let again = try await client.post(
                    ControlPath.jobs,
                    order,
                    key: "late",
                    as: JobView.self
                )
                #expect(!again.isNew)
                let problem = try await refusal {
                    _ = try await client.post(ControlPath.jobs, order, key: "new", as: JobView.self)
                }
                #expect(problem.mistakes?.map(\.code) == ["deadline_passed"])
            }
        }
    }

    @Test func everyMistakeOfAnOrderIsListed() async throws {
        try await RunningServer.with { server in
            var bad = JobOrder(number: "1390", amount: "0.001")
            bad.priority = 77
            bad.reference = "a\u{7}b"
            let problem = try await server.client { client in
                try await refusal {
                    _ = try await client.post(ControlPath.jobs, bad, key: "k", as: JobView.self)
                }
            }
            #expect(problem.status == 422)
            #expect(problem.code == .badOrder)
            let fields = Set(problem.mistakes?.compactMap(\.field) ?? [])
            #expect(fields == ["number", "amount", "priority", "reference"])
        }
    }

    @Test(arguments: [
        (JobOrder(number: "13800138000", amount: "5", carrier: "nobody"), "carrier"),
        (JobOrder(number: "13800138000", amount: ""), "amount"),
        (JobOrder(number: "13800138000", amount: "501"), "amount"),
        (JobOrder(number: "\"13800138000\"", amount: "5"), "number"),
        (JobOrder(number: "", amount: "5"), "number"),
    ])
    func aBadFieldIsNamed(order: JobOrder, field: String) throws {
        let reading = OrderReading(
            carriers: [try RunningServer.carrier()],
            standard: nil,
            key: .init(client: "c", key: "k")
        )
        let problem = try #require(throws: Problem.self) { _ = try reading.job(order) }
        #expect(problem.mistakes?.map(\.field) == [field])
    }

    @Test func twoAmountsOrNoneAreRefused() throws {
        let reading = OrderReading(
            carriers: [try RunningServer.carrier()],
            standard: nil,
            key: .init(client: "c", key: "k")
        )
        var both = order
        both.amountMinor = 4990
        both.currency = "CNY"
        #expect(throws: Problem.self) { _ = try reading.job(both) }
        both.amount = nil
        let amount = try reading.job(both).amount
        #expect(amount.minorUnits == 4990)
        both.currency = "USD"
        #expect(throws: Problem.self) { _ = try reading.job(both) }
        both.amountMinor = nil
        #expect(throws: Problem.self) { _ = try reading.job(both) }
    }

    @Test func theCarrierMustBeClear() throws {
        let carriers = [try RunningServer.carrier("one"), try RunningServer.carrier("two")]
        let reading = OrderReading(
            carriers: carriers,
            standard: nil,
            key: .init(client: "c", key: "k")
        )
        let problem = try #require(throws: Problem.self) { _ = try reading.job(order) }
        #expect(problem.mistakes?.first?.code == "missing_carrier")
        var named = order
        named.carrier = "two"
        #expect(try reading.job(named).carrier.name == "two")
    }

    @Test func jobsAreFilteredAndPaged() async throws {
        try await RunningServer.with { server in
            for index in 1...5 {
                _ = try await server.store.submit(
                    Samples.order(index),
                    by: .gateway,
                    at: RunningServer.now
                )
            }
            try await server.client { client in
                var seen: [Job.ID] = []
                var after: String?
                repeat {
                    let path = ControlPath.with(
                        [("limit", "2"), ("after", after)],
                        ControlPath.jobs
                    )
                    let page: PageView<JobView> = try await client.get(path)
                    #expect(page.items.count <= 2)
                    seen += page.items.map(\.id)
                    after = page.next.map { String($0) }
                } while after != nil
                #expect(seen.map(\.rawValue) == [5, 4, 3, 2, 1])
                let one: PageView<JobView> = try await client.get(
                    ControlPath.with([("number", "13800000003")], ControlPath.jobs)
                )
                #expect(one.items.map(\.id.rawValue) == [3])
                let none: PageView<JobView> = try await client.get("/v1/jobs?state=held,failed")
                #expect(none.items.isEmpty)
            }
        }
    }

    @Test(arguments: [
        ("/v1/jobs?state=nonsense", 400), ("/v1/jobs?limit=0", 400), ("/v1/jobs?limit=x", 400),
        ("/v1/jobs?number=12", 400), ("/v1/jobs?after=-1", 400), ("/v1/jobs/0", 404),
        ("/v1/jobs/99", 404), ("/v1/jobs/abc", 404), ("/v1/batches/1", 404),
        ("/v1/batches/1/results", 404), ("/v1/nothing", 404), ("/", 404), ("/v1/hold", 405),
        ("/v1/jobs/1/cancel", 405),
    ])
    func whatCannotBeAnsweredIsAProblem(path: String, status: Int) async throws {
        try await RunningServer.with { server in
            let problem = try await server.client { client in
                try await refusal { _ = try await client.get(path, as: JobView.self) }
            }
            #expect(problem.status == status)
            #expect(problem.instance == String(path.prefix { $0 != "?" }))
        }
    }

    @Test func aJobIsWithdrawnOnceWithItsReason() async throws {
        try await RunningServer.with { server in
            try await server.client { client in
                let job = try await client.post(
                    ControlPath.jobs,
                    order,
                    key: "j",
                    as: JobView.self
                ).value
                let cancelled = try await client.post(
                    ControlPath.job(job.id, .cancel),
                    RunningServer.reason,
                    key: "c",
                    as: JobView.self
                ).value
                #expect(cancelled.state == .cancelled)
                #expect(cancelled.reason == "a test")
                let again = try await client.post(
                    ControlPath.job(job.id, .cancel),
                    RunningServer.reason,
                    key: "c",
                    as: JobView.self
                ).value
                #expect(again == cancelled)
                let other = try await refusal {
                    _ = try await client.post(
                        ControlPath.job(job.id, .release),
                        RunningServer.reason,
                        key: "c",
                        as: JobView.self
                    )
                }
                #expect(other.code == .conflict)
                let released = try await refusal {
                    _ = try await client.post(
                        ControlPath.job(job.id, .release),
                        RunningServer.reason,
                        key: "r",
                        as: JobView.self
                    )
                }
                #expect(released.code == .wrongState)
                let detail: JobDetail = try await client.get(ControlPath.job(job.id))
                #expect(detail.job.state == .cancelled)
                #expect(detail.attempts.isEmpty)
            }
        }
    }

    @Test func aHeldJobIsReleased() async throws {
        try await RunningServer.with { server in
            var held = try Samples.order(1)
            held.hold = .heldByPerson
            let job = try await server.store.submit(held, by: .gateway, at: RunningServer.now).job
            #expect(job.state == .held)
            try await server.client { client in
                let view = try await client.post(
                    ControlPath.job(job.id, .release),
                    RunningServer.reason,
                    key: "r",
                    as: JobView.self
                ).value
                #expect(view.state == .ready)
                let empty = try await refusal {
                    _ = try await client.post(
                        ControlPath.job(job.id, .cancel),
                        ReasonBody(reason: "  "),
                        key: "e",
                        as: JobView.self
                    )
                }
                #expect(empty.code == .badRequest)
            }
        }
    }

    @Test func anArmedJobCannotBeWithdrawn() async throws {
        try await RunningServer.with { server in
            let job = try await server.armedJob()
            let problem = try await server.client { client in
                try await refusal {
                    _ = try await client.post(
                        ControlPath.job(job, .cancel),
                        RunningServer.reason,
                        key: "c",
                        as: JobView.self
                    )
                }
            }
            #expect(problem.code == .outcomePending)
            #expect(problem.status == 409)
        }
    }

    @Test func evidenceIsShownWithControlCharactersVisible() async throws {
        try await RunningServer.with { server in
            let job = try await server.armedJob()
            let attempt = try #require(try await server.store.attempts(of: job).first?.0)
            let evidence = Evidence(
                kind: .sms,
                raw: Array("ok\u{1B}[2J".utf8),
                parsed: "p\n",
                grade: .answer,
                verdict: .success
            )
            try await server.store.keep(evidence, for: attempt.id, at: RunningServer.now)
            let detail: JobDetail = try await server.client {
                try await $0.get(ControlPath.job(job))
            }
            let shown = try #require(detail.attempts.first?.evidence.first)
            #expect(shown.raw == "ok\\u{1B}[2J")
            #expect(shown.parsed == "p\\n")
            #expect(shown.grade == "E3")
        }
    }
}

extension RunningServer {
    var uid: UInt32 { configuration.adminUIDs.max() ?? 0 }

    /// A job whose intent to send is on disk.
    func armedJob() async throws -> Job.ID {
        let iccid = try await admit(1)
        let job = try await store.submit(Samples.order(1), by: .gateway, at: RunningServer.now).job
        let request = ClaimRequest(
            sim: iccid,
            carrier: try Samples.carrier(),
            limits: .unlimited,
            dayBegan: RunningServer.now,
            dayEnds: RunningServer.now.advanced(by: .seconds(86_400)),
            lease: .seconds(60)
        )
        _ = try await store.claim(request, at: RunningServer.now)
        let arming = Arming(
            job: job.id,
            sim: iccid,
            redactedRequest: "CZ 13800000001 10",
            balanceBefore: nil,
            fenceUntil: RunningServer.now
        )
        _ = try await store.arm(arming, at: RunningServer.now)
        return job.id
    }
}
