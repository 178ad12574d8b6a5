import Recharge

/// How attempts end, as the law wants it.
extension ModelStore {
    mutating func settle(_ settlement: Settlement, at now: Timestamp) -> JobState {
        let place = Int(settlement.attempt.rawValue) - 1
        let attempt = records[place].attempt
        let job = Int(attempt.job.rawValue) - 1
        for message in settlement.messages { file(message) }
        if settlement.evidence.isEmpty {
            violations.append("attempt \(attempt.id) settled without evidence")
        }
        if let reference = settlement.messageReference {
            records[place].attempt.messageReference = reference
        }
        if let inquiry = settlement.inquiry { conclude(inquiry, .answered) }
        for evidence in settlement.evidence { note(evidence, of: attempt.id) }
        switch (attempt.outcome, settlement.ending) {
        case (.success, .success(let serial)):
            if serial != records[place].serial { jobs[job].disputes += 1 }
        case (.success, .notExecuted): jobs[job].disputes += 1
        case (.notExecuted, .success(let serial)):
            if records[place].serial == nil {
                records[place].lateSerial = records[place].lateSerial ?? serial
            }
            contradicted(attempt.job)
        case (.success, .unknown), (.notExecuted, _): break
        case (_, .success(let serial)): succeed(place, serial, settlement, at: now)
        case (_, .notExecuted(let following)): refuse(place, following, settlement, at: now)
        case (nil, .unknown): doubt(place)
        case (.unknown, .unknown): break
        }
        return jobs[job].job.state
    }

    private mutating func succeed(
        _ place: Int,
        _ serial: String?,
        _ settlement: Settlement,
        at now: Timestamp
    ) {
        let least = isSparse ? Evidence.Grade.answerLackingFields : .answer
        if !settlement.evidence.contains(where: { $0.verdict == .success && $0.grade >= least }) {
            violations.append("attempt \(place + 1) succeeded without proof")
        }
        if let serial, records.contains(where: { $0.hasSerial(serial) }) {
            if records[place].attempt.outcome == nil { doubt(place) }
            return
        }
        records[place].serial = serial
        close(place, .success)
        move(records[place].attempt.job, to: .succeeded)
        let sim = records[place].attempt.sim
        if records[place].attempt.id == lastAttempt(of: sim) { setBalance(settlement.balance, sim) }
    }

    private mutating func refuse(
        _ place: Int,
        _ following: Settlement.Following,
        _ settlement: Settlement,
        at now: Timestamp
    ) {
        let isAbsence = settlement.evidence.allSatisfy {
            $0.kind == .history || $0.kind == .balance
        }
        // What is not there proves nothing against an answer that says otherwise.
        if isAbsence, records[place].isSpokenFor { return }
        let isProved =
            unchangedBalances[settlement.attempt, default: 0] >= 2
            || settlement.evidence.contains {
                $0.verdict == .notExecuted
                    && ($0.grade >= .answer
                        || $0.kind == .trace && records[place].attempt.outcome == nil)
            }
        if !isProved { violations.append("attempt \(place + 1) refused without proof") }
        let id = records[place].attempt.job
        let job = Int(id.rawValue) - 1
        let isArmed = jobs[job].job.state == .armed
        close(place, .notExecuted)
        guard !jobs[job].isProvedOnce else { return move(id, to: .held) }
        switch following {
        case .tryAgain(let delay, _):
            move(id, to: isArmed && delay <= .zero ? .ready : .scheduled)
            jobs[job].job.dueAt = now.advanced(by: delay)
        case .hold: move(id, to: .held)
        case .fail: move(id, to: .failed)
        }
    }

    private mutating func close(_ place: Int, _ outcome: Attempt.Outcome) {
        let attempt = records[place].attempt
        records[place].attempt.outcome = outcome
        guard attempt.outcome == .unknown else { return }
        let fence =
            records.filter { $0.attempt.sim == attempt.sim && $0.attempt.outcome == .unknown }
            .map(\.fenceUntil).max()
        change(attempt.sim) { $0.fencedUntil = fence }
    }

    mutating func doubt(_ place: Int) {
        let attempt = records[place].attempt
        let fence = records[place].fenceUntil
        records[place].attempt.outcome = .unknown
        change(attempt.sim) { card in
            card.balance = nil
            card.fencedUntil = max(card.fencedUntil ?? fence, fence)
        }
        move(attempt.job, to: .unknown)
    }

    private mutating func setBalance(_ balance: Amount?, _ sim: ICCID) {
        change(sim) { $0.balance = balance }
    }

    private mutating func change(_ sim: ICCID, _ change: (inout Card) -> Void) {
        guard let place = cards.firstIndex(where: { $0.iccid == sim }) else { return }
        change(&cards[place])
    }

    private func lastAttempt(of sim: ICCID) -> Attempt.ID? {
        records.last { $0.attempt.sim == sim }?.attempt.id
    }
}
