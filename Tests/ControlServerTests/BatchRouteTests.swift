import ControlAPI
import Digests
import Gateway
import JobStorage
import Recharge
import TestSupport
import Testing

@testable import ControlServer

struct BatchRouteTests {
    private static let good = "number,amount,reference\n13800138001,10,a\n13800138002,20.50,b\n"

    private func upload<Answer: Decodable & Sendable>(
        _ client: ControlClient,
        _ text: String,
        key: String,
        query: [(String, String?)] = [],
        type: String = "text/csv",
        as: Answer.Type = Answer.self
    ) async throws -> ControlReply<Answer> {
        try await upload(client, bytes: Array(text.utf8), key: key, query: query, type: type)
    }

    private func upload<Answer: Decodable & Sendable>(
        _ client: ControlClient,
        bytes: [UInt8],
        key: String,
        query: [(String, String?)] = [],
        type: String = "text/csv",
        path: String = ControlPath.batches
    ) async throws -> ControlReply<Answer> {
        var rest = bytes[...]
        return try await client.upload(
            ControlPath.with(query, path),
            contentType: type,
            key: key
        ) {
            guard !rest.isEmpty else { return nil }
            defer { rest = rest.dropFirst(7000) }
            return Array(rest.prefix(7000))
        }
    }

    @Test func aBatchIsTakenOnceHoweverOftenItIsSent() async throws {
        try await RunningServer.with { server in
            try await server.client { client in
                let first: ControlReply<BatchReceipt> = try await upload(
                    client,
                    Self.good,
                    key: "b",
                    query: [("name", "十一月.csv")]
                )
                #expect(first.isNew)
                #expect(first.value.batch.name == "十一月.csv")
                #expect(first.value.batch.state == .open)
                #expect(first.value.batch.rows == 2)
                #expect(first.value.batch.sumMinor == 3050)
                #expect(first.value.batch.count(.ready) == 2)
                let again: ControlReply<BatchReceipt> = try await upload(
                    client,
                    Self.good,
                    key: "b"
                )
                #expect(!again.isNew)
                #expect(again.value.batch.id == first.value.batch.id)
                let problem = try await refusal {
                    let _: ControlReply<BatchReceipt> = try await upload(
                        client,
                        Self.good + "13800138003,5,c\n",
                        key: "b"
                    )
                }
                #expect(problem.code == .conflict)
                let page: PageView<BatchView> = try await client.get(ControlPath.batches)
                #expect(page.items == [again.value.batch])
                let shown: BatchView = try await client.get(
                    ControlPath.batch(first.value.batch.id)
                )
                #expect(shown == again.value.batch)
            }
        }
    }

    @Test func aRepeatIsGoodAfterADeadlineInIt() async throws {
        let file = """
            number,amount,deadline
            13800138001,10,2026-11-22T23:00:00Z
            13800138002,20,

            """
        try await RunningServer.with { server in
            let key = NewJob.Key(client: "uid:\(server.uid)", key: "late")
            let before = RunningServer.now.advanced(by: .seconds(-86_400))
            let batch = NewBatch(
                key: key,
                name: "late",
                bodyDigest: try await digest(of: file, server),
                rowCount: 2,
                amountSum: try Samples.yuan(30)
            )
            guard
                case .stage(let id) = try await server.store.begin(batch, by: .gateway, at: before)
            else {
                Issue.record("new")
                return
            }
            let orders = try (1...2).map { line in
                var order = try Samples.order(line, yuan: Int64(line) * 10)
                order.key = NewJob.Key(client: key.client, key: "late/\(line + 1)")
                order.batchLine = line + 1
                return order
            }
            try await server.store.stage(orders, in: id, at: before)
            _ = try await server.store.open(id, by: .gateway, at: before)
            try await server.client { client in
                let again: ControlReply<BatchReceipt> = try await upload(client, file, key: "late")
                #expect(!again.isNew)
                #expect(again.value.batch.rows == 2)
            }
        }
    }

    /// What the server notes of a file.
    private func digest(of file: String, _ server: RunningServer) async throws -> [UInt8] {
        // Its rows name no carrier: they are for the usual one.
        SHA256Digest.of(Array("\(file)\u{0}simulated".utf8))
    }

