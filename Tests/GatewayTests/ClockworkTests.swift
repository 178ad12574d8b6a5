import ATProtocol
import Engine
import JobStorage
import Logging
import NIOPosix
import Recharge
import Synchronization
import TestSupport
import Testing

@testable import Gateway

/// The pulse of the gateway under clocks that a test turns.
@Suite struct ClockworkTests {
    /// Two clocks that move only when somebody sleeps, or sets the one on the wall.
    private final class ManualClocks: Sendable {
        private struct State {
            var nanoseconds: Int64 = 0
            var utc = Samples.midnight
            /// By how much the wall clock is set at each of the next sleeps.
            var steps: [Duration]
        }

        private let state: Mutex<State>

        init(_ steps: [Duration]) {
            state = Mutex(State(steps: steps))
        }

        var time: Time {
            Time(
                instant: { Instant(nanoseconds: self.state.withLock { $0.nanoseconds }) },
                utc: { self.state.withLock { $0.utc } },
                sleep: pass
            )
        }

        /// Lets a pause go by at once.
        private func pass(_ pause: Duration) throws {
            try state.withLock { state in
                guard !state.steps.isEmpty else { throw CancellationError() }
                state.nanoseconds += pause.wholeMilliseconds * 1_000_000
                state.utc = state.utc.advanced(by: pause + state.steps.removeFirst())
            }
        }
    }

    private static func store(_ folder: TemporaryFolder) throws -> SQLiteJobStore {
        try SQLiteJobStore.open(folder: folder.path("state"), at: Samples.midnight)
    }

    private static func beat(_ store: SQLiteJobStore, _ clocks: ManualClocks) async throws {
        let supervisor = Supervisor(
            configuration: GatewayConfiguration(ports: [], profiles: [:], credentials: [:]),
            store: store,
            eventLoop: MultiThreadedEventLoopGroup.singleton.next(),
            time: clocks.time,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let notifier = SystemdNotifier(path: nil)
        try await Clockwork(
            store: store,
            supervisor: supervisor,
            notifier: notifier,
            time: clocks.time
        ).run()
    }

    @Test(
        arguments: [
            ([.seconds(301)], "+301 s"), ([.zero, .seconds(-7200)], "-7200 s"),
            ([.seconds(86_400), .seconds(-86_400)], "+86400 s"),
        ] as [([Duration], String)]
    )
    func aClockThatJumpsHoldsDispatchUntilAPersonReleases(
        steps: [Duration],
        size: String
    ) async throws {
        let folder = try TemporaryFolder()
        let store = try Self.store(folder)
        try await Self.beat(store, ManualClocks(steps))
        let hold = try #require(try await store.stats(at: Samples.midnight).hold)
        #expect(hold.contains("the clock jumped by \(size)"))
        let events = try await store.events(after: 0, limit: 99).map(\.event)
        let jump = try #require(events.first { $0.kind == "gateway.clock_jumped" })
        #expect(jump.details.map(\.value) == [size])
        try store.close()
        let again = try Self.store(folder)
        #expect(again.recovery.hold == hold)
        try await again.setHold(false, reason: "set right", by: .gateway, at: Samples.midnight)
        try await Self.beat(again, ManualClocks([.zero, .seconds(299), .seconds(-299)]))
        #expect(try await again.stats(at: Samples.midnight).hold == nil)
        try again.close()
    }

    @Test func aClockBehindWhatWasFiledHoldsDispatch() async throws {
        let folder = try TemporaryFolder()
        let store = try Self.store(folder)
        let upkeep = Upkeep(store: store, retention: Retention(), time: ManualClocks([]).time)
        try await upkeep.begin(lastEventAt: Samples.midnight.advanced(by: .seconds(300)))
        #expect(try await store.stats(at: Samples.midnight).hold == nil)
        try await upkeep.begin(lastEventAt: Samples.midnight.advanced(by: .seconds(301)))
        let hold = try #require(try await store.stats(at: Samples.midnight).hold)
        #expect(hold.contains("the clock jumped by -301 s"))
        try store.close()
    }

    /// A shop that closes every evening never sees a day begin.
    @Test func whatMayBeKeptNoLongerGoesSoonAfterTheStart() async throws {
        let folder = try TemporaryFolder()
        let store = try Self.store(folder)
        let filed = Samples.midnight.advanced(by: .seconds(-86_400 * 8))
        try await Self.fileAdvertisement(store, at: filed)
        let upkeep = Upkeep(
            store: store,
            retention: Retention(),
            time: ManualClocks([.zero]).time
        )
        try await store.setHold(true, reason: "a restore", by: .gateway, at: Samples.midnight)
        try await upkeep.run()
        #expect(try await store.inbox(after: nil, limit: 10).elements[0].message.text == "lottery")
        try await store.setHold(false, reason: "seen", by: .gateway, at: Samples.midnight)
        let later = ManualClocks(Array(repeating: .zero, count: 2))
        try await Upkeep(store: store, retention: Retention(), time: later.time).run()
        #expect(try await store.inbox(after: nil, limit: 10).elements[0].message.text == "")
        try store.close()
    }

    private static func fileAdvertisement(
        _ store: SQLiteJobStore,
        at moment: Timestamp
    ) async throws {
        let sighting = SIMSighting(
            iccid: try Samples.iccid(1),
            imsi: nil,
            imei: nil,
            carrier: try Samples.carrier(),
            port: "ttyUSB0"
        )
        _ = try await store.admit(sighting, enrolment: .open, at: moment)
        var message = InboxMessage(
            sim: sighting.iccid,
            pdu: "0B",
            sender: "+8613911112222",
            text: "lottery",
            sentAt: nil,
            isRead: true
        )
        message.isListed = false
        try await store.file([message], at: moment)
    }

    /// Upkeep may look before the clockwork does, which holds.
    @Test(
        arguments: [
            ([.seconds(86_400 * 9)], "lottery"),
            (Array(repeating: .zero, count: 8 * 24 * 60), ""),
        ] as [([Duration], String)]
    )
    func noTextIsErasedByAClockThatJustJumped(steps: [Duration], text: String) async throws {
        let folder = try TemporaryFolder()
        let store = try Self.store(folder)
        try await Self.fileAdvertisement(store, at: Samples.midnight)
        let clocks = ManualClocks(steps)
        try await Upkeep(store: store, retention: Retention(), time: clocks.time).run()
        let inbox = try await store.inbox(after: nil, limit: 10)
        #expect(inbox.elements.map(\.message.text) == [text])
        try store.close()
    }

    @Test func theBooksAreAddedUpWhenADayBegins() async throws {
        let folder = try TemporaryFolder()
        let store = try Self.store(folder)
        let day = Duration.seconds(86_400)
        let clocks = ManualClocks([.zero, day, .zero, day, day])
        try await Upkeep(store: store, retention: Retention(), time: clocks.time).run()
        let kinds = try await store.events(after: 0, limit: 99).map(\.event.kind)
        #expect(kinds.filter { $0 == "books.verified" }.count == 3)
        try store.close()
    }
}
