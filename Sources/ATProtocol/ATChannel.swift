/// The dialogue with one modem: bytes and deadlines in, actions out.
///
/// One command at a time. The caller performs the actions in their order; in particular
/// `committed` comes directly before the write that commits. What a read is cut into changes
/// nothing but the moments at which deadlines are announced.
///
///     unsynchronised ─ submitted ─▶ resynchronising ─ in step ─▶ exchanging ─ result ─▶ idle
///     idle ─ submitted ─▶ exchanging
///     exchanging ─ time-out, garble, abandoned prompt ─▶ resynchronising ─▶ idle
///     resynchronising ─ no answer ─▶ unsynchronised
///     any ─ closed ─▶ closed
///
/// A new channel is unsynchronised: the last user of the port may have left a prompt or an
/// answer in it. So the first command is preceded by ESC and a barrier, see ``Barrier``.
/// After `lost` the next command tries the same again.
package struct ATChannel: Sendable {
    package enum Event: Hashable, Sendable {
        /// Start a command; only while ``ATChannel/isIdle``, else it completes as `notSent`.
        case submitted(ATCommand, ATCommandID)
        /// The payload for the prompt, without Ctrl-Z, which the channel appends.
        ///
        /// Ignored if the command has completed meanwhile.
        case payloadSupplied([UInt8], ATCommandID)
        /// Leave the prompt without sending; the command completes as `notSent`.
        case promptAbandoned(ATCommandID)
        case received([UInt8])
        /// The time of the last `deadline` action has come; harmless if early.
        case deadlinePassed
        /// The port is gone, whatever the reason.
        case closed
    }

    package enum Action: Hashable, Sendable {
        /// Bytes for the port, to be written whole and in order.
        case write([UInt8])
        /// The modem awaits the payload; nothing irreversible has happened.
        ///
        /// The caller arms, then supplies or abandons. A `completed` of the same command may
        /// follow at any time and ends that.
        case prompted(ATCommandID)
        /// The next action is the write after which silence means "unknown".
        ///
        /// It stands before a payload, and before the line of a command that is written at
        /// most once and does not prompt.
        case committed(ATCommandID)
        /// Exactly once for each submitted command.
        case completed(ATCommandID, ATResult)
        case indicated(ATIndication)
        /// Lines of a command that has already ended, or of none that is known.
        ///
        /// With an identifier they are certainly not of any later command. A result code
        /// alone proves nothing, for it may answer an ESC; it carries no identifier once
        /// anything was written after the command.
        case late(ATCommandID?, [String])
        /// Report `deadlinePassed` at this time; replaces the last; nil: no more.
        case deadline(Instant?)
        /// The modem is in step; a pending command is written next, else the channel is idle.
        case resynchronised
        /// The modem did not answer even the barrier.
        case lost(Loss)
    }

    package enum Loss: Hashable, Sendable {
        /// Not one byte came.
        case silent
        /// Bytes came, but no answer: not a modem, a wrong speed, or a hung one.
        case unintelligible
    }

    enum State {
        case unsynchronised
        case idle
        case exchanging(Exchange)
        case resynchronising(Resynchronisation)
        case closed
    }

    var state: State = .unsynchronised
    var framer = LineFramer()
    var indications = IndicationReader()
    /// The last command that was written and not answered, for attributing late lines.
    var unanswered: Exchange?
    /// Barriers written since the modem was last in step.
    var barriersWritten = 0
    private var announcedDeadline: Instant?

    package init() {}

    /// Whether a command can be submitted.
    package var isIdle: Bool {
        switch state {
        case .unsynchronised, .idle: true
        case .exchanging, .resynchronising, .closed: false
        }
    }

    /// Takes one event and returns what to do, in order.
    package mutating func handle(_ event: Event, at now: Instant) -> [Action] {
        var actions: [Action] = []
        switch event {
        case .submitted(let command, let id): submit(command, id, now, &actions)
        case .payloadSupplied(let bytes, let id): supply(bytes, id, now, &actions)
        case .promptAbandoned(let id): abandon(id, now, &actions)
        case .received(let bytes): receive(bytes, now, &actions)
        case .deadlinePassed: passDeadline(now, &actions)
        case .closed: close(&actions)
        }
        announceDeadline(isAsked: event == .deadlinePassed, &actions)
        return actions
    }

    private mutating func announceDeadline(isAsked: Bool, _ actions: inout [Action]) {
        let deadline: Instant? =
            switch state {
            case .exchanging(let exchange): exchange.deadline
            case .resynchronising(let resynchronisation): resynchronisation.deadline
            case .unsynchronised, .idle, .closed: nil
            }
        // A timer that fired early is spent: its time has to be asked for again.
        guard deadline != announcedDeadline || (isAsked && deadline != nil) else { return }
        announcedDeadline = deadline
        actions.append(.deadline(deadline))
    }

    private mutating func passDeadline(_ now: Instant, _ actions: inout [Action]) {
        switch state {
        case .exchanging(let exchange) where now >= exchange.deadline:
            finish(exchange, .timedOut(beforeCommit: !exchange.isCommitted), now, &actions)
        case .resynchronising(let resynchronisation) where now >= resynchronisation.deadline:
            advance(resynchronisation, now, &actions)
        case .unsynchronised, .idle, .exchanging, .resynchronising, .closed:
            break
        }
    }

    private mutating func close(_ actions: inout [Action]) {
        switch state {
        case .exchanging(let exchange):
            actions.append(.completed(exchange.id, .closed(beforeCommit: !exchange.isCommitted)))
            reportLines(of: exchange, &actions)
        case .resynchronising(let resynchronisation):
            guard let pending = resynchronisation.pending else { break }
            actions.append(.completed(pending.id, .closed(beforeCommit: true)))
        case .unsynchronised, .idle, .closed:
            break
        }
        state = .closed
    }
}

extension ATChannel.Action: CustomStringConvertible {
    /// The action without bytes and texts, which may hold a PIN.
    package var description: String {
        switch self {
        case .write(let bytes): "write \(bytes.count) bytes"
        case .prompted(let id): "\(id) prompted"
        case .committed(let id): "\(id) committed"
        case .completed(let id, let result): "\(id) completed: \(result)"
        case .indicated(let indication): "indicated: \(indication)"
        case .late(let id, let lines):
            "\(lines.count) late lines of \(id?.description ?? "unknown")"
        case .deadline(let instant): "deadline \(instant.map { "\($0.nanoseconds)" } ?? "none")"
        case .resynchronised: "resynchronised"
        case .lost(let loss): "lost, \(loss)"
        }
    }
}

extension ATChannel.Event: CustomStringConvertible {
    /// The event without bytes, which may hold a PIN.
    package var description: String {
        switch self {
        case .submitted(let command, let id): "\(id) submitted: \(command)"
        case .payloadSupplied(let bytes, let id): "\(id) supplied with \(bytes.count) bytes"
        case .promptAbandoned(let id): "\(id) abandoned"
        case .received(let bytes): "received \(bytes.count) bytes"
        case .deadlinePassed: "deadline passed"
        case .closed: "closed"
        }
    }
}
