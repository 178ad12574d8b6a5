import ATProtocol
import Carriers
import Recharge
import SMSCodec

/// The recharge itself: prompt, intent, payload, answer, verdict.
extension SIMWorkerMachine {
    /// Asks the modem for its prompt; nothing irreversible happens yet.
    mutating func requestPrompt(at now: Moment) {
        work?.errand = nil
        guard let work, case .leased(let job) = work.order else { return }
        let order = job.order
        if let until = work.pause(before: order, at: now) {
            let reason = "the same was refused a moment ago; the SIM waits for repeated answers"
            return release(job.id, .scheduled(until), reason: reason)
        }
        do {
            var flight = try SIMWorkerMachine.flight(for: job, work.terms)
            flight.transcript.sent("AT+CMGS=\(flight.message.tpduLength)")
            self.work?.order = .prompting(flight)
            self.work?.errand = .sending
            actions.append(.report(.sending, job.id))
            submit(.sendMessage(tpduLength: flight.message.tpduLength), at: now)
        } catch RequestError.pinUnfit {
            let reason = "the request cannot be written: \(RequestError.pinUnfit)"
            actions.append(.pauseSIM(reason: reason))
            release(job.id, .ready, reason: reason)
        } catch {
            let reason = "the request cannot be written as one short message: \(error)"
            release(job.id, .held(.needsApproval), reason: reason)
        }
    }

    private static func flight(for job: Job, _ terms: Terms) throws -> SIMWork.Flight {
        let order = job.order
        let request =
            if let reversal = order.reversal {
                try terms.profile.reversal(
                    of: reversal.serial,
                    number: order.number,
                    amount: order.amount,
                    pin: terms.pin
                )
            } else {
                try terms.profile.request(
                    number: order.number,
                    amount: order.amount,
                    pin: terms.pin
                )
            }
        let message = try OutgoingMessage(request, terms, isReported: true)
        return SIMWork.Flight(job: job, message: message)
    }

    /// Gives a leased job back, nothing having been armed.
    mutating func release(
        _ job: Job.ID,
        _ release: Release,
        reason: String,
        restUntil: Instant? = nil
    ) {
        actions.append(.release(job, release, reason: reason))
        work?.order = .resting(until: restUntil)
    }

    /// The prompt stands: the intent goes to disk before the payload goes out.
    mutating func prompted(at now: Moment) {
        if work?.question?.isOnTheLine == true { return questionPrompted(at: now) }
        guard let work, case .prompting(var flight) = work.order else { return }
        guard !isStopping, work.isRegistered else {
            let reason = isStopping ? "the gateway is stopping" : "the SIM lost its network"
            release(flight.job.id, .ready, reason: reason)
            return abandonPrompt(at: now)
        }
        flight.transcript.received("prompt")
        actions.append(
            .arm(
                Arming(
                    job: flight.job.id,
                    sim: work.terms.sim,
                    redactedRequest: flight.message.redacted,
                    balanceBefore: work.balance,
                    fenceUntil: now.utc.advanced(by: work.terms.profile.fence)
                )
            )
        )
        self.work?.order = .arming(flight)
    }

    mutating func abandonPrompt(at now: Moment) {
        run(channel.handle(.promptAbandoned(currentCommand), at: now.instant), at: now)
    }

    /// The intent is on disk: the payload follows at once, if the prompt still stands.
    mutating func armed(_ attempt: Attempt, at now: Moment) {
        guard case .arming(var flight) = work?.order else { return }
        flight.attempt = attempt
        work?.armed(attempt, at: now)
        if let cause = flight.promptLost {
            flight.transcript.note("the payload was not written: \(cause)")
            settleAsNotExecuted(flight, reason: "the payload was not written: \(cause)", at: now)
        } else {
            flight.transcript.sent("payload \(flight.message.redacted)")
            work?.order = .submitting(flight)
            work?.suppliedAt = now.instant
            let payload = flight.message.payload
            let supplied = ATChannel.Event.payloadSupplied(payload, currentCommand)
            run(channel.handle(supplied, at: now.instant), at: now)
        }
        if let endingReason { finish(endingReason) }
    }

