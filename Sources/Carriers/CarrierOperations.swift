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
    /// Whether the carrier knows only the recharges of the day, in the profile's zone.
    package let sameDay: Bool

    /// Whether there is a time after which the carrier does not know a recharge.
    package var forgets: Bool { within != nil || sameDay }

    /// Until when the carrier surely still knows a recharge; nil: for ever.
    func knownUntil(_ armedAt: Timestamp, _ zone: CarrierZone) -> Timestamp? {
        let end = within.map { armedAt.advanced(by: $0) }
        guard sameDay else { return end }
        // A day of the carrier's clock, which is not ours, and so may its beginning be.
        let margin = CarrierOperation.clockMargin
        let evening = zone.dayBounds(containing: armedAt.advanced(by: .zero - margin)).ends
        let midnight = evening.advanced(by: .zero - margin)
        return end.map { min($0, midnight) } ?? midnight
    }

    private static let clockMargin = Duration.seconds(600)
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
        guard let known = operation.knownUntil(armedAt, zone) else { return true }
        // The network counts the validity from when it takes the request.
        return now.advanced(by: timing.validity + timing.lateWithin) < known
    }

    /// Whether the carrier surely still shows a recharge.
    package func isOnRecord(armedAt: Timestamp, now: Timestamp) -> Bool {
        guard let operation = operations.history else { return false }
        return operation.knownUntil(armedAt, zone).map { now < $0 } ?? true
    }
}
