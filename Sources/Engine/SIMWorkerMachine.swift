package import ATProtocol
package import Carriers
package import Recharge

/// What one transceiver and its SIM do next: the whole of a worker's decisions, without I/O.
///
/// One task owns it: it takes an event, calls `handle(_:at:)` and performs the actions in their
/// order, which is a promise (nothing that can commit money is written before `Action/arm(_:)`
/// came back as `Event/armed(_:)`). Store actions are answered in the order they were asked.
///
///     opened ─▶ bring-up ─▶ identified ─▶ admitted ─▶ inbox swept ─▶ claim ◀──────────┐
///     claimed ─▶ AT+CMGS ─▶ prompt ─▶ arm ─▶ payload ─▶ +CMGS ─▶ answer ─▶ settle ─────┘
package struct SIMWorkerMachine: Sendable {
    /// What happened.
    package enum Event: Sendable {
        /// The port is open.
        case opened
        case received([UInt8])
        /// The moment last asked for by `Action/wakeUp(at:)` has come.
        case deadlinePassed
        /// The port vanished or was closed.
        case linkLost(String)
        /// The SIM may work: the answer to `Action/identified(_:)`.
        ///
        /// Indirect: it is five times the size of any other, and every copy of an event has room
        /// for the largest.
        indirect case admitted(Assignment)
        /// The SIM may not work here.
        case rejected(String)
        case claimed(ClaimAnswer)
        case released
        case armed(Attempt)
        /// Nothing was committed and nothing may be sent.
        case armingRefused(String)
        case asked(Inquiry)
        /// Nothing was committed and nothing may be asked.
        /// The question may not be asked; settled: others closed the attempt that it is about.
        case askingRefused(String, isSettled: Bool)
        case settled(JobState)
        case filed
        /// There may be a job now.
        case woken
        /// Finish what is armed, claim nothing more.
        case stopping
    }

    /// What to do, in this order.
    package enum Action: Hashable, Sendable {
        case write([UInt8])
        /// Send `Event/deadlinePassed` then; replaces what was asked before. Nil: never.
        case wakeUp(at: Instant?)
        case identified(Transceiver)
        case claim(ClaimRequest)
        case release(Job.ID, Release, reason: String)
        case arm(Arming)
        case settle(Settlement)
        case ask(Asking)
        /// What became of an inquiry that settled nothing.
        case conclude(Inquiry.ID, Inquiry.Outcome)
        /// The carrier's word on the float; its messages are filed with it.
        case reportFloat(FloatReport)
        case file([InboxMessage])
        case keep(Evidence, for: Attempt.ID)
        /// The SIM itself is at fault: it must not claim until a person looked at it.
        case pauseSIM(reason: String)
        case report(Activity, Job.ID?)
        case observed(signal: Int?, isRegistered: Bool?)
        /// The worker is done; no action follows. The reason is for people.
        case finish(String)
    }

    /// What the SIM is doing, in one word.
    package enum Activity: Hashable, Sendable {
        case idle
        case limited(LimitReason)
        case sending
        case awaitingAnswer
        /// Asks the carrier about a job in doubt.
        case asking
        case stopped
    }

    /// What a SIM works with, once it is known.
    package struct Assignment: Sendable {
        package var admission: SIMAdmission
        package var profile: CarrierProfile
        package var pin: PIN
        package var limits: SIMLimits
        package var uses: ClaimUses
        /// Where the days of clients and of all together begin.
        package var ownZone: CarrierZone

        package init(
            admission: SIMAdmission,
            profile: CarrierProfile,
            pin: PIN,
            limits: SIMLimits,
            uses: ClaimUses = .none,
            ownZone: CarrierZone = .utc
        ) {
            self.admission = admission
            self.profile = profile
            self.pin = pin
            self.limits = limits
            self.uses = uses
            self.ownZone = ownZone
        }
    }

    /// How far the transceiver is.
    enum Phase: Sendable {
        /// Nothing is open yet. → bringingUp, finished
        case new
        /// Asked who it is and set up. → identified, finished
        case bringingUp(BringUp)
        /// Waits for the word whether its SIM may work. → working, finished
        case identified
        /// Serves its SIM; `SIMWorkerMachine/work` is there. → finished
        case working
        /// Final.
        case finished
    }

    var phase = Phase.new
    /// Present while the phase is `working`.
    var work: SIMWork?
    var channel = ATChannel()
    var actions: [Action] = []
    var commandsIssued: UInt64 = 0
    var isStopping = false
    /// Why the worker ends as soon as the intent that is being committed is settled.
    var endingReason: String?
    /// Whether the modem said that a card is in: said again, that is no news.
    private var isCardStated = false
    var identityCommand = ATCommand.iccidLadder[0]
    private var storage = MessageStorage()
    /// Feeds the jitter; a seed makes a run repeat itself.
    var random: SplitMix64
    private var channelDeadline: Instant?
    /// How often the channel was run: what a run inside another one says of the deadline is newer.
    private var runs = 0
    /// Messages that were handed over at once before the SIM was admitted: they are kept nowhere
    /// else.
    private var early: [String] = []
    private static let earlyMax = 64
    private var wakeUpAsked: Instant?

    /// - Parameter seed: what the jitter of retries is drawn from.
    package init(seed: UInt64) {
        random = SplitMix64(seed: seed)
    }

    /// Takes one event and says what to do.
    package mutating func handle(_ event: Event, at now: Moment) -> [Action] {
        actions.removeAll(keepingCapacity: true)
        switch event {
        case .opened: opened()
        case .received(let bytes): run(channel.handle(.received(bytes), at: now.instant), at: now)
        case .deadlinePassed: deadlinePassed(at: now)
        case .linkLost(let reason): linkLost(reason, at: now)
        case .admitted(let assignment): admitted(assignment, at: now)
        case .rejected(let reason): finish(reason)
        case .claimed(let answer): claimed(answer, at: now)
        case .released: break
        case .armed(let attempt): armed(attempt, at: now)
        case .armingRefused(let reason): armingRefused(reason, at: now)
        case .asked(let inquiry): asked(inquiry, at: now)
        case .askingRefused(_, let isSettled): askingRefused(isSettled: isSettled, at: now)
        case .settled(let state): work?.settled(as: state, at: now)
        case .filed: work?.filed()
        case .woken: work?.woken()
        case .stopping: isStopping = true
        }
        advance(at: now)
        askForWakeUp()
        return actions
    }

    /// Performs what the channel says.
    mutating func run(_ channelActions: [ATChannel.Action], at now: Moment) {
        runs += 1
        let run = runs
        for action in channelActions {
            if case .finished = phase { return }
            switch action {
            case .write(let bytes): actions.append(.write(bytes))
            case .deadline(let instant): if run == runs { channelDeadline = instant }
            case .prompted: prompted(at: now)
            case .committed: break
            case .completed(let id, let result): completed(id, result, at: now)
            case .indicated(let indication): indicated(indication, at: now)
            case .late(_, let lines): work?.transcribeLate(lines)
            case .resynchronised: break
            case .lost(let loss): finishAndSettle("the modem does not answer: \(loss)", at: now)
            }
        }
    }

    private mutating func opened() {
        guard case .new = phase else { return }
        phase = .bringingUp(BringUp())
    }

    private mutating func deadlinePassed(at now: Moment) {
        wakeUpAsked = nil
        guard let due = channelDeadline, due <= now.instant else { return }
        channelDeadline = nil
        run(channel.handle(.deadlinePassed, at: now.instant), at: now)
    }

    private mutating func admitted(_ assignment: Assignment, at now: Moment) {
        guard case .identified = phase else { return }
        phase = .working
        work = SIMWork(assignment, storage: storage, at: now)
        for pdu in early { received(pdu, from: nil, at: now) }
        early = []
    }

    private mutating func completed(_ id: ATCommandID, _ result: ATResult, at now: Moment) {
        switch phase {
        case .bringingUp(var bringUp):
            switch bringUp.answered(result) {
            case .ask: phase = .bringingUp(bringUp)
            case .ready(let transceiver):
                phase = .identified
                identityCommand = bringUp.identityCommand
                storage = bringUp.storage
                actions.append(.identified(transceiver))
            case .failed(let reason): finish(reason)
            }
        case .working: workCompleted(result, at: now)
        case .new, .identified, .finished: break
        }
    }

    private mutating func indicated(_ indication: ATIndication, at now: Moment) {
        switch indication {
        case .messageStored(_, let index), .statusReportStored(_, let index):
            work?.inbox.announced(index)
        case .message(let pdu, _), .statusReport(let pdu, _):
            if work != nil {
                received(pdu, from: nil, at: now)
            } else if early.count < Self.earlyMax {
                early.append(pdu)
            }
        case .registration(let state): registered(state)
        case .poweringDown: finishAndSettle("the modem is powering down", at: now)
        case .ready("RDY"), .ready("^SYSSTART"):
            if hasSettings { finishAndSettle("the modem started anew, without settings", at: now) }
        case .simState(.ready): break
        case .simState: cardGone(at: now)
        case .simPresence(let presence): stated(presence, at: now)
        case .ussd, .overlong, .other: work?.mayHaveTornList(indication)
        case .cellBroadcast, .ready: break
        }
    }

    /// Whether the modem was set up, so that a start makes it forget that.
    private var hasSettings: Bool {
        switch phase {
        case .identified, .working: true
        case .bringingUp(let bringUp): bringUp.isIdentified
        case .new, .finished: false
        }
    }

    /// Takes what the modem says of the card: another one is identified by another bring-up.
    ///
    /// Some modems say once, late after their start, that a card is in. So it is no exchange while
    /// the card is only being identified, nor when it is said again.
    private mutating func stated(_ presence: SIMPresence, at now: Moment) {
        let isNews = !isCardStated
        isCardStated = presence != .removed
        switch presence {
        case .removed: cardGone(at: now)
        case .inserted: if isNews { cardInserted(at: now) }
        case .present: break
        }
    }

    private mutating func cardInserted(at now: Moment) {
        switch phase {
        case .identified, .working:
            finishAndSettle("the SIM may have been exchanged", at: now)
        case .new, .bringingUp, .finished: break
        }
    }

    /// Before the card was identified its absence is found out by asking.
    private mutating func cardGone(at now: Moment) {
        let isIdentified =
            switch phase {
            case .identified, .working: true
            case .bringingUp(let bringUp): bringUp.isIdentified
            case .new, .finished: false
            }
        if isIdentified { finishAndSettle("the SIM was taken out or locked", at: now) }
    }

    mutating func registered(_ state: RegistrationState) {
        guard work != nil else { return }
        work?.isRegistered = state.allowsMessages
        actions.append(.observed(signal: nil, isRegistered: state.allowsMessages))
    }

    /// Writes a command; the channel must be idle.
    mutating func submit(_ command: ATCommand, at now: Moment) {
        commandsIssued += 1
        run(channel.handle(.submitted(command, currentCommand), at: now.instant), at: now)
    }

    /// The command in hand.
    var currentCommand: ATCommandID { ATCommandID(rawValue: commandsIssued) }

    mutating func finish(_ reason: String) {
        if case .finished = phase { return }
        phase = .finished
        work = nil
        actions.append(.finish(reason))
    }

    private mutating func askForWakeUp() {
        if case .finished = phase { return }
        let due = work?.nextDeadline(isChannelIdle: channel.isIdle, isStopping: isStopping)
        let next = channelDeadline.map { min($0, due ?? $0) } ?? due
        guard next != wakeUpAsked else { return }
        wakeUpAsked = next
        actions.append(.wakeUp(at: next))
    }
}

