import Engine
package import SMSCodec

/// A transceiver with its SIM: bytes of the tty in, bytes out, messages to and from the network.
///
/// Speaks 3GPP 27.005 in PDU and in text mode and as much of V.250 and 3GPP 27.007 as programs ask
/// of a modem. One command at a time: what arrives while one executes waits.
///
/// Pure: time stays outside,
/// a timer is an action and comes back as an event; timers from before an unplugging fall through.
package struct SimulatedModem: Sendable {
    package enum Event: Hashable, Sendable {
        /// Put into its socket: power, and a tty.
        case plugged
        case unplugged
        case received([UInt8])
        case woke(Timer)
        /// A DELIVER or a STATUS-REPORT arrived over the air.
        case delivered(TPDU)
        case changed(Manners)
    }

    /// To be performed in their order.
    package enum Action: Hashable, Sendable {
        case send([UInt8])
        case wake(Timer, after: Duration)
        case submit(SMSSubmit)
        /// The network keeps this message until `ready`: no room, no answer, or unplugged.
        case refused(TPDU)
        /// Messages that wait in the network may come.
        case ready
        /// It loses its power and its tty now.
        case unplug
        /// Told for the records.
        case suffered(Mishap)
    }

    package struct Timer: Hashable, Sendable {
        let kind: Kind
        let epoch: Int

        enum Kind: Hashable, Sendable {
            case prompt
            case accept
            case reply
            case noise
            case typing
            case acknowledgement
        }
    }

    /// What the next byte is.
    enum Input: Hashable, Sendable {
        case command
        /// Part of a message, after the prompt. → executing at Ctrl-Z, command at ESC
        case payload(Draft)
        /// Waits until the command is done. → payload after a prompt, otherwise command
        case executing(Work)
    }

    /// What takes time.
    enum Work: Hashable, Sendable {
        case prompting(Draft)
        case accepting(Draft, SMSSubmit)
        case replying([String])
    }

    package private(set) var identity: SimulatedIdentity
    package internal(set) var manners: Manners
    package internal(set) var isPlugged = false
    package internal(set) var storage: MessageStorage
    /// Messages handed to the network since the start.
    package internal(set) var submitCount = 0

    var settings = ATSettings()
    var serviceCentre = "+8613800100500"
    var input = Input.command
    var line: [UInt8] = []
    var reference: UInt8 = 0
    var unacknowledged: TPDU?
    var isUnpluggedByAnswer = false
    var random: SplitMix64
    var backlog: [UInt8] = []
    var actions: [Action] = []
    var output: [UInt8] = []
    var heldIndications: [UInt8] = []
    private var typed: [UInt8] = []
    private var epoch = 0

    package init(identity: SimulatedIdentity, manners: Manners, capacity: Int, seed: UInt64) {
        self.identity = identity
        self.manners = manners
        storage = MessageStorage(capacity: capacity)
        random = SplitMix64(seed: seed)
    }

    package mutating func handle(_ event: Event) -> [Action] {
        actions.removeAll(keepingCapacity: true)
        switch event {
        case .plugged: plug()
        case .unplugged: loseEverything()
        case .received(let bytes):
            guard isPlugged, !manners.isSilent else { return [] }
            backlog.append(contentsOf: bytes)
            readBacklog()
        case .woke(let timer):
            guard timer.epoch == epoch, isPlugged else { return [] }
            wake(timer.kind)
        case .delivered(let message):
            receive(message)
        case .changed(let manners):
            let armsNoise = manners.noise != nil && self.manners.noise == nil
            self.manners = manners
            if armsNoise { armNoise() }
        }
        flush()
        return actions
    }

    private mutating func plug() {
        guard !isPlugged else { return }
        isPlugged = true
        actions.append(.ready)
        armNoise()
    }

    /// Loses its power; what is on the SIM stays.
    private mutating func loseEverything() {
        if let unacknowledged { actions.append(.refused(unacknowledged)) }
        unacknowledged = nil
        isPlugged = false
        isUnpluggedByAnswer = false
        settings = ATSettings()
        input = .command
        epoch += 1
        line.removeAll()
        backlog.removeAll()
        output.removeAll()
        typed.removeAll()
        heldIndications.removeAll()
    }

    private mutating func wake(_ kind: Timer.Kind) {
        switch (kind, input) {
        case (.prompt, .executing(.prompting(let draft))): showPrompt(draft)
        case (.accept, .executing(.accepting(let draft, let submit))): send(submit, for: draft)
        case (.reply, .executing(.replying(let lines))): succeed(lines)
        case (.noise, _):
            guard manners.noise != nil else { return }
            respond(Self.noise[Int.random(in: Self.noise.indices, using: &random)])
            armNoise()
        case (.typing, _): typeNext()
        case (.acknowledgement, _): missAcknowledgement()
        case (.prompt, _), (.accept, _), (.reply, _): break
        }
        readBacklog()
    }

    /// Executes later and lets no other command in until then.
    mutating func execute(_ work: Work, _ kind: Timer.Kind, after delay: Duration) {
        input = .executing(work)
        arm(kind, after: delay)
    }

    mutating func arm(_ kind: Timer.Kind, after delay: Duration) {
        flush()
        actions.append(.wake(Timer(kind: kind, epoch: epoch), after: delay))
    }

    /// The SIMs of two transceivers without power change places.
    mutating func exchangeCards(with other: inout SimulatedModem) {
        identity.exchangeCards(with: &other.identity)
        swap(&storage, &other.storage)
    }

    /// Loses power in the middle of things; whatever was said before is sent first.
    mutating func pullPlug(_ stage: UnplugStage) {
        flush()
        actions.append(.suffered(Mishap(stage)))
        actions.append(.unplug)
        loseEverything()
    }

    mutating func isUnplugged(at stage: UnplugStage) -> Bool {
        if manners.nextUnplug == stage {
            manners.nextUnplug = nil
            return true
        }
        return random.happens(manners.unplugs[stage] ?? 0)
    }

    private mutating func armNoise() {
        guard isPlugged, let interval = manners.noise else { return }
        arm(.noise, after: interval)
    }

    private static let noise = [
        "^RSSI:18", "^HCSQ:\"WCDMA\",30,30,58", "+CREG: 1,\"1001\",\"00A1B2C3\"",
        "^BOOT:27710117,0,0,0,75",
        "+CIEV: 2,4", "RING", "+ZUSIMR:2", "^DSFLOWRPT:00000C2A,00000000,00000000",
    ]
}

extension SimulatedModem {
    /// Sends what was said, at once or as slowly as its manners have it.
    mutating func flush() {
        guard !output.isEmpty else { return }
        guard manners.typing != nil || !typed.isEmpty else {
            actions.append(.send(output))
            output.removeAll(keepingCapacity: true)
            return
        }
        let wasIdle = typed.isEmpty
        typed.append(contentsOf: output)
        output.removeAll()
        if wasIdle { arm(.typing, after: manners.typing ?? .zero) }
    }

    private mutating func typeNext() {
        guard !typed.isEmpty else { return }
        actions.append(.send([typed.removeFirst()]))
        if !typed.isEmpty { arm(.typing, after: manners.typing ?? .zero) }
    }
}
