import Carriers
import Recharge

/// Decides what to ask the carrier about a SIM's attempts in doubt, and when.
///
/// The order is that of what proves most for least: the carrier's record (history), the carrier's
/// own repetition (reconfirm), the float on a SIM that spent nothing else (balance). What is then
/// still in doubt waits for a late answer, a statement or a person. The carrier is asked again each
/// hour, since its centre may have been down, until an attempt has had its questions.
///
/// An answer that something is *not* so counts only when it was surely given to a question asked
/// after the request could no longer arrive. Carriers repeat answers, so while one to an earlier
/// question may still come, or come again, it is not asked.
struct DoubtResolver: Sendable {
    /// What to ask, and about which attempt; nil: about the SIM's float as such.
    struct Question: Hashable, Sendable {
        var kind: Inquiry.Kind
        var attempt: Attempt?
    }

    enum Step: Hashable, Sendable {
        case ask(Question)
        case wait(until: Timestamp)
        /// Nothing can be asked: what is in doubt waits for others.
        case nothing
    }

    /// How many questions of one kind may settle nothing before the next kind is tried.
    private static let vainMax = 2
    /// How long a kind rests then.
    private static let rest = Duration.seconds(3600)
    /// How many unchanged balances tell all that balances can.
    private static let balancesMax = 2
    private static let recentMax = 256

    let profile: CarrierProfile
    /// What was asked, oldest first.
    private(set) var inquiries: [Inquiry]
    /// The attempts of earlier workers: how long ago they were armed is not known.
    private let inherited: Set<Attempt.ID>
    /// When no answer to a question of an earlier worker can come any more.
    private let quietFrom: Timestamp?
    /// What each question of this worker is about.
    private var subjects: [Inquiry.ID: Subject] = [:]
    /// Nothing is asked before: the store refused, or the last try came to nothing.
    private var pausedUntil: Timestamp?
    /// How many questions in a row were not sent, though their rows are on disk.
    private var failures = 0
    /// About whom the store refused a question, the last refused last.
    private var turnedDown: [Attempt.ID] = []
    /// Until when no repetition is wanted, since the store refused one.
    private var repetitionsRest: [Attempt.ID: Timestamp] = [:]

    /// What an answer about an attempt names.
    private struct Subject: Hashable, Sendable {
        let number: PhoneNumber
        let amount: Amount

        init(_ attempt: Attempt) {
            number = attempt.number
            amount = attempt.amount
        }
    }

    init(
        profile: CarrierProfile,
        inquiries: [Inquiry],
        inherited: Set<Attempt.ID> = [],
        quietFrom: Timestamp? = nil
    ) {
        self.profile = profile
        self.inquiries = inquiries
        self.inherited = inherited
        self.quietFrom = quietFrom
    }

    mutating func asked(_ inquiry: Inquiry, about attempt: Attempt?) {
        turnedDown.removeAll { $0 == inquiry.attempt }
        inquiries.append(inquiry)
        subjects[inquiry.id] = attempt.map { Subject($0) }
        guard inquiries.count > DoubtResolver.recentMax else { return }
        subjects[inquiries.removeFirst().id] = nil
    }

    mutating func concluded(_ id: Inquiry.ID, _ outcome: Inquiry.Outcome) {
        guard let place = inquiries.lastIndex(where: { $0.id == id }) else { return }
        inquiries[place].outcome = outcome
        failures = outcome == .notSent ? failures + 1 : 0
    }

    /// The store refused a question about an attempt: the others come first now.
    ///
    /// A person or a statement may have closed it, of which the worker learns in no other way; or
    /// its order may not go out any more, and so is not repeated either.
    mutating func refused(_ attempt: Attempt.ID, _ kind: Inquiry.Kind, at now: Timestamp) {
        turnedDown.removeAll { $0 == attempt }
        turnedDown.append(attempt)
        if turnedDown.count > DoubtResolver.recentMax { turnedDown.removeFirst() }
        guard kind.movesMoney else { return }
        repetitionsRest = repetitionsRest.filter { $0.value > now }
        // The next kind has its turn, then this one again.
        repetitionsRest[attempt] = now.advanced(by: profile.doubt.interval * 2)
    }

    /// Nothing could be asked just now; while the network refuses questions, each further wait is
    /// twice as long, up to an hour.
    mutating func pause(at now: Timestamp) {
        let wait = profile.doubt.interval * (1 << min(max(failures - 1, 0), 12))
        pausedUntil = now.advanced(by: min(wait, max(profile.doubt.interval, DoubtResolver.rest)))
    }

