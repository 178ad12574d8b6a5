import ControlAPI
import Recharge

/// What was found in an uploaded batch file.
struct BatchFindings: Sendable {
    var totals: BatchTotals
    /// The first mistakes; `totals` counts all.
    var mistakes: [Mistake] = []
    /// Whether part of the file could not be read at all: then nothing of it may be taken.
    var isUnreadable = false
    var refusedLines: [Int] = []
    /// Of the good rows.
    var shares: [CarrierID: CarrierShare] = [:]
    /// SHA-256 of the file and, where a row names none, of the default carrier.
    var digest: [UInt8] = []
    /// The same with what else the default may have been, where the request names none.
    var otherDigests: [[UInt8]] = []

    var digests: [[UInt8]] { [digest] + otherDigests }

    var mistakesOmitted: Int { max(0, totals.mistakes - mistakes.count) }

    mutating func add(_ portion: BatchPortion) {
        refusedLines += portion.refused.map(\.line)
        for order in portion.orders {
            let empty = CarrierShare(
                rows: 0,
                sum: Amount(minorUnits: 0, currency: order.amount.currency)
            )
            shares[order.carrier, default: empty].rows += 1
            shares[order.carrier, default: empty].sum.minorUnits += order.amount.minorUnits
        }
    }

    mutating func close(_ reader: BatchReader) {
        totals = reader.totals
        mistakes = reader.mistakes.prefix(Mistake.shownMax).map { Mistake($0) }
        isUnreadable = reader.isUnreadable
    }
}

/// One carrier's part of a batch.
struct CarrierShare: Hashable, Sendable {
    var rows: Int
    var sum: Amount
}
