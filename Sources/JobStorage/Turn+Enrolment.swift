import GRDB
import Recharge

/// What the body of a proposed enrolment says: the transceiver that the SIM was seen in.
private struct EnrolmentBody: Codable {
    var imei: String?
    var port: String
}

extension Turn {
    /// Proposes that a quarantined SIM works in the transceiver it was seen in.
    mutating func enrol(
        _ sim: ICCID,
        reason: String,
        people: Int,
        by actor: Actor,
        at now: Timestamp
    ) throws -> Proposal {
        let proposal = NewProposal(
            kind: .enrolment,
            subject: sim.digits,
            body: try Turn.json(try place(of: sim)),
            attachment: nil,
            reason: reason,
            people: people
        )
        return try propose(proposal, by: actor, at: now)
    }

    private func place(of sim: ICCID) throws -> EnrolmentBody {
        let found = try row("SELECT imei, port FROM sim WHERE iccid = ?", sim.digits)
        guard let found else { throw Turn.unknown(sim) }
        return EnrolmentBody(imei: found[0], port: found[1])
    }

    /// The SIM that a proposal enrols, if it is still quarantined in that transceiver.
    func simToEnrol(_ proposal: Proposal) throws -> ICCID {
        guard let sim = ICCID(proposal.subject) else {
            throw JobStoreError(.unusable, "a proposal has a subject that none can have")
        }
        let state = try row("SELECT state FROM sim WHERE iccid = ?", sim.digits)
        guard let state, state[0] == SIM.State.quarantined.rawValue else {
            throw JobStoreError(
                .wrongState,
                "SIM \(sim): is not quarantined; only a quarantined SIM is enrolled"
            )
        }
        let body = try Turn.read(EnrolmentBody.self, proposal.body)
        guard try place(of: sim).imei == body.imei else {
            throw JobStoreError(
                .wrongState,
                "SIM \(sim): sits in another transceiver by now: reject the proposal and look again"
            )
        }
        return sim
    }

    mutating func enrol(_ proposal: Proposal, by actor: Actor, at now: Timestamp) throws {
        let reason = "\(proposal.reason) (by \(proposal.deciders))"
        let sim = try simToEnrol(proposal)
        try move(sim, to: .enabled, reason: reason, by: actor, at: now)
    }
}
