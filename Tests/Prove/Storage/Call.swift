import JobStorage
import Recharge

/// One call of the store, as a value: the same one can be made to two stores.
///
/// A new call of the store needs a case here, its line in `perform(on:at:)`, and a `Deed` that
/// makes it.
enum Call: Hashable, Sendable {
    case submit(NewJob)
    case begin(NewBatch)
    case stage([NewJob], Batch.ID)
    case openBatch(Batch.ID)
    case change(Batch.ID, BatchChange)
    case admit(SIMSighting, Enrolment)
    case depart(ICCID)
    case setState(ICCID, SIM.State)
    case enrol(ICCID)
    case fence(ICCID, until: Timestamp?)
    case claim(ClaimRequest)
    case releaseLease(Job.ID, ICCID, Release)
    case arm(Arming)
    case settle(Settlement)
    case file([InboxMessage])
    case keep(Evidence, Attempt.ID)
    case ask(Asking)
    case conclude(Inquiry.ID, Inquiry.Outcome)
    case reportFloat(FloatReport)
    case topUp(ICCID, Amount)
    case proposeReversal(Job.ID, ReversalTerms)
    case approve(Proposal.ID)
    case setClock(Duration)
    case promote
    case cancel(Job.ID)
    case releaseHeld(Job.ID, HoldReason?)
    case setHold(Bool)
    case record(NewEvent)
    case read(Reading)
    /// Changes nothing; when it returns, the writer has ended what it did after the last commit.
    case rest
}

/// A call that only reads.
enum Reading: Hashable, Sendable {
    case job(Job.ID)
    case jobs
    case attempts(Job.ID)
    case batches
    case sims
    case inbox
    case events
    case stats
}

/// What a call came to, where it did not fail.
enum Answer: Hashable, Sendable {
    case opened(SQLiteJobStore.Recovery)
    case done
    case submission(Submission)
    case start(BatchStart)
    case batch(Batch)
    case admission(SIMAdmission)
    case claim(ClaimAnswer)
    case attempt(Attempt)
    case inquiry(Inquiry)
    case proposal(Proposal)
    case state(JobState)
    case next(Timestamp?)
    case job(Job?)
    case jobs([Job])
    case attempts([Attempt], [[Evidence]])
    case batches([Batch])
    case sims([SIM])
    case messages([StoredMessage])
    case events([StoredEvent], firstBroken: Int64?)
    case stats([JobState: Int], hold: String?)
    /// The store says no, which is an answer too.
    case refused(JobStoreError.Code)
}

extension Call {
    private static let reason = "proof"
    private static let person = Actor(Load.client)
    private static let otherPerson = Actor("second")

    /// Makes the call; what the store refuses by its rules is an answer, a failure is thrown.
    func perform(on store: SQLiteJobStore, at now: Timestamp) async throws -> Answer {
        do {
            return try await answer(of: store, at: now)
        } catch let error as JobStoreError where error.code != .stopped {
            return .refused(error.code)
        }
    }

    private func answer(of store: SQLiteJobStore, at now: Timestamp) async throws -> Answer {
        switch self {
        case .submit(let order):
            return .submission(try await store.submit(order, by: Call.person, at: now))
        case .begin(let batch):
            return .start(try await store.begin(batch, by: Call.person, at: now))
        case .stage(let orders, let batch):
            try await store.stage(orders, in: batch, at: now)
        case .openBatch(let batch):
            return .batch(try await store.open(batch, by: Call.person, at: now))
        case .change(let batch, let change):
            let changed = try await store.change(
                batch,
                change,
                reason: Call.reason,
                by: Call.person,
                at: now
            )
            return .batch(changed)
        case .promote: return .next(try await store.promote(at: now))
        case .cancel(let job):
            let changed = try await store.cancel(job, reason: Call.reason, by: Call.person, at: now)
            return .job(changed)
        case .releaseHeld(let job, let hold):
            let changed = try await store.release(
                job,
                heldFor: hold,
                reason: Call.reason,
                by: Call.person,
                at: now
            )
            return .job(changed)
        case .setHold(let hold):
            try await store.setHold(hold, reason: Call.reason, by: Call.person, at: now)
        case .record(let event): try await store.record(event, by: .gateway, at: now)
        case .read(let reading): return try await reading.perform(on: store, at: now)
        case .rest:
            // There is no such job: a transaction that writes nothing.
            _ = try await store.cancel(
                Job.ID(-1),
                reason: Call.reason,
                by: Call.person,
                at: now
            )
        case .admit, .depart, .setState, .enrol, .fence, .claim, .releaseLease, .arm, .settle,
            .file, .keep:
            return try await answerOfSIM(store, at: now)
        case .ask, .conclude, .reportFloat, .topUp, .proposeReversal, .approve, .setClock:
            return try await answerOfDoubt(store, at: now)
        }
        return .done
    }

