import Recharge

/// The attempts of one SIM that an answer may still be about.
///
/// Attempts without a final outcome stay until their answer comes; the last ones that are closed
/// stay too, since carriers repeat answers, contradict themselves and come late.
struct AttemptMemory: Sendable {
    /// How an attempt was closed.
    enum Closing: Hashable, Sendable {
        /// By an answer or a record of the carrier.
        case success(serial: String?, Stamp)
        /// By an answer of the carrier.
        case refused(Stamp)
        /// By a person or a statement: whether it was executed is not known here.
        case byOthers
        /// By the carrier's record or the float: an answer of its own may still come.
        case absent
        /// By the modem or the network, before the carrier knew of it.
        case notSent
    }

    /// When a message was sent, by the network's clock, and when it came in, by the gateway's.
    struct Stamp: Hashable, Sendable {
        var sentAt: Timestamp?
        var receivedAt: Timestamp
        /// Whether it names the number and the amount: else it may be about anything.
        var isNamed = true
        /// Whether it answers a request: what else a carrier sends may come from a centre with
        /// another clock.
        var isAnswer = true
        /// Whether it is the attempt's own confirmation: where a record told of it, that may yet
        /// come.
        var isConfirmation = true

        /// Whether the message can have been sent after a moment of the gateway's clock.
        ///
        /// The network's clock need not agree with ours, but both run equally fast: what was sent
        /// then was sent later than an earlier message by at least the time between its coming in
        /// and that moment. An earlier message that was long under way leaves that open.
        func mayBeSent(after moment: Timestamp, knowing earlier: Stamp) -> Bool {
            guard let sentAt, let earlierSentAt = earlier.sentAt else { return false }
            let passed = earlier.receivedAt.duration(to: moment)
            let apart = earlierSentAt.duration(to: sentAt)
            return apart > .zero && apart >= passed - .seconds(1)
        }
    }

    struct Entry: Hashable, Sendable {
        var attempt: Attempt
        /// Nil while nothing final is known.
        var closing: Closing?
        /// Whether an earlier worker armed it: what that one had read is not known here.
        var isInherited: Bool
        /// Since when it is surely that old: since its arming, or since this worker began.
        var agesFrom: Timestamp
        /// The serial number of a success that was stated when it was closed as not executed.
        var lateSerial: String?

        /// Whether it may be closed as not executed: any success for it must stop the next try.
        var isRefused: Bool {
            switch closing {
            case .refused, .byOthers, .absent, .notSent: true
            case .success, nil: false
            }
        }

        var isSuccess: Bool {
            if case .success = closing { true } else { false }
        }

        /// Whether it succeeded, and its serial number is known.
        var isNumbered: Bool {
            if case .success(.some, _) = closing { true } else { false }
        }

        /// Whether it may have been charged under a serial number that is not known.
        var mayBeUnnumbered: Bool {
            switch closing {
            case .success(nil, _), .byOthers: true
            case .refused, .absent: lateSerial == nil
            case .success, .notSent, nil: false
            }
        }

        /// When the answer or record came in that closed it; copies of it come after it.
        var answeredAt: Timestamp? {
            switch closing {
            case .success(_, let stamp), .refused(let stamp): stamp.receivedAt
            case .byOthers, .absent, .notSent, nil: nil
            }
        }

        /// Whether the carrier's own answer to it was not read yet.
        var isUnanswered: Bool { closing == nil || closing == .byOthers }

        /// Whether an answer can be about either; those about reversals say so.
        fileprivate func isAlike(_ other: Entry) -> Bool {
            attempt.number == other.attempt.number && attempt.amount == other.attempt.amount
                && attempt.isReversal == other.attempt.isReversal
        }
    }

    /// Oldest first.
    private(set) var entries: [Entry]
    /// By how much the network's clock is ahead of ours at the most: the least time from the arming
    /// of an attempt to the sending of an answer that is surely its own.
    private var leadMax: Duration?
    /// By how much the network's clock is ahead of ours at the least, by each of the last messages:
    /// none was sent after it came in.
    private var leads: [Duration] = []
    private static let leadsMax = 8
    /// How far the clocks of a carrier's message centres may differ.
    private static let centresApart = Duration.seconds(30)
    private static let closedMax = 256
    private static let openMax = 256
    /// How long a job with the number and amount of a refused one must wait on the same SIM: most
    /// repetitions of the refusal have come by then.
    private static let pauseAfterRefusal = Duration.seconds(10)

