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
            AttemptMemory.Stamp(
                sentAt: message.sentAt,
                receivedAt: receivedAt,
                isNamed: answer.number != nil && answer.amount != nil,
                isAnswer: answer.meaning != .information && answer.meaning != .balance,
                isConfirmation: answer.saysExecuted
            )
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
    let resolver: DoubtResolver
    let now: Timestamp
    /// The same, or later if so much more time may have passed.
    let latest: Timestamp
    /// Feeds the delay of another try.
    let jitter: UInt64

    func judge(_ statement: Statement) -> Judgement {
        switch statement.answer.meaning {
        case .onRecord, .noRecord: return judgeRecord(statement)
        case .balance, .information: return .nobodys
        case .reversed, .reversalRefused, .recharged, .inProgress, .badNumber, .notOurNumber,
            .refused, .busy, .tryElsewhere, .lowFloat, .wrongPIN, .pinBlocked:
            return judgeAnswer(statement)
        }
    }

    private func judgeAnswer(_ statement: Statement) -> Judgement {
        let answer = statement.answer
        // Under the terms of its bearer it is a repetition; the store looks into all others.
        if let serial = answer.serial,
            memory.bearers(of: serial).contains(where: { agrees(answer, $0.attempt) })
        {
            return .nobodys
        }
        guard let entry = entry(named: answer) else { return .nobodys }
        let attempt = entry.attempt
        let refusal = profile.retryPolicy.following(
            answer.meaning,
            attempt: attempt.ordinal,
            jitter: jitter
        )
        if let refusal {
            switch entry.closing {
            case .refused, .absent, .notSent: return .nobodys
            case .success, .byOthers, nil: break
            }
            // A refusal of a repetition says nothing of the request that it repeats.
            guard answer.gradeMax == .answer, isTimely(attempt),
                resolver.reconfirmations(of: attempt).isEmpty,
                balanceHolds(answer, entry, isExecuted: false),
                memory.isFreshRefusal(statement.stamp, for: entry, whereAnswerable: isAnswerable)
            else { return .noted(attempt, evidence(statement, .none, .inconclusive)) }
            return .refused(attempt, evidence(statement, .answer, .notExecuted), refusal)
        }
        switch answer.meaning {
        case .recharged, .reversed:
            // It says so, but for what was sent before there was this request.
            let isOlder = memory.isSent(statement.stamp, before: attempt.armedAt)
            // Under another serial number it is a second charge, whatever else it says.
            let isSecond = !isOlder && entry.isNumbered && answer.serial != nil
            guard entry.isRefused || isSecond || isCredible(statement, for: entry) else {
                return .noted(
                    attempt,
                    evidence(statement, .none, isOlder ? .inconclusive : .success)
                )
            }
            return .succeeded(attempt, evidence(statement, answer.gradeMax, .success))
        case .inProgress:
            let grade = isOwn(statement, of: entry) ? answer.gradeMax : .none
            return .noted(attempt, evidence(statement, grade, .inconclusive))
        case .balance, .information, .badNumber, .notOurNumber, .refused, .busy, .tryElsewhere,
            .lowFloat, .wrongPIN, .pinBlocked, .onRecord, .noRecord, .reversalRefused:
            return .nobodys
        }
    }

    // MARK: The carrier's records

    /// How far the carrier's clocks may differ from one another.
    private static let clockTolerance = Duration.seconds(120)

    /// What a record that the carrier shows is of.
    private enum Record {
        case attempt
        /// Another one's that is known: there is none of the attempt.
        case earlier
        case unclear
    }

    /// Weighs what the carrier has on record about the one attempt in doubt that it names, or else
    /// about the last that was refused: what it has of that contradicts the refusal.
    ///
    /// The carrier shows its latest record for a number and an amount.
    private func judgeRecord(_ statement: Statement) -> Judgement {
        let answer = statement.answer
        let alike = memory.entries.filter {
            !$0.attempt.isReversal && agrees(answer, $0.attempt)
        }
        let open = alike.filter { $0.closing == nil }
        let named = open.isEmpty ? alike.last(where: \.isRefused) : open.first
        guard open.count <= 1, let entry = named, answer.gradeMax == .carrierRecord else {
            return .nobodys
        }
        let attempt = entry.attempt
        let record = answer.meaning == .onRecord ? record(statement, entry) : .earlier
        if case .attempt = record {
            let proof = evidence(statement, .carrierRecord, .success, kind: .history)
            return .succeeded(attempt, proof)
        }
        guard entry.closing == nil else { return .nobodys }
        guard case .earlier = record, isFinalAbsence(attempt, statement) else {
            return .noted(attempt, evidence(statement, .none, .inconclusive, kind: .history))
        }
        let following = profile.retryPolicy.tryAgain(
            attempt.ordinal,
            elsewhere: true,
            jitter: jitter
        )
        let proof = evidence(statement, .carrierRecord, .notExecuted, kind: .history)
        return .refused(attempt, proof, following)
    }

    /// Tells an earlier recharge by its serial, and the attempt's own by its age when the carrier
    /// stated it.
    ///
    /// The carrier's moments are held against one another alone, since our clock may be wrong. A
    /// record that looks too old proves nothing: an hour that clocks show twice, a stamp in another
    /// zone or a clock that is behind makes the attempt's own look so. Nor does one of the future,
    /// or one that may be of another order whose serial number nobody knows.
    private func record(_ statement: Statement, _ entry: AttemptMemory.Entry) -> Record {
        guard let serial = statement.answer.serial else { return .unclear }
        let age = statement.answer.time.flatMap { time in
            statement.message.sentAt.map { time.duration(to: $0) }
        }
        let tolerance = AnswerJudge.clockTolerance
        let elapsed = entry.attempt.armedAt.duration(to: now)
        let bearers = memory.bearers(of: serial)
        guard bearers.isEmpty else {
            // A carrier that gives a serial number twice shows the attempt's own under it, too: an
            // earlier one is surely older than the attempt, and as old as its bearer.
            guard let age, age - tolerance > elapsed else { return .unclear }
            let isOfBearer = bearers.contains { bearer in
                let oldest = bearer.attempt.armedAt.duration(to: now)
                return agrees(statement.answer, bearer.attempt)
                    && age - tolerance <= oldest && oldest - profile.fence <= age + tolerance
            }
            return isOfBearer ? .earlier : .unclear
        }
        guard let age, age >= .zero - tolerance, age - tolerance <= elapsed,
            !rivals(of: entry, statement.answer).contains(where: { rival in
                rival.mayBeUnnumbered
                    && (rival.attempt.job != entry.attempt.job || rival.isSuccess)
                    && lastExecution(of: rival).duration(to: now) <= age + tolerance
            })
        else { return .unclear }
        return .attempt
    }

    /// After which moment neither a request nor its repetition was executed any more.
    private func lastExecution(of entry: AttemptMemory.Entry) -> Timestamp {
        let repeated = resolver.reconfirmations(of: entry.attempt).map(\.answersUntil).max()
        let dead = entry.agesFrom.advanced(by: profile.fence)
        return repeated.map { max($0, dead) } ?? dead
    }

    /// Whether an absent record is surely the answer to the question asked last, and that was asked
    /// when the request could no longer arrive.
    private func isFinalAbsence(_ attempt: Attempt, _ statement: Statement) -> Bool {
        let asked = resolver.inquiries.last { $0.kind == .history && $0.attempt == attempt.id }
        guard let asked else { return false }
        return resolver.isFinal(asked, about: attempt) && now <= asked.answersUntil
            && resolver.isRemembered(attempt, at: latest)
            && !memory.isSent(statement.stamp, before: asked.askedAt)
    }

    // MARK: Whose it is

    /// The one attempt that agrees with every field; none when there are several.
    ///
    /// Open ones that can still be answered come first, then those whose time is over or that are
    /// closed. A success that fits several closed ones contradicts the last that was refused: its
    /// job may be about to go out again.
    private func entry(named answer: CarrierAnswer) -> AttemptMemory.Entry? {
        let isNameless =
            answer.number == nil && answer.maskedNumber == nil && answer.amount == nil
            && answer.original == nil
        let alike = memory.entries.filter { agrees(answer, $0.attempt) }
        let open = alike.filter { $0.isUnanswered && isTimely($0.attempt) }
        if open.count == 1 { return open[0] }
        guard open.isEmpty, !isNameless else { return nil }
        if alike.count == 1 { return alike[0] }
        return alike.last { $0.closing == nil }
            ?? (answer.saysExecuted
                ? alike.last(where: \.isRefused) ?? alike.last(where: \.isNumbered) : nil)
    }

    private func agrees(_ answer: CarrierAnswer, _ attempt: Attempt) -> Bool {
        answer.isOfReversal == attempt.isReversal
            && (answer.original == nil || answer.original == attempt.reversedSerial)
            && (answer.number == nil || answer.number == attempt.number)
            && (answer.maskedNumber?.agrees(with: attempt.number, plan: profile.numbers) ?? true)
            && (answer.amount == nil || answer.amount == attempt.amount)
    }

    /// Whether the answer came while the request, or a repetition of it, could still be answered.
    private func isTimely(_ attempt: Attempt) -> Bool {
        now <= attempt.armedAt.advanced(by: profile.answerWindow)
            || resolver.reconfirmations(of: attempt).contains { now <= $0.answersUntil }
    }

    /// Whether its request, or a repetition of it, may still be answered, however old it really is;
    /// or once more, since it was answered not long ago.
    private func isAnswerable(_ entry: AttemptMemory.Entry) -> Bool {
        let answered = entry.answeredAt.map { max($0, entry.agesFrom) } ?? entry.agesFrom
        return now <= answered.advanced(by: profile.answerWindow) || isTimely(entry.attempt)
    }

    /// Whether a success came in time, adds up and repeats that of no other attempt.
    ///
    /// The carrier may have taken an earlier recharge for the one that it was to repeat. So what
    /// may answer a repetition needs a serial number, and so does every other success like it.
    private func isCredible(_ statement: Statement, for entry: AttemptMemory.Entry) -> Bool {
        guard isTimely(entry.attempt), balanceHolds(statement.answer, entry, isExecuted: true),
            !memory.isSent(statement.stamp, before: entry.attempt.armedAt)
        else { return false }
        let isRepeated = !resolver.reconfirmations(of: entry.attempt).isEmpty
        guard statement.answer.serial == nil else {
            return rivals(of: entry, statement.answer).allSatisfy { rival in
                switch rival.closing {
                case .success(nil, _), .byOthers: !isRepeated && !isAnswerable(rival)
                case .success, .refused, .absent, .notSent, nil: true
                }
            }
        }
        return !isRepeated && isFresh(statement, for: entry)
    }

    /// Whether an answer without a serial number can be about no other attempt.
    private func isOwn(_ statement: Statement, of entry: AttemptMemory.Entry) -> Bool {
        statement.stamp.isNamed && isTimely(entry.attempt)
            && !memory.isSent(statement.stamp, before: entry.attempt.armedAt)
            && !rivals(of: entry, statement.answer).contains(where: isAnswerable)
    }

    /// The other attempts that an answer could be about.
    private func rivals(
        of entry: AttemptMemory.Entry,
        _ answer: CarrierAnswer
    ) -> [AttemptMemory.Entry] {
        memory.entries.filter {
            $0.attempt.id != entry.attempt.id && agrees(answer, $0.attempt)
        }
    }

    /// Whether a success without a serial number can be of no other attempt.
    ///
    /// The confirmation of one that succeeded before may come again as it was, or be given anew; if
    /// that was settled by a record, it may be on its way, however late.
    private func isFresh(_ statement: Statement, for entry: AttemptMemory.Entry) -> Bool {
        rivals(of: entry, statement.answer).allSatisfy { rival in
            switch rival.closing {
            case .success(_, let earlier):
                return rival.attempt.id.rawValue < entry.attempt.id.rawValue
                    && statement.stamp.mayBeSent(after: entry.attempt.armedAt, knowing: earlier)
                    && earlier.isConfirmation && !isAnswerable(rival)
            // One that the worker has in doubt was closed by others, too.
            case .byOthers, nil: return false
            case .refused, .absent, .notSent: return true
            }
        }
    }

    /// The float after is the float before less the amount, or more for a reversal, and the same
    /// where nothing was executed; as far as both are known and nothing else was spent meanwhile.
    private func balanceHolds(
        _ answer: CarrierAnswer,
        _ entry: AttemptMemory.Entry,
        isExecuted: Bool
    ) -> Bool {
        guard let before = entry.attempt.balanceBefore, let after = answer.balance,
            memory.isLatest(entry.attempt.id), before.currency == after.currency
        else { return true }
        guard isExecuted else { return before == after }
        let amount = entry.attempt.amount.minorUnits
        let change = entry.attempt.isReversal ? amount : -amount
        return before.minorUnits + change == after.minorUnits
    }

    // MARK: Evidence

    func evidence(
        _ statement: Statement,
        _ grade: Evidence.Grade,
        _ verdict: Evidence.Verdict,
        kind: Evidence.Kind = .sms
    ) -> Evidence {
        Evidence(
            kind: kind,
            raw: Array(statement.message.text.utf8),
            parsed: summary(of: statement),
            grade: grade,
            verdict: verdict,
            sentAt: statement.message.sentAt
        )
    }

    private func summary(of statement: Statement) -> String {
        let answer = statement.answer
        var fields = ["rule=\(answer.rule)", "sender=\(statement.message.sender)"]
        if let number = answer.number { fields.append("number=\(number)") }
        if let amount = answer.amount { fields.append("amount=\(amount.major)") }
        if let serial = answer.serial { fields.append("serial=\(serial)") }
        if let original = answer.original { fields.append("original=\(original)") }
        if let time = answer.time { fields.append("time=\(time.rfc3339)") }
        if let balance = answer.balance { fields.append("balance=\(balance.major)") }
        return fields.joined(separator: " ")
    }
}

extension CarrierAnswer {
    /// Whether it says that something was executed.
    fileprivate var saysExecuted: Bool { meaning == .recharged || meaning == .reversed }

    /// Whether it is about a reversal, and so says nothing of a recharge.
    fileprivate var isOfReversal: Bool {
        switch meaning {
        case .reversed, .reversalRefused: true
        case .recharged, .inProgress, .badNumber, .notOurNumber, .refused, .busy, .tryElsewhere,
            .lowFloat, .wrongPIN, .pinBlocked, .onRecord, .noRecord, .balance, .information:
            original != nil
        }
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
