/// A question to the carrier about an attempt in doubt, or about a SIM's float.
///
/// Its row is on disk before its first byte, since a reconfirmation may move money.
package struct Inquiry: Hashable, Sendable {
    /// The number of an inquiry in the queue's database.
    package struct ID: Hashable, Sendable, CustomStringConvertible {
        package let rawValue: Int64

        package init(_ rawValue: Int64) {
            self.rawValue = rawValue
        }

        package var description: String { String(rawValue) }
    }

    /// What is asked.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// What the SIM's float is. Reads.
        case balance
        /// Whether the carrier has a record of the recharge. Reads.
        case history
        /// The carrier's own repetition of a recharge (重复充值): it executes what was not executed
        /// and repeats the confirmation of what was. Moves money.
        case reconfirm

        /// Whether the carrier may execute the recharge because of it.
        package var movesMoney: Bool {
            switch self {
            case .balance, .history: false
            case .reconfirm: true
            }
        }
    }

    /// What became of it.
    package enum Outcome: String, Hashable, Sendable, CaseIterable {
        case answered
        /// No answer came in time; one that comes late still counts.
        case silent
        /// Its message was not written.
        case notSent = "not_sent"
    }

    package var id: ID
    package var kind: Kind
    package var sim: ICCID
    /// The attempt in doubt; nil for a question about the SIM alone.
    package var attempt: Attempt.ID?
    package var askedAt: Timestamp
    /// Until when the carrier may still receive or answer it.
    package var answersUntil: Timestamp
    /// Nil while it is open.
    package var outcome: Outcome?

    package init(
        id: ID,
        kind: Kind,
        sim: ICCID,
        attempt: Attempt.ID?,
        askedAt: Timestamp,
        answersUntil: Timestamp,
        outcome: Outcome? = nil
    ) {
        self.id = id
        self.kind = kind
        self.sim = sim
        self.attempt = attempt
        self.askedAt = askedAt
        self.answersUntil = answersUntil
        self.outcome = outcome
    }
}

/// The intent to ask, as it is committed before the first byte.
package struct Asking: Hashable, Sendable {
    package var kind: Inquiry.Kind
    package var sim: ICCID
    package var attempt: Attempt.ID?
    /// The request with the PIN replaced; its digest is what is kept.
    package var redactedRequest: String
    /// Until when the carrier may still receive or answer it.
    package var answersUntil: Timestamp

    package init(
        kind: Inquiry.Kind,
        sim: ICCID,
        attempt: Attempt.ID?,
        redactedRequest: String,
        answersUntil: Timestamp
    ) {
        self.kind = kind
        self.sim = sim
        self.attempt = attempt
        self.redactedRequest = redactedRequest
        self.answersUntil = answersUntil
    }
}
