import ATProtocol
import Carriers
import Recharge

/// The state of a SIM at work: its order in hand, its inbox, its open questions.
struct SIMWork: Sendable {
    /// What the command on the channel is for.
    enum Errand: Hashable, Sendable {
        case listing
        case reading(Int)
        case deleting(Int)
        case sending
        case asking
        case signal
        case registration
        /// The PDU mode once more: a modem that started anew without a word has lost it.
        case format
        /// Which card it is: another one may have been put in meanwhile.
        case identity
    }

    /// How far the order in hand is.
    enum OrderPhase: Sendable {
        /// None in hand; asks for one, at the earliest then. → claiming
        case resting(until: Instant?)
        /// The store was asked. → parked, leased
        case claiming
        /// The store had none; asks again when woken, or then. → claiming
        case parked(until: Instant?)
        /// Waits for the channel. → prompting, resting
        case leased(Job)
        /// `AT+CMGS` is written. → arming, resting
        case prompting(Flight)
        /// The prompt stands, the intent is being committed. → submitting, settling, resting
        case arming(Flight)
        /// The payload is written: from here silence is doubt. → awaiting, settling
        case submitting(Flight)
        /// The network has it, or may have it. → settling
        case awaiting(Flight)
        /// Its end is being committed. → resting
        case settling(thenRestUntil: Instant?)
    }

    /// An order on its way out.
    struct Flight: Sendable {
        var job: Job
        var message: OutgoingMessage
        var attempt: Attempt?
        /// The network's reference of the message (`+CMGS`).
        var reference: Int?
        /// When waiting for the answer ends.
        var answerDue: Instant?
        /// Why the prompt was gone before the payload could be written.
        var promptLost: String?
        var transcript = Transcript()
    }

    /// A question to the carrier on its way out.
    struct Question: Sendable {
        enum Phase: Hashable, Sendable {
            /// Waits for the channel. → prompting
            case waiting
            /// `AT+CMGS` is written. → recording
            case prompting
            /// The prompt stands, the row is being committed. → submitting
            case recording
            /// The payload is written. → awaiting
            case submitting
            /// The carrier has it, or may have it.
            case awaiting
        }

        var asked: DoubtResolver.Question
        var message: OutgoingMessage
        var phase = Phase.waiting
        /// Present once its row is on disk.
        var inquiry: Inquiry?
        var answerDue: Instant?
        var isPromptLost = false

        init(_ asked: DoubtResolver.Question, _ message: OutgoingMessage) {
            self.asked = asked
            self.message = message
        }

        var isWaiting: Bool { phase == .waiting }

        /// Whether it is between its `AT+CMGS` and the end of that.
        var isOnTheLine: Bool {
            switch phase {
            case .prompting, .recording, .submitting: true
            case .waiting, .awaiting: false
            }
        }
    }

    /// A settlement that the store was asked for.
    struct PendingSettlement: Sendable {
        var attempt: Attempt.ID
        /// Nil when it leaves the attempt in doubt.
        var closing: AttemptMemory.Closing?
        var isInHand: Bool
        var balance: Amount?
        /// The place of the message that brought it.
        var index: Int?
    }

    static let healthInterval: Duration = .seconds(30)
    static let sweepInterval: Duration = .seconds(60)
    static let soon: Duration = .seconds(5)
    static let failuresMax = 5
    /// How long a modem may be silent and still be surely the one that answered last: none starts
    /// anew, or has its card exchanged, in less.
    static let assurance: Duration = .seconds(5)
    /// How long after its payload a refusal by the network is surely of the first copy.
    static let firstCopy: Duration = .seconds(20)

    /// What the SIM works with; shared, since it never changes.
    let terms: Terms
    /// Where the modem keeps its messages.
    let storage: MessageStorage
    /// Measures what decides about money.
    let clock: SteadyClock
    var order = OrderPhase.resting(until: nil)
    /// The question to the carrier that is on its way; no order is claimed beside it.
    var question: Question?
    var resolver: DoubtResolver
    /// When the resolver wants to be asked again.
    var questionDue: Instant?
    var errand: Errand?
    var inbox: Inbox
    var memory: AttemptMemory
    /// The SIM's float, while nothing makes it uncertain.
    var balance: Amount?
    /// Whether a doubt that is over left the float uncertain.
    var isBalanceWanted = false
    /// How many unchanged floats were stated for an attempt in doubt.
    var unchangedBalances: [Attempt.ID: Int] = [:]
    var settlements: [PendingSettlement] = []
    /// For each filing asked for, the place it clears.
    var filings: [Int?] = []
    var hasSwept = false
    /// Places whose messages lay there from before, and may be of another card.
    var foreignPlaces: Set<Int> = []
    /// Whether lines of the list that is being read may be lost in another text.
    var isListTorn = false
    /// How often in a row the modem refused to list, and to clear a place.
    var listRefusals = 0
    var clearRefusals = 0
    var sweepDue: Instant
    var healthDue: Instant
    var isSignalWanted = false
    var isIdentityWanted = false
    /// When the modem was last known to be the same, with the same card.
    var assuredAt: Instant
    /// Whether it was put into PDU mode since it was silent.
    var isFormatSet = false
    /// How often in a row it did not show its card.
    var identityMisses = 0
    /// When it is asked again for what it did not show: a card may be busy for a moment.
    var identityDue: Instant?
    var isRegistered = false
    /// Sends refused in a row before the network had one.
    var failures = 0
    /// When the last payload was written.
    var suppliedAt: Instant?

