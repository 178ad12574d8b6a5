/// The float of one SIM as the gateway keeps its books.
///
/// `confirmed` is the sum of its movements; `reserved` what is in hand or in doubt; `expected` what
/// must be left if all of that is spent. The carrier's own figure stands beside it.
package struct FloatStanding: Hashable, Sendable {
    package var sim: ICCID
    package var carrier: CarrierID
    package var confirmed: Amount
    package var reserved: Amount
    /// Nil before the first statement or top-up: then the sum begins at nothing.
    package var openedAt: Timestamp?
    /// What the carrier said last, and when.
    package var reported: Amount?
    package var reportedAt: Timestamp?
    /// By how much that differed from what was expected then; zero when it agreed.
    package var drift: Amount
    /// Below this the SIM gets no new order.
    package var low: Amount?
    package var isLow: Bool

    package init(
        sim: ICCID,
        carrier: CarrierID,
        confirmed: Amount,
        reserved: Amount,
        drift: Amount,
        isLow: Bool
    ) {
        self.sim = sim
        self.carrier = carrier
        self.confirmed = confirmed
        self.reserved = reserved
        self.drift = drift
        self.isLow = isLow
    }

    package var expected: Amount {
        Amount(
            minorUnits: confirmed.minorUnits - reserved.minorUnits,
            currency: confirmed.currency
        )
    }
}

/// One change of a SIM's float.
package struct Movement: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// What the carrier stated first, less what was known to have moved before.
        case opening
        /// Paid in by the agent.
        case topUp = "top_up"
        /// A recharge that was proved.
        case capture
        /// A reversal that was proved.
        case reversal
        /// A difference that a person accepted.
        case adjustment
    }

    package var id: Int64
    package var sim: ICCID
    package var at: Timestamp
    package var kind: Kind
    /// Negative when the float shrinks.
    package var amount: Amount
    package var attempt: Attempt.ID?
    package var reason: String
    package var actor: String

    package init(
        id: Int64,
        sim: ICCID,
        at: Timestamp,
        kind: Kind,
        amount: Amount,
        attempt: Attempt.ID?,
        reason: String,
        actor: String
    ) {
        self.id = id
        self.sim = sim
        self.at = at
        self.kind = kind
        self.amount = amount
        self.attempt = attempt
        self.reason = reason
        self.actor = actor
    }
}

/// The carrier's word on a SIM's float that settles no attempt.
package struct FloatReport: Hashable, Sendable {
    package var sim: ICCID
    package var balance: Amount
    /// The message that brought it, filed in the same commit.
    package var messages: [InboxMessage]
    /// The inquiry that it answers, concluded in the same commit.
    package var inquiry: Inquiry.ID?
    /// Whether it surely was said after all that the SIM did: only then it is compared.
    package var isCurrent: Bool

    package init(
        sim: ICCID,
        balance: Amount,
        messages: [InboxMessage],
        inquiry: Inquiry.ID?,
        isCurrent: Bool
    ) {
        self.sim = sim
        self.balance = balance
        self.messages = messages
        self.inquiry = inquiry
        self.isCurrent = isCurrent
    }
}
