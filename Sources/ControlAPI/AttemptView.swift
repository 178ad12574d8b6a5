package import Recharge

/// One try of a job on one SIM.
package struct AttemptView: Codable, Hashable, Sendable {
    package var id: Attempt.ID
    package var ordinal: Int
    package var sim: ICCID
    package var armedAt: Timestamp
    package var balanceBefore: Money?
    /// Absent while it is open.
    package var outcome: Attempt.Outcome?
    package var evidence: [EvidenceView]
    package var outcomeAt: Timestamp?
    package var serial: String?
    /// The network's reference of the message (`+CMGS`).
    package var messageReference: Int?
    package var balanceAfter: Money?
    /// The people who settled it; absent where the gateway did.
    package var decidedBy: String?

    package init(_ attempt: Attempt, evidence: [Evidence]) {
        id = attempt.id
        ordinal = attempt.ordinal
        sim = attempt.sim
        armedAt = attempt.armedAt
        balanceBefore = attempt.balanceBefore.map(Money.init)
        outcome = attempt.outcome
        self.evidence = evidence.map(EvidenceView.init)
    }
}