    /// When neither the request of an attempt nor a repetition of it can arrive any more.
    func deadAt(_ attempt: Attempt) -> Timestamp? {
        guard let own = attempt.deadAt else { return nil }
        return reconfirmations(of: attempt).map(\.answersUntil).max().map { max($0, own) } ?? own
    }

    /// Whether the answer to a question about the carrier's record was surely given when neither
    /// the request nor a repetition of it could arrive any more.
    func isFinal(_ asked: Inquiry, about attempt: Attempt) -> Bool {
        guard let deadAt = deadAt(attempt), asked.askedAt > deadAt else { return false }
        if let quietFrom, asked.askedAt < quietFrom { return false }
        return openUntil(attempt, deadAt, but: asked.id).map { $0 < asked.askedAt } ?? true
    }

    /// Until when an answer may be one to an earlier question; nil where there was none.
    ///
    /// One that was asked while the request could still arrive may have found no record and be
    /// answered later than it should: where such a one stays unanswered, each has as long again.
    private func openUntil(
        _ attempt: Attempt,
        _ deadAt: Timestamp,
        but asked: Inquiry.ID? = nil
    ) -> Timestamp? {
        let earlier = answered(attempt).filter { $0.id != asked }
        let isOverdue = earlier.contains { $0.askedAt <= deadAt && $0.outcome != .answered }
        return earlier.map { inquiry in
            guard isOverdue, inquiry.askedAt <= deadAt else { return inquiry.answersUntil }
            return inquiry.answersUntil.advanced(by: profile.answerWindow)
        }.max()
    }

    /// Whether the carrier surely still shows a recharge that it executed.
    func isRemembered(_ attempt: Attempt, at moment: Timestamp) -> Bool {
        guard profile.operations.history?.forgets == true else { return true }
        return !inherited.contains(attempt.id)
            && profile.isOnRecord(armedAt: attempt.armedAt, now: moment)
    }

    /// The questions whose answers may name what one about an attempt does.
    private func answered(_ attempt: Attempt) -> [Inquiry] {
        inquiries.filter { inquiry in
            guard inquiry.kind == .history, inquiry.outcome != .notSent else { return false }
            return subjects[inquiry.id].map { $0 == Subject(attempt) } ?? true
        }
    }

    /// The repetitions of an attempt that the carrier may have received.
    func reconfirmations(of attempt: Attempt) -> [Inquiry] {
        inquiries.filter {
            $0.kind == .reconfirm && $0.attempt == attempt.id && $0.outcome != .notSent
        }
    }

    // MARK: The next question

    /// What to do about the attempts in doubt, in turn.
    ///
    /// - Parameters:
    ///   - doubts: the attempts whose outcome is unknown, oldest first.
    ///   - quiet: the attempt after which the SIM did nothing else, if that is in doubt alone.
    ///   - isBalanceWanted: whether the SIM's float is uncertain for no other reason.
    ///   - now: the moment by the clock that nobody sets.
    ///   - latest: the same, or later if so much more time may have passed.
    /// - Returns: a question that is due, or when one will be.
    func next(
        _ doubts: [Attempt],
        quiet: Attempt.ID?,
        isBalanceWanted: Bool,
        at now: Timestamp,
        latest: Timestamp
    ) -> Step {
        var earliest: Timestamp?
        let free =
            [pausedUntil, lastAskedAt?.advanced(by: profile.doubt.interval)]
            .compactMap { $0 }.max() ?? now
        for attempt in inTurn(doubts) {
            let plan = plan(attempt, isQuiet: attempt.id == quiet, at: now, latest: latest)
            for (kind, due) in plan {
                let due = max(due, free)
                if due <= now { return .ask(Question(kind: kind, attempt: attempt)) }
                earliest = earliest.map { min($0, due) } ?? due
            }
        }
        if isBalanceWanted, doubts.isEmpty, profile.operations.balance != nil {
            // Since the centre answered anything: then it is back, perhaps with its floats.
            let since = inquiries.lastIndex { $0.outcome == .answered }.map { $0 + 1 } ?? 0
            let unanswered = inquiries[since...].filter {
                $0.attempt == nil && $0.outcome == .silent
            }
            let rested = rested(.balance, Array(unanswered), at: now)
            let due = max(clear(.balance) ?? now, free, rested ?? now)
            if due <= now { return .ask(Question(kind: .balance, attempt: nil)) }
            earliest = earliest.map { min($0, due) } ?? due
        }
        return earliest.map { .wait(until: $0) } ?? .nothing
    }

