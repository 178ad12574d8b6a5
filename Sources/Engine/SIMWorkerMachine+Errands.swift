import ATProtocol
import Carriers
import Recharge

/// What a worker does with a free channel and a free hand.
extension SIMWorkerMachine {
    /// Moves on as far as it goes without another event.
    mutating func advance(at now: Moment) {
        switch phase {
        case .new, .identified, .finished: if isStopping { finish("stopped") }
        case .bringingUp(let bringUp):
            if isStopping {
                finish("stopped")
            } else if channel.isIdle {
                submit(bringUp.command, at: now)
            }
        case .working:
            giveUpWaiting(at: now)
            giveUpAsking(at: now)
            returnUnfitLease()
            considerDoubts(at: now)
            startErrand(at: now)
            if isStopping { stopIfAtRest() }
            claimIfFree(at: now)
        }
    }

    /// Gives back a job that waits for a network that is gone, or for a worker that stops.
    private mutating func returnUnfitLease() {
        guard let work, case .leased(let job) = work.order, isStopping || !work.isRegistered else {
            return
        }
        let reason = isStopping ? "the gateway is stopping" : "the SIM lost its network"
        release(job.id, .ready, reason: reason)
    }

    private mutating func startErrand(at now: Moment) {
        while channel.isIdle, let errand = work?.nextErrand(at: now.instant) {
            work?.errand = errand
            switch errand {
            case .listing:
                work?.isListTorn = false
                submit(.listMessages(.all), at: now)
            case .reading(let index): submit(.readMessage(index), at: now)
            case .deleting(let index): submit(.deleteMessage(index), at: now)
            case .sending: requestPrompt(at: now)
            case .asking: requestQuestionPrompt(at: now)
            case .signal: submit(.signal, at: now)
            case .registration: submit(.registration, at: now)
            case .format: submit(.pduMode, at: now)
            case .identity: submit(identityCommand, at: now)
            }
        }
    }

    private mutating func claimIfFree(at now: Moment) {
        guard !isStopping, let work, work.mayClaim(at: now.instant) else { return }
        let day = work.terms.profile.zone.dayBounds(containing: now.utc)
        let ownDay = work.terms.ownZone.dayBounds(containing: now.utc)
        self.work?.order = .claiming
        actions.append(
            .claim(
                ClaimRequest(
                    sim: work.terms.sim,
                    carrier: work.terms.profile.id,
                    limits: work.terms.limits,
                    uses: work.terms.uses,
                    dayBegan: day.began,
                    dayEnds: day.ends,
                    ownDay: ownDay.began..<ownDay.ends,
                    lease: .seconds(60)
                )
            )
        )
    }

    private mutating func stopIfAtRest() {
        guard let work, work.isAtRest else { return }
        finish("stopped")
    }

    mutating func claimed(_ answer: ClaimAnswer, at now: Moment) {
        guard case .claiming = work?.order else { return }
        switch answer {
        case .claimed(let job):
            work?.order = .leased(job)
        case .nothing:
            // The wake for a job may go to a SIM that has lost its network and sits on it: whoever
            // is free finds the job by itself.
            work?.order = .parked(until: now.instant.advanced(by: SIMWork.sweepInterval))
            actions.append(.report(.idle, nil))
        case .limited(let until, let reason):
            // Asked again soon, since the wall clock that the limit goes by may be set.
            let latest = now.instant.advanced(by: SIMWork.sweepInterval)
            work?.order = .parked(until: min(now.instant(of: until), latest))
            actions.append(.report(.limited(reason), nil))
        case .stopped:
            work?.order = .parked(until: nil)
            actions.append(.report(.stopped, nil))
        }
    }

    /// Takes the end of the command on the channel.
    mutating func workCompleted(_ result: ATResult, at now: Moment) {
        guard let errand = work?.errand else { return }
        work?.errand = nil
        if case .ok = result { work?.answered(at: now.instant) }
        switch errand {
        case .listing: listed(result, at: now)
        case .reading(let index): read(index, result, at: now)
        case .deleting: deleted(result)
        case .sending: sent(result, at: now)
        case .asking: questionSent(result, at: now)
        case .registration: registrationRead(result, at: now)
        case .signal: signalRead(result)
        case .format: formatSet(result, at: now)
        case .identity: identityRead(result, at: now)
        }
    }

    private mutating func formatSet(_ result: ATResult, at now: Moment) {
        guard case .ok = result else { return identityMissed(at: now) }
        work?.isFormatSet = true
    }

    /// Takes which card is in: a modem that was switched off and on may say nothing of it.
    private mutating func identityRead(_ result: ATResult, at now: Moment) {
        switch result {
        case .ok(let lines):
            guard let found = IdentityResponse.iccid(lines).flatMap({ ICCID($0) }) else {
                return identityMissed(at: now)
            }
            guard found == work?.terms.sim else {
                return finishAndSettle("another SIM is in the transceiver: \(found)", at: now)
            }
            work?.identified(at: now.instant)
        case .refused(let error, _) where error.simFault != nil:
            finishAndSettle("the SIM was taken out or locked", at: now)
        case .refused, .garbled, .timedOut, .closed, .notSent: identityMissed(at: now)
        }
    }

