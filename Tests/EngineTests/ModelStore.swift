import Carriers
import Recharge
import TestSupport

/// The queue as the law wants it, in memory; it notes every illegal wish.
struct ModelStore {
    struct Record {
        var attempt: Attempt
        var fenceUntil: Timestamp
        var serial: String?
    }

    struct Entry {
        var job: Job
        var disputes = 0
        var attempts: [Int] = []
    }

    struct Card {
        var isEnabled = true
        var pausedAt: Timestamp?
        var fencedUntil: Timestamp?
        var balance: Amount?
        var inbox: [String: InboxMessage] = [:]
        var isParked = false
    }

    var jobs: [Job.ID: Entry] = [:]
    var records: [Record] = []
    var cards: [ICCID: Card] = [:]
    var inquiries: [Inquiry] = []
    var violations: [String] = []
    var negatives: [ICCID: [NegativeStatement]] = [:]
    private var unchangedBalances: [Attempt.ID: Int] = [:]

    init(orders: [NewJob], at now: Timestamp) {
        for (place, order) in orders.enumerated() {
            let id = Job.ID(Int64(place + 1))
            jobs[id] = Entry(job: Job(id: id, order: order, state: .ready, at: now))
        }
    }

    // MARK: The work of a SIM

    mutating func admit(_ iccid: ICCID, carrier: CarrierID) -> SIMAdmission {
        let card = cards[iccid, default: Card()]
        cards[iccid] = card
        var sim = SIM(iccid: iccid, carrier: carrier, state: card.isEnabled ? .enabled : .paused)
        sim.balance = card.balance
        let open = records.filter {
            $0.attempt.sim == iccid && ($0.attempt.outcome ?? .unknown) == .unknown
        }
        return SIMAdmission(
            sim: sim,
            unresolved: open.map(\.attempt),
            closed: closed(iccid),
            unfinishedParts: card.inbox.values.filter { !$0.isRead }.sorted { $0.pdu < $1.pdu },
            inquiries: inquiries.filter { $0.sim == iccid },
            negatives: negatives[iccid] ?? []
        )
    }

    private func closed(_ iccid: ICCID) -> [ClosedAttempt] {
        records.filter { record in
            guard record.attempt.sim == iccid else { return false }
            return record.attempt.outcome == .success || record.attempt.outcome == .notExecuted
        }.map {
            ClosedAttempt(attempt: $0.attempt, serial: $0.serial, closedAt: $0.attempt.armedAt)
        }
    }

    mutating func claim(_ request: ClaimRequest, at now: Timestamp) -> ClaimAnswer {
        if jobs.values.contains(where: { $0.job.state == .leased && $0.job.sim == request.sim }) {
            violations.append("\(request.sim) claims while a job is leased to it")
        }
        guard let card = cards[request.sim], card.isEnabled else {
            cards[request.sim]?.isParked = true
            return .stopped
        }
        if let fence = card.fencedUntil, fence > now {
            cards[request.sim]?.isParked = true
            return .limited(until: fence, .fenced)
        }
        let busy = Set(
            jobs.values.filter { [.leased, .armed, .unknown].contains($0.job.state) }
                .map(\.job.order.number)
        )
        let next = jobs.values.filter {
            $0.job.state == .ready && !busy.contains($0.job.order.number)
                && $0.job.order.amount.minorUnits <= (card.balance?.minorUnits ?? .max)
        }.min { $0.job.id < $1.job.id }
        guard let next else {
            cards[request.sim]?.isParked = true
            return .nothing
        }
        move(next.job.id, to: .leased)
        jobs[next.job.id]?.job.sim = request.sim
        return jobs[next.job.id].map { .claimed($0.job) } ?? .nothing
    }

    mutating func release(_ id: Job.ID, sim: ICCID, to release: Release) {
        guard let job = jobs[id]?.job, job.state == .leased, job.sim == sim else { return }
        switch release {
        case .ready: move(id, to: .ready)
        case .scheduled(let due):
            move(id, to: .scheduled)
            jobs[id]?.job.dueAt = due
        case .held: move(id, to: .held)
        }
    }

