import Engine
import Recharge

/// An answer of the centre on its way: what, from whom, and how long after the charge.
package struct TimedAnswer: Hashable, Sendable {
    package var sender: String
    package var text: String
    package var delay: Duration
    /// Whether the next answer to the same SIM overtakes it.
    package var isHeldBack = false
    /// The national number that it is about.
    package var number: String?
    /// What goes wrong with it, to be told when it comes.
    package var mishaps: [Mishap] = []

    /// Whether it never comes.
    var isLost: Bool { mishaps.contains(.lostAnswer) }
}

/// Turns what the centre has to say into what arrives, under the faults of one SIM.
struct AnswerPlan {
    let faults: Faults

    func answers(
        _ reply: RechargeCentre.Reply,
        to request: RechargeText,
        at now: Timestamp,
        using random: inout SplitMix64
    ) -> [TimedAnswer] {
        var answers: [CentreAnswer] = []
        if let entry = reply.entry, entry.isOfRecharge, random.happens(faults.progressAnswers) {
            answers.append(.inProgress(number: entry.number, amount: entry.amount))
        }
        answers.append(reply.answer)
        var timed = self.answers(answers, using: &random)
        if let entry = reply.entry, entry.serial == nil {
            for place in timed.indices { timed[place].mishaps.append(.refusal) }
        }
        timed =
            forgery(reply, of: request, at: now, using: &random)
            + spoof(reply, of: request, at: now, using: &random) + timed
        for place in timed.indices { timed[place].number = request.number }
        return timed
    }

    /// The request as it came: what a centre says of words that it does not understand.
    func quote(_ text: String, using random: inout SplitMix64) -> [TimedAnswer] {
        guard random.happens(faults.quotedRequests) else { return [] }
        let inChinese = isChinese(&random)
        let quote = inChinese ? "【充值】收到指令\(text)，详询10086。" : "Request received: \(text)."
        return [TimedAnswer(sender: RechargeCentre.shortNumber, text: quote, delay: .zero)]
    }

    private func answers(
        _ answers: [CentreAnswer],
        using random: inout SplitMix64
    ) -> [TimedAnswer] {
        let inChinese = isChinese(&random)
        var delay = Duration.zero
        return answers.flatMap { answer -> [TimedAnswer] in
            // Each is later than the one before: "in progress" never overtakes the verdict.
            delay += random.duration(of: faults.answerLatency)
            var text = answer.text(inChinese: inChinese)
            if faults.isLong { text += CentreAnswer.tail(inChinese: inChinese) }
            let isGarbled = random.happens(faults.garbledAnswers)
            if isGarbled { text = garbled(text, &random) }
            var timed = TimedAnswer(
                sender: RechargeCentre.shortNumber,
                text: text,
                delay: delay,
                mishaps: isGarbled ? [.garbledAnswer] : []
            )
            if random.happens(faults.lostAnswers) {
                timed.mishaps.append(.lostAnswer)
                return [timed]
            }
            timed.isHeldBack = random.happens(faults.reorderedAnswers)
            if timed.isHeldBack { timed.mishaps.append(.reorderedAnswer) }
            if random.happens(faults.lateAnswers.percent) {
                timed.delay += faults.lateAnswers.duration
                timed.mishaps.append(.lateAnswer)
            }
            return [timed] + copies(of: timed, using: &random)
        }
    }

    private func copies(
        of answer: TimedAnswer,
        using random: inout SplitMix64
    ) -> [TimedAnswer] {
        var copies: [TimedAnswer] = []
        if random.happens(faults.doubledAnswers) {
            copies.append(answer)
            copies[0].mishaps.append(.doubledAnswer)
        }
        if random.happens(faults.repeatedAnswers.percent) {
            var copy = answer
            copy.delay += faults.repeatedAnswers.duration
            copy.mishaps.append(.repeatedAnswer)
            copies.append(copy)
        }
        return copies
    }

    private func isChinese(_ random: inout SplitMix64) -> Bool {
        switch faults.language {
        case .chinese: true
        case .english: false
        case .mixed: random.happens(50)
        }
    }

