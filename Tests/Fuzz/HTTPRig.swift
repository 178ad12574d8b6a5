import Carriers
import Gateway
import Glibc
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOPosix
import TestSupport

@testable import ControlServer
@testable import JobStorage

/// Both routers over a copy of the filled queue.
struct HTTPRig: Sendable {
    /// Which router answers, and whom.
    struct Door: Hashable, Sendable {
        let isRead: Bool
        let isAdmin: Bool
    }

    let store: SQLiteJobStore
    private let folder: TemporaryFolder
    private let routers: [Door: RouterResponder<ControlContext>]
    private let logger: Logger

    init(_ queue: FilledQueue) throws {
        folder = try TemporaryFolder()
        try queue.copy(to: folder.path("state"))
        // With no room to spare nothing is reserved, which takes longer than all else.
        store = try SQLiteJobStore.open(folder: folder.path("state"), at: FilledQueue.now) { _ in
            StateFolder.freeBytesMin
        }
        var logger = Logger(label: "fuzz")
        logger.logLevel = .critical
        self.logger = logger
        var routers: [Door: RouterResponder<ControlContext>] = [:]
        for isAdmin in [true, false] {
            var configuration = Self.configuration(folder)
            if !isAdmin { configuration.adminUIDs = [] }
            let service = ControlService(
                configuration: configuration,
                store: store,
                gateway: GatewayView(modems: { [] }, workers: { [] }),
                now: { FilledQueue.now },
                startedAt: FilledQueue.now,
                logger: logger
            )
            for isRead in [true, false] {
                routers[Door(isRead: isRead, isAdmin: isAdmin)] =
                    ControlRouter(
                        service: service,
                        peers: PeerDirectory(),
                        book: RoleBook(rules: [], adminUIDs: configuration.adminUIDs),
                        door: isRead ? .read : .control
                    ).responder
            }
        }
        self.routers = routers
    }

    private static func configuration(_ folder: TemporaryFolder) -> ControlServerConfiguration {
        var configuration = ControlServerConfiguration(
            runtimeFolder: folder.path("run"),
            spoolFolder: folder.path("state"),
            carriers: [CarrierTerms(ProfileFuzzing.simulated, at: FilledQueue.now)],
            version: "1.2.3"
        )
        configuration.readStatement = { carrier, bytes in
            let profile = ProfileFuzzing.simulated
            return carrier == profile.id ? StatementReading(bytes, by: profile) : nil
        }
        return configuration
    }

    /// A connection whose peer the kernel knows: ourselves.
    private static let channel: any Channel = {
        var ends: [CInt] = [-1, -1]
        guard socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0, &ends) == 0 else {
            preconditionFailure("no pair of sockets: \(errno)")
        }
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        do {
            return try bootstrap.withConnectedSocket(ends[0]).wait()
        } catch {
            preconditionFailure("\(error)")
        }
    }()

    func answer(_ asked: AskedRequest, _ door: Door) async throws -> GivenAnswer {
        guard let router = routers[door] else {
            throw Violation(description: "no router for \(door)")
        }
        let response = try await router.respond(
            to: asked.request,
            context: ControlContext(
                source: ApplicationRequestContextSource(channel: Self.channel, logger: logger)
            )
        )
        let collected = CollectedBody()
        let type = response.headers[.contentType] ?? ""
        // A stream of events ends only with its client.
        if type != "text/event-stream" { try await response.body.write(collected) }
        return GivenAnswer(
            status: response.status.code,
            type: type,
            body: await collected.bytes.value
        )
    }

    /// The number of the newest event; whatever happens leaves one.
    func lastSequence() async throws -> Int64 {
        var newest = AuditQuery()
        newest.limit = 1
        return try await store.audit(newest).elements.first?.sequence ?? 0
    }

    /// Floats add up, and no event was changed.
    func checkBooks() async throws {
        let books = try await store.verifyBooks()
        try demand(books.findings.isEmpty, "\(books.findings)")
        let chain = try await store.verifyChain(against: nil)
        try demand(chain.findings.isEmpty, "\(chain.findings)")
    }
}

/// Takes the body of an answer.
private struct CollectedBody: ResponseBodyWriter {
    actor Bytes {
        private(set) var value: [UInt8] = []

        func add(_ more: [UInt8]) {
            value += more
        }
    }

    let bytes = Bytes()

    func write(_ buffer: ByteBuffer) async throws {
        await bytes.add(Array(buffer.readableBytesView))
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