    /// Those about whom the store refused a question come after the others.
    private func inTurn(_ doubts: [Attempt]) -> [Attempt] {
        guard !turnedDown.isEmpty else { return doubts }
        let refused = turnedDown.compactMap { id in doubts.first { $0.id == id } }
        return doubts.filter { !turnedDown.contains($0.id) } + refused
    }

    private var lastAskedAt: Timestamp? { inquiries.last?.askedAt }

    /// What can still be asked about an attempt, each kind from when on; the first that is due
    /// counts.
    private func plan(
        _ attempt: Attempt,
        isQuiet: Bool,
        at now: Timestamp,
        latest: Timestamp
    ) -> [(Inquiry.Kind, Timestamp)] {
        let asked = inquiries.filter { $0.attempt == attempt.id && $0.outcome != .notSent }
        guard !attempt.isReversal, asked.count < profile.doubt.inquiriesMax,
            let deadAt = deadAt(attempt)
        else { return [] }
        let operations = profile.operations
        let after = asked.filter { $0.askedAt > deadAt }
        var plan: [(Inquiry.Kind, Timestamp)] = []
        if operations.history != nil {
            let rested = rested(.history, after, at: now)
            let due = historyDue(attempt, asked, deadAt, at: now)
            plan.append((.history, max(due, rested ?? due)))
            if rested == nil { return plan }
        }
        if operations.reconfirm != nil {
            // The network counts the validity from when it took the request, not from arming.
            let refused = repetitionsRest[attempt.id].flatMap { $0 > now ? $0 : nil }
            let rested = rested(.reconfirm, asked, at: now) ?? refused
            let due = max(deadAt, rested ?? deadAt)
            if mayReconfirm(attempt, at: max(latest, due)) {
                plan.append((.reconfirm, due))
                if rested == nil { return plan }
            }
        }
        if operations.balance != nil, isQuiet, attempt.balanceBefore != nil {
            let told = after.count { $0.kind == .balance && $0.outcome != .silent }
            if told < DoubtResolver.balancesMax {
                let rested = rested(.balance, after, at: now)
                let due = max(deadAt.advanced(by: .milliseconds(1)), clear(.balance) ?? deadAt)
                plan.append((.balance, max(due, rested ?? due)))
            }
        }
        return plan
    }

    /// Whether the carrier surely still remembers a recharge, so that it would not pay again.
    func mayReconfirm(_ attempt: Attempt, at moment: Timestamp) -> Bool {
        if inherited.contains(attempt.id), profile.operations.reconfirm?.forgets == true {
            return false
        }
        return profile.mayReconfirm(armedAt: attempt.armedAt, now: moment)
    }

    /// Once early, since most answers are only late; then when its answer can be final.
    private func historyDue(
        _ attempt: Attempt,
        _ asked: [Inquiry],
        _ deadAt: Timestamp,
        at now: Timestamp
    ) -> Timestamp {
        let early = attempt.armedAt.advanced(
            by: profile.timing.answerWithin + profile.doubt.firstAfter
        )
        let isFirst = !asked.contains { $0.kind == .history }
        if isFirst, max(early, now) < deadAt { return early }
        let final = max(early, deadAt.advanced(by: .milliseconds(1)))
        let heard = openUntil(attempt, deadAt)?.advanced(by: .milliseconds(1))
        return [final, clear(.history), quietFrom, heard].compactMap { $0 }.max() ?? final
    }

    /// When a kind has rested from questions that settled nothing, silent or answered; nil while it
    /// may be asked.
    private func rested(
        _ kind: Inquiry.Kind,
        _ asked: [Inquiry],
        at now: Timestamp
    ) -> Timestamp? {
        let vain = asked.filter {
            $0.kind == kind && ($0.outcome == .silent || $0.outcome == .answered)
        }
        let first = vain.count - DoubtResolver.vainMax
        guard first >= 0 else { return nil }
        let rested = vain[first].askedAt.advanced(by: DoubtResolver.rest)
        return rested > now ? rested : nil
    }

    /// From when on no earlier question of a kind can be answered; nil when none is open.
    private func clear(_ kind: Inquiry.Kind) -> Timestamp? {
        inquiries.lazy.filter {
            $0.kind == kind && $0.outcome != .answered && $0.outcome != .notSent
        }.map { $0.answersUntil.advanced(by: .milliseconds(1)) }.max()
    }
}