    /// Replaces about a quarter of the characters, the first three digits surely among them.
    private func garbled(_ text: String, _ random: inout SplitMix64) -> String {
        var digitsLeft = 3
        return String(
            text.map { character -> Character in
                if character.isNumber, digitsLeft > 0 {
                    digitsLeft -= 1
                    return "?"
                }
                return random.happens(25) ? "?" : character
            }
        )
    }

    /// A stranger's lie, which names the float as it is.
    private func forgery(
        _ reply: RechargeCentre.Reply,
        of request: RechargeText,
        at now: Timestamp,
        using random: inout SplitMix64
    ) -> [TimedAnswer] {
        guard random.happens(faults.forgedAnswers) else { return [] }
        let float = reply.entry?.balance ?? reply.untouchedFloat
        guard let lie = Lie(float: float, random.madeUpSerial()).about(request, at: now) else {
            return []
        }
        let text = lie.text(inChinese: isChinese(&random))
        return [
            TimedAnswer(sender: Lie.stranger, text: text, delay: .zero, mishaps: [.forgedAnswer])
        ]
    }

    /// A lie from the centre's own number; see `Faults.spoofedAnswers`.
    ///
    /// The float that it names is the one that there would be if nothing had moved, or a larger
    /// one: never the one that the movement would leave.
    private func spoof(
        _ reply: RechargeCentre.Reply,
        of request: RechargeText,
        at now: Timestamp,
        using random: inout SplitMix64
    ) -> [TimedAnswer] {
        guard let amount = request.movedAmount, random.happens(faults.spoofedAnswers) else {
            return []
        }
        var float = reply.untouchedFloat
        if random.happens(50) {
            let excess = Int64.random(in: 1...100_000, using: &random)
            float.minorUnits += excess == amount.minorUnits ? excess + 1 : excess
        }
        guard let lie = Lie(float: float, random.madeUpSerial()).about(request, at: now) else {
            return []
        }
        let text = lie.text(inChinese: isChinese(&random))
        return [
            TimedAnswer(
                sender: RechargeCentre.shortNumber,
                text: text,
                delay: .zero,
                mishaps: [.spoofedAnswer]
            )
        ]
    }
}

/// What a forger says.
struct Lie {
    static let stranger = "13700000000"

    private let float: Amount
    private let serial: String

    init(float: Amount, _ serial: String) {
        self.float = float
        self.serial = serial
    }

    /// That what was asked for is done, or was done just now; nil where nothing is to be had.
    func about(_ request: RechargeText, at now: Timestamp) -> CentreAnswer? {
        switch request {
        case .recharge(let number, let amount, _), .reconfirm(let number, let amount, _):
            .succeeded(number: number, amount: amount, serial: serial, balance: float)
        case .reverse(let original, let number, let amount, _):
            .reversed(
                original: original,
                number: number,
                amount: amount,
                serial: serial,
                balance: float
            )
        case .history(let number, let amount, _):
            .onRecord(number: number, amount: amount, serial: serial, at: now)
        case .balance: .balance(float)
        case .unknown: nil
        }
    }
}

extension SplitMix64 {
    /// A serial that looks like the centre's and is none.
    mutating func madeUpSerial() -> String {
        "S" + String(UInt64.random(in: 10_000_000...99_999_999, using: &self))
    }
}

extension RechargeText {
    /// The national number that it names.
    fileprivate var number: String? {
        switch self {
        case .recharge(let number, _, _), .reconfirm(let number, _, _),
            .reverse(_, let number, _, _), .history(let number, _, _):
            number
        case .balance, .unknown: nil
        }
    }

    /// The amount that it moves if it is executed.
    fileprivate var movedAmount: Amount? {
        switch self {
        case .recharge(_, let amount, _), .reconfirm(_, let amount, _),
            .reverse(_, _, let amount, _):
            amount
        case .balance, .history, .unknown: nil
        }
    }
}

extension LedgerEntry {
    fileprivate var isOfRecharge: Bool {
        switch outcome {
        case .charged, .refused: true
        case .reversed, .notReversed: false
        }
    }
}