    private mutating func identityMissed(at now: Moment) {
        guard let misses = work?.identityMisses else { return }
        work?.identityMisses = misses + 1
        work?.identityDue = now.instant.advanced(by: SIMWork.soon)
        guard misses + 1 >= SIMWork.failuresMax else { return }
        finishAndSettle("the transceiver does not show its SIM any more", at: now)
    }

    private mutating func registrationRead(_ result: ATResult, at now: Moment) {
        guard case .ok(let lines) = result,
            let state = lines.lazy.compactMap({ RegistrationState(readResponse: $0) }).first
        else { return }
        registered(state)
        work?.isSignalWanted = true
        work?.isIdentityWanted = true
        if !state.allowsMessages { work?.healthDue = now.instant.advanced(by: SIMWork.soon) }
    }

    private mutating func signalRead(_ result: ATResult) {
        guard case .ok(let lines) = result,
            let quality = lines.lazy.compactMap({ SignalQuality($0) }).first
        else { return }
        actions.append(.observed(signal: quality.decibelMilliwatts, isRegistered: nil))
    }

    private mutating func listed(_ result: ATResult, at now: Moment) {
        guard case .ok(let lines) = result else {
            listRefused(result, at: now)
            return sweepSoon(at: now)
        }
        work?.listRefusals = 0
        let list = StoredMessageList(listResponse: lines)
        // What lies in the modem from before may be the messages of another card.
        let isOwn = work?.hasSwept == true || work?.storage.isOfModem == false
        for message in list.messages where message.isReceived {
            guard let index = message.index, work?.inbox.listed(index) == true else { continue }
            received(message.framedPDU, from: index, isOwn: isOwn, at: now)
        }
        for index in list.damagedIndices {
            work?.inbox.announced(index)
            if !isOwn { work?.foreignPlaces.insert(index) }
        }
        if list.isIncomplete || work?.isListTorn == true { return sweepSoon(at: now) }
        work?.hasSwept = true
        stopIfFull(list)
    }

    /// What a telephone stored to be sent, and what cannot be read, is never deleted: where no
    /// other place is left, no answer comes any more.
    private mutating func stopIfFull(_ list: StoredMessageList) {
        let kept = list.messages.count { !$0.isReceived } + list.damagedIndices.count
        guard let capacity = work?.storage.capacity, kept >= capacity else { return }
        let reason =
            "its storage is full: \(kept) messages in it are not for the gateway, or cannot be "
            + "read, and it takes no answer; delete them in a telephone"
        actions.append(.pauseSIM(reason: reason))
    }

    /// A modem that lists no messages has lost its settings, perhaps: another bring-up sets them.
    private mutating func listRefused(_ result: ATResult, at now: Moment) {
        guard result.isRefusedOrSilent, let refusals = work?.listRefusals else { return }
        work?.listRefusals = refusals + 1
        guard refusals + 1 >= SIMWork.failuresMax else { return }
        finishAndSettle("the modem does not list its messages: \(result)", at: now)
    }

    /// A storage that is never cleared fills up, and then no answer comes any more.
    private mutating func deleted(_ result: ATResult) {
        guard result.isRefusedOrSilent, let refusals = work?.clearRefusals else {
            work?.clearRefusals = 0
            return
        }
        work?.clearRefusals = refusals + 1
        guard refusals + 1 >= SIMWork.failuresMax else { return }
        work?.clearRefusals = 0
        let reason =
            "its messages cannot be deleted, and a full storage takes no answer: \(result)"
        actions.append(.pauseSIM(reason: reason))
    }

    private mutating func read(_ index: Int, _ result: ATResult, at now: Moment) {
        guard case .ok(let lines) = result, let message = StoredMessage(readResponse: lines),
            message.isReceived
        else {
            // An empty place was cleared meanwhile; a damaged answer is read again by the sweep.
            if work?.inbox.missed(index) == true { sweepSoon(at: now) }
            return
        }
        let isOwn = work?.foreignPlaces.remove(index) == nil
        received(message.framedPDU, from: index, isOwn: isOwn, at: now)
    }

    private mutating func sweepSoon(at now: Moment) {
        guard let due = work?.sweepDue else { return }
        work?.sweepDue = min(due, now.instant.advanced(by: SIMWork.soon))
    }
}

extension ATResult {
    /// Whether the modem refused the command or did not answer it, rather than the line failed.
    fileprivate var isRefusedOrSilent: Bool {
        switch self {
        case .refused, .timedOut: true
        case .ok, .garbled, .closed, .notSent: false
        }
    }
}

extension StoredMessage {
    /// Whether it came from the network; what a person stored to be sent is left alone.
    fileprivate var isReceived: Bool {
        switch status {
        case .receivedUnread, .receivedRead: true
        case .storedUnsent, .storedSent: false
        }
    }

    /// The PDU with a service centre's address, an empty one where the modem leaves it out.
    fileprivate var framedPDU: String {
        pdu.utf8.count == 2 * length ? "00\(pdu)" : pdu
    }
}
