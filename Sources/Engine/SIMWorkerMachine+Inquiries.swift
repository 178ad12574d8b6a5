import ATProtocol
import Carriers
import Recharge

/// Questions to the carrier about what is in doubt: prompt, row on disk, payload, answer.
extension SIMWorkerMachine {
    /// Makes ready what the resolver wants to know now.
    mutating func considerDoubts(at now: Moment) {
        guard !isStopping, let work, work.mayAsk else { return }
        let doubts = work.memory.doubts(without: work.flight?.attempt?.id)
        guard !doubts.isEmpty || work.isBalanceWanted else {
            self.work?.questionDue = nil
            return
        }
        let quiet = doubts.count == 1 ? doubts.first?.id : nil
        let step = work.resolver.next(
            doubts,
            quiet: quiet.flatMap { work.memory.isLatest($0) ? $0 : nil },
            isBalanceWanted: work.isBalanceWanted,
            at: work.clock.reading(at: now),
            latest: work.clock.latest(at: now)
        )
        switch step {
        case .ask(let question): prepare(question, at: now)
        case .wait(let until): self.work?.questionDue = work.clock.instant(of: until, at: now)
        case .nothing: self.work?.questionDue = nil
        }
    }

    private mutating func prepare(_ question: DoubtResolver.Question, at now: Moment) {
        guard let terms = work?.terms else { return }
        work?.questionDue = nil
        do {
            let request = try terms.profile.inquiry(
                question.kind,
                number: question.attempt?.number,
                amount: question.attempt?.amount,
                pin: terms.pin
            )
            let message = try OutgoingMessage(request, terms, isReported: false)
            work?.question = SIMWork.Question(question, message)
        } catch {
            let reason = "the inquiry cannot be written as one short message: \(error)"
            actions.append(.pauseSIM(reason: reason))
            work?.pauseAsking(at: now)
        }
    }

    mutating func requestQuestionPrompt(at now: Moment) {
        work?.errand = nil
        guard let question = work?.question, question.isWaiting else { return }
        work?.question?.phase = .prompting
        work?.errand = .asking
        actions.append(.report(.asking, nil))
        submit(.sendMessage(tpduLength: question.message.tpduLength), at: now)
    }

    /// The prompt stands: the row goes to disk before the payload goes out.
    mutating func questionPrompted(at now: Moment) {
        guard let work, let question = work.question, question.phase == .prompting else { return }
        guard !isStopping, work.isRegistered, isStillSafe(question, work, at: now) else {
            dropQuestion(at: now)
            return abandonPrompt(at: now)
        }
        self.work?.question?.phase = .recording
        actions.append(
            .ask(
                Asking(
                    kind: question.asked.kind,
                    sim: work.terms.sim,
                    attempt: question.asked.attempt?.id,
                    redactedRequest: question.message.redacted,
                    answersUntil: now.utc.advanced(by: work.terms.profile.answerWindow)
                )
            )
        )
    }

    /// Whether a question may go out now: a repetition may have waited for the channel until the
    /// carrier has forgotten what it repeats.
    private func isStillSafe(
        _ question: SIMWork.Question,
        _ work: SIMWork,
        at now: Moment
    ) -> Bool {
        guard question.asked.kind == .reconfirm, let attempt = question.asked.attempt else {
            return true
        }
        return work.resolver.mayReconfirm(attempt, at: work.clock.latest(at: now))
    }

    mutating func asked(_ inquiry: Inquiry, at now: Moment) {
        work?.asked(inquiry, at: now)
        guard let question = work?.question, question.phase == .recording else { return }
        work?.question?.inquiry = inquiry
        guard !question.isPromptLost else { return concludeQuestion(.notSent, at: now) }
        // An answer that came meanwhile settled what it is about: the next try may be under way.
        let isClosing = inquiry.attempt.map { work?.isClosing($0) == true } ?? false
        guard let work, !isClosing, isStillSafe(question, work, at: now) else {
            concludeQuestion(.notSent, at: now)
            return abandonPrompt(at: now)
        }
        self.work?.question?.phase = .submitting
        self.work?.suppliedAt = now.instant
        let supplied = ATChannel.Event.payloadSupplied(question.message.payload, currentCommand)
        run(channel.handle(supplied, at: now.instant), at: now)
    }

    mutating func askingRefused(isSettled: Bool, at now: Moment) {
        guard let question = work?.question, question.phase == .recording else { return }
        if let attempt = question.asked.attempt {
            if let reading = work?.clock.reading(at: now) {
                work?.resolver.refused(attempt.id, question.asked.kind, at: reading)
            }
            if isSettled { work?.learnedClosed(attempt.id) }
        }
        dropQuestion(at: now)
        if !question.isPromptLost { abandonPrompt(at: now) }
    }

    /// Takes the end of the question's `AT+CMGS`.
    mutating func questionSent(_ result: ATResult, at now: Moment) {
        guard let question = work?.question else { return }
        switch question.phase {
        case .prompting: dropQuestion(at: now)
        case .recording: work?.question?.isPromptLost = true
        case .submitting: questionSubmitted(result, at: now)
        case .waiting, .awaiting: break
        }
    }

    private mutating func questionSubmitted(_ result: ATResult, at now: Moment) {
        switch result {
        case .refused(let error, _) where isDefinite(error, at: now):
            concludeQuestion(.notSent, at: now)
        case .timedOut(beforeCommit: true), .garbled(beforeCommit: true, _),
            .closed(beforeCommit: true), .notSent:
            concludeQuestion(.notSent, at: now)
        case .ok, .refused, .timedOut(beforeCommit: false), .garbled(beforeCommit: false, _),
            .closed(beforeCommit: false):
            guard let timing = work?.terms.profile.timing else { return }
            work?.question?.phase = .awaiting
            work?.question?.answerDue = now.instant.advanced(by: timing.answerWithin)
        }
    }