    mutating func arm(_ arming: Arming, at now: Timestamp) -> Attempt? {
        guard let entry = jobs[arming.job] else { return nil }
        guard entry.job.state == .leased, entry.job.sim == arming.sim else {
            violations.append("job \(arming.job) armed while \(entry.job.state)")
            return nil
        }
        if records.contains(where: { $0.attempt.sim == arming.sim && $0.attempt.outcome == nil }) {
            violations.append("\(arming.sim) has two open attempts")
        }
        let mayHaveSucceeded = records.contains {
            $0.attempt.job == arming.job && $0.attempt.outcome != .notExecuted
        }
        if mayHaveSucceeded { violations.append("job \(arming.job) armed twice") }
        guard cards[arming.sim]?.isEnabled == true else {
            move(arming.job, to: .ready)
            return nil
        }
        let attempt = Attempt(
            id: Attempt.ID(Int64(records.count + 1)),
            job: arming.job,
            ordinal: entry.attempts.count + 1,
            sim: arming.sim,
            number: entry.job.order.number,
            amount: entry.job.order.amount,
            armedAt: now,
            balanceBefore: arming.balanceBefore,
            deadAt: arming.fenceUntil
        )
        records.append(Record(attempt: attempt, fenceUntil: arming.fenceUntil))
        jobs[arming.job]?.attempts.append(records.count - 1)
        move(arming.job, to: .armed)
        return attempt
    }

    mutating func ask(_ asking: Asking, at now: Timestamp) -> Inquiry? {
        guard cards[asking.sim]?.isEnabled == true else { return nil }
        if let attempt = asking.attempt {
            let place = Int(attempt.rawValue) - 1
            guard records[place].attempt.outcome == .unknown else { return nil }
            if asking.kind.movesMoney {
                let dead = max(records[place].fenceUntil, asking.answersUntil)
                records[place].fenceUntil = dead
                records[place].attempt.deadAt = dead
                let fence = cards[asking.sim]?.fencedUntil ?? dead
                cards[asking.sim]?.fencedUntil = max(fence, dead)
            }
        }
        let inquiry = Inquiry(
            id: Inquiry.ID(Int64(inquiries.count + 1)),
            kind: asking.kind,
            sim: asking.sim,
            attempt: asking.attempt,
            askedAt: now,
            answersUntil: asking.answersUntil
        )
        inquiries.append(inquiry)
        return inquiry
    }

    mutating func conclude(_ inquiry: Inquiry.ID, _ outcome: Inquiry.Outcome) {
        inquiries[Int(inquiry.rawValue) - 1].outcome = outcome
    }

    mutating func keep(_ evidence: Evidence, for attempt: Attempt.ID, at now: Timestamp) {
        let attempt = records[Int(attempt.rawValue) - 1].attempt
        if evidence.kind == .balance, evidence.verdict == .notExecuted {
            unchangedBalances[attempt.id, default: 0] += 1
        }
        guard evidence.kind == .history else { return }
        negatives[attempt.sim, default: []].append(
            NegativeStatement(
                number: attempt.number,
                amount: attempt.amount,
                sentAt: evidence.sentAt,
                receivedAt: now
            )
        )
    }

    mutating func settle(_ settlement: Settlement, at now: Timestamp) -> JobState {
        let place = Int(settlement.attempt.rawValue) - 1
        let attempt = records[place].attempt
        for message in settlement.messages { file(message) }
        if settlement.evidence.isEmpty {
            violations.append("attempt \(attempt.id) settled without evidence")
        }
        if let inquiry = settlement.inquiry { conclude(inquiry, .answered) }
        for evidence in settlement.evidence { keep(evidence, for: attempt.id, at: now) }
        switch (attempt.outcome, settlement.ending) {
        case (.success, .success(let serial)):
            if serial != records[place].serial { jobs[attempt.job]?.disputes += 1 }
        case (.success, .notExecuted), (.notExecuted, .success):
            jobs[attempt.job]?.disputes += 1
            let state = jobs[attempt.job]?.job.state
            if attempt.outcome == .notExecuted, state == .ready || state == .scheduled {
                move(attempt.job, to: .held)
            }
        case (.success, .unknown), (.notExecuted, _): break
        case (_, .success(let serial)): succeed(place, serial, settlement, at: now)
        case (_, .notExecuted(let following)): refuse(place, following, settlement, at: now)
        case (nil, .unknown): doubt(place)
        case (.unknown, .unknown): break
        }
        return jobs[attempt.job]?.job.state ?? .failed
    }

