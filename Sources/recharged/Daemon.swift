import Carriers
import ConfigurationFiles
import ControlAPI
import ControlServer
import Documents
import Gateway
import Glibc
import JobStorage
import Logging
import ModemDiscovery
import NIOPosix
import Recharge
import ServiceLifecycle
import UnixSignals

/// Puts the parts together and runs them until the daemon is told to stop.
struct Daemon {
    let configuration: DaemonConfiguration
    let catalog: CarrierCatalog
    let secrets: SecretsFile
    /// How many simulated transceivers to practise with; nil: the real ones.
    let practice: Int?
    let logger: Logger

    /// Runs until SIGTERM, SIGINT or SIGHUP; armed jobs come to their end first.
    func run() async throws {
        let time = Time.system
        let notifier = SystemdNotifier(path: Environment.notifySocket)
        try Folder.make(configuration.stateFolder, mode: 0o700)
        try Folder.make(configuration.runtimeFolder)
        try PracticeMark.check(configuration.stateFolder, isPractice: practice != nil)
        try Folder.beginQueue(configuration.stateFolder)
        let store = try SQLiteJobStore.open(folder: configuration.stateFolder, at: time.utc())
        let upkeep = Upkeep(store: store, retention: configuration.retention)
        try await upkeep.begin(lastEventAt: store.recovery.lastEventAt)
        let simulator = try practice.map { count in
            try PracticeSimulator.start(
                count: count,
                folder: portsFolder,
                ledger: configuration.stateFolder + "/ledger.jsonl"
            )
        }
        defer { simulator?.stop() }
        let group = ServiceGroup(
            services: services(on: store, upkeep, time, notifier),
            gracefulShutdownSignals: Daemon.stopSignals,
            logger: logger
        )
        do {
            try await group.run()
        } catch let error as JobStoreError where error.code == .invariant {
            // Law: when in doubt, hold. Started again, nothing goes out before a person has looked.
            let reason = "an invariant is broken: \(error)"
            try await store.setHold(true, reason: reason, by: .gateway, at: time.utc())
            throw error
        }
        try store.close()
    }

    /// A closed terminal ends the daemon too, unless that was started to outlive it (nohup).
    private static var stopSignals: [UnixSignal] {
        var hangUp = sigaction()
        sigaction(SIGHUP, nil, &hangUp)
        // Functions cannot be compared; this one is the number 1.
        let handler = unsafeBitCast(hangUp.__sigaction_handler.sa_handler, to: Int.self)
        let isIgnored = handler == unsafeBitCast(SIG_IGN, to: Int.self)
        return [.sigterm, .sigint] + (isIgnored ? [] : [.sighup])
    }

    /// What runs side by side; told to stop in the reverse order, one after the other.
    private func services(
        on store: SQLiteJobStore,
        _ upkeep: Upkeep,
        _ time: Time,
        _ notifier: SystemdNotifier
    ) -> [any Service] {
        let supervisor = Supervisor(
            configuration: gatewayConfiguration,
            store: store,
            eventLoop: MultiThreadedEventLoopGroup.singleton.next(),
            logger: logger
        )
        let (opened, opening) = AsyncStream<Never>.makeStream()
        let control = ControlServer(
            configuration: controlConfiguration(at: time.utc()),
            store: store,
            gateway: supervisor.view,
            now: time.utc,
            logger: logger,
            onReady: {
                announceReady(notifier)
                opening.finish()
            }
        )
        return [
            control,
            Running {
                try await Clockwork(store: store, supervisor: supervisor, notifier: notifier).run()
            },
            Running { try await upkeep.run() },
            Running { for await failure in store.failures { throw failure } },
            Draining(supervisor: supervisor, notifier: notifier, after: opened),
        ]
    }

    private var portsFolder: String { configuration.stateFolder + "/ports" }

    private func announceReady(_ notifier: SystemdNotifier) {
        notifier.send("READY=1")
        let folder = configuration.runtimeFolder
        let ready = "recharged \(programVersion) is ready at \(folder)\n"
        let practice = practice.map {
            "PRACTICE with \($0) simulated transceivers; no money moves. \(ready)"
                + "export \(SocketPath.variable)=\(folder)/\(SocketPath.Name.control.rawValue)\n"
        }
        StandardStream.output.write(practice ?? ready)
    }

    private var gatewayConfiguration: GatewayConfiguration {
        var profiles: [CarrierID: CarrierProfile] = [:]
        for profile in catalog.profiles { profiles[profile.id] = profile }
        var gateway = GatewayConfiguration(
            ports: configuration.ports,
            profiles: profiles,
            credentials: secrets.credentials
        )
        gateway.serial = configuration.serial
        gateway.enrolment = configuration.enrolment
        gateway.simsMax = configuration.simsMax
        gateway.limitsOtherwise = configuration.limits
        gateway.ownLimits = configuration.ownLimits
        gateway.stopGrace = configuration.stopGrace
        gateway.credentialOtherwise = secrets.otherwise
        gateway.approvals = configuration.approvals
        if practice != nil { gateway.ports = [.directory(portsFolder)] }
        return gateway
    }

    private func controlConfiguration(at now: Timestamp) -> ControlServerConfiguration {
        var control = ControlServerConfiguration(
            runtimeFolder: configuration.runtimeFolder,
            spoolFolder: configuration.stateFolder,
            carriers: catalog.profiles.map { profile in
                var terms = CarrierTerms(profile, at: now)
                if let limits = configuration.limits { terms.limits = limits }
                return terms
            },
            version: programVersion,
            roles: configuration.roles,
            isPractice: practice != nil
        )
        if let carrier = secrets.onlyCarrier, catalog[carrier] != nil {
            control.standardCarrier = carrier
        }
        control.approvals = configuration.approvals
        control.ownLimits = configuration.ownLimits
        control.readStatement = { [catalog] carrier, bytes in
            catalog[carrier].flatMap { StatementReading(bytes, by: $0) }
        }
        return control
    }
}

/// A service that ends at once when the daemon stops.
private struct Running: Service {
    let body: @Sendable () async throws -> Void

    func run() async throws {
        try await cancelWhenGracefulShutdown { try await body() }
    }
}

/// The supervisor as a service: told to stop, it lets armed jobs end before it returns.
private struct Draining: Service {
    let supervisor: Supervisor
    let notifier: SystemdNotifier
    /// Ends when the control socket is open: a daemon that nobody can reach touches no port.
    let after: AsyncStream<Never>

    func run() async throws {
        for await _ in after {}
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await supervisor.run() }
            group.addTask {
                try await gracefulShutdown()
                notifier.send("STOPPING=1")
                await supervisor.stop()
            }
            try await group.next()
            group.cancelAll()
        }
    }
}
