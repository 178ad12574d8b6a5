package import Recharge

/// What a ledger says, number by number.
package struct LedgerSummary: Hashable, Sendable {
    package struct Order: Hashable, Sendable {
        package var number: String
        package var amount: Amount
    }

    /// The serials of each number and amount, in the order of the ledger.
    package private(set) var charges: [Order: [String]] = [:]
    package private(set) var refusals: [Refusal: Int] = [:]
    /// What was charged, reversed or not.
    package private(set) var total: Int64 = 0
    /// The serial of the reversal by that of the charge.
    package private(set) var reversals: [String: String] = [:]
    package private(set) var reversedTotal: Int64 = 0
    package private(set) var reversalRefusals: [ReversalRefusal: Int] = [:]

    package init(_ entries: [LedgerEntry]) {
        for entry in entries {
            switch entry.outcome {
            case .charged(let serial):
                let order = Order(number: entry.number, amount: entry.amount)
                charges[order, default: []].append(serial)
                total += entry.amount.minorUnits
            case .refused(let refusal):
                refusals[refusal, default: 0] += 1
            case .reversed(let serial, let original):
                reversals[original] = serial
                reversedTotal += entry.amount.minorUnits
            case .notReversed(let refusal, _):
                reversalRefusals[refusal, default: 0] += 1
            }
        }
    }

    package var chargeCount: Int { charges.values.reduce(0) { $0 + $1.count } }

    /// Numbers charged the same amount more than once: right only if it was ordered so.
    package var repeated: [Order] {
        ordered.filter { (charges[$0]?.count ?? 0) > 1 }
    }

    package var ordered: [Order] {
        charges.keys.sorted {
            ($0.number, $0.amount.minorUnits) < ($1.number, $1.amount.minorUnits)
        }
    }
}