    private mutating func succeed(
        _ place: Int,
        _ serial: String?,
        _ settlement: Settlement,
        at now: Timestamp
    ) {
        if !settlement.evidence.contains(where: { $0.verdict == .success && $0.grade >= .answer }) {
            violations.append("attempt \(place + 1) succeeded without proof")
        }
        if let serial, records.contains(where: { $0.serial == serial }) {
            if records[place].attempt.outcome == nil { doubt(place) }
            return
        }
        records[place].serial = serial
        close(place, .success)
        move(records[place].attempt.job, to: .succeeded)
        if records[place].attempt.id == lastAttempt(of: records[place].attempt.sim) {
            cards[records[place].attempt.sim]?.balance = settlement.balance
        }
    }

    private mutating func refuse(
        _ place: Int,
        _ following: Settlement.Following,
        _ settlement: Settlement,
        at now: Timestamp
    ) {
        let isProved =
            settlement.evidence.contains {
                $0.verdict == .notExecuted && ($0.kind == .trace || $0.grade >= .answer)
            } || unchangedBalances[settlement.attempt, default: 0] >= 2
        if !isProved { violations.append("attempt \(place + 1) refused without proof") }
        let job = records[place].attempt.job
        let isArmed = jobs[job]?.job.state == .armed
        close(place, .notExecuted)
        switch following {
        case .tryAgain(let delay, _):
            move(job, to: isArmed && delay <= .zero ? .ready : .scheduled)
            jobs[job]?.job.dueAt = now.advanced(by: delay)
        case .hold: move(job, to: .held)
        case .fail: move(job, to: .failed)
        }
    }

    private mutating func close(_ place: Int, _ outcome: Attempt.Outcome) {
        let attempt = records[place].attempt
        records[place].attempt.outcome = outcome
        guard attempt.outcome == .unknown else { return }
        cards[attempt.sim]?.fencedUntil =
            records.filter { $0.attempt.sim == attempt.sim && $0.attempt.outcome == .unknown }
            .map(\.fenceUntil).max()
    }

    private mutating func doubt(_ place: Int) {
        let attempt = records[place].attempt
        records[place].attempt.outcome = .unknown
        cards[attempt.sim]?.balance = nil
        let fence = cards[attempt.sim]?.fencedUntil ?? records[place].fenceUntil
        cards[attempt.sim]?.fencedUntil = max(fence, records[place].fenceUntil)
        move(attempt.job, to: .unknown)
    }

    private func lastAttempt(of sim: ICCID) -> Attempt.ID? {
        records.last { $0.attempt.sim == sim }?.attempt.id
    }

    /// When an answer to the last attempt of a job can come no more.
    func fenceEnd(of entry: Entry) -> Timestamp? {
        entry.attempts.last.map { records[$0].fenceUntil }
    }

    mutating func file(_ message: InboxMessage) {
        let wasRead = cards[message.sim]?.inbox[message.pdu]?.isRead ?? false
        var message = message
        message.isRead = message.isRead || wasRead
        cards[message.sim]?.inbox[message.pdu] = message
    }

    mutating func pause(_ sim: ICCID, at now: Timestamp) {
        cards[sim]?.isEnabled = false
        cards[sim]?.pausedAt = now
        for entry in jobs.values where entry.job.state == .leased && entry.job.sim == sim {
            move(entry.job.id, to: .ready)
        }
    }

    // MARK: The clockwork

    /// A SIM left its worker, or with nil the whole process was killed.
    mutating func depart(_ sim: ICCID?) {
        for place in records.indices where records[place].attempt.outcome == nil {
            if sim == nil || records[place].attempt.sim == sim { doubt(place) }
        }
        for place in inquiries.indices where inquiries[place].outcome == nil {
            if sim == nil || inquiries[place].sim == sim { inquiries[place].outcome = .silent }
        }
        for entry in jobs.values where entry.job.state == .leased {
            if sim == nil || entry.job.sim == sim { move(entry.job.id, to: .ready) }
        }
    }

    /// Makes due what is due, and resumes SIMs a while after they were paused, as a person would.
    mutating func promote(at now: Timestamp) {
        for entry in jobs.values where entry.job.state == .scheduled && entry.job.dueAt <= now {
            move(entry.job.id, to: .ready)
        }
        for (sim, card) in cards {
            guard let pausedAt = card.pausedAt, pausedAt.advanced(by: .seconds(60)) <= now else {
                continue
            }
            cards[sim]?.pausedAt = nil
            cards[sim]?.isEnabled = true
        }
    }

    private mutating func move(_ id: Job.ID, to state: JobState) {
        guard let before = jobs[id]?.job.state else { return }
        if !before.arrows.contains(state) {
            violations.append("job \(id) went from \(before) to \(state)")
        }
        jobs[id]?.job.state = state
    }
}
