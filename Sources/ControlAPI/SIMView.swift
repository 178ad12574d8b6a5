package import Recharge

/// A SIM as clients see it.
package struct SIMView: Codable, Hashable, Sendable {
    package var iccid: ICCID
    package var carrier: CarrierID
    package var label: String?
    package var state: SIM.State
    package var stateReason: String?
    /// Present while it must not work: nobody compared its history since a backup was restored.
    package var behindRestore: Bool?
    /// As the carrier last stated it.
    package var balance: Money?
    package var todayCount: Int
    package var todayMinor: Int64
    package var fencedUntil: Timestamp?
    /// The port where it works now; absent when it is in no transceiver.
    package var port: String?
    /// What its worker does now: `idle`, `sending`, `awaiting_answer` and so on.
    package var activity: String?
    package var job: Job.ID?
    /// Its enrolment that waits for a second person.
    package var proposal: Proposal.ID?

    package init(_ sim: SIM) {
        iccid = sim.iccid
        carrier = sim.carrier
        label = sim.label?.visible
        state = sim.state
        stateReason = sim.stateReason?.visible
        behindRestore = sim.isBehindRestore ? true : nil
        balance = sim.balance.map(Money.init)
        todayCount = sim.today.count
        todayMinor = sim.today.minorUnits
        fencedUntil = sim.fencedUntil
        proposal = sim.proposal
    }
}
