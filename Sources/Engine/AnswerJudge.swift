import Carriers
import Recharge

/// Ties a carrier's answer to an attempt and weighs what it proves.
///
/// An answer belongs to the job whose number and amount it names, not to whatever is in hand. One
/// that names neither can only be meant for the single open attempt of its SIM.
struct AnswerJudge {
    /// An answer and the message that brought it.
    struct Statement: Sendable {
        var answer: CarrierAnswer
        var message: Inbox.Message
        /// The place of the storage that its last part stands in.
        var index: Int?
        var receivedAt: Timestamp

        var stamp: AttemptMemory.Stamp {
            AttemptMemory.Stamp(sentAt: message.sentAt, receivedAt: receivedAt)
        }
    }

    /// What an answer means for an attempt.
    enum Judgement: Hashable, Sendable {
        /// It says that the attempt was executed.
        case succeeded(Attempt, Evidence)
        /// It says that nothing was executed, and what that means for the job.
        case refused(Attempt, Evidence, Settlement.Following)
        /// It concerns the attempt and proves nothing.
        case noted(Attempt, Evidence)
        /// It concerns no attempt that is known, or repeats what was said.
        case nobodys
    }

    let profile: CarrierProfile
    let memory: AttemptMemory
    let now: Timestamp
    /// Feeds the delay of another try.
    let jitter: UInt64

    func judge(_ statement: Statement) -> Judgement {
        let answer = statement.answer
        // About a reversal, whatever else it names.
        if answer.original != nil { return .nobodys }
        if let serial = answer.serial, memory.hasSuccess(serial: serial) { return .nobodys }
        guard let entry = entry(named: answer) else { return .nobodys }
        let attempt = entry.attempt
        let refusal = profile.retryPolicy.following(
            answer.meaning,
            attempt: attempt.ordinal,
            jitter: jitter
        )
        if let refusal {
            switch entry.closing {
            case .refused, .notSent: return .nobodys
            case .success, nil: break
            }
            guard answer.gradeMax == .answer, isTimely(attempt),
                memory.isFresh(statement.stamp, for: entry)
            else { return .noted(attempt, evidence(statement, .none, .inconclusive)) }
            return .refused(attempt, evidence(statement, .answer, .notExecuted), refusal)
        }
        switch answer.meaning {
        case .recharged
        where entry.isRefused || isTimely(attempt) && balanceHolds(answer, entry):
            return .succeeded(attempt, evidence(statement, answer.gradeMax, .success))
        case .recharged, .inProgress:
            return .noted(attempt, evidence(statement, .none, .inconclusive))
        case .balance, .onRecord, .noRecord, .reversed, .reversalRefused, .information, .badNumber,
            .notOurNumber, .refused, .busy, .tryElsewhere, .lowFloat, .wrongPIN, .pinBlocked:
            return .nobodys
        }
    }

    /// The one attempt that agrees with every field; none when there are several.
    ///
    /// Open ones that can still be answered come first, then those whose time is over or that are
    /// closed. A success that fits several closed ones contradicts the last that was refused: its
    /// job may be about to go out again.
    private func entry(named answer: CarrierAnswer) -> AttemptMemory.Entry? {
        let isNameless =
            answer.number == nil && answer.maskedNumber == nil && answer.amount == nil
        let alike = memory.entries.filter { agrees(answer, $0.attempt) }
        let open = alike.filter { $0.closing == nil && isTimely($0.attempt) }
        if open.count == 1 { return open[0] }
        guard open.isEmpty, !isNameless else { return nil }
        if alike.count == 1 { return alike[0] }
        return alike.last { $0.closing == nil }
            ?? (answer.meaning == .recharged ? alike.last(where: \.isRefused) : nil)
    }

    private func agrees(_ answer: CarrierAnswer, _ attempt: Attempt) -> Bool {
        (answer.number == nil || answer.number == attempt.number)
            && (answer.maskedNumber?.agrees(with: attempt.number, plan: profile.numbers) ?? true)
            && (answer.amount == nil || answer.amount == attempt.amount)
    }

    /// Whether the answer came while the request could still be answered.
    private func isTimely(_ attempt: Attempt) -> Bool {
        now <= attempt.armedAt.advanced(by: profile.answerWindow)
    }

    /// The float after is the float before less the amount, where both are known and nothing else
    /// was spent meanwhile.
    private func balanceHolds(_ answer: CarrierAnswer, _ entry: AttemptMemory.Entry) -> Bool {
        guard let before = entry.attempt.balanceBefore, let after = answer.balance,
            memory.isLatest(entry.attempt.id), before.currency == after.currency
        else { return true }
        return before.minorUnits - entry.attempt.amount.minorUnits == after.minorUnits
    }

    private func evidence(
        _ statement: Statement,
        _ grade: Evidence.Grade,
        _ verdict: Evidence.Verdict
    ) -> Evidence {
        Evidence(
            kind: .sms,
            raw: Array(statement.message.text.utf8),
            parsed: summary(of: statement),
            grade: grade,
            verdict: verdict
        )
    }

    private func summary(of statement: Statement) -> String {
        let answer = statement.answer
        var fields = ["rule=\(answer.rule)", "sender=\(statement.message.sender)"]
        if let number = answer.number { fields.append("number=\(number)") }
        if let amount = answer.amount { fields.append("amount=\(amount.major)") }
        if let serial = answer.serial { fields.append("serial=\(serial)") }
        if let balance = answer.balance { fields.append("balance=\(balance.major)") }
        return fields.joined(separator: " ")
    }
}

extension CarrierProfile {
    /// How long after arming a request may still arrive: its validity and what comes late.
    package var fence: Duration { timing.validity + timing.lateWithin }

    /// How long after arming an answer can be about an attempt.
    var answerWindow: Duration { timing.answerWithin + fence }

    /// How often and after which delays this carrier's jobs are tried again.
    var retryPolicy: RetryPolicy {
        RetryPolicy(
            attemptsMax: timing.retry.attemptsMax,
            delayBase: timing.retry.first,
            delayMax: timing.retry.max
        )
    }
}