    /// Begins with what earlier workers of the SIM left.
    ///
    /// When the messages that closed its attempts were sent is not on file, so no later refusal of
    /// the same number and amount is told from their repetition, nor a success without a serial.
    init(
        unresolved: [Attempt],
        closed: [ClosedAttempt] = [],
        at start: Timestamp
    ) {
        let open = unresolved.map {
            Entry(attempt: $0, closing: nil, isInherited: true, agesFrom: start)
        }
        let ended = closed.map { ended in
            Entry(
                attempt: ended.attempt,
                closing: Closing(ended),
                isInherited: true,
                agesFrom: start,
                lateSerial: ended.attempt.outcome == .success ? nil : ended.serial
            )
        }
        entries = (open + ended).sorted { $0.attempt.id.rawValue < $1.attempt.id.rawValue }
    }

    mutating func armed(_ attempt: Attempt) {
        entries.append(
            Entry(
                attempt: attempt,
                closing: nil,
                isInherited: false,
                agesFrom: attempt.armedAt
            )
        )
        forgetOldest(AttemptMemory.openMax) { $0.closing == nil }
    }

    /// The network took the request of an attempt, and gave it a reference.
    mutating func submitted(_ attempt: Attempt.ID, as reference: Int) {
        guard let place = entries.lastIndex(where: { $0.attempt.id == attempt }) else { return }
        entries[place].attempt.messageReference = reference
    }

    /// The attempt whose request a status report is about; nil where that is not known.
    ///
    /// References repeat after 256 messages: it is the last one that has this and is young enough.
    /// Where the reference of the one open attempt could not be read, it is that one.
    func attempt(reported reference: Int, at now: Timestamp, within: Duration) -> Attempt.ID? {
        let young = entries.filter { now <= $0.agesFrom.advanced(by: within) }
        if let named = young.last(where: { $0.attempt.messageReference == reference }) {
            return named.attempt.id
        }
        let open = young.filter { $0.closing == nil }
        guard open.count == 1, open[0].attempt.messageReference == nil else { return nil }
        return open[0].attempt.id
    }

    func isClosed(_ attempt: Attempt.ID) -> Bool {
        entries.contains { $0.attempt.id == attempt && $0.closing != nil }
    }

    /// Closes an attempt; one that is closed already stays as it is, but for the serial number of a
    /// late success.
    mutating func close(_ attempt: Attempt.ID, _ closing: Closing) {
        guard let place = entries.lastIndex(where: { $0.attempt.id == attempt }) else { return }
        guard entries[place].closing == nil else {
            if entries[place].isRefused, entries[place].lateSerial == nil,
                case .success(let serial, _) = closing
            {
                entries[place].lateSerial = serial
            }
            return
        }
        entries[place].closing = closing
        switch closing {
        case .success(_, let stamp), .refused(let stamp): compareClocks(stamp, entries[place])
        case .byOthers, .absent, .notSent: break
        }
        forgetOldest(AttemptMemory.closedMax) { $0.closing != nil }
    }

    private mutating func forgetOldest(_ most: Int, among isMeant: (Entry) -> Bool) {
        guard entries.count > most, entries.count(where: isMeant) > most else { return }
        if let oldest = entries.firstIndex(where: isMeant) { entries.remove(at: oldest) }
    }

    /// The attempts whose outcome is unknown, oldest first; the one in hand is left out.
    func doubts(without inHand: Attempt.ID?) -> [Attempt] {
        entries.lazy.filter { $0.closing == nil && $0.attempt.id != inHand }.map(\.attempt)
    }

    /// Learns from an answer that can be of no other attempt: it was sent after this was armed.
    private mutating func compareClocks(_ stamp: Stamp, _ entry: Entry) {
        let isSurely = !entries.contains {
            $0.attempt.id != entry.attempt.id && $0.isAlike(entry)
        }
        guard isSurely, stamp.isNamed, !entry.isInherited, let sentAt = stamp.sentAt else {
            return
        }
        let lead = entry.attempt.armedAt.duration(to: sentAt)
        leadMax = leadMax.map { min($0, lead) } ?? lead
    }

