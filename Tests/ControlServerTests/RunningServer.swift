import ControlAPI
import Gateway
import JobStorage
import Logging
import Recharge
import ServiceLifecycle
import TestSupport
import Testing

@testable import ControlServer

/// A control server on real sockets, with a real queue, for the time of one test.
struct RunningServer: Sendable {
    let folder: TemporaryFolder
    let store: SQLiteJobStore
    let configuration: ControlServerConfiguration

    var controlSocket: String { configuration.controlSocket }
    var readSocket: String { configuration.readSocket }

    /// The moment that every request happens at.
    static let now = Samples.midnight

    /// Starts a server, runs the body, shuts the server down, and looks at the queue it left.
    ///
    /// In the folder of another one it has the queue of that.
    static func with(
        in folder: TemporaryFolder? = nil,
        _ configure: (inout ControlServerConfiguration) -> Void = { _ in },
        gateway: GatewayView = GatewayView(modems: { [] }, workers: { [] }),
        afterwards: (SQLiteJobStore) async throws -> Void = { _ in },
        _ body: (RunningServer) async throws -> Void
    ) async throws {
        let folder = try folder ?? TemporaryFolder()
        let store = try SQLiteJobStore.open(folder: folder.path("state"), at: now)
        var configuration = ControlServerConfiguration(
            runtimeFolder: folder.path("run"),
            spoolFolder: folder.path("state"),
            carriers: [try carrier()],
            version: "1.2.3"
        )
        configure(&configuration)
        let running = RunningServer(folder: folder, store: store, configuration: configuration)
        try await running.serve(gateway, body)
        try await afterwards(store)
        try store.close()
    }

    private func serve(
        _ gateway: GatewayView,
        _ body: (RunningServer) async throws -> Void
    ) async throws {
        let (ready, signal) = AsyncStream.makeStream(of: Void.self)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let server = ControlServer(
            configuration: configuration,
            store: store,
            gateway: gateway,
            now: { RunningServer.now },
            logger: logger,
            onReady: { signal.yield() }
        )
        let group = ServiceGroup(configuration: .init(services: [server], logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { signal.finish() }
                try await group.run()
            }
            if await ready.first(where: { true }) != nil {
                try await body(self)
                await group.triggerGracefulShutdown()
            }
            try await tasks.waitForAll()
        }
    }

    func client<Answer>(
        _ path: String? = nil,
        _ body: (ControlClient) async throws -> Answer
    ) async throws -> Answer {
        try await ControlClient.withConnection(toFirstOf: [path ?? controlSocket], body)
    }

    /// A carrier that takes Chinese mobile numbers and 1 to 500 yuan.
    static func carrier(_ name: String = "simulated") throws -> CarrierTerms {
        let currency = try #require(Currency(code: "CNY"))
        return CarrierTerms(
            id: try Samples.carrier(name),
            name: "Simulated carrier",
            rules: BatchCarrier(
                numbers: NumberPlan(
                    countryCode: "86",
                    nationalLength: 11...11,
                    prefixes: ["13", "15", "18"]
                ),
                currency: currency,
                amounts: 100...50_000
            ),
            limits: SIMLimits(perMinute: 20, gap: .seconds(2)),
            usualDuration: .seconds(10)
        )
    }

    static let reason = ReasonBody(reason: "a test")

    /// Makes a SIM known that may work, or waits to be enrolled.
    func admit(_ index: Int, _ enrolment: Enrolment = .open) async throws -> ICCID {
        let iccid = try Samples.iccid(index)
        let sighting = SIMSighting(
            iccid: iccid,
            imsi: nil,
            imei: try Samples.imei(index),
            carrier: try Samples.carrier(),
            port: "/dev/pts/\(index)"
        )
        _ = try await store.admit(sighting, enrolment: enrolment, at: RunningServer.now)
        return iccid
    }
}

/// The refusal of a request.
func refusal(_ request: () async throws -> Void) async throws -> Problem {
    let error = try await #require(throws: ControlClientError.self) { try await request() }
    guard case .refused(let problem) = error else {
        throw error
    }
    return problem
}
