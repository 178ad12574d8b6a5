import Engine

/// An answer of the centre on its way: what, from whom, and how long after the charge.
package struct TimedAnswer: Hashable, Sendable {
    package var sender: String
    package var text: String
    package var delay: Duration
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
        return forgery(of: entry, using: &random) + self.answers(answers, using: &random)
    }

    func answers(
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
            if random.happens(faults.garbledAnswers) { text = garbled(text, &random) }
            if random.happens(faults.lostAnswers) { return [] }
            var timed = TimedAnswer(
                sender: RechargeCentre.shortNumber,
                text: text,
                delay: delay
            )
            if random.happens(faults.lateAnswers.percent) {
                timed.delay += faults.lateAnswers.duration
            }
            return random.happens(faults.doubledAnswers) ? [timed, timed] : [timed]
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
        return [TimedAnswer(sender: "13700000000", text: text, delay: .zero)]
    }
}
