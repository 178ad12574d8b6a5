import Carriers
import Recharge

/// What a SIM works with, behind one reference, so that a copy of its work costs little.
final class Terms: Sendable {
    let sim: ICCID
    let profile: CarrierProfile
    let pin: PIN
    let limits: SIMLimits
    let uses: ClaimUses
    let ownZone: CarrierZone

    init(_ assignment: SIMWorkerMachine.Assignment) {
        sim = assignment.admission.sim.iccid
        profile = assignment.profile
        pin = assignment.pin
        limits = assignment.limits
        uses = assignment.uses
        ownZone = assignment.ownZone
    }
}
