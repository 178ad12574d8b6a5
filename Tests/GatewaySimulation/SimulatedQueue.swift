package import Engine
package import JobStorage
package import Recharge

/// The queue under a simulated gateway: the model of the law in memory, or the real store.
///
/// What is thrown ends the process, as in the daemon: `restart(at:)` follows.
package protocol SimulatedQueue {
    /// Takes orders, all of one batch if they have lines of one; the same key gives the same job.
    ///
    /// With fewer steps than it takes, each of which is a commit, only the first are done.
    mutating func submit(
        _ orders: [NewJob],
        steps: Int,
        at now: Timestamp
    ) async throws -> [Job.ID]

    mutating func admit(_ sighting: SIMSighting, at now: Timestamp) async throws -> SIMAdmission

    /// Performs a durable action of a SIM's machine.
    mutating func perform(
        _ action: SIMWorkerMachine.Action,
        for sim: ICCID,
        at now: Timestamp
    ) async throws -> SIMWorkerMachine.Event?

    mutating func depart(_ sim: ICCID, at now: Timestamp) async throws

    /// Makes due what is due; returns when there is something to do again.
    mutating func promote(at now: Timestamp) async throws -> Timestamp?

    /// A person lets a SIM work that was stopped.
    mutating func resume(_ sim: ICCID, at now: Timestamp) async throws

    /// The SIMs that may find a job now, of those whose claim gave them nothing.
    mutating func takeWakes() async -> [ICCID]

    /// The wall clock was set by so much: until `release(at:)` nothing is sent.
    mutating func clockJumped(by jump: Duration, at now: Timestamp) async throws

    /// A person has looked at the clock.
    mutating func release(at now: Timestamp) async throws

    /// The process is gone, with all that was not acknowledged, and another one starts.
    mutating func restart(at now: Timestamp) async throws

    /// What the disk does from now on.
    mutating func damage(_ damage: DiskDamage)

    /// Where each job stands, by number of the job.
    func standings() throws -> [JobStanding]
}

/// Where a job stands, as the ledger's checks need it.
package struct JobStanding: Hashable, Sendable {
    package var id: Job.ID
    package var number: PhoneNumber
    package var state: JobState
    /// The SIM that holds it, or that made its last attempt.
    package var sim: ICCID?
    package var serial: String?
    package var isDisputed: Bool
    /// Whether an answer says that the job in doubt was executed, or is about to be.
    package var isSpokenFor: Bool
    /// Whether it takes a recharge back.
    package var isReversal: Bool
    /// How often it was tried.
    package var attempts: Int

    package init(
        id: Job.ID,
        number: PhoneNumber,
        state: JobState,
        sim: ICCID?,
        serial: String?,
        isDisputed: Bool,
        isSpokenFor: Bool,
        isReversal: Bool = false,
        attempts: Int
    ) {
        self.id = id
        self.number = number
        self.state = state
        self.sim = sim
        self.serial = serial
        self.isDisputed = isDisputed
        self.isSpokenFor = isSpokenFor
        self.isReversal = isReversal
        self.attempts = attempts
    }
}
