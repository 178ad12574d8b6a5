import Carriers
package import Engine
package import JobStorage
package import Recharge

/// The queue as the law wants it, in memory; it notes every illegal wish.
package struct ModelStore: SimulatedQueue {
    package struct Record {
        package var attempt: Attempt
        var fenceUntil: Timestamp
        var serial: String?
        /// Of a success that came when it was closed as not executed.
        var lateSerial: String?
        /// Whether an answer says that it was executed, or that the carrier has it in hand.
        var isSpokenFor = false

        func hasSerial(_ text: String) -> Bool { serial == text || lateSerial == text }
    }

    struct Entry {
        var job: Job
        var disputes = 0
        /// Whether an answer says that it was executed, whatever that proves.
        var isProvedOnce = false
        var attempts: [Int] = []
    }

    package struct Card {
        let iccid: ICCID
        package var isEnabled = true
        var fencedUntil: Timestamp?
        var balance: Amount?
        package var inbox: [String: InboxMessage] = [:]
        var isParked = false
    }

    /// By number, from 1.
    var jobs: [Entry] = []
    /// Whether the carrier's confirmations may lack a serial number.
    var isSparse = false
    /// By number, from 1.
    package var records: [Record] = []
    package var cards: [Card] = []
    /// By number, from 1.
    package var inquiries: [Inquiry] = []
    /// How often the float was stated unchanged.
    var unchangedBalances: [Attempt.ID: Int] = [:]
    package var violations: [String] = []
    private var mayWake = false

    package init() {}

    package mutating func submit(_ orders: [NewJob], steps: Int, at now: Timestamp) -> [Job.ID] {
        orders.prefix(steps).map { order in
            if let known = jobs.first(where: { $0.job.order.key == order.key }) {
                return known.job.id
            }
            let id = Job.ID(Int64(jobs.count + 1))
            jobs.append(Entry(job: Job(id: id, order: order, state: .ready, at: now)))
            mayWake = true
            return id
        }
    }

    // MARK: The work of a SIM

    package mutating func admit(_ sighting: SIMSighting, at now: Timestamp) -> SIMAdmission {
        let iccid = sighting.iccid
        let card = cards[place(of: iccid)]
        var sim = SIM(
            iccid: iccid,
            carrier: sighting.carrier,
            state: card.isEnabled ? .enabled : .paused
        )
        sim.balance = card.balance
        let open = records.filter {
            $0.attempt.sim == iccid && ($0.attempt.outcome ?? .unknown) == .unknown
        }
        return SIMAdmission(
            sim: sim,
            unresolved: open.map(\.attempt),
            closed: closed(iccid),
            unfinishedParts: card.inbox.values.filter { !$0.isRead }.sorted { $0.pdu < $1.pdu },
            inquiries: inquiries.filter { $0.sim == iccid }
        )
    }

    /// Where a card stands; an unknown one is made.
    private mutating func place(of iccid: ICCID) -> Int {
        if let place = cards.firstIndex(where: { $0.iccid == iccid }) { return place }
        cards.append(Card(iccid: iccid))
        return cards.count - 1
    }

    private func closed(_ iccid: ICCID) -> [ClosedAttempt] {
        records.filter { record in
            guard record.attempt.sim == iccid else { return false }
            return record.attempt.outcome == .success || record.attempt.outcome == .notExecuted
        }.map {
            ClosedAttempt(
                attempt: $0.attempt,
                serial: $0.serial ?? $0.lateSerial,
                closedAt: $0.attempt.armedAt
            )
        }
    }

    package mutating func perform(
        _ action: SIMWorkerMachine.Action,
        for sim: ICCID,
        at now: Timestamp
    ) -> SIMWorkerMachine.Event? {
        switch action {
        case .claim(let request): return .claimed(claim(request, at: now))
        case .release(let job, let target, _):
            release(job, sim: sim, to: target)
            return .released
        case .arm(let arming):
            return arm(arming, at: now).map { .armed($0) } ?? .armingRefused("the lease is lost")
        case .settle(let settlement): return .settled(settle(settlement, at: now))
        case .ask(let asking):
            let isSettled = cards[place(of: sim)].isEnabled
            return ask(asking, at: now).map { .asked($0) }
                ?? .askingRefused("not in doubt", isSettled: isSettled)
        case .conclude(let inquiry, let outcome): conclude(inquiry, outcome)
        case .reportFloat(let report):
            for message in report.messages { file(message) }
            return .filed
        case .file(let messages):
            for message in messages { file(message) }
            return .filed
        case .keep(let evidence, let attempt): keep(evidence, for: attempt, at: now)
        case .pauseSIM: pause(sim)
        case .write, .wakeUp, .identified, .report, .observed, .finish: break
        }
        return nil
    }

    mutating func claim(_ request: ClaimRequest, at now: Timestamp) -> ClaimAnswer {
        if jobs.contains(where: { $0.job.state == .leased && $0.job.sim == request.sim }) {
            violations.append("\(request.sim) claims while a job is leased to it")
        }
        let place = place(of: request.sim)
        let card = cards[place]
        cards[place].isParked = true
        guard card.isEnabled else { return .stopped }
        if let fence = card.fencedUntil, fence > now { return .limited(until: fence, .fenced) }
        let next = jobs.first { entry in
            entry.job.state == .ready
                && entry.job.order.amount.minorUnits <= (card.balance?.minorUnits ?? .max)
                && !isBusy(entry.job.order.number)
        }
        guard let next else { return .nothing }
        cards[place].isParked = false
        move(next.job.id, to: .leased)
        self[next.job.id].job.sim = request.sim
        return .claimed(self[next.job.id].job)
    }

    private func isBusy(_ number: PhoneNumber) -> Bool {
        jobs.contains { entry in
            switch entry.job.state {
            case .leased, .armed, .unknown: entry.job.order.number == number
            case .ready, .scheduled, .held, .succeeded, .failed, .cancelled, .expired: false
            }
        }
    }

    private subscript(id: Job.ID) -> Entry {
        get { jobs[Int(id.rawValue) - 1] }
        set { jobs[Int(id.rawValue) - 1] = newValue }
    }

    mutating func release(_ id: Job.ID, sim: ICCID, to release: Release) {
        let job = self[id].job
        guard job.state == .leased, job.sim == sim else { return }
        switch release {
        case .ready: move(id, to: .ready)
        case .scheduled(let due):
            move(id, to: .scheduled)
            self[id].job.dueAt = due
        case .held: move(id, to: .held)
        }
    }

    mutating func arm(_ arming: Arming, at now: Timestamp) -> Attempt? {
        let entry = self[arming.job]
        // An answer on another SIM may have held it since it was leased.
        if entry.job.state == .held { return nil }
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
        guard cards[place(of: arming.sim)].isEnabled else {
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
        self[arming.job].attempts.append(records.count - 1)
        move(arming.job, to: .armed)
        return attempt
    }

    mutating func ask(_ asking: Asking, at now: Timestamp) -> Inquiry? {
        let card = place(of: asking.sim)
        guard cards[card].isEnabled else { return nil }
        if let attempt = asking.attempt {
            let place = Int(attempt.rawValue) - 1
            guard records[place].attempt.outcome == .unknown else { return nil }
            if asking.kind.movesMoney {
                let dead = max(records[place].fenceUntil, asking.answersUntil)
                records[place].fenceUntil = dead
                records[place].attempt.deadAt = dead
                cards[card].fencedUntil = max(cards[card].fencedUntil ?? dead, dead)
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
        note(evidence, of: attempt)
        let attempt = records[Int(attempt.rawValue) - 1].attempt
        guard evidence.verdict == .success, attempt.outcome == .notExecuted else { return }
        contradicted(attempt.job)
    }

    /// Notes what a piece of evidence says, whatever becomes of it.
    mutating func note(_ evidence: Evidence, of attempt: Attempt.ID) {
        let place = Int(attempt.rawValue) - 1
        if evidence.kind == .balance, evidence.verdict == .notExecuted {
            unchangedBalances[attempt, default: 0] += 1
        }
        if evidence.verdict == .success {
            jobs[Int(records[place].attempt.job.rawValue) - 1].isProvedOnce = true
        }
        if evidence.speaksForCharge { records[place].isSpokenFor = true }
    }

    /// An answer speaks against a refusal: the job does not go out again.
    mutating func contradicted(_ job: Job.ID) {
        let place = Int(job.rawValue) - 1
        jobs[place].disputes += 1
        let state = jobs[place].job.state
        if state == .ready || state == .scheduled || state == .leased { move(job, to: .held) }
    }

    mutating func file(_ message: InboxMessage) {
        let place = place(of: message.sim)
        var message = message
        message.isRead = message.isRead || cards[place].inbox[message.pdu]?.isRead ?? false
        cards[place].inbox[message.pdu] = message
    }

    mutating func pause(_ sim: ICCID) {
        cards[place(of: sim)].isEnabled = false
        for entry in jobs where entry.job.state == .leased && entry.job.sim == sim {
            move(entry.job.id, to: .ready)
        }
    }

    // MARK: The clockwork

    package mutating func depart(_ sim: ICCID, at now: Timestamp) { leave(sim) }

    package mutating func restart(at now: Timestamp) { leave(nil) }

    /// A SIM left its worker, or with nil all did.
    private mutating func leave(_ sim: ICCID?) {
        for place in records.indices where records[place].attempt.outcome == nil {
            if sim == nil || records[place].attempt.sim == sim { doubt(place) }
        }
        for place in inquiries.indices where inquiries[place].outcome == nil {
            if sim == nil || inquiries[place].sim == sim { inquiries[place].outcome = .silent }
        }
        for entry in jobs where entry.job.state == .leased {
            if sim == nil || entry.job.sim == sim { move(entry.job.id, to: .ready) }
        }
    }

    package mutating func promote(at now: Timestamp) -> Timestamp? {
        var next: Timestamp?
        for entry in jobs where entry.job.state == .scheduled {
            if entry.job.dueAt <= now {
                move(entry.job.id, to: .ready)
            } else {
                next = min(next ?? entry.job.dueAt, entry.job.dueAt)
            }
        }
        return next
    }

    package mutating func resume(_ sim: ICCID, at now: Timestamp) {
        cards[place(of: sim)].isEnabled = true
        mayWake = true
    }

    package mutating func takeWakes() -> [ICCID] {
        guard mayWake else { return [] }
        mayWake = false
        var wakes: [ICCID] = []
        for place in cards.indices where cards[place].isParked {
            cards[place].isParked = false
            wakes.append(cards[place].iccid)
        }
        return wakes
    }

    // No seed of the machines alone sets the clock.
    package mutating func clockJumped(by jump: Duration, at now: Timestamp) {}
    package mutating func release(at now: Timestamp) {}

    /// Memory does not fail.
    package mutating func damage(_ damage: DiskDamage) {}

    package func standings() -> [JobStanding] {
        jobs.map { entry in
            JobStanding(
                id: entry.job.id,
                number: entry.job.order.number,
                state: entry.job.state,
                sim: entry.job.sim,
                serial: entry.attempts.last.flatMap { records[$0].serial },
                isDisputed: entry.disputes > 0,
                isSpokenFor: entry.attempts.contains { records[$0].isSpokenFor },
                attempts: entry.attempts.count
            )
        }
    }

    /// Whatever frees a job, a number or a SIM may let a SIM that waits go on.
    mutating func move(_ id: Job.ID, to state: JobState) {
        let before = self[id].job.state
        if !before.arrows.contains(state) {
            violations.append("job \(id) went from \(before) to \(state)")
        }
        self[id].job.state = state
        switch state {
        case .leased, .armed, .unknown: break
        case .ready, .scheduled, .held, .succeeded, .failed, .cancelled, .expired: mayWake = true
        }
    }
}