    mutating func armingRefused(_ reason: String, at now: Moment) {
        guard case .arming = work?.order else { return }
        work?.order = .resting(until: nil)
        if let endingReason { return finish(endingReason) }
        abandonPrompt(at: now)
    }

    /// Takes the end of `AT+CMGS`, with or without its payload.
    mutating func sent(_ result: ATResult, at now: Moment) {
        guard let work else { return }
        switch work.order {
        case .prompting(let flight):
            let reason = "AT+CMGS before the payload: \(result)"
            release(flight.job.id, .ready, reason: reason, restUntil: pauseAfterFailure(at: now))
            finishAfterFailures(reason)
        case .arming(var flight):
            flight.promptLost = String(describing: result)
            self.work?.order = .arming(flight)
        case .submitting(let flight): submitted(flight, result, at: now)
        case .resting, .claiming, .parked, .leased, .awaiting, .settling: break
        }
    }

    private mutating func submitted(
        _ flight: SIMWork.Flight,
        _ result: ATResult,
        at now: Moment
    ) {
        var flight = flight
        flight.transcript.received(String(describing: result))
        switch result {
        case .ok(let lines):
            for line in lines { flight.transcript.received(line: line) }
            flight.reference = MessageReference(lines: lines).map { Int($0.rawValue) }
            if let attempt = flight.attempt?.id, let reference = flight.reference {
                work?.memory.submitted(attempt, as: reference)
            }
            work?.failures = 0
            awaitAnswer(flight, at: now)
        case .refused(let error, _) where isDefinite(error, at: now):
            let reason = "the network refused the message: \(error)"
            settleAsNotExecuted(flight, reason: reason, at: now)
            guard let failures = work?.failures, failures >= SIMWork.failuresMax else { return }
            work?.failures = 0
            actions.append(.pauseSIM(reason: "\(failures) messages refused in a row: \(error)"))
        case .timedOut(beforeCommit: true), .garbled(beforeCommit: true, _),
            .closed(beforeCommit: true), .notSent:
            let reason = "the payload was not written: \(result)"
            settleAsNotExecuted(flight, reason: reason, at: now)
            finishAfterFailures(reason)
        case .refused, .timedOut(beforeCommit: false), .garbled(beforeCommit: false, _),
            .closed(beforeCommit: false):
            awaitAnswer(flight, at: now)
        }
    }

    /// Whether an error proves that the payload written last was not sent, and never is.
    ///
    /// What the network refuses may be the modem's own repetition of a message that it took: the
    /// credit that this spent lacks for the second. A modem waits 35 s or more for the network's
    /// acknowledgement (3GPP 24.011 §10, TR1M), so what is refused at once is the first.
    func isDefinite(_ error: ATError, at now: Moment) -> Bool {
        switch error.certainty {
        case .definiteRefusal: true
        case .refusalOfThisCopy:
            work?.suppliedAt.map { $0.duration(to: now.instant) <= SIMWork.firstCopy } ?? false
        case .ambiguous: false
        }
    }

    /// Counts a send that came to nothing; a pause that grows with each in a row.
    private mutating func pauseAfterFailure(at now: Moment) -> Instant {
        let policy = RetryPolicy(attemptsMax: .max, delayBase: .seconds(1), delayMax: .seconds(60))
        let failures = (work?.failures ?? 0) + 1
        work?.failures = failures
        return now.instant.advanced(
            by: policy.delay(afterFailures: failures, jitter: random.next())
        )
    }

    private mutating func finishAfterFailures(_ reason: String) {
        guard let failures = work?.failures, failures >= SIMWork.failuresMax else { return }
        finish("\(failures) sends in a row came to nothing; the last: \(reason)")
    }

