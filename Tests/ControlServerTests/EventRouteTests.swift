import ControlAPI
import JobStorage
import Recharge
import TestSupport
import Testing

@testable import ControlServer

struct EventRouteTests {
    private func record(_ server: RunningServer, _ range: ClosedRange<Int>) async throws {
        for index in range {
            let event = NewEvent(kind: "modem.arrived", details: [.init("port", "p\(index)")])
            try await server.store.record(event, by: .gateway, at: RunningServer.now)
        }
    }

    private func ports(
        _ server: RunningServer,
        after: Int64?,
        count: Int
    ) async throws -> [EventView] {
        var events: [EventView] = []
        try await server.client { client in
            try await client.events(after: after) { event in
                events.append(event)
                return events.count < count
            }
        }
        return events
    }

    @Test func aStreamResumesWhereItWasLeft() async throws {
        try await RunningServer.with { server in
            try await record(server, 1...1500)
            let all = try await ports(server, after: 0, count: 1501)
            #expect(all.map(\.sequence) == all.map(\.sequence).sorted())
            let arrived = all.filter { $0.kind == "modem.arrived" }
            #expect(arrived.prefix(3).map { $0.details["port"] } == ["p1", "p2", "p3"])
            let rest = try await ports(server, after: arrived[700].sequence, count: 2)
            #expect(rest.map { $0.details["port"] } == ["p702", "p703"])
        }
    }

    @Test func withoutANumberOnlyNewEventsCome() async throws {
        try await RunningServer.with { server in
            try await record(server, 1...37)
            var seen: [String?] = []
            try await withThrowingTaskGroup { group in
                // The stream begins at a moment of its own: events come until it has shown two.
                group.addTask {
                    var index = 38
                    while !Task.isCancelled {
                        try await record(server, index...index)
                        index += 1
                    }
                }
                try await server.client { client in
                    try await client.events(after: nil) { event in
                        seen.append(event.details["port"])
                        return seen.count < 2
                    }
                }
                group.cancelAll()
            }
            #expect(seen.first != "p1")
        }
    }

    @Test func theActorIsTheUserOfTheSocket() async throws {
        try await RunningServer.with { server in
            try await server.client { client in
                _ = try await client.post(
                    ControlPath.hold,
                    RunningServer.reason,
                    key: "h",
                    as: HoldView.self
                )
            }
            let events = try await server.store.events(after: 0, limit: 10)
            let held = try #require(events.first { $0.event.kind == "gateway.held" })
            #expect(held.actor.hasPrefix("uid:\(server.uid)"))
        }
    }

    @Test(arguments: ["/v1/events?after=x", "/v1/events?after=-1"])
    func aNumberThatIsNoneIsRefused(path: String) async throws {
        try await RunningServer.with { server in
            let problem = try await server.client { client in
                try await refusal { _ = try await client.text(path) }
            }
            #expect(problem.status == 400)
        }
    }

    /// After a restore the numbers begin lower than somebody remembers.
    @Test func aNumberThatNoEventHasYetIsRefused() async throws {
        try await RunningServer.with { server in
            try await record(server, 1...3)
            let last = try #require(try await server.store.events(after: 0, limit: 9).last).sequence
            let problem = try await server.client { client in
                try await refusal { _ = try await client.text("/v1/events?after=\(last + 1)") }
            }
            #expect(problem.code == .wrongState && problem.detail.hasSuffix("after \(last)"))
            async let next = ports(server, after: last, count: 1)
            try await record(server, 4...4)
            #expect(try await next.map { $0.details["port"] } == ["p4"])
        }
    }

    /// The body returns while a stream is open: the fixture's shutdown would hang otherwise.
    @Test func aShutdownEndsOpenStreams() async throws {
        let (opened, signal) = AsyncStream.makeStream(of: String.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            try await RunningServer.with { server in
                try await record(server, 1...1)
                group.addTask {
                    try await server.client { client in
                        try await client.events(after: 0) { event in
                            signal.yield(event.kind)
                            return true
                        }
                    }
                    signal.yield("ended")
                    signal.finish()
                }
                for await kind in opened where kind == "modem.arrived" { break }
            }
            var last: String?
            for await kind in opened { last = kind }
            #expect(last == "ended")
            try await group.waitForAll()
        }
    }
}