    /// The answer did not come in time; one that comes later still counts for what it says.
    mutating func giveUpAsking(at now: Moment) {
        guard let due = work?.question?.answerDue, due <= now.instant else { return }
        concludeQuestion(.silent, at: now)
    }

    /// Nothing was written and no row is there: the resolver may think again later.
    private mutating func dropQuestion(at now: Moment) {
        work?.question = nil
        work?.pauseAsking(at: now)
    }

    /// Ends the question with what became of it, as an action of its own.
    mutating func concludeQuestion(_ outcome: Inquiry.Outcome, at now: Moment) {
        guard let inquiry = takeQuestion(outcome) else { return }
        actions.append(.conclude(inquiry, outcome))
        if outcome == .notSent { work?.pauseAsking(at: now) }
    }

    /// Ends the question in hand; the caller files what became of it.
    private mutating func takeQuestion(_ outcome: Inquiry.Outcome) -> Inquiry.ID? {
        guard let id = work?.question?.inquiry?.id else { return nil }
        work?.question = nil
        work?.resolver.concluded(id, outcome)
        return id
    }

    /// The inquiry that an answer about an attempt is the answer to, concluded by it; nil: none.
    mutating func takeQuestion(
        about attempt: Attempt.ID?,
        answeredBy meaning: ReplyMeaning
    ) -> Inquiry.ID? {
        guard let question = work?.question, question.inquiry != nil,
            question.asked.attempt?.id == attempt || question.asked.kind == .balance,
            question.asked.kind.isAnswered(by: meaning)
        else { return nil }
        return takeQuestion(.answered)
    }

    // MARK: The float

    /// Takes the carrier's word on the SIM's float.
    mutating func floatStated(_ statement: AnswerJudge.Statement, at now: Moment) {
        guard let work, let balance = statement.answer.balance else { return }
        let inquiry = work.question?.inquiry
        let attempt = work.question?.asked.attempt
        // One that was sent before the question lay somewhere, and tells an earlier float. The
        // clock of a centre that states floats may be another one.
        let earliest = work.resolver.inquiries.last { $0.id == inquiry?.id }?.askedAt
            .advanced(by: .seconds(-300))
        let isOlder = earliest.map { work.memory.isSent(statement.stamp, before: $0) } ?? false
        let isAsked =
            !isOlder && takeQuestion(about: attempt?.id, answeredBy: .balance) != nil
        let doubts = work.memory.doubts(without: nil)
        let isCurrent = isAsked && doubts.isEmpty
        if isAsked, let attempt { weigh(balance, statement, attempt) }
        if isCurrent {
            self.work?.balance = balance
            self.work?.isBalanceWanted = false
        }
        self.work?.filings.append(statement.index)
        actions.append(
            .reportFloat(
                FloatReport(
                    sim: work.terms.sim,
                    balance: balance,
                    messages: statement.message.parts,
                    inquiry: isAsked ? inquiry?.id : nil,
                    isCurrent: isCurrent
                )
            )
        )
    }

    /// Weighs a float that was asked for because of an attempt in doubt (E1).
    ///
    /// Unchanged twice it proves that nothing was executed, where the profile says so: it was asked
    /// when the request could no longer arrive, on a SIM that did nothing else since.
    private mutating func weigh(
        _ balance: Amount,
        _ statement: AnswerJudge.Statement,
        _ attempt: Attempt
    ) {
        guard let work, let before = attempt.balanceBefore, before.currency == balance.currency,
            work.memory.isLatest(attempt.id)
        else { return }
        let change = before.minorUnits - balance.minorUnits
        let isUnchanged = change == 0
        let words =
            isUnchanged
            ? "the float is unchanged"
            : change == attempt.amount.minorUnits
                ? "the float is lower by exactly the amount" : "the float changed otherwise"
        let evidence = Evidence(
            kind: .balance,
            raw: Array(statement.message.text.utf8),
            parsed: "\(words): \(before.major) before, \(balance.major) after",
            grade: isUnchanged || change == attempt.amount.minorUnits ? .balanceDelta : .none,
            verdict: isUnchanged ? .notExecuted : .inconclusive,
            sentAt: statement.message.sentAt
        )
        let count = isUnchanged ? work.unchangedBalances[attempt.id, default: 0] + 1 : 0
        self.work?.unchangedBalances[attempt.id] = count
        guard count >= 2, work.terms.profile.doubt.unchangedBalanceProves else {
            actions.append(.keep(evidence, for: attempt.id))
            return
        }
        let following = work.terms.profile.retryPolicy.tryAgain(
            attempt.ordinal,
            elsewhere: true,
            jitter: random.next()
        )
        let settlement = Settlement(
            attempt: attempt.id,
            ending: .notExecuted(following),
            evidence: [evidence],
            reason: "the float is unchanged, twice, since the request can no longer arrive"
        )
        settle(settlement, .absent, index: nil)
    }
}

extension Inquiry.Kind {
    /// Whether a meaning can be the answer to such a question.
    fileprivate func isAnswered(by meaning: ReplyMeaning) -> Bool {
        switch (self, meaning) {
        case (.balance, .balance), (.history, .onRecord), (.history, .noRecord): true
        case (.reconfirm, .recharged), (.reconfirm, .badNumber), (.reconfirm, .notOurNumber),
            (.reconfirm, .refused), (.reconfirm, .busy), (.reconfirm, .tryElsewhere),
            (.reconfirm, .lowFloat), (.reconfirm, .wrongPIN), (.reconfirm, .pinBlocked):
            true
        case (.balance, _), (.history, _), (.reconfirm, _): false
        }
    }
}
