import Recharge

/// A report of the gateway held against the carrier's ledger of truth, job by job.
///
/// Every job that succeeded has exactly the charge with its serial number; every charge belongs to
/// one job that succeeded, or whose outcome is not known yet; nothing else was charged. So the
/// report must cover all that the ledger does. A charge that was reversed is still the charge of
/// its job: that it was taken back is no contradiction, and is told.
package struct LedgerAudit: Hashable, Sendable {
    package private(set) var contradictions: [String] = []
    package private(set) var succeeded = 0
    /// Jobs that may have been charged: unknown, or on their way.
    package private(set) var unknown = 0
    /// Unknown jobs that the ledger shows as charged.
    package private(set) var unknownCharged = 0
    package let chargeCount: Int
    package let reversalCount: Int
    /// The succeeded jobs whose charge was taken back later, in words.
    package private(set) var reversed: [String] = []

    /// Compares all rows of a report with all entries of a ledger.
    package init(_ entries: [LedgerEntry], _ rows: [ResultsRow]) {
        let movements = Movements(entries)
        contradictions = movements.contradictions
        chargeCount = movements.chargeCount
        reversalCount = movements.reversals.count
        var open = movements.charges
        for row in rows where row.state == .succeeded {
            succeeded += 1
            guard let entry = open.removeValue(forKey: row.serial) else {
                add(row, "succeeded with serial '\(row.serial)', and no charge has it")
                continue
            }
            if !entry.concerns(row) {
                add(row, "succeeded with serial \(row.serial), which charged another order")
            }
            if let reversal = movements.reversals[row.serial] {
                reversed.append(
                    "line \(row.line): charge \(row.serial) of \(entry.amount.major) to "
                        + "\(entry.number) was reversed by \(reversal)"
                )
            }
        }
        for row in rows where row.isOpen {
            unknown += 1
            if let found = open.first(where: { $0.value.concerns(row) }) {
                unknownCharged += 1
                open[found.key] = nil
            }
        }
        for (serial, entry) in open.sorted(by: { $0.key < $1.key }) {
            let row = rows.first { entry.concerns($0) }
            let told = row.map { "line \($0.line) is \($0.state.rawValue)" } ?? "no job is for it"
            let undone = movements.reversals[serial].map { ", and reversal \($0) took it back" }
            contradictions.append(
                "charge \(serial) of \(entry.amount.major) to \(entry.number): \(told)"
                    + (undone ?? "")
            )
        }
    }

    private mutating func add(_ row: ResultsRow, _ what: String) {
        contradictions.append("line \(row.line): \(what)")
    }
}

/// What moved, by serial, and what of it a ledger of truth cannot say.
private struct Movements {
    private(set) var charges: [String: LedgerEntry] = [:]
    private(set) var chargeCount = 0
    /// The serial of the reversal by that of the charge.
    private(set) var reversals: [String: String] = [:]
    private(set) var contradictions: [String] = []

    init(_ entries: [LedgerEntry]) {
        for entry in entries {
            switch entry.outcome {
            case .charged(let serial):
                chargeCount += 1
                if charges.updateValue(entry, forKey: serial) != nil {
                    contradictions.append("charge \(serial) stands in the ledger more than once")
                }
            case .reversed(let serial, let original):
                if charges[original]?.isSameOrder(as: entry) != true {
                    contradictions.append("reversal \(serial) is of a charge that never was")
                }
                if reversals.updateValue(serial, forKey: original) != nil {
                    contradictions.append("charge \(original) was reversed more than once")
                }
            case .refused, .notReversed: break
            }
        }
    }
}

extension LedgerEntry {
    /// Whether a reversal names what was charged.
    fileprivate func isSameOrder(as other: LedgerEntry) -> Bool {
        iccid == other.iccid && number == other.number && amount == other.amount
    }

    /// Whether it is of the number and amount of a row; the row's number may be international.
    fileprivate func concerns(_ row: ResultsRow) -> Bool {
        row.amountMinor == amount.minorUnits && row.number.hasSuffix(number)
    }
}

extension ResultsRow {
    /// Whether its outcome is still to come, so that it may or may not have been charged.
    fileprivate var isOpen: Bool {
        switch state {
        case .armed, .unknown: true
        case .held, .scheduled, .ready, .leased, .succeeded, .failed, .cancelled, .expired: false
        }
    }
}