    @Test func theResultsNameEveryRowAsItWasSubmitted() async throws {
        try await RunningServer.with { server in
            try await server.client { client in
                let rows = (0..<2345).map { "138\(10_000_000 + $0),1,r\($0)" }
                let file = "number,amount,reference\n" + rows.joined(separator: "\n")
                let batch = try await upload(client, file, key: "b", as: BatchReceipt.self).value
                var bytes: [UInt8] = []
                try await client.download(ControlPath.results(of: batch.batch.id)) { bytes += $0 }
                let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
                #expect(lines.count == 2346)
                #expect(lines[1].hasPrefix("2,r0,13810000000,1.00,CNY,simulated,ready,"))
                #expect(lines[2345].hasPrefix("2346,r2344,13810002344,1.00,"))
            }
        }
    }

    @Test func oneBadRowRefusesTheFileWithEveryMistake() async throws {
        try await RunningServer.with { server in
            try await server.client { client in
                let bad = (0..<20).map { "1380013\($0),-\($0 + 1)" }.joined(separator: "\n")
                let file = "number,amount\n13800138001,10\n" + bad
                let problem = try await refusal {
                    let _: ControlReply<BatchReceipt> = try await upload(client, file, key: "b")
                }
                #expect(problem.status == 422)
                #expect(problem.code == .badBatch)
                let mistakes = try #require(problem.mistakes)
                #expect(mistakes.count == 40)
                #expect(Set(mistakes.compactMap(\.line)) == Set(3...22))
                #expect(mistakes.allSatisfy { !$0.cure.isEmpty && $0.code != nil })
                let page: PageView<BatchView> = try await client.get(ControlPath.batches)
                #expect(page.items.isEmpty)
                let taken = try await upload(
                    client,
                    file,
                    key: "b",
                    query: [("accept_valid", "true")],
                    as: BatchReceipt.self
                ).value
                #expect(taken.batch.rows == 1)
                #expect(taken.refusedLines == Array(3...22))
                #expect(taken.mistakes == mistakes)
            }
        }
    }

    @Test func onlyTheFirstThousandMistakesAreListed() async throws {
        try await RunningServer.with { server in
            let file = "number,amount\n" + String(repeating: "1,-1\n", count: 700)
            let problem = try await server.client { client in
                try await refusal {
                    let _: ControlReply<BatchReceipt> = try await upload(client, file, key: "b")
                }
            }
            #expect(problem.mistakes?.count == Mistake.shownMax)
            #expect(problem.mistakesOmitted == 400)
        }
    }

    @Test(arguments: ["", "number\n1\n", "number,amount\n", "number,amount\n\"13800138000,5\n"])
    func whatIsNoBatchIsRefusedAlsoWithAcceptValid(file: String) async throws {
        try await RunningServer.with { server in
            let problem = try await server.client { client in
                try await refusal {
                    let _: ControlReply<BatchReceipt> = try await upload(
                        client,
                        file,
                        key: "b",
                        query: [("accept_valid", "true")]
                    )
                }
            }
            #expect(problem.code == .badBatch)
            #expect(problem.mistakes?.isEmpty == false)
        }
    }

    @Test func aFileInGB18030IsRead() async throws {
        // 号码,金额 and one row.
        let header: [UInt8] = [0xBA, 0xC5, 0xC2, 0xEB, 0x2C, 0xBD, 0xF0, 0xB6, 0xEE, 0x0A]
        let file = header + Array("13800138000,50\n".utf8)
        let other = header + Array("13800138001,50\n".utf8)
        try await RunningServer.with { server in
            try await server.client { client in
                for (key, file, type) in [
                    ("a", file, "text/csv"), ("b", other, "text/csv; charset=\"GBK\""),
                ] {
                    let reply: ControlReply<BatchReceipt> = try await upload(
                        client,
                        bytes: file,
                        key: key,
                        type: type
                    )
                    #expect(reply.value.batch.rows == 1)
                }
                let problem = try await refusal {
                    let _: ControlReply<BatchReceipt> = try await upload(
                        client,
                        bytes: file,
                        key: "c",
                        type: "text/csv; charset=utf-8"
                    )
                }
                #expect(problem.code == .badBatch)
            }
        }
    }

