package import Gateway
import Glibc
import Hummingbird
package import JobStorage
package import Logging
import NIOCore
import NIOPosix
package import Recharge
import ServiceLifecycle

/// Serves the two sockets until it is cancelled or told to shut down.
///
/// A shutdown lets requests in progress end, for as long as the configuration says, ends streams of
/// events, and removes both sockets.
package struct ControlServer: Service {
    private let service: ControlService
    private let onReady: @Sendable () async -> Void

    /// Binds nothing yet.
    ///
    /// - Parameters:
    ///   - configuration: sockets, roles, carriers and bounds.
    ///   - store: the queue.
    ///   - gateway: what the running gateway tells of itself.
    ///   - now: the clock of records.
    ///   - logger: takes what goes wrong.
    ///   - onReady: called once when both sockets take requests.
    package init(
        configuration: ControlServerConfiguration,
        store: any JobStore,
        gateway: GatewayView,
        now: @escaping @Sendable () -> Timestamp,
        logger: Logger,
        onReady: @escaping @Sendable () async -> Void = {}
    ) {
        service = ControlService(
            configuration: configuration,
            store: store,
            gateway: gateway,
            now: now,
            startedAt: now(),
            logger: logger
        )
        self.onReady = onReady
    }

    /// Throws `SocketFileError` when a socket cannot be bound.
    package func run() async throws {
        let configuration = service.configuration
        UploadSpool.clear(configuration.spoolFolder)
        let control = SocketFile(
            path: configuration.controlSocket,
            group: ControlServerConfiguration.operatorGroup
        )
        let read = SocketFile(
            path: configuration.readSocket,
            group: ControlServerConfiguration.monitorGroup
        )
        try control.clear()
        try read.clear()
        defer {
            unlink(control.path)
            unlink(read.path)
        }
        let peers = PeerDirectory()
        let (bound, binding) = AsyncStream.makeStream(of: SocketFile.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await serve(.control, at: control, peers, binding) }
            group.addTask { try await serve(.read, at: read, peers, binding) }
            group.addTask { try await open(bound) }
            group.addTask { try await endGrace() }
            do {
                for _ in 1...3 { try await group.next() }
            } catch is GraceOver {}
            group.cancelAll()
        }
    }

    /// Why requests in progress are broken off: a client that reads no more would keep a stopping
    /// gateway for ever.
    private struct GraceOver: Error {}

    private func endGrace() async throws {
        try await gracefulShutdown()
        try await Task.sleep(for: service.configuration.shutdownGrace)
        throw GraceOver()
    }

    /// Opens each bound socket to its group; when both are, the server is ready.
    private func open(_ bound: AsyncStream<SocketFile>) async throws {
        var count = 0
        for await file in bound {
            if try !file.admitGroup() {
                service.logger.notice(
                    "a socket is for its owner and root alone: its group is missing, or not ours",
                    metadata: ["socket.path": "\(file.path)", "socket.group": "\(file.group)"]
                )
            }
            count += 1
            guard count < 2 else { return await onReady() }
        }
    }

    private func serve(
        _ door: ControlDoor,
        at file: SocketFile,
        _ peers: PeerDirectory,
        _ binding: AsyncStream<SocketFile>.Continuation
    ) async throws {
        let configuration = service.configuration
        let router = ControlRouter(
            service: service,
            peers: peers,
            book: RoleBook(rules: configuration.roles, adminUIDs: configuration.adminUIDs),
            door: door
        )
        let application = Application(
            responder: router.responder,
            server: .http1(
                configuration: .init(idleTimeout: TimeAmount(configuration.idleTimeout))
            ),
            configuration: .init(
                address: .unixDomainSocket(path: file.path),
                serverName: "recharged",
                availableConnectionsDelegate: .maximum(
                    configuration.connectionsMax,
                    logger: service.logger
                )
            ),
            onServerRunning: { _ in binding.yield(file) },
            logger: service.logger
        )
        try await application.run()
    }
}
