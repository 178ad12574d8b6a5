package import Recharge

/// The float of one SIM as the gateway keeps its books, and what the carrier says of it.
package struct FloatView: Codable, Hashable, Sendable {
    package var sim: ICCID
    package var carrier: CarrierID
    /// The sum of what moved it.
    package var confirmed: Money
    /// What jobs in hand or in doubt may still take.
    package var reserved: Money
    /// What is left if they take it.
    package var expected: Money
    /// Absent before the first statement of the carrier.
    package var openedAt: Timestamp?
    package var reported: Money?
    package var reportedAt: Timestamp?
    /// By how much the carrier's last figure differed from what was expected.
    package var drift: Money
    /// Below this it gets no new order.
    package var low: Money?
    package var isLow: Bool

    package init(_ float: FloatStanding) {
        sim = float.sim
        carrier = float.carrier
        confirmed = Money(float.confirmed)
        reserved = Money(float.reserved)
        expected = Money(float.expected)
        openedAt = float.openedAt
        reported = float.reported.map(Money.init)
        reportedAt = float.reportedAt
        drift = Money(float.drift)
        low = float.low.map(Money.init)
        isLow = float.isLow
    }
}

/// One change of a SIM's float.
package struct MovementView: Codable, Hashable, Sendable {
    package var id: Int64
    package var at: Timestamp
    package var kind: Movement.Kind
    /// Negative when the float shrinks.
    package var amount: Money
    package var attempt: Attempt.ID?
    package var reason: String
    package var actor: String

    package init(_ movement: Movement) {
        id = movement.id
        at = movement.at
        kind = movement.kind
        amount = Money(movement.amount)
        attempt = movement.attempt
        reason = movement.reason.visible
        actor = movement.actor.visible
    }
}

/// The body of `POST /v1/floats/{iccid}/topup`: money that was paid in.
package struct TopUpBody: Codable, Hashable, Sendable, ReasonedBody {
    /// In major units, such as `5000` or `49.90`; or else ``amountMinor``.
    package var amount: String?
    package var amountMinor: Int64?
    package var reason: String

    package init(amount: String?, amountMinor: Int64? = nil, reason: String) {
        self.amount = amount
        self.amountMinor = amountMinor
        self.reason = reason
    }
}

extension Movement.Kind: Codable {}
