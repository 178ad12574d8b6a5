package import Recharge
import SMSCodec

/// All transceivers, the network between them, and the recharge centre behind it.
///
/// Pure: whoever drives it, a shell with ttys or a simulation in virtual time, brings events with
/// the time and performs the actions in their order. `nextDue` says when to come back with
/// `timePassed`.
/// A `record` always stands before everything that follows from the charge.
package struct SimulatedWorld: Sendable {
    package enum Event: Hashable, Sendable {
        /// The tty of a transceiver exists now: the answer to `openPort`.
        case portOpened(Int)
        case received(Int, [UInt8])
        case told(FaultScript.Line)
        case timePassed
    }

    package enum Action: Hashable, Sendable {
        case openPort(Int)
        case closePort(Int)
        case send(Int, [UInt8])
        /// To be in the ledger before the next action.
        case record(LedgerEntry)
        /// For the records: what went wrong at a transceiver, and with the order for which number.
        case suffered(Mishap, Int, number: String?)
    }

    /// What a world begins with.
    package struct Settings: Sendable {
        package var seed: UInt64 = 1
        /// Message slots of each SIM.
        package var storageCapacity = 30
        package var manners = Manners()
        package var faults = Faults()

        package init() {}
    }

    package internal(set) var centre: RechargeCentre
    package internal(set) var stations: [Station] = []

    var defaults: Settings
    var replugAfter: Duration?
    var actions: [Action] = []
    private var timers = TimerHeap<Due>()
    private let start: Timestamp

    /// What happens by itself.
    enum Due: Sendable {
        case timer(Int, SimulatedModem.Timer)
        case arrival(ICCID, SMSSubmit, expiry: Timestamp?)
        case execution(ICCID, String)
        case answer(ICCID, TimedAnswer)
        case release(ICCID)
        case delivery(ICCID, TPDU)
        case redelivery(Int)
        case replug(Int)
        case script(FaultScript.Line)
    }

    /// Begins without stations: tell `add N` first; they are numbered from 1.
    package init(settings: Settings, centre: RechargeCentre, startingAt start: Timestamp) {
        defaults = settings
        self.centre = centre
        self.start = start
    }

    package var nextDue: Timestamp? { timers.nextDue }

    package mutating func handle(_ event: Event, at now: Timestamp) -> [Action] {
        actions.removeAll(keepingCapacity: true)
        switch event {
        case .portOpened(let index):
            guard isStation(index), stations[index - 1].plug == .opening else { break }
            stations[index - 1].plug = .plugged
            drive(index, .plugged, at: now)
        case .received(let index, let bytes):
            if isStation(index) { drive(index, .received(bytes), at: now) }
        case .told(let line):
            let due = start.advanced(by: line.time ?? .zero)
            if due > now {
                timers.insert(.script(line), due: due)
            } else {
                obey(line, at: now)
            }
        case .timePassed: break
        }
        while let due = timers.popFirst(due: now) { perform(due, at: now) }
        return actions
    }

    /// Where a SIM is now.
    func index(of sim: ICCID) -> Int {
        guard let place = stations.firstIndex(where: { $0.modem.identity.iccid == sim }) else {
            preconditionFailure("a SIM is always in some transceiver")
        }
        return place + 1
    }

    func isStation(_ index: Int) -> Bool {
        stations.indices.contains(index - 1)
    }

    mutating func schedule(_ due: Due, after delay: Duration, at now: Timestamp) {
        timers.insert(due, due: now.advanced(by: delay))
    }

    private mutating func perform(_ due: Due, at now: Timestamp) {
        switch due {
        case .timer(let index, let timer): drive(index, .woke(timer), at: now)
        case .arrival(let sim, let submit, let expiry):
            arrive(submit, from: sim, expiry: expiry, at: now)
        case .execution(let sim, let text): execute(text, of: sim, at: now)
        case .answer(let sim, let answer): bring(answer, to: sim, at: now)
        case .release(let sim): release(to: sim, at: now)
        case .delivery(let sim, let message): deliver(message, to: index(of: sim), at: now)
        case .redelivery(let index): redeliver(to: index, at: now)
        case .replug(let index): plug(index)
        case .script(let line): obey(line, at: now)
        }
    }

    /// Runs one transceiver and performs what it asks for, in order.
    mutating func drive(_ index: Int, _ event: SimulatedModem.Event, at now: Timestamp) {
        for action in stations[index - 1].modem.handle(event) {
            switch action {
            case .send(let bytes): actions.append(.send(index, bytes))
            case .wake(let timer, let delay):
                schedule(.timer(index, timer), after: delay, at: now)
            case .submit(let submit): carry(submit, from: index, at: now)
            case .suffered(let mishap):
                actions.append(.suffered(mishap, index, number: nil))
            case .refused(let message): stations[index - 1].waiting.append(message)
            case .ready:
                guard !stations[index - 1].waiting.isEmpty else { continue }
                schedule(.redelivery(index), after: .zero, at: now)
            case .unplug:
                stations[index - 1].plug = .unplugged
                actions.append(.closePort(index))
                guard let delay = stations[index - 1].replugAfter else { continue }
                schedule(.replug(index), after: delay, at: now)
            }
        }
    }

    mutating func plug(_ index: Int) {
        guard stations[index - 1].plug == .unplugged else { return }
        stations[index - 1].plug = .opening
        actions.append(.openPort(index))
    }

    mutating func unplug(_ index: Int, for good: Bool = false, at now: Timestamp) {
        let old = stations[index - 1].plug
        guard old != .removed else { return }
        stations[index - 1].plug = good ? .removed : .unplugged
        drive(index, .unplugged, at: now)
        if old != .unplugged { actions.append(.closePort(index)) }
    }
}