    /// What doubts, floats and the people who look at them need.
    private func answerOfDoubt(_ store: SQLiteJobStore, at now: Timestamp) async throws -> Answer {
        switch self {
        case .ask(let asking): return .inquiry(try await store.ask(asking, at: now))
        case .conclude(let inquiry, let outcome):
            try await store.conclude(inquiry, as: outcome, at: now)
        case .reportFloat(let report): try await store.report(report, at: now)
        case .topUp(let sim, let amount):
            try await store.topUp(
                sim,
                amount,
                key: nil,
                reason: Call.reason,
                by: Call.person,
                at: now
            )
        case .proposeReversal(let job, let terms):
            let proposal = try await store.reverse(
                job,
                terms,
                reason: Call.reason,
                people: 2,
                by: Call.person,
                at: now
            )
            return .proposal(proposal)
        case .approve(let proposal):
            let approved = try await store.approve(
                proposal,
                reason: Call.reason,
                by: Call.otherPerson,
                at: now
            )
            return .proposal(approved)
        case .setClock(let jump): try await store.clockJumped(by: jump, at: now)
        default: break
        }
        return .done
    }

    private func answerOfSIM(_ store: SQLiteJobStore, at now: Timestamp) async throws -> Answer {
        switch self {
        case .admit(let sighting, let enrolment):
            return .admission(try await store.admit(sighting, enrolment: enrolment, at: now))
        case .depart(let sim): try await store.depart(sim, reason: Call.reason, at: now)
        case .setState(let sim, let state):
            try await store.setState(
                of: sim,
                to: state,
                reason: Call.reason,
                by: Call.person,
                at: now
            )
        case .enrol(let sim):
            _ = try await store.enrol(
                sim,
                reason: Call.reason,
                people: 1,
                by: Call.person,
                at: now
            )
        case .fence(let sim, let until): try await store.fence(sim, until: until, at: now)
        case .claim(let request): return .claim(try await store.claim(request, at: now))
        case .releaseLease(let job, let sim, let target):
            try await store.release(job, sim: sim, to: target, reason: Call.reason, at: now)
        case .arm(let arming): return .attempt(try await store.arm(arming, at: now))
        case .settle(let settlement): return .state(try await store.settle(settlement, at: now))
        case .file(let messages): try await store.file(messages, at: now)
        case .keep(let evidence, let attempt):
            try await store.keep(evidence, for: attempt, at: now)
        case .submit, .begin, .stage, .openBatch, .change, .promote, .cancel, .releaseHeld,
            .setHold, .record, .read, .rest, .ask, .conclude, .reportFloat, .topUp,
            .proposeReversal, .approve, .setClock:
            break
        }
        return .done
    }
}

extension Reading {
    private static let limit = 1000

    fileprivate func perform(on store: SQLiteJobStore, at now: Timestamp) async throws -> Answer {
        switch self {
        case .job(let job): return .job(try await store.job(job))
        case .jobs:
            return .jobs(try await store.jobs(JobQuery(limit: Reading.limit)).elements)
        case .attempts(let job):
            let found = try await store.attempts(of: job)
            return .attempts(found.map(\.0), found.map(\.1))
        case .batches:
            return .batches(try await store.batches(after: nil, limit: Reading.limit).elements)
        case .sims: return .sims(try await store.sims())
        case .inbox:
            return .messages(try await store.inbox(after: nil, limit: Reading.limit).elements)
        case .events:
            return .events(
                try await store.events(after: 0, limit: Reading.limit),
                firstBroken: try await store.firstBrokenEvent()
            )
        case .stats:
            let stats = try await store.stats(at: now)
            return .stats(stats.jobs, hold: stats.hold)
        }
    }
}
