import ControlAPI
import JobStorage
import Recharge
import Testing

@testable import ControlServer

/// Clients that hold up nobody: slow ones, silent ones, and many that only watch.
struct SlowClientTests {
    private func upload(_ client: ControlClient, _ text: String) async throws -> BatchReceipt {
        var rest: [UInt8]? = Array(text.utf8)
        let reply: ControlReply<BatchReceipt> = try await client.upload(
            ControlPath.batches,
            contentType: "text/csv",
            key: "b"
        ) {
            defer { rest = nil }
            return rest
        }
        return reply.value
    }

    @Test func aBodyThatTakesTooLongIsRefusedAndLeavesNothing() async throws {
        try await RunningServer.with {
            $0.bodyTime = .zero
        } _: { server in
            try await server.client { client in
                let problem = try await refusal {
                    _ = try await upload(client, "number,amount\n13800138001,10\n")
                }
                #expect(problem.code == .tooSlow)
                let hold = try await refusal {
                    _ = try await client.post(
                        ControlPath.hold,
                        RunningServer.reason,
                        key: "h",
                        as: HoldView.self
                    )
                }
                #expect(hold.code == .tooSlow)
                let page: PageView<BatchView> = try await client.get(ControlPath.batches)
                #expect(page.items.isEmpty)
            }
        }
    }

    /// A pager that nobody scrolls: the answer to it fits in no buffer.
    @Test func aShutdownDoesNotWaitForAClientThatReadsNoMore() async throws {
        var pager: PlainConnection?
        try await RunningServer.with {
            $0.shutdownGrace = .zero
        } _: { server in
            let rows = (0..<8000).map { "13800\(138_000 + $0),10\n" }.joined()
            let receipt = try await server.client { client in
                try await upload(client, "number,amount\n" + rows)
            }
            let path = ControlPath.results(of: receipt.batch.id)
            let silent = try PlainConnection(server.controlSocket)
            pager = silent
            try silent.write("GET \(path) HTTP/1.1\r\nHost: r\r\n\r\n")
            await silent.readable()
        }
        #expect(pager != nil)
    }

    @Test func thoseWhoWatchLeaveRoomForThoseWhoAct() async throws {
        try await RunningServer.with { server in
            let event = NewEvent(kind: "modem.arrived", details: [])
            try await server.store.record(event, by: .gateway, at: RunningServer.now)
            let (opened, signal) = AsyncStream.makeStream(of: Void.self)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 1...64 {
                    group.addTask {
                        try? await server.client { client in
                            var isFirst = true
                            try await client.events(after: 0) { _ in
                                if isFirst { signal.yield() }
                                isFirst = false
                                return true
                            }
                        }
                    }
                }
                var streams = opened.makeAsyncIterator()
                for _ in 1...64 { await streams.next() }
                let problem = try await server.client { client in
                    try await refusal { _ = try await client.text("/v1/events?after=0") }
                }
                #expect(problem.code == .tooBusy)
                try await server.client { client in
                    _ = try await client.post(
                        ControlPath.hold,
                        RunningServer.reason,
                        key: "h",
                        as: HoldView.self
                    )
                }
                group.cancelAll()
            }
        }
    }
}
