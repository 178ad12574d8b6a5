import Engine

/// An answer of the centre on its way: what, from whom, and how long after the charge.
package struct TimedAnswer: Hashable, Sendable {
    package var sender: String
    package var text: String
    package var delay: Duration
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
        to entry: LedgerEntry,
        using random: inout SplitMix64
    ) -> [TimedAnswer] {
        var answers: [CentreAnswer] = []
        if random.happens(faults.progressAnswers) {
            answers.append(.inProgress(number: entry.number, amount: entry.amount))
        }
        switch entry.outcome {
        case .charged(let serial):
            answers.append(
                .succeeded(
                    number: entry.number,
                    amount: entry.amount,
                    serial: serial,
                    balance: entry.balance
                )
            )
        case .refused(let refusal):
            answers.append(
                .refused(
                    refusal,
                    number: entry.number,
                    amount: entry.amount,
                    balance: entry.balance
                )
            )
        }
        var timed = forgery(of: entry, using: &random) + self.answers(answers, using: &random)
        for place in timed.indices {
            timed[place].number = entry.number
            guard case .refused = entry.outcome, timed[place].mishaps != [.forgedAnswer] else {
                continue
            }
            timed[place].mishaps.append(.refusal)
        }
        return timed
    }

    func answers(
        _ answers: [CentreAnswer],
        using random: inout SplitMix64
    ) -> [TimedAnswer] {
        let inChinese = isChinese(&random)
        var delay = Duration.zero
        let timed = answers.flatMap { answer -> [TimedAnswer] in
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
            if random.happens(faults.lateAnswers.percent) {
                timed.delay += faults.lateAnswers.duration
                timed.mishaps.append(.lateAnswer)
            }
            guard random.happens(faults.doubledAnswers) else { return [timed] }
            var second = timed
            second.mishaps.append(.doubledAnswer)
            return [timed, second]
        }
        return random.happens(faults.reorderedAnswers) ? reordered(timed) : timed
    }

    /// The last comes first; of one in several messages the last part does.
    private func reordered(_ answers: [TimedAnswer]) -> [TimedAnswer] {
        guard answers.count > 1 || faults.isLong else { return answers }
        return zip(answers, answers.map(\.delay).reversed()).map { answer, delay in
            var answer = answer
            answer.delay = delay
            answer.mishaps.append(.reorderedAnswer)
            return answer
        }
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

    private func forgery(
        of entry: LedgerEntry,
        using random: inout SplitMix64
    ) -> [TimedAnswer] {
        guard random.happens(faults.forgedAnswers) else { return [] }
        let serial = "S" + String(UInt64.random(in: 10_000_000...99_999_999, using: &random))
        let lie = CentreAnswer.succeeded(
            number: entry.number,
            amount: entry.amount,
            serial: serial,
            balance: entry.balance
        )
        let text = lie.text(inChinese: isChinese(&random))
        return [
            TimedAnswer(
                sender: "13700000000",
                text: text,
                delay: .zero,
                mishaps: [.forgedAnswer]
            )
        ]
    }
}