    /// Learns of the network's clock from an answer of the carrier.
    mutating func heard(_ stamp: Stamp) {
        guard stamp.isAnswer, let sentAt = stamp.sentAt else { return }
        leads.append(stamp.receivedAt.duration(to: sentAt))
        if leads.count > AttemptMemory.leadsMax { leads.removeFirst() }
    }

    /// Whether a message was surely sent before a moment of the gateway's clock: it lay somewhere,
    /// such as with a network that the SIM had lost.
    func isSent(_ stamp: Stamp, before moment: Timestamp) -> Bool {
        guard let sentAt = stamp.sentAt, let lead = leads.max() else { return false }
        return sentAt.advanced(by: AttemptMemory.centresApart) < moment.advanced(by: lead)
    }

    /// Whether a message was surely sent after a moment of the gateway's clock.
    ///
    /// The network's clock need not agree with ours, but both run equally fast, and its is ahead by
    /// no more than was seen. It shows whole seconds.
    func isSent(_ stamp: Stamp, after moment: Timestamp) -> Bool {
        guard let sentAt = stamp.sentAt, let leadMax else { return false }
        return sentAt >= moment.advanced(by: leadMax + .seconds(1))
    }

    /// Whether an attempt without a final outcome may still be executed.
    func hasOpen(within window: Duration, at now: Timestamp) -> Bool {
        entries.contains { $0.closing == nil && now <= $0.attempt.armedAt.advanced(by: window) }
    }

    /// Whether an attempt is the last that was armed: only then its answer tells today's float.
    func isLatest(_ attempt: Attempt.ID) -> Bool { entries.last?.attempt.id == attempt }

    /// The attempts that have a success with this serial number: most often one.
    func bearers(of serial: String) -> [Entry] {
        entries.filter { entry in
            if case .success(serial, _) = entry.closing { return true }
            return entry.lateSerial == serial
        }
    }

    /// Until when a job must wait because of a refusal that could be repeated; nil: not at all.
    func pause(number: PhoneNumber, amount: Amount, at now: Timestamp) -> Timestamp? {
        entries.lazy.compactMap { entry -> Timestamp? in
            guard case .refused(let stamp) = entry.closing, entry.attempt.number == number,
                entry.attempt.amount == amount
            else { return nil }
            let end = stamp.receivedAt.advanced(by: AttemptMemory.pauseAfterRefusal)
            return end > now ? end : nil
        }.max()
    }

    /// Whether a refusal can only have been sent after an attempt was armed.
    ///
    /// Refusals have no serial number, so a repetition of an earlier one looks like a new one, and
    /// believing it would send the order again while it is being executed; a centre that says it
    /// once more stamps it anew. Of an attempt of an earlier worker the refusals before it are
    /// forgotten, so none is believed; nor is one while that of an attempt before it may come. One
    /// that succeeded may be refused yet: its request, after its repetition was executed, or its
    /// repetition.
    func isFreshRefusal(
        _ stamp: Stamp,
        for entry: Entry,
        whereAnswerable isAnswerable: (Entry) -> Bool
    ) -> Bool {
        guard !entry.isInherited else { return false }
        return entries.allSatisfy { rival in
            guard rival.attempt.id != entry.attempt.id, rival.isAlike(entry) else { return true }
            switch rival.closing {
            case .refused(let earlier):
                let armedAt = entry.attempt.armedAt
                return !isAnswerable(rival)
                    && (isSent(stamp, after: armedAt)
                        || stamp.mayBeSent(after: armedAt, knowing: earlier))
            case .absent: return false
            // One that the worker has in doubt was closed by others, too.
            case .byOthers, nil: return false
            case .success: return !isAnswerable(rival)
            case .notSent: return true
            }
        }
    }
}

extension AttemptMemory.Closing {
    fileprivate init(_ ended: ClosedAttempt) {
        let stamp = AttemptMemory.Stamp(sentAt: nil, receivedAt: ended.closedAt)
        switch ended.attempt.outcome {
        case .success: self = .success(serial: ended.serial, stamp)
        case .notExecuted, .unknown, nil: self = .refused(stamp)
        }
    }
}