    @Test(arguments: ["application/json", "", "text/csv; charset=klingon"])
    func anotherTypeOfBodyIsRefused(type: String) async throws {
        try await RunningServer.with { server in
            let problem = try await server.client { client in
                try await refusal {
                    let _: ControlReply<BatchReceipt> = try await upload(
                        client,
                        Self.good,
                        key: "b",
                        type: type
                    )
                }
            }
            #expect(problem.status == 415)
        }
    }

    @Test func aFileThatIsTooLongIsRefusedAndTheConnectionGoesOn() async throws {
        try await RunningServer.with {
            $0.batchBytesMax = 100_000
        } _: { server in
            try await server.client { client in
                let file = Self.good + String(repeating: "\n", count: 200_000)
                let problem = try await refusal {
                    let _: ControlReply<BatchReceipt> = try await upload(client, file, key: "b")
                }
                #expect(problem.status == 413)
                let page: PageView<BatchView> = try await client.get(ControlPath.batches)
                #expect(page.items.isEmpty)
            }
        }
    }

    @Test func aDryRunStoresNothingAndForecasts() async throws {
        let iccid = try Samples.iccid(1)
        let worker = WorkerStatus(iccid: iccid, port: "p", activity: .idle, job: nil)
        let gateway = GatewayView(modems: { [] }, workers: { [worker] })
        try await RunningServer.with(gateway: gateway) { server in
            _ = try await server.admit(1)
            try await server.client { client in
                let report = try await upload(
                    client,
                    Self.good + "1,1,c\n",
                    key: "d",
                    query: [("dry_run", "true")],
                    as: BatchReport.self
                ).value
                #expect(report.rows == 2)
                #expect(report.refusedRows == 1)
                #expect(report.sum?.amountMinor == 3050)
                #expect(report.mistakes.count == 1)
                let forecast = try #require(report.carriers.first)
                #expect(forecast.sims == 1)
                #expect(forecast.floatCover == .unknown)
                // Two rows, one SIM, ten seconds each: the dialogue is slower than gap and rate.
                #expect(report.expectedSeconds == 20)
                let same: ControlReply<BatchReport> = try await upload(
                    client,
                    bytes: Array((Self.good + "1,1,c\n").utf8),
                    key: "d",
                    path: ControlPath.batchCheck
                )
                #expect(same.value == report)
                let page: PageView<BatchView> = try await client.get(ControlPath.batches)
                #expect(page.items.isEmpty)
            }
        }
    }

    @Test func aBatchIsPausedResumedAndCancelled() async throws {
        try await RunningServer.with { server in
            try await server.client { client in
                let id = try await upload(client, Self.good, key: "b", as: BatchReceipt.self)
                    .value.batch.id
                for (action, state) in [
                    (ControlPath.BatchAction.pause, Batch.State.held), (.resume, .open),
                    (.cancel, .cancelled),
                ] {
                    let batch = try await client.post(
                        ControlPath.batch(id, action),
                        RunningServer.reason,
                        key: action.rawValue,
                        as: BatchView.self
                    ).value
                    #expect(batch.state == state)
                }
                let problem = try await refusal {
                    _ = try await client.post(
                        ControlPath.batch(id, .resume),
                        RunningServer.reason,
                        key: "late",
                        as: BatchView.self
                    )
                }
                #expect(problem.code == .wrongState)
            }
        }
    }

    /// Rows that came are good rows: only the missing end says that they are not all.
    @Test(arguments: [nil, "30000"])
    func anUploadBrokenOffLeavesNothing(length: String?) async throws {
        let good = Self.good
        try await RunningServer.with(
            afterwards: { store in
                let page = try await store.batches(after: nil, limit: 1)
                #expect(page.elements.isEmpty)
            },
            { server in
                let framing = length.map { "content-length: \($0)" } ?? "transfer-encoding: chunked"
                let hex = String(good.utf8.count, radix: 16)
                let body = length == nil ? "\(hex)\r\n\(good)\r\n" : good
                let head = "POST /v1/batches HTTP/1.1\r\nhost: r\r\ncontent-type: text/csv\r\n"
                let key = "idempotency-key: b\r\n\(framing)\r\n\r\n"
                let connection = try PlainConnection(server.controlSocket)
                let answer = try await connection.send(head + key + body)
                #expect(!answer.hasPrefix("HTTP/1.1 2"), "\(answer)")
            }
        )
    }
}
