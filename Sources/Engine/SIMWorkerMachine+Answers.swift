import Carriers
import Recharge
import SMSCodec

/// What a message from the SIM's inbox settles.
extension SIMWorkerMachine {
    /// Takes in a message read from a place of the storage; it is deleted once it is on disk.
    ///
    /// A modem that hands a message over at once, against its setting, names no place. What may be
    /// of another card is only filed.
    mutating func received(
        _ pdu: String,
        from index: Int?,
        isOwn: Bool = true,
        at now: Moment
    ) {
        let reading = work?.inbox.read(index, pdu: pdu, at: now.utc)
        if let expired = work?.inbox.takeExpired(), !expired.isEmpty { file(expired, nil) }
        switch reading {
        case .parts(let parts): file(parts, index)
        case .message(let message) where !isOwn: file(message.parts, index)
        case .report(_, let message) where !isOwn: file([message], index)
        case .message(let message): interpret(message, index, at: now)
        case .report(let report, let message): reported(report, message, index, at: now)
        case nil: break
        }
    }

    /// Keeps what the network says of a request beside its attempt.
    ///
    /// It proves nothing: a request that was delivered may have been refused, and one that was not
    /// may have been delivered by a network that lost the acknowledgement.
    private mutating func reported(
        _ report: SMSStatusReport,
        _ message: InboxMessage,
        _ index: Int?,
        at now: Moment
    ) {
        guard let work,
            let attempt = work.memory.attempt(
                reported: Int(report.messageReference),
                at: work.clock.reading(at: now),
                within: work.terms.profile.answerWindow
            )
        else { return file([message], index) }
        let evidence = Evidence(
            kind: .statusReport,
            raw: Array(message.pdu.utf8),
            parsed: message.text,
            grade: .none,
            verdict: .inconclusive,
            sentAt: message.sentAt
        )
        actions.append(.keep(evidence, for: attempt))
        if index != nil { file([], index) }
    }

    private mutating func file(_ messages: [InboxMessage], _ index: Int?) {
        work?.filings.append(index)
        actions.append(.file(messages))
    }

    private mutating func interpret(_ message: Inbox.Message, _ index: Int?, at now: Moment) {
        guard let work else { return file(message.parts, index) }
        let answer: CarrierAnswer
        switch work.terms.profile.read(text: message.text, from: message.sender) {
        case .matched(let matched): answer = matched
        case .unrecognised: return file(message.parts, index)
        case .notFromCarrier: return file(message.parts.map(\.fromStranger), index)
        }
        noteSIM(answer)
        var message = message
        message.text = PINMask(work.terms.pin).masked(message.text)
        let statement = AnswerJudge.Statement(
            answer: answer,
            message: message,
            index: index,
            receivedAt: work.clock.reading(at: now)
        )
        self.work?.memory.heard(statement.stamp)
        if answer.meaning == .balance { return floatStated(statement, at: now) }
        let judge = AnswerJudge(
            profile: work.terms.profile,
            memory: work.memory,
            resolver: work.resolver,
            now: work.clock.reading(at: now),
            latest: work.clock.latest(at: now),
            jitter: random.next()
        )
        switch judge.judge(statement) {
        case .succeeded(let attempt, let evidence):
            conclude(attempt, .success(serial: answer.serial), evidence, statement)
        case .refused(let attempt, let evidence, let following):
            conclude(attempt, .notExecuted(following), evidence, statement)
        case .noted(let attempt, let evidence):
            noteAnswer(of: attempt, statement)
            actions.append(.keep(evidence, for: attempt.id))
            file(message.parts, index)
        case .nobodys: file(message.parts, index)
        }
    }

    /// Notes an answer that proves nothing: it may still be the one that was asked for.
    private mutating func noteAnswer(of attempt: Attempt, _ statement: AnswerJudge.Statement) {
        let meaning = statement.answer.meaning
        if let inquiry = takeQuestion(about: attempt.id, answeredBy: meaning) {
            actions.append(.conclude(inquiry, .answered))
        }
    }

    /// Takes what an answer says of the SIM itself, whichever job it is about.
    private mutating func noteSIM(_ answer: CarrierAnswer) {
        switch answer.meaning {
        case .wrongPIN, .pinBlocked:
            actions.append(.pauseSIM(reason: "the carrier says: \(answer.meaning)"))
        case .balance:
            // Someone else spent or paid in: what was known is not certain any more.
            if answer.balance != work?.balance { work?.balance = nil }
        case .recharged, .inProgress, .badNumber, .notOurNumber, .refused, .busy, .tryElsewhere,
            .lowFloat, .information, .onRecord, .noRecord, .reversed, .reversalRefused:
            break
        }
    }

    private mutating func conclude(
        _ attempt: Attempt,
        _ ending: Settlement.Ending,
        _ evidence: Evidence,
        _ statement: AnswerJudge.Statement
    ) {
        let closing: AttemptMemory.Closing? =
            switch ending {
            case .success(let serial): .success(serial: serial, statement.stamp)
            case .notExecuted where evidence.kind == .history: .absent
            case .notExecuted: .refused(statement.stamp)
            case .unknown: nil
            }
        var pieces = [evidence]
        var reference: Int?
        if let flight = work?.flight, flight.attempt?.id == attempt.id {
            reference = flight.reference
            pieces.append(
                Evidence(
                    kind: .trace,
                    raw: flight.transcript.bytes,
                    parsed: "the dialogue with the modem",
                    grade: .none,
                    verdict: .inconclusive
                )
            )
        }
        let settlement = Settlement(
            attempt: attempt.id,
            ending: ending,
            evidence: pieces,
            reason: "the carrier says: \(statement.answer.meaning)",
            balance: statement.answer.balance,
            messages: statement.message.parts,
            inquiry: takeQuestion(about: attempt.id, answeredBy: statement.answer.meaning),
            messageReference: reference
        )
        settle(settlement, closing, index: statement.index)
    }
}

extension InboxMessage {
    /// The same from a sender whom the profile does not list: its text is not kept for long.
    fileprivate var fromStranger: InboxMessage {
        var message = self
        message.isListed = false
        return message
    }
}
