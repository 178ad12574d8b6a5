import ControlAPI
import JobStorage
import Recharge
import TestSupport
import Testing

@testable import ControlServer

/// Carriers' statements, over the socket.
struct StatementRouteTests {
    private static func body(_ csv: String = "good") throws -> StatementBody {
        StatementBody(
            carrier: try Samples.carrier(),
            name: "november.csv",
            csv: csv,
            reason: "from the portal"
        )
    }

    private static func with(
        _ lines: [StatementLine] = [],
        _ body: @escaping @Sendable (RunningServer) async throws -> Void
    ) async throws {
        try await RunningServer.with { configuration in
            configuration.readStatement = { carrier, bytes in
                guard bytes != Array("unknown".utf8) else { return nil }
                guard bytes == Array("good".utf8) else {
                    return StatementReading(lines: [], mistakes: [.init(message: "m", cure: "c")])
                }
                return StatementReading(lines: lines)
            }
        } _: { server in
            try await body(server)
        }
    }

    private static func post(
        _ client: ControlClient,
        _ body: StatementBody,
        key: String = "s"
    ) async throws -> StatementReceipt {
        try await client.post(
            ControlPath.statements,
            body,
            key: key,
            as: StatementReceipt.self
        ).value
    }

    @Test func aFileSettlesWhatItNames() async throws {
        try await Self.with([try Self.line()]) { server in
            let job = try await server.doubted()
            try await server.client { client in
                let receipt = try await Self.post(client, try Self.body())
                #expect(receipt.succeeded == [job] && receipt.lines == 1)
                let problem = try await refusal {
                    _ = try await Self.post(client, try Self.body("bad"), key: "b")
                }
                #expect(problem.code == .badBatch && problem.mistakes?.count == 1)
            }
        }
    }

    @Test func anEmptyStatementIsCompleteForNothing() async throws {
        try await Self.with { server in
            let job = try await server.doubted()
            try await server.client { client in
                var body = try Self.body()
                (body.coversUntil, body.allSims) = (RunningServer.now, true)
                let problem = try await refusal { _ = try await Self.post(client, body) }
                #expect(problem.detail.contains("without a line"))
                #expect(try await server.store.job(job)?.state == .unknown)
                body = try Self.body()
                body.sim = try Samples.iccid(9)
                let stranger = try await refusal { _ = try await Self.post(client, body, key: "2") }
                #expect(stranger.detail.contains("there is no SIM"))
            }
        }
    }

    /// Above the limit another person brings it, too.
    @Test func oneApproverSettlesNoJobThatTakesTwo() async throws {
        try await Self.with([try Self.line(yuan: 101)]) { server in
            let job = try await server.doubted(yuan: 101)
            try await server.client { client in
                let receipt = try await Self.post(client, try Self.body())
                #expect(receipt.waiting == [job] && receipt.succeeded == [])
                #expect(receipt.unmatched.map(\.line) == [2])
            }
            #expect(try await server.store.job(job)?.state == .unknown)
        }
    }

    private static func line(_ index: Int = 1, yuan: Int64 = 10) throws -> StatementLine {
        StatementLine(
            line: 2,
            number: try Samples.number(index),
            amount: try Samples.yuan(yuan),
            serial: "S1",
            at: RunningServer.sent
        )
    }

    @Test func whatIsNotSaidToBeCompleteProvesNoAbsence() async throws {
        try await Self.with([try Self.line(7)]) { server in
            let job = try await server.doubted()
            let until = RunningServer.now
            try await server.client { client in
                var body = try Self.body()
                _ = try await Self.post(client, body)
                body.coversUntil = until
                body.coversFrom = until.advanced(by: .seconds(-7200))
                let unclear = try await refusal { _ = try await Self.post(client, body, key: "1") }
                #expect(unclear.detail.contains("which SIM"))
                body.sim = try Samples.iccid(1)
                body.allSims = true
                let both = try await refusal { _ = try await Self.post(client, body, key: "2") }
                #expect(both.code == .badRequest)
                body.allSims = nil
                body.coversFrom = until
                let open = try await refusal { _ = try await Self.post(client, body, key: "3") }
                #expect(open.detail.contains("from when on"))
                body.coversFrom = until.advanced(by: .seconds(-7200))
                body.coversUntil = until.advanced(by: .seconds(1))
                let future = try await refusal { _ = try await Self.post(client, body, key: "4") }
                #expect(future.detail.contains("future"))
                #expect(try await server.store.job(job)?.state == .unknown)
                body.coversUntil = until
                #expect(try await Self.post(client, body, key: "5").notExecuted == [job])
            }
        }
    }

    @Test func whatCannotBeReadIsRefused() async throws {
        try await Self.with { server in
            var bodies = [try Self.body("unknown"), try Self.body()]
            bodies[1].carrier = try Samples.carrier("nobody")
            try await server.client { client in
                for (index, body) in bodies.enumerated() {
                    let problem = try await refusal {
                        _ = try await Self.post(client, body, key: "k\(index)")
                    }
                    #expect(problem.code == .badRequest, "\(index)")
                }
            }
        }
    }
}

extension RunningServer {
    /// When `doubted` sends.
    static let sent = now.advanced(by: .seconds(-1200))

    /// A job sent twenty minutes ago and not answered.
    func doubted(_ index: Int = 1, yuan: Int64 = 10) async throws -> Job.ID {
        let sim = try await admit(1)
        let at = RunningServer.sent
        _ = try await store.submit(
            try Samples.order(index, yuan: yuan),
            by: .gateway,
            at: at
        )
        let request = ClaimRequest(
            sim: sim,
            carrier: try Samples.carrier(),
            limits: .unlimited,
            dayBegan: at,
            dayEnds: RunningServer.now.advanced(by: .seconds(86_400)),
            lease: .seconds(60)
        )
        guard case .claimed(let job) = try await store.claim(request, at: at) else {
            throw Problem(.internalError, detail: "nothing was claimed")
        }
        let arming = Arming(
            job: job.id,
            sim: sim,
            redactedRequest: "CZ*******",
            balanceBefore: nil,
            fenceUntil: at.advanced(by: .seconds(900))
        )
        let attempt = try await store.arm(arming, at: at)
        let settlement = Settlement(
            attempt: attempt.id,
            ending: .unknown,
            evidence: [],
            reason: "no answer"
        )
        _ = try await store.settle(settlement, at: at)
        return job.id
    }
}
