package import Recharge

/// The durable queue: the only place where the parts of the gateway meet.
///
/// Every call takes the moment it happens at, and returns only after its commit is on disk. Calls
/// of one caller keep their order. A commit that fails with an I/O error is of unknown outcome: the
/// store then refuses everything (`JobStoreError/Code/stopped`), and the process must exit and
/// read the truth anew.
package protocol JobStore: DeskStore {
    // MARK: Orders in

    /// Takes one order. The same key and terms give the job of the first submission.
    ///
    /// Throws `JobStoreError/Code/conflict` when the key is known with other terms.
    func submit(_ order: NewJob, by actor: Actor, at now: Timestamp) async throws -> Submission

    /// Begins a batch, or finds the one with this key.
    ///
    /// A batch that a crash left in staging is given back to be staged again, row by row.
    /// Throws `JobStoreError/Code/conflict` when the key is known with another body.
    func begin(_ batch: NewBatch, by actor: Actor, at now: Timestamp) async throws -> BatchStart

    /// Writes rows of a staging batch, in chunks of a few milliseconds of writer time between
    /// other commits. Rows that are there already, with the same terms, are left as they are.
    func stage(_ orders: [NewJob], in batch: Batch.ID, at now: Timestamp) async throws

    /// Opens a batch whose last row is staged; from then on its jobs may be claimed.
    func open(_ batch: Batch.ID, by actor: Actor, at now: Timestamp) async throws -> Batch

    /// The earlier orders that rows of a batch seem to repeat, one for each row at most.
    ///
    /// With `onlySameReference` these are only rows that the client ordered before under the same
    /// reference, in another batch that was not withdrawn.
    func earlierOrders(
        like orders: [NewJob],
        batch key: NewJob.Key,
        onlySameReference: Bool,
        at now: Timestamp
    ) async throws -> [EarlierOrder]

    /// The batch that a file of this digest is already, unless it was withdrawn.
    func batch(ofFile digests: [[UInt8]]) async throws -> Batch?

    // MARK: The work of a SIM

    /// Makes a SIM known, or finds it, with what it must know before it claims.
    ///
    /// - Parameters:
    ///   - sighting: who it is and where it was seen.
    ///   - enrolment: whether an unknown SIM, or one in another transceiver, waits for a person.
    ///   - now: the moment of the sighting.
    /// - Returns: the SIM as it stands, its attempts in doubt and its unfinished messages.
    /// - Throws: `JobStoreError` when the store has stopped.
    func admit(
        _ sighting: SIMSighting,
        enrolment: Enrolment,
        at now: Timestamp
    ) async throws -> SIMAdmission

    /// Asks for a job for a free SIM.
    func claim(_ request: ClaimRequest, at now: Timestamp) async throws -> ClaimAnswer

    /// Gives a leased job back, nothing having been armed.
    func release(
        _ job: Job.ID,
        sim: ICCID,
        to: Release,
        reason: String,
        at now: Timestamp
    ) async throws

    /// Commits the intent to send. After it returns, and not before, bytes may go out.
    ///
    /// Throws `JobStoreError/Code/leaseLost` when the job is no longer leased to this SIM, or
    /// was cancelled, or its deadline passed, or the gateway is on hold: nothing may be sent then.
    func arm(_ arming: Arming, at now: Timestamp) async throws -> Attempt

    /// Files the end of an attempt: evidence, outcome and event in one commit.
    ///
    /// A success whose serial number is already on another job is filed as doubt, with evidence.
    /// A settlement that repeats what is on file changes nothing. Returns where the job stands now.
    func settle(_ settlement: Settlement, at now: Timestamp) async throws -> JobState

    /// Files messages that settle nothing, before they are deleted from the SIM.
    func file(_ messages: [InboxMessage], at now: Timestamp) async throws

    /// Keeps evidence that settles nothing.
    func keep(_ evidence: Evidence, for attempt: Attempt.ID, at now: Timestamp) async throws

    /// Records that a SIM left its worker; its leased jobs are ready again, its armed ones unknown.
    func depart(_ sim: ICCID, reason: String, at now: Timestamp) async throws

    /// Records a change of a SIM's state: paused by a person or by its own fault, resumed.
    ///
    /// Throws `JobStoreError/Code/wrongState` when it is quarantined: only an approved enrolment
    /// lets it work.
    func setState(
        of sim: ICCID,
        to state: SIM.State,
        reason: String,
        by actor: Actor,
        at now: Timestamp
    ) async throws

    /// Keeps a SIM from claiming until a moment; nil lifts the fence.
    func fence(_ sim: ICCID, until: Timestamp?, at now: Timestamp) async throws

    // MARK: Doubt and money

    /// Commits the intent to ask the carrier. After it returns, and not before, bytes may go out.
    ///
    /// Throws `JobStoreError/Code/wrongState` when nothing may be asked: the attempt is not in
    /// doubt any more, the SIM may not work, or the question moves money while the gateway is on
    /// hold.
    func ask(_ asking: Asking, at now: Timestamp) async throws -> Inquiry

    /// Notes what became of an inquiry; an answer may still follow silence.
    func conclude(
        _ inquiry: Inquiry.ID,
        as outcome: Inquiry.Outcome,
        at now: Timestamp
    ) async throws

    /// What was asked about the attempts of a job, oldest first.
    func inquiries(about job: Job.ID) async throws -> [Inquiry]

    /// Takes the carrier's word on a SIM's float and holds it against the books.
    ///
    /// The first one opens the books. A difference is told as an event and, above the SIM's
    /// `SIMSighting/driftMax`, pauses it.
    func report(_ report: FloatReport, at now: Timestamp) async throws

    /// Records money that was paid into a SIM's float, once for each key.
    ///
    /// Throws `JobStoreError/Code/conflict` when the key has booked another top-up.
    func topUp(
        _ sim: ICCID,
        _ amount: Amount,
        key: NewJob.Key?,
        reason: String,
        by actor: Actor,
        at now: Timestamp
    ) async throws

    /// Accepts the carrier's last figure for a SIM's float; the difference is booked.
    ///
    /// Throws `JobStoreError/Code/outcomePending` while a job is in hand or in doubt on the SIM.
    func reconcile(
        _ sim: ICCID,
        reason: String,
        by actor: Actor,
        at now: Timestamp
    ) async throws

    /// The float of each SIM that has any movement.
    func floats() async throws -> [FloatStanding]

    /// What moved the float of a SIM, newest first.
    func movements(
        of sim: ICCID,
        after cursor: Int64?,
        limit: Int
    ) async throws -> Page<Movement>

    /// Adds everything up that is kept in two places.
    func verifyBooks() async throws -> Books

    /// Opens the dispute of a person about a job; its complaint that is open stays the only one.
    func complain(
        _ job: Job.ID,
        reason: String,
        dueAt: Timestamp?,
        by actor: Actor,
        at now: Timestamp
    ) async throws -> Dispute

    /// Closes an open dispute.
    func close(
        _ dispute: Dispute.ID,
        as state: Dispute.State,
        reason: String,
        by actor: Actor,
        at now: Timestamp
    ) async throws -> Dispute

    /// Disputes, newest first.
    func disputes(onlyOpen: Bool, after cursor: Int64?, limit: Int) async throws -> Page<Dispute>

    /// The disputes of a job, oldest first.
    func disputes(of job: Job.ID) async throws -> [Dispute]

    // MARK: Limits

    /// Sets a figure of a limit in place of the configured one, in force from the next claim on.
    ///
    /// - Parameters:
    ///   - change: the figure, and what becomes of it.
    ///   - configured: what profile and configuration say of it, one figure for each carrier
    ///     that it concerns; nil: no limit.
    ///   - reason: why, for the event.
    ///   - people: how many it takes to raise it; one lowers it alone.
    ///   - actor: who sets it.
    ///   - now: when.
    /// - Returns: the proposal where it is raised, decided already where one is enough.
    /// - Throws: `JobStoreError/Code/wrongState` when a raise of it waits for approval.
    func setLimit(
        _ change: LimitChange,
        configured: [Int64?],
        reason: String,
        people: Int,
        by actor: Actor,
        at now: Timestamp
    ) async throws -> Proposal?

    /// The figures that people set.
    func limitOverrides() async throws -> [UseOverride]

    /// What was used in the windows that are open, of all scopes but numbers.
    func uses(at now: Timestamp) async throws -> [WindowUse]

    /// The limit that keeps a ready job waiting; nil when none does.
    func wait(
        of job: Job.ID,
        _ uses: ClaimUses,
        day: Range<Timestamp>,
        ownDay: Range<Timestamp>,
        at now: Timestamp
    ) async throws -> LimitWait?

    // MARK: The clockwork

    /// Makes due what is due: scheduled jobs whose time came become ready, jobs whose deadline
    /// passed expire, leases that ran out end. A batch closes in the commit that ends its last
    /// job. On hold only leases end. Returns when it must run again.
    func promote(at now: Timestamp) async throws -> Timestamp?

    /// The SIMs that may find a job now, least loaded first.
    ///
    /// A SIM appears here once after each `claim(_:at:)` that gave it nothing. One consumer.
    var wakes: AsyncStream<ICCID> { get }

    // MARK: People

    /// Withdraws a job that is not armed. Throws `JobStoreError/Code/outcomePending` when it is.
    func cancel(
        _ job: Job.ID,
        reason: String,
        by actor: Actor,
        at now: Timestamp
    ) async throws -> Job

    /// Lets a job go that is held for a reason, which is what the caller's role was checked for.
    ///
    /// Throws `JobStoreError/Code/wrongState` when it is held for another one by now.
    func release(
        _ job: Job.ID,
        heldFor hold: HoldReason?,
        reason: String,
        by actor: Actor,
        at now: Timestamp
    ) async throws -> Job

    /// Pauses, resumes or cancels a batch.
    func change(
        _ batch: Batch.ID,
        _ change: BatchChange,
        reason: String,
        by actor: Actor,
        at now: Timestamp
    ) async throws -> Batch

    /// Stops all dispatch, or lets it go on. It survives a restart.
    func setHold(
        _ hold: Bool,
        reason: String,
        by actor: Actor,
        at now: Timestamp
    ) async throws

    /// Records something that happened to the gateway or a transceiver.
    func record(_ event: NewEvent, by actor: Actor, at now: Timestamp) async throws

    // MARK: Upkeep

    /// Walks the chain of events from its first to its head.
    ///
    /// An event that was noted outside, with its hash, must be in it.
    func verifyChain(against noted: ChainHead?) async throws -> ChainReport

    /// What is unsound in the database itself; empty when nothing is.
    func verifyIntegrity() async throws -> [String]

    /// Adds the books up and records it; a disagreement holds dispatch.
    func auditBooks(at now: Timestamp) async throws -> Books

    /// Events newest first.
    func audit(_ query: AuditQuery) async throws -> Page<StoredEvent>

    /// Makes a consistent copy of the queue while it works.
    ///
    /// Throws `JobStoreError/Code/wrongState` while another is made, and
    /// `JobStoreError/Code/diskFull` when there is no room for it.
    func backUp(by actor: Actor, at now: Timestamp) async throws -> BackupFile

    /// Takes a person's word that a SIM's history was compared since a backup was restored; before
    /// it, the SIM claims nothing.
    func enterEpoch(
        _ sim: ICCID,
        reason: String,
        by actor: Actor,
        at now: Timestamp
    ) async throws

    /// Lets go of the jobs that a restore held, of one batch or all; returns how many.
    func releaseRestored(
        of batch: Batch.ID?,
        reason: String,
        by actor: Actor,
        at now: Timestamp
    ) async throws -> Int

    /// Erases a number from the jobs that are final, their evidence and the messages quoting it.
    ///
    /// Texts quote the number in its national form. The event names no number.
    func erase(
        _ number: PhoneNumber,
        national: String,
        reason: String,
        by actor: Actor,
        at now: Timestamp
    ) async throws -> Erasure

    /// Holds dispatch because the wall clock was set by so much, until a person has looked.
    ///
    /// A request in doubt lives as long again from now: how long ago it was sent is not known.
    func clockJumped(by jump: Duration, at now: Timestamp) async throws

    /// Erases what was kept for as long as it may be.
    ///
    /// On hold it erases nothing: the clock may be what is wrong, and no text comes back.
    func retain(_ retention: Retention, at now: Timestamp) async throws -> Erasure

    // MARK: Reading

    func job(_ id: Job.ID) async throws -> Job?
    /// Jobs newest first, or by line within one batch.
    func jobs(_ query: JobQuery) async throws -> Page<Job>
    /// The attempts of a job with their evidence, oldest first.
    func attempts(of job: Job.ID) async throws -> [(Attempt, [Evidence])]
    func batch(_ id: Batch.ID) async throws -> Batch?
    /// Batches, newest first.
    func batches(after cursor: Int64?, limit: Int) async throws -> Page<Batch>
    func sims() async throws -> [SIM]
    /// Messages that no rule could read, newest first.
    func inbox(after cursor: Int64?, limit: Int) async throws -> Page<StoredMessage>
    /// Events after a sequence number, oldest first.
    func events(after sequence: Int64, limit: Int) async throws -> [StoredEvent]
    func stats(at now: Timestamp) async throws -> QueueStats
}
