package import Recharge

/// What people decide by hand, and what they read before they do.
package protocol DeskStore: Sendable {
    /// Gives a verdict on a job in doubt, or proposes it where it takes a second person.
    ///
    /// Throws `JobStoreError/Code/wrongState` when the job is not in doubt or the serial number is
    /// on another job, `JobStoreError/Code/outcomePending` when it shall not have been executed and
    /// its request can still arrive.
    func resolve(
        _ verdict: HandVerdict,
        people: ApprovalTerms,
        by actor: Actor,
        at now: Timestamp
    ) async throws -> Proposal

    /// Orders the reversal of a recharge, or proposes it where it takes a second person.
    ///
    /// The carrier's terms are held against the job now, and again when it is approved.
    func reverse(
        _ job: Job.ID,
        _ terms: ReversalTerms,
        reason: String,
        people: Int,
        by actor: Actor,
        at now: Timestamp
    ) async throws -> Proposal

    /// Lets a suspected duplicate go, or proposes it where it takes a second person.
    func vouch(
        for suspect: Suspect,
        reason: String,
        people: Int,
        by actor: Actor,
        at now: Timestamp
    ) async throws -> Proposal

    /// Lets a quarantined SIM work in the transceiver it was seen in, or proposes it where it takes
    /// a second person.
    func enrol(
        _ sim: ICCID,
        reason: String,
        people: Int,
        by actor: Actor,
        at now: Timestamp
    ) async throws -> Proposal

    /// Marks an edition of a profile verified, or proposes it where it takes a second person.
    func verify(
        _ edition: ProfileEdition,
        reason: String,
        people: Int,
        by actor: Actor,
        at now: Timestamp
    ) async throws -> Proposal

    /// The editions of some carriers' profiles that so many people stood for, oldest first.
    func verifications(
        of carriers: [CarrierID],
        people: Int
    ) async throws -> [ProfileVerification]

    /// Files any other proposal.
    func propose(
        _ proposal: NewProposal,
        by actor: Actor,
        at now: Timestamp
    ) async throws -> Proposal

    /// Approves a proposal and carries it out in the same commit.
    ///
    /// Throws `JobStoreError/Code/samePerson` when it takes two and this is the first, and whatever
    /// the change itself throws: then the proposal stays open.
    func approve(
        _ proposal: Proposal.ID,
        reason: String,
        by actor: Actor,
        at now: Timestamp
    ) async throws -> Proposal

    func reject(
        _ proposal: Proposal.ID,
        reason: String,
        by actor: Actor,
        at now: Timestamp
    ) async throws -> Proposal

    /// Takes the key of an order of a person; when it was taken, if it was before.
    func take(_ key: NewJob.Key, at now: Timestamp) async throws -> Timestamp?
    /// Gives back the key of an order that was refused.
    func giveBack(_ key: NewJob.Key) async throws

    /// Proposals, newest first.
    func proposals(
        onlyOpen: Bool,
        after cursor: Int64?,
        limit: Int
    ) async throws -> Page<Proposal>

    /// The file that a proposal came with; nil when it has none, or is not known.
    func attachment(of proposal: Proposal.ID) async throws -> [UInt8]?

    /// Settles what a carrier's statement settles, and disputes what it contradicts.
    ///
    /// Lines are taken in pieces: what a crash left undone, a repeat does; else it changes nothing.
    /// A job whose verdict by hand takes two people waits until another person brings the very same
    /// file, said to be complete for the same.
    func take(
        _ statement: CarrierStatement,
        people: ApprovalTerms,
        by actor: Actor,
        at now: Timestamp
    ) async throws -> StatementReport

    /// All that is on file about a job; nil when there is none.
    func dossier(of job: Job.ID) async throws -> Dossier?
    func dispute(_ id: Dispute.ID) async throws -> Dispute?
    /// The events about a job, oldest first.
    func events(about job: Job.ID) async throws -> [ChainedEvent]
}
