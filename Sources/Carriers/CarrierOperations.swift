package import Recharge

/// What a carrier offers besides the recharge itself; nil for what its profile does not declare.
package struct CarrierOperations: Hashable, Sendable {
    /// Asks for the SIM's float; answered by `balance`.
    package let balance: CarrierOperation?
    /// Asks whether a recharge is on record; answered by `onRecord` and `noRecord`.
    ///
    /// One that shows only the last few recharges of a SIM is none: absence from it says nothing.
    package let history: CarrierOperation?
    /// The carrier's own repetition of a recharge (重复充值); answered like a recharge.
    ///
    /// Three traps. It executes what was not executed, so the first request must not be able to
    /// arrive any more. A serial that another job has means that the carrier took that one for it,
    /// and proves nothing. And a refusal refuses the repetition: it does not prove that the first
    /// request was not executed.
    package let reconfirm: CarrierOperation?
    /// Takes a recharge back (冲正); answered by `reversed` and `reversalRefused`.
    package let reverse: CarrierReversal?

    package static let none = CarrierOperations(
        balance: nil,
        history: nil,
        reconfirm: nil,
        reverse: nil
    )

    package subscript(kind: Inquiry.Kind) -> CarrierOperation? {
        switch kind {
        case .balance: balance
        case .history: history
        case .reconfirm: reconfirm
        }
    }

    /// The texts of all of them.
    var templates: [RequestTemplate] {
        [balance?.text, history?.text, reconfirm?.text, reverse?.operation.text].compactMap { $0 }
    }
}

/// What a request can do to money.
package enum OperationDanger: String, Hashable, Sendable, CaseIterable {
    /// Asks and changes nothing.
    case reads
    /// May move money: its row is on disk before its first byte.
    case movesMoney = "moves_money"
}

/// A request that a carrier's centre knows.
package struct CarrierOperation: Hashable, Sendable {
    package let danger: OperationDanger
    package let to: String
    let text: RequestTemplate
    /// How long after a recharge the carrier still knows it; nil: for ever.
    ///
    /// A reconfirmation that arrives later is a second payment: see
    /// `CarrierProfile/mayReconfirm(armedAt:now:)`. That a record is absent says nothing later.
    package let within: Duration?
}

/// The reversal of a recharge, and when a carrier still takes it.
package struct CarrierReversal: Hashable, Sendable {
    package let operation: CarrierOperation
    /// How long after the charge.
    package let within: Duration
    /// Whether the month of the charge, in the profile's zone, must not be over.
    package let sameMonth: Bool
    /// How many reversals one SIM has in a month; nil: any number.
    package let perMonth: Int?
}

extension CarrierProfile {
    /// Until when the carrier takes the reversal of a charge; nil where it takes none.
    package func reversalDeadline(chargedAt: Timestamp) -> Timestamp? {
        guard let reverse = operations.reverse else { return nil }
        let end = chargedAt.advanced(by: reverse.within)
        return reverse.sameMonth ? min(end, zone.monthBounds(containing: chargedAt).ends) : end
    }

    /// Whether a reconfirmation sent now surely arrives while the carrier still knows the recharge.
    package func mayReconfirm(armedAt: Timestamp, now: Timestamp) -> Bool {
        guard let operation = operations.reconfirm else { return false }
        guard let within = operation.within else { return true }
        // The network counts the validity from when it takes the request.
        let arrived = now.advanced(by: timing.validity + timing.lateWithin)
        return arrived < armedAt.advanced(by: within)
    }
}
