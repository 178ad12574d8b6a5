import ATProtocol
package import Carriers
package import Engine
import Gateway
import JobStorage
package import Recharge
package import Simulation
import TestSupport

/// Workers, a queue and the simulated world in virtual time, with all going wrong that a seed says.
///
/// What it does depends on its settings and what it is told, and on nothing else: no clock, no
/// chance of its own. The tasks of the daemon are missing here, everything else is the real thing.
package struct SimulatedGateway<Queue: SimulatedQueue> {
    enum Arrival {
        case world(SimulatedWorld.Event)
        case worker(Int, Mail)
    }

    /// What the shell brings a machine; the outcomes of its actions go to it at once.
    enum Mail {
        case opened
        case received([UInt8])
        case deadlinePassed
        case linkLost(String)
        case woken
    }

    package let profile: CarrierProfile
    /// What its carrier is like.
    let carrier: SimulatedCarrier.Traits
    package var world: SimulatedWorld
    package var queue: Queue
    package var violations: [String] = []
    package var ledger: [LedgerEntry] = []
    /// The orders that were acknowledged, by their key.
    package var acknowledged: [NewJob.Key: Job.ID] = [:]
    package var encounters = Encounters()
    package var trace = TraceDigest()
    package var kill = KillRule.never
    /// Whether all that happens is printed.
    package var isLogged = false
    /// How many places there were so far at which the process can be killed.
    package var points = 0
    /// The last of these places in the two minutes after the first start that followed a kill.
    package var lastOfRecovery = 0
    var recoveryEnds: Timestamp?
    /// How many events the machines took.
    package var handled = 0

    /// The true time, which the world and the monotonic clock run by.
    package var truth = Samples.midnight
    /// How far the wall clock of the gateway is off.
    package var skew = Duration.zero
    /// The latest moment that the wall clock ever showed.
    var latestReading = Samples.midnight

    /// By the number of the transceiver, from 1.
    var workers: [SimulatedWorker?]
    var openPorts: Set<Int> = []
    var restarts: [Int: Timestamp] = [:]
    var resumes: [ICCID: Timestamp] = [:]
    var troubles: [(at: Timestamp, trouble: Trouble)] = []
    var clients: [(at: Timestamp, orders: [NewJob])] = []
    var random: TestSupport.SplitMix64
    var arrivals: [Arrival] = []
    var isKilled = false
    /// When the process is back, while it is gone.
    var upAt: Timestamp?
    /// How often in a row it could not start.
    var failedStarts = 0
    var promotionDue = Samples.midnight
    var isDiskLow = false
    /// Since when nothing goes wrong any more.
    var calmFrom: Timestamp?
    /// The watch of the process over its wall clock.
    var clock = ClockWatch(at: SimulatedGateway.moment(at: Samples.midnight, skew: .zero))
    /// When a person releases the hold of a clock that was set.
    var releaseAt: Timestamp?
    /// Whether the wall clock was set back: how old a request is that an earlier worker sent, the
    /// next one does not know then, and the carrier's record may look too old to be its own.
    var wasSetBack = false
    var charges = ChargeCount()
    /// The SIMs whose books may name money that nobody paid in.
    var unsureFloats: Set<ICCID> = []
    /// Whether the queue changed since `standings` were read.
    var isChanged = true
    package private(set) var standings: [JobStanding] = []
    var lastArmedAt: Timestamp?
    var lastAskedAt: Timestamp?

    /// Begins with transceivers that are plugged in at once.
    package init(
        _ queue: Queue,
        seed: UInt64,
        modems: Int,
        faults: [FaultScript.Command] = [],
        carrier: SimulatedCarrier.Traits = []
    ) async throws {
        self.queue = queue
        self.carrier = carrier
        profile = try SimulatedCarrier.profile(carrier)
        var settings = SimulatedWorld.Settings()
        settings.seed = seed
        settings.storageCapacity = 6
        var centre = RechargeCentre(
            initialFloat: try Samples.yuan(100_000),
            initialPIN: SimulatedCarrier.pin
        )
        if carrier.contains(.forgetful) { centre.historyWindow = SimulatedCarrier.historyWindow }
        if carrier.contains(.recounting) { centre.serialsMax = SimulatedCarrier.serialsMax }
        world = SimulatedWorld(settings: settings, centre: centre, startingAt: truth)
        random = TestSupport.SplitMix64(seed: seed)
        workers = Array(repeating: nil, count: modems)
        for fault in faults { await tell(FaultScript.Line(fault)) }
        await tell(FaultScript.Line(.add(modems)))
    }

    package var now: Moment { Self.moment(at: truth, skew: skew) }

    private static func moment(at truth: Timestamp, skew: Duration) -> Moment {
        Moment(
            instant: Instant(nanoseconds: 0).advanced(by: Samples.midnight.duration(to: truth)),
            utc: truth.advanced(by: skew)
        )
    }

    // MARK: What a seed has in store

    package mutating func tell(_ line: FaultScript.Line) async {
        arrivals.append(.world(.told(line)))
        await drain()
    }

    /// A client submits orders after so long, again and again until they are acknowledged.
    package mutating func submit(_ orders: [NewJob], after delay: Duration = .zero) {
        clients.append((truth.advanced(by: delay), orders))
        clients.sort { $0.at < $1.at }
    }

    package mutating func plan(_ trouble: Trouble, after delay: Duration) {
        troubles.append((truth.advanced(by: delay), trouble))
        troubles.sort { $0.at < $1.at }
    }

    // MARK: Time

    /// Runs for a while, or until nothing is left to do for any job.
    package mutating func run(for duration: Duration) async {
        let end = truth.advanced(by: duration)
        while let next = nextDue, next <= end, !isSettled() {
            truth = max(truth, next)
            trace.add(truth.milliseconds)
            await takeTroubles()
            if let upAt {
                if upAt <= truth { await comeUp() }
            } else {
                await work()
            }
            arrivals.append(.world(.timePassed))
            for index in 1...workers.count {
                guard let due = workers[index - 1]?.wakeUp, due <= now.instant else { continue }
                arrivals.append(.worker(index, .deadlinePassed))
            }
            await drain()
        }
    }

    private var nextDue: Timestamp? {
        var next = world.nextDue ?? .never
        for worker in workers {
            if let due = worker?.wakeUp { next = min(next, timestamp(of: due)) }
        }
        if let due = troubles.first?.at { next = min(next, due) }
        if let upAt { return upAt == .never ? nil : min(next, upAt) }
        for due in restarts.values { next = min(next, due) }
        for due in resumes.values { next = min(next, due) }
        if let due = clients.first?.at { next = min(next, due) }
        if let releaseAt { next = min(next, releaseAt) }
        next = min(next, promotionDue)
        return next == .never ? nil : next
    }

    private func timestamp(of instant: Instant) -> Timestamp {
        // Rounded up: a moment that is asked for must have come.
        Samples.midnight.advanced(by: .nanoseconds(instant.nanoseconds + 999_999))
    }

    /// Whether no job can go on without a person.
    private mutating func isSettled() -> Bool {
        guard upAt == nil, clients.isEmpty, troubles.isEmpty, releaseAt == nil else {
            return false
        }
        lookAtJobs()
        var isUnknown = false
        for job in standings {
            switch job.state {
            case .succeeded, .failed, .cancelled, .expired, .held: break
            case .unknown: isUnknown = true
            case .ready where isBlocked(job): break
            case .ready, .scheduled, .leased, .armed: return false
            }
        }
        guard isUnknown, let last = [lastArmedAt, lastAskedAt].compactMap({ $0 }).max() else {
            return true
        }
        // By then another question would have been asked, were there any.
        let quiet = last.advanced(by: profile.fence + profile.doubt.interval + .seconds(600))
        guard let calmFrom else { return quiet < truth }
        // A kind that settled nothing twice rests for an hour.
        if standings.contains(where: { $0.state == .unknown && isProvable($0) }) {
            return quiet.advanced(by: .seconds(3600)) < truth
        }
        // What is left nobody can prove.
        return min(quiet, calmFrom.advanced(by: .seconds(1800))) < truth
    }

    var isHistoryOffered: Bool { world.centre.services.contains(.history) }

    /// Whether a job waits for the doubt about another one with its number.
    package func isBlocked(_ job: JobStanding) -> Bool {
        standings.contains { $0.state == .unknown && $0.number == job.number }
    }

    /// Reads where the jobs stand, if anything changed.
    package mutating func lookAtJobs() {
        guard isChanged, upAt == nil else { return }
        do {
            standings = try queue.standings()
            isChanged = false
        } catch {
            violations.append("the jobs cannot be read: \(error)")
        }
    }

    // MARK: Events

    mutating func drain() async {
        var place = 0
        while true {
            if place == arrivals.count { await forwardWakes() }
            guard place < arrivals.count else { break }
            let arrival = arrivals[place]
            place += 1
            if place > 100_000 {
                violations.append("a loop without end at \(truth.rfc3339)")
                break
            }
            switch arrival {
            case .world(let event): performWorld(event)
            case .worker(let index, let mail): await feed(index, mail.event)
            }
            if isKilled {
                arrivals.removeFirst(place)
                place = 0
                goDown()
            }
        }
        arrivals.removeAll(keepingCapacity: true)
    }

    private mutating func forwardWakes() async {
        for sim in await queue.takeWakes() {
            guard let place = workers.firstIndex(where: { $0?.sim == sim }) else { continue }
            arrivals.append(.worker(place + 1, .woken))
        }
    }

    private mutating func performWorld(_ event: SimulatedWorld.Event) {
        for action in world.handle(event, at: truth) {
            switch action {
            case .openPort(let index):
                openPorts.insert(index)
                arrivals.append(.world(.portOpened(index)))
                // One worker after another: the last one of this port may not have ended yet.
                restarts[index] = truth.advanced(by: .milliseconds(100))
            case .closePort(let index):
                openPorts.remove(index)
                arrivals.append(.worker(index, .linkLost("unplugged")))
            case .send(let index, let bytes): arrivals.append(.worker(index, .received(bytes)))
            case .record(let entry):
                ledger.append(entry)
                violations += charges.note(entry)
                log("ledger: \(entry.json)")
                trace.add(entry.requestID.utf8)
            case .suffered(let mishap, let index, let number): note(mishap, index, number)
            }
        }
    }

    func log(_ text: @autoclosure () -> String) {
        if isLogged { print("\(truth.rfc3339) \(text())") }
    }

    mutating func start(_ index: Int) {
        let seed = UInt64.random(in: 0 ... .max, using: &random)
        workers[index - 1] = SimulatedWorker(seed: seed)
        arrivals.append(.worker(index, .opened))
    }
}

extension SimulatedGateway.Mail {
    var event: SIMWorkerMachine.Event {
        switch self {
        case .opened: .opened
        case .received(let bytes): .received(bytes)
        case .deadlinePassed: .deadlinePassed
        case .linkLost(let reason): .linkLost(reason)
        case .woken: .woken
        }
    }
}

extension Timestamp {
    static let never = Timestamp(milliseconds: .max)
}