    init(
        _ assignment: SIMWorkerMachine.Assignment,
        storage: MessageStorage = MessageStorage(),
        at now: Moment
    ) {
        self.storage = storage
        clock = SteadyClock(at: now)
        let admission = assignment.admission.inherited(at: now.utc, assignment.profile)
        terms = Terms(assignment)
        inbox = Inbox(
            sim: admission.sim.iccid,
            mask: PINMask(assignment.pin),
            unfinished: admission.unfinishedParts,
            at: now.utc
        )
        memory = AttemptMemory(
            unresolved: admission.unresolved,
            closed: admission.closed,
            at: now.utc
        )
        resolver = DoubtResolver(
            profile: assignment.profile,
            inquiries: admission.inquiries,
            inherited: Set(admission.unresolved.map(\.id)),
            quietFrom: now.utc.advanced(by: assignment.profile.answerWindow)
        )
        balance = admission.unresolved.isEmpty ? admission.sim.balance : nil
        sweepDue = now.instant
        healthDue = now.instant
        assuredAt = now.instant
    }

    /// The earliest moment at which something is due by the clock alone.
    ///
    /// What also waits for the channel is left out while that is busy: its answer, or its own
    /// deadline, comes first. So no moment of the past is ever asked for.
    func nextDeadline(isChannelIdle: Bool, isStopping: Bool) -> Instant? {
        var next: Instant? = isChannelIdle ? identityDue ?? min(sweepDue, healthDue) : nil
        if let due = question?.answerDue { next = next.map { min($0, due) } ?? due }
        if mayAsk, !isStopping, let due = questionDue { next = next.map { min($0, due) } ?? due }
        let due: Instant? =
            switch order {
            case .resting(let until), .parked(let until):
                isFit && !isStopping && question == nil ? until : nil
            case .awaiting(let flight): flight.answerDue
            case .claiming, .leased, .prompting, .arming, .submitting, .settling: nil
            }
        if let due { next = next.map { min($0, due) } ?? due }
        return next
    }

    /// The next command for an idle channel: answers first, then room for more, then new work.
    mutating func nextErrand(at now: Instant) -> Errand? {
        if let identityDue, identityDue > now { return nil }
        identityDue = nil
        if let errand = assurance(at: now) { return errand }
        if sweepDue <= now {
            sweepDue = now.advanced(by: SIMWork.sweepInterval)
            return .listing
        }
        if let index = inbox.nextUnread() { return .reading(index) }
        if let index = inbox.nextUndeleted() { return .deleting(index) }
        if let request { return request }
        if isSignalWanted {
            isSignalWanted = false
            return .signal
        }
        if isIdentityWanted {
            isIdentityWanted = false
            return .identity
        }
        if healthDue <= now {
            healthDue = now.advanced(by: SIMWork.healthInterval)
            return .registration
        }
        return nil
    }

    /// What goes to the carrier next.
    var request: Errand? {
        if case .leased = order { return .sending }
        return question?.isWaiting == true ? .asking : nil
    }

    /// Whether the inbox was read first, and the network is there.
    private var isFit: Bool { hasSwept && inbox.isRead && isRegistered }

    /// Whether a job may be asked for.
    func mayClaim(at now: Instant) -> Bool {
        guard question == nil else { return false }
        switch order {
        case .resting(let until): return isFit && until.map { $0 <= now } ?? true
        case .parked(let until): return isFit && until.map { $0 <= now } ?? false
        case .claiming, .leased, .prompting, .arming, .submitting, .awaiting, .settling:
            return false
        }
    }

    /// Whether a question to the carrier may be thought of.
    var mayAsk: Bool {
        guard isFit, question == nil, settlements.isEmpty else { return false }
        switch order {
        case .resting, .parked: return true
        case .claiming, .leased, .prompting, .arming, .submitting, .awaiting, .settling:
            return false
        }
    }