    private mutating func awaitAnswer(_ flight: SIMWork.Flight, at now: Moment) {
        guard let timing = work?.terms.profile.timing else { return }
        var flight = flight
        flight.answerDue = now.instant.advanced(by: timing.answerWithin)
        work?.order = .awaiting(flight)
        actions.append(.report(.awaitingAnswer, flight.job.id))
    }

    private mutating func settleAsNotExecuted(
        _ flight: SIMWork.Flight,
        reason: String,
        at now: Moment
    ) {
        guard let terms = work?.terms, let attempt = flight.attempt else { return }
        let following = terms.profile.retryPolicy.tryAgain(
            attempt.ordinal,
            elsewhere: true,
            jitter: random.next()
        )
        let settlement = Settlement(
            attempt: attempt.id,
            ending: .notExecuted(following),
            evidence: [flight.trace(reason, .notExecuted)],
            reason: reason
        )
        let pause = pauseAfterFailure(at: now)
        work?.order = .submitting(flight)
        settle(settlement, .notSent, index: nil, restUntil: pause)
    }

    /// The answer did not come in time: the job is in doubt, and only evidence ends that.
    mutating func giveUpWaiting(at now: Moment) {
        guard let work, case .awaiting(let flight) = work.order, let due = flight.answerDue,
            due <= now.instant
        else { return }
        let within = work.terms.profile.timing.answerWithin
        settleAsUnknown(flight, reason: "no answer within \(within)")
    }

    private mutating func settleAsUnknown(_ flight: SIMWork.Flight, reason: String) {
        guard let attempt = flight.attempt else { return }
        let settlement = Settlement(
            attempt: attempt.id,
            ending: .unknown,
            evidence: [flight.trace(reason, .inconclusive)],
            reason: reason,
            messageReference: flight.reference
        )
        settle(settlement, nil, index: nil)
    }

    /// Asks the store for a settlement, of the order in hand or of an older one.
    mutating func settle(
        _ settlement: Settlement,
        _ closing: AttemptMemory.Closing?,
        index: Int?,
        restUntil: Instant? = nil
    ) {
        let isInHand = work?.flight?.attempt?.id == settlement.attempt
        if isInHand { work?.order = .settling(thenRestUntil: restUntil) }
        work?.settlements.append(
            SIMWork.PendingSettlement(
                attempt: settlement.attempt,
                closing: closing,
                isInHand: isInHand,
                balance: settlement.balance,
                index: index
            )
        )
        actions.append(.settle(settlement))
    }

    mutating func linkLost(_ reason: String, at now: Moment) {
        run(channel.handle(.closed, at: now.instant), at: now)
        finishAndSettle(reason, at: now)
    }

    /// Ends the worker; what is in hand is given back or becomes doubt, by how far it came.
    ///
    /// An intent that is just being committed is settled first, when it is known.
    mutating func finishAndSettle(_ reason: String, at now: Moment) {
        switch work?.order {
        case .leased(let job): release(job.id, .ready, reason: reason)
        case .prompting(let flight): release(flight.job.id, .ready, reason: reason)
        case .arming(var flight):
            flight.promptLost = flight.promptLost ?? reason
            work?.order = .arming(flight)
            endingReason = reason
            return
        case .submitting(let flight), .awaiting(let flight):
            settleAsUnknown(flight, reason: reason)
        case .resting, .claiming, .parked, .settling, nil: break
        }
        finish(reason)
    }
}

extension SIMWork.Flight {
    /// The dialogue so far as evidence, with what it came to.
    fileprivate func trace(_ reason: String, _ verdict: Evidence.Verdict) -> Evidence {
        var transcript = transcript
        transcript.note(reason)
        return Evidence(
            kind: .trace,
            raw: transcript.bytes,
            parsed: reason,
            grade: .none,
            verdict: verdict
        )
    }
}
