import ATProtocol
import Carriers
import Engine
import Recharge
import Simulation
import TestSupport

/// Workers, a model of the queue and the simulated world in virtual time, with all going wrong
/// that a seed says.
struct SimulatedGateway {
    struct Worker {
        var machine: SIMWorkerMachine
        var sim: ICCID?
        var wakeUp: Instant?
        var isFinished = false
        var lastPayloadTail = ""
        var isArmed = false
    }

    let profile: CarrierProfile
    let carrier: CarrierID
    var world: SimulatedWorld
    var store: ModelStore
    var workers: [Int: Worker] = [:]
    var openPorts: Set<Int> = []
    var restarts: [Int: Timestamp] = [:]
    var ledger: [LedgerEntry] = []
    var random: TestSupport.SplitMix64
    var violations: [String] = []
    /// Chance of a kill at each store action, in tenths of a percent.
    var killChance = 0
    var isKilled = false
    var now = EngineSamples.moment(.zero)
    var handled = 0
    private var queue: [Arrival] = []

    private enum Arrival {
        case world(SimulatedWorld.Event)
        case worker(Int, SIMWorkerMachine.Event)
    }

    init(seed: UInt64, orders: [NewJob], faults: [FaultScript.Command], modems: Int) throws {
        profile = try EngineSamples.knownProfile()
        carrier = profile.id
        var settings = SimulatedWorld.Settings()
        settings.seed = seed
        settings.storageCapacity = 6
        let centre = RechargeCentre(
            initialFloat: try Samples.yuan(100_000),
            initialPIN: EngineSamples.pin
        )
        world = SimulatedWorld(settings: settings, centre: centre, startingAt: Samples.midnight)
        store = ModelStore(orders: orders, at: Samples.midnight)
        random = TestSupport.SplitMix64(seed: seed)
        for fault in faults { tell(fault) }
        tell(.add(modems))
    }

    mutating func tell(_ command: FaultScript.Command) {
        queue.append(.world(.told(FaultScript.Line(command))))
        drain()
    }

    /// Runs to a moment, or until nothing is left to do for any job.
    mutating func run(until end: Timestamp) {
        while !isSettled, let next = nextMoment(), next.utc <= end {
            now = next
            restartWorkers()
            store.promote(at: now.utc)
            wakeParked()
            queue.append(.world(.timePassed))
            for (index, worker) in workers.sorted(by: { $0.key < $1.key }) {
                guard let due = worker.wakeUp, due <= now.instant else { continue }
                queue.append(.worker(index, .deadlinePassed))
            }
            drain()
        }
    }

    /// Whether no job can go on without a person.
    var isSettled: Bool {
        store.jobs.values.allSatisfy { entry in
            switch entry.job.state {
            case .succeeded, .failed, .cancelled, .expired, .held: true
            case .unknown:
                now.utc > (store.fenceEnd(of: entry) ?? now.utc).advanced(by: .seconds(600))
            case .ready: isBlocked(entry.job)
            case .scheduled, .leased, .armed: false
            }
        }
    }

    /// Whether a job waits for the doubt about another one with its number.
    func isBlocked(_ job: Job) -> Bool {
        store.jobs.values.contains {
            $0.job.state == .unknown && $0.job.order.number == job.order.number
        }
    }

    private func nextMoment() -> Moment? {
        var times = workers.values.compactMap(\.wakeUp).map { moment(of: $0) }
        if let due = world.nextDue { times.append(moment(of: due)) }
        times += restarts.values.map { moment(of: $0) }
        times.append(moment(of: now.utc.advanced(by: .seconds(5))))
        return times.min { $0.instant < $1.instant }.map { $0.instant < now.instant ? now : $0 }
    }

    private func moment(of instant: Instant) -> Moment {
        EngineSamples.moment(.nanoseconds(instant.nanoseconds))
    }

    private func moment(of timestamp: Timestamp) -> Moment {
        EngineSamples.moment(Samples.midnight.duration(to: timestamp))
    }

    private mutating func restartWorkers() {
        for (index, due) in restarts where due <= now.utc {
            restarts[index] = nil
            if openPorts.contains(index) { start(index) }
        }
    }

    private mutating func start(_ index: Int) {
        restarts[index] = nil
        let seed = UInt64.random(in: 0 ... .max, using: &random)
        workers[index] = Worker(machine: SIMWorkerMachine(seed: seed))
        queue.append(.worker(index, .opened))
    }

    private mutating func wakeParked() {
        for (index, worker) in workers {
            guard let sim = worker.sim, store.cards[sim]?.isParked == true else { continue }
            store.cards[sim]?.isParked = false
            queue.append(.worker(index, .woken))
        }
    }

    private mutating func drain() {
        var place = 0
        while place < queue.count {
            let arrival = queue[place]
            place += 1
            if place > 100_000 {
                violations.append("a loop without end at \(now.utc.rfc3339)")
                break
            }
            switch arrival {
            case .world(let event): performWorld(event)
            case .worker(let index, let event): feed(index, event)
            }
        }
        queue.removeAll(keepingCapacity: true)
    }

    private mutating func performWorld(_ event: SimulatedWorld.Event) {
        for action in world.handle(event, at: now.utc) {
            switch action {
            case .openPort(let index):
                openPorts.insert(index)
                queue.append(.world(.portOpened(index)))
                start(index)
            case .closePort(let index):
                openPorts.remove(index)
                queue.append(.worker(index, .linkLost("unplugged")))
            case .send(let index, let bytes): queue.append(.worker(index, .received(bytes)))
            case .record(let entry): ledger.append(entry)
            }
        }
    }