    /// Whether nothing is in hand that must still be finished.
    var isAtRest: Bool {
        guard question?.isOnTheLine != true else { return false }
        switch order {
        case .resting, .parked:
            return settlements.isEmpty && filings.isEmpty && inbox.isClear
        case .claiming, .leased, .prompting, .arming, .submitting, .awaiting, .settling:
            return false
        }
    }

    /// The order in hand that has a flight.
    var flight: Flight? {
        switch order {
        case .prompting(let flight), .arming(let flight), .submitting(let flight),
            .awaiting(let flight):
            flight
        case .resting, .claiming, .parked, .leased, .settling: nil
        }
    }

    /// Remembers what was armed, as the steady clock has it: its payload goes out now.
    mutating func armed(_ attempt: Attempt, at now: Moment) {
        var attempt = attempt
        attempt.armedAt = clock.reading(at: now)
        attempt.deadAt = attempt.armedAt.advanced(by: terms.profile.fence)
        memory.armed(attempt)
    }

    /// Remembers what was asked, as the steady clock has it: its payload goes out now.
    mutating func asked(_ inquiry: Inquiry, at now: Moment) {
        var inquiry = inquiry
        inquiry.askedAt = clock.reading(at: now)
        inquiry.answersUntil = inquiry.askedAt.advanced(by: terms.profile.answerWindow)
        resolver.asked(inquiry, about: question?.asked.attempt)
    }

    /// Whether an attempt is closed, or is being closed.
    func isClosing(_ attempt: Attempt.ID) -> Bool {
        memory.isClosed(attempt)
            || settlements.contains { $0.attempt == attempt && $0.closing != nil }
    }

    mutating func pauseAsking(at now: Moment) {
        resolver.pause(at: clock.reading(at: now))
    }

    /// Until when, by the wall clock, an order must wait for repetitions of a refusal; nil: not.
    func pause(before order: NewJob, at now: Moment) -> Timestamp? {
        memory.pause(number: order.number, amount: order.amount, at: clock.reading(at: now))
            .map { clock.wall($0, at: now) }
    }

    /// Notes what may have taken lines out of a list.
    mutating func mayHaveTornList(_ indication: ATIndication) {
        guard case .listing = errand else { return }
        if indication == .overlong || indication.mayHaveTorn { isListTorn = true }
    }

    mutating func woken() {
        if case .parked = order { order = .resting(until: nil) }
    }

    mutating func filed() {
        guard !filings.isEmpty else { return }
        if let index = filings.removeFirst() { inbox.filed(index) }
    }

    mutating func settled(as state: JobState, at now: Moment) {
        guard !settlements.isEmpty else { return }
        let settlement = settlements.removeFirst()
        if let index = settlement.index { inbox.filed(index) }
        if let closing = settlement.closing,
            state != .unknown || memory.isClosed(settlement.attempt)
        {
            memory.close(settlement.attempt, closing)
        }
        if memory.hasOpen(within: terms.profile.answerWindow, at: clock.reading(at: now)) {
            balance = nil
        } else if !settlement.isInHand, settlement.closing != nil, settlement.balance == nil {
            isBalanceWanted = true
        } else if memory.isLatest(settlement.attempt) {
            switch settlement.closing {
            case .success: balance = settlement.balance
            case .refused, .absent, .notSent: balance = settlement.balance ?? balance
            case .byOthers, nil: balance = nil
            }
        }
        switch order {
        case .settling(let until) where settlement.isInHand: order = .resting(until: until)
        case .parked where !settlement.isInHand: order = .resting(until: nil)
        case .resting, .claiming, .parked, .leased, .prompting, .arming, .submitting, .awaiting,
            .settling:
            break
        }
    }

    /// A person, or a statement, closed an attempt that is in doubt here.
    ///
    /// How is not known, nor what the carrier has said of it: its messages may still come, and are
    /// told from those of no other attempt like it.
    mutating func learnedClosed(_ attempt: Attempt.ID) {
        memory.close(attempt, .byOthers)
        isBalanceWanted = true
    }

    /// Notes lines that came outside an answer, as far as they may be about the order in hand.
    mutating func transcribeLate(_ lines: [String]) {
        switch order {
        case .submitting(var flight):
            for line in lines { flight.transcript.received(line: line, isLate: true) }
            order = .submitting(flight)
        case .awaiting(var flight):
            for line in lines { flight.transcript.received(line: line, isLate: true) }
            order = .awaiting(flight)
        case .resting, .claiming, .parked, .leased, .prompting, .arming, .settling: break
        }
    }
}