extension SIMWorkerMachine.Action: CustomStringConvertible {
    /// The action without octets and foreign texts, which may hold a PIN or a number.
    package var description: String {
        switch self {
        case .write(let bytes): "write \(bytes.count) bytes"
        case .wakeUp(let instant): "wake up at \(instant.map { "\($0.nanoseconds)" } ?? "never")"
        case .identified(let transceiver): "identified \(transceiver.iccid)"
        case .claim(let request): "claim for \(request.sim)"
        case .release(let job, let release, let reason): "release \(job) to \(release): \(reason)"
        case .arm(let arming): "arm \(arming.job)"
        case .ask(let asking):
            "ask \(asking.kind) about \(asking.attempt.map { "attempt \($0)" } ?? "the SIM")"
        case .conclude(let inquiry, let outcome): "inquiry \(inquiry) is \(outcome)"
        case .reportFloat(let report): "report the float of \(report.sim)"
        case .settle(let settlement):
            "settle attempt \(settlement.attempt), \(settlement.ending): \(settlement.reason)"
        case .file(let messages): "file \(messages.count) messages"
        case .keep(let evidence, let attempt): "keep \(evidence.kind) for attempt \(attempt)"
        case .pauseSIM(let reason): "pause the SIM: \(reason)"
        case .report(let activity, let job): "report \(activity) \(job.map(\.description) ?? "")"
        case .observed(let signal, let isRegistered):
            "observed signal \(signal.map(String.init) ?? "-"), registered \(isRegistered ?? false)"
        case .finish(let reason): "finish: \(reason)"
        }
    }
}
