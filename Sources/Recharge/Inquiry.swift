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

    package var id: ID
    package var kind: Kind
    package var sim: ICCID
    /// The attempt in doubt; nil for a question about the SIM alone.
    package var attempt: Attempt.ID?
    package var askedAt: Timestamp

    package init(
        id: ID,
        kind: Kind,
        sim: ICCID,
        attempt: Attempt.ID?,
        askedAt: Timestamp
    ) {
        self.id = id
        self.kind = kind
        self.sim = sim
        self.attempt = attempt
        self.askedAt = askedAt
    }
}
