import ATProtocol
import Carriers
import Engine
import Glibc
package import JobStorage
package import Logging
import ModemDiscovery
package import NIOCore
import Recharge
import SerialPorts

/// Starts a worker for each transceiver that arrives, starts it again when it fails, and stops all.
///
/// An actor, because workers, the store's wake-ups and the control socket all meet here. It decides
/// who may work: one worker per SIM, at most so many SIMs, none without credentials and a verified
/// profile.
package actor Supervisor {
    private let configuration: GatewayConfiguration
    private let store: any JobStore
    private let eventLoop: any EventLoop
    private let time: Time
    private let logger: Logger

    private var transceivers: [String: TransceiverEntry] = [:]
    private var portOfSIM: [ICCID: String] = [:]
    private var isStopping = false
    private var workersRunning = 0
    private var whenAllEnded: CheckedContinuation<Void, Never>?

    package init(
        configuration: GatewayConfiguration,
        store: any JobStore,
        eventLoop: any EventLoop,
        time: Time = .system,
        logger: Logger
    ) {
        self.configuration = configuration
        self.store = store
        self.eventLoop = eventLoop
        self.time = time
        self.logger = logger
    }

    /// Serves transceivers until cancelled.
    ///
    /// Throws the first error that no transceiver's task can stand, such as that the store has
    /// stopped; all other tasks are cancelled then. Ports are watched in a task beside theirs,
    /// since the body of a group does not notice that one of its tasks threw.
    package func run() async throws {
        warnOfMissingPorts()
        let (arrivals, arrival) = AsyncStream<TransceiverEntry.ID>.makeStream()
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask { await self.forwardWakes() }
            group.addTask { await self.watchPorts(arrival) }
            for await key in arrivals {
                group.addTask { try await self.serve(key) }
            }
            group.cancelAll()
        }
    }

    /// Says which transceivers came, until cancelled.
    private func watchPorts(_ arrival: AsyncStream<TransceiverEntry.ID>.Continuation) async {
        defer { arrival.finish() }
        let discovery = ModemDiscovery(sources: configuration.ports)
        for await event in discovery.events() {
            switch event {
            case .arrived(let port):
                if let key = arrived(port) { arrival.yield(key) }
            case .departed(let path): departed(path)
            case .failed(let source, let reason):
                logger.warning(
                    "ports cannot be watched",
                    metadata: ["source": "\(source)", "reason": "\(reason)"]
                )
            }
        }
    }

    /// Lets armed jobs end, starts none, and returns when all is done or the grace is over.
    package func stop() async {
        guard !isStopping else { return }
        isStopping = true
        for entry in transceivers.values { entry.mailbox?.post(.stopping) }
        await withTaskGroup { group in
            group.addTask { await self.allEnded() }
            group.addTask { [time, configuration] in
                try? await time.sleep(configuration.stopGrace)
                await self.giveUpStopping()
            }
            await group.next()
            group.cancelAll()
        }
    }

    private func allEnded() async {
        guard workersRunning > 0 else { return }
        await withCheckedContinuation { whenAllEnded = $0 }
    }

    private func giveUpStopping() {
        if workersRunning > 0 {
            logger.warning("workers still busy at the end of the grace; their jobs become unknown")
        }
        whenAllEnded?.resume()
        whenAllEnded = nil
    }

    /// A listed port may come later; one that is not there at the start is rather a wrong path.
    private func warnOfMissingPorts() {
        for case .list(let paths) in configuration.ports {
            for path in paths where access(path, F_OK) != 0 {
                logger.warning(
                    "a port of ports.list is not there; check its path, or plug it in",
                    metadata: ["modem.port": "\(path)"]
                )
            }
        }
    }

    private func forwardWakes() async {
        for await sim in store.wakes {
            guard let port = portOfSIM[sim] else { continue }
            transceivers[port]?.mailbox?.post(.woken)
        }
    }

    // MARK: Ports

    /// Takes a port in; nil when its transceiver is served already.
    private func arrived(_ port: DiscoveredPort) -> TransceiverEntry.ID? {
        let key = port.transceiver
        if transceivers[key] != nil {
            transceivers[key]?.ports.append(port)
            return nil
        }
        transceivers[key] = TransceiverEntry(port: port, since: time.utc())
        return key
    }

    /// Forgets a port; its transceiver is forgotten by the task that serves it.
    private func departed(_ path: String) {
        guard let key = transceivers.first(where: { $0.value.has(path) })?.key else { return }
        transceivers[key]?.ports.removeAll { $0.path == path }
    }

    /// Works a transceiver until it is gone; what breaks that off is told here, with its port.
    private func serve(_ key: TransceiverEntry.ID) async throws {
        do {
            try await workUntilGone(key)
        } catch let error where !(error is CancellationError) {
            logger.critical(
                "the work at a port broke off, and with it the gateway",
                metadata: [
                    "modem.port": "\(transceivers[key]?.status.port ?? key)", "error": "\(error)",
                ]
            )
            throw error
        }
    }

    /// Works a transceiver again and again, with growing pauses between failures.
    private func workUntilGone(_ key: TransceiverEntry.ID) async throws {
        if transceivers[key]?.isComposite == true { try await time.sleep(.milliseconds(1500)) }
        try await record("modem.arrived", key, [])
        var failures = 0
        while !isStopping, let port = transceivers[key]?.candidate {
            let begun = time.instant()
            let reason = try await work(port, key)
            try await record("modem.left", key, [NewEvent.Detail("reason", reason)])
            guard !isStopping, transceivers[key]?.ports.isEmpty == false else { break }
            let lasted = begun.duration(to: time.instant())
            failures = lasted > .seconds(60) ? 1 : failures + 1
            transceivers[key]?.status.phase = .failed(reason: reason)
            try await pause(after: failures, key)
        }
        transceivers[key] = nil
    }

    private func pause(after failures: Int, _ key: TransceiverEntry.ID) async throws {
        let policy = RetryPolicy(attemptsMax: .max, delayBase: .seconds(1), delayMax: .seconds(60))
        try await time.sleep(
            policy.delay(afterFailures: failures, jitter: .random(in: 0 ... .max))
        )
    }

    private func work(
        _ port: DiscoveredPort,
        _ key: TransceiverEntry.ID
    ) async throws -> String {
        let mailbox = WorkerMailbox()
        transceivers[key]?.began(on: port, mailbox, at: time.utc())
        workersRunning += 1
        defer { ended(key) }
        var worker = SIMWorker(
            path: port.path,
            settings: configuration.serial,
            eventLoop: eventLoop,
            store: store,
            time: time,
            mailbox: mailbox,
            reports: reports(key),
            logger: logger
        )
        let reason = try await holdIfBroken { try await worker.run() }
        if transceivers[key]?.failed(because: reason) ?? true {
            logger.notice(
                "transceiver stopped",
                metadata: ["modem.port": "\(port.path)", "reason": "\(reason)"]
            )
        }
        return reason
    }

    /// Law: when in doubt, hold.
    ///
    /// A refusal by a guard of the database means that something here is
    /// wrong: dispatch stops for all until a person has looked.
    private func holdIfBroken(_ body: () async throws -> String) async throws -> String {
        do {
            return try await body()
        } catch let error as JobStoreError where error.code == .invariant {
            logger.critical("an invariant is broken", metadata: ["error": "\(error)"])
            let reason = "an invariant is broken: \(error)"
            try await store.setHold(true, reason: reason, by: .gateway, at: time.utc())
            return reason
        }
    }

    private func ended(_ key: TransceiverEntry.ID) {
        if let sim = transceivers[key]?.status.iccid, portOfSIM[sim] == key {
            portOfSIM[sim] = nil
        }
        transceivers[key]?.ended()
        workersRunning -= 1
        if workersRunning == 0 {
            whenAllEnded?.resume()
            whenAllEnded = nil
        }
    }

    private func reports(_ key: TransceiverEntry.ID) -> SIMWorker.Reports {
        SIMWorker.Reports(
            assign: { try await self.assign($0, key) },
            changed: { await self.changed(key, $0, $1) },
            observed: { await self.observed(key, $0, $1) }
        )
    }

    private func changed(
        _ key: TransceiverEntry.ID,
        _ activity: SIMWorkerMachine.Activity,
        _ job: Job.ID?
    ) {
        transceivers[key]?.changed(activity, job)
    }

    private func observed(_ key: TransceiverEntry.ID, _ signal: Int?, _ isRegistered: Bool?) {
        if let signal { transceivers[key]?.status.signal = signal }
        if let isRegistered { transceivers[key]?.status.isRegistered = isRegistered }
    }

    // MARK: SIMs

    private func assign(
        _ transceiver: Transceiver,
        _ key: TransceiverEntry.ID
    ) async throws -> SIMAssignment {
        transceivers[key]?.identified(transceiver)
        let sim = transceiver.iccid
        guard let credential = configuration.credentials[sim] ?? configuration.credentialOtherwise
        else {
            return .rejected("SIM \(sim) has no entry in the secrets file; add its carrier and PIN")
        }
        guard let profile = configuration.profiles[credential.carrier] else {
            return .rejected(
                "SIM \(sim): there is no profile '\(credential.carrier)' in the carriers folder"
            )
        }
        if let flaw = try await flaw(of: profile, at: transceivers[key]?.status.port ?? key) {
            return .rejected(flaw)
        }
        if let other = portOfSIM[sim] {
            return .rejected("SIM \(sim) is already at work at \(other)")
        }
        guard portOfSIM.count < configuration.simsMax else {
            return .rejected(
                "sims_max is \(configuration.simsMax); raise it in the configuration to use more"
            )
        }
        portOfSIM[sim] = key
        return .admitted(try await admission(of: transceiver, profile, credential.pin, key))
    }

    /// Why no money may move by a profile at a port.
    private func flaw(of profile: CarrierProfile, at port: String) async throws -> String? {
        profile.flaw(
            onSimulatedLine: PseudoTerminal.isAt(port),
            try await store.verifications(of: [profile.id], people: configuration.approvals.people)
        )
    }

    private func admission(
        of transceiver: Transceiver,
        _ profile: CarrierProfile,
        _ pin: PIN,
        _ key: TransceiverEntry.ID
    ) async throws -> SIMWorkerMachine.Assignment {
        var sighting = SIMSighting(
            iccid: transceiver.iccid,
            imsi: transceiver.imsi,
            imei: transceiver.imei,
            carrier: profile.id,
            port: transceivers[key]?.status.port ?? key
        )
        sighting.currency = profile.currency
        sighting.floatLow = profile.float.low
        sighting.driftMax = profile.float.driftMax
        let admission = try await store.admit(
            sighting,
            enrolment: configuration.enrolment,
            at: time.utc()
        )
        transceivers[key]?.status.phase =
            admission.sim.state == .quarantined ? .quarantined : .working
        logger.notice(
            "SIM joined",
            metadata: [
                "sim.iccid": "\(transceiver.iccid)", "sim.state": "\(admission.sim.state)",
                "modem.port": "\(sighting.port)",
            ]
        )
        return SIMWorkerMachine.Assignment(
            admission: admission,
            profile: profile,
            pin: pin,
            limits: configuration.limitsOtherwise ?? profile.limits,
            uses: configuration.ownLimits.uses(with: profile),
            ownZone: configuration.ownLimits.zone
        )
    }

    private func record(
        _ kind: String,
        _ key: TransceiverEntry.ID,
        _ details: [NewEvent.Detail]
    ) async throws {
        let port = NewEvent.Detail("port", transceivers[key]?.status.port ?? key)
        try await store.record(
            NewEvent(kind: kind, details: [port] + details),
            by: .gateway,
            at: time.utc()
        )
    }

    // MARK: View

    /// What the control socket shows.
    package nonisolated var view: GatewayView {
        GatewayView(modems: { await self.modems() }, workers: { await self.workers() })
    }

    private func modems() -> [ModemStatus] {
        transceivers.values.filter { !$0.ports.isEmpty }.map(\.status).sorted { $0.port < $1.port }
    }

    private func workers() -> [WorkerStatus] {
        transceivers.values.compactMap(\.workerStatus).sorted { $0.port < $1.port }
    }
}