    /// Feeds an event and all outcomes that follow from it at once, as the real shell does.
    private mutating func feed(_ index: Int, _ event: SIMWorkerMachine.Event) {
        guard var worker = workers[index], !worker.isFinished else { return }
        var events = [event]
        if case .deadlinePassed = event { worker.wakeUp = nil }
        while !events.isEmpty, !isKilled {
            let next = events.removeFirst()
            handled += 1
            for action in worker.machine.handle(next, at: now) where !isKilled {
                if worker.isFinished { violations.append("\(action) after finish") }
                checkSecrecy(of: action, after: next, &worker)
                if let outcome = perform(action, index, &worker) { events.append(outcome) }
            }
        }
        workers[index] = worker
        if isKilled { kill() }
        if worker.isFinished, let sim = worker.sim {
            store.depart(sim)
            workers[index]?.sim = nil
        }
    }

    private mutating func kill() {
        isKilled = false
        store.depart(nil)
        workers.removeAll()
        restarts.removeAll()
        let delay = Duration.seconds(Int.random(in: 1...20, using: &random))
        for index in openPorts { restarts[index] = now.utc.advanced(by: delay) }
        queue.removeAll { arrival in
            if case .worker = arrival { true } else { false }
        }
    }

    private mutating func perform(
        _ action: SIMWorkerMachine.Action,
        _ index: Int,
        _ worker: inout Worker
    ) -> SIMWorkerMachine.Event? {
        switch action {
        case .write(let bytes):
            queue.append(.world(.received(index, bytes)))
            return nil
        case .wakeUp(let instant):
            worker.wakeUp = instant
            return nil
        case .identified(let transceiver):
            worker.sim = transceiver.iccid
            return .admitted(
                SIMWorkerMachine.Assignment(
                    admission: store.admit(transceiver.iccid, carrier: carrier),
                    profile: profile,
                    pin: EngineSamples.pin,
                    limits: .unlimited
                )
            )
        case .report, .observed: return nil
        case .finish:
            worker.isFinished = true
            worker.wakeUp = nil
            if openPorts.contains(index) { restarts[index] = now.utc.advanced(by: .seconds(5)) }
            return nil
        case .claim, .release, .arm, .settle, .ask, .conclude, .reportFloat, .file, .keep,
            .pauseSIM:
            return ask(action, &worker)
        }
    }

    /// Performs a store action; a kill may come before it or after it.
    private mutating func ask(
        _ action: SIMWorkerMachine.Action,
        _ worker: inout Worker
    ) -> SIMWorkerMachine.Event? {
        let fate = Int.random(in: 0..<1000, using: &random)
        if fate < killChance {
            isKilled = true
            if fate.isMultiple(of: 2) { return nil }
        }
        guard let sim = worker.sim else { return nil }
        switch action {
        case .claim(let request): return .claimed(store.claim(request, at: now.utc))
        case .release(let job, let release, _):
            store.release(job, sim: sim, to: release)
            return .released
        case .arm(let arming):
            guard let attempt = store.arm(arming, at: now.utc) else {
                return .armingRefused("the lease is lost")
            }
            worker.isArmed = true
            return .armed(attempt)
        case .settle(let settlement):
            return .settled(store.settle(settlement, at: now.utc))
        case .ask(let asking):
            guard let inquiry = store.ask(asking, at: now.utc) else {
                return .askingRefused("not in doubt")
            }
            worker.isArmed = true
            return .asked(inquiry)
        case .conclude(let inquiry, let outcome):
            store.conclude(inquiry, outcome)
            return nil
        case .reportFloat(let report):
            for message in report.messages { store.file(message) }
            return .filed
        case .file(let messages):
            for message in messages { store.file(message) }
            return .filed
        case .keep(let evidence, let attempt):
            store.keep(evidence, for: attempt, at: now.utc)
            return nil
        case .pauseSIM:
            store.pause(sim, at: now.utc)
            return nil
        case .write, .wakeUp, .identified, .report, .observed, .finish: return nil
        }
    }

    /// A payload follows its intent and nothing else shows the secret, whatever its encoding.
    private mutating func checkSecrecy(
        of action: SIMWorkerMachine.Action,
        after event: SIMWorkerMachine.Event,
        _ worker: inout Worker
    ) {
        if case .write(let bytes) = action {
            guard bytes.last == 0x1A else { return }
            switch event {
            case .armed where worker.isArmed, .asked where worker.isArmed: worker.isArmed = false
            default: violations.append("a payload without its intent")
            }
            worker.lastPayloadTail = String(decoding: bytes.dropLast().suffix(10), as: UTF8.self)
            return
        }
        let shown = Self.everything(in: action)
        if shown.contains(EngineSamples.pin.revealed)
            || (!worker.lastPayloadTail.isEmpty && shown.contains(worker.lastPayloadTail))
        {
            violations.append("the PIN shows in \(action)")
        }
    }

    private static func everything(in action: SIMWorkerMachine.Action) -> String {
        switch action {
        case .settle(let settlement):
            settlement.reason + settlement.evidence.map(text).joined()
        case .keep(let evidence, _): text(evidence)
        case .arm(let arming): arming.redactedRequest
        case .ask(let asking): asking.redactedRequest
        case .release(_, _, let reason), .pauseSIM(let reason), .finish(let reason): reason
        case .write, .wakeUp, .identified, .claim, .file, .report, .observed, .conclude,
            .reportFloat:
            ""
        }
    }

    private static func text(_ evidence: Evidence) -> String {
        evidence.parsed + String(decoding: evidence.raw, as: UTF8.self)
    }
}
