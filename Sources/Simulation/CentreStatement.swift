package import Recharge

/// The carrier's list of what it charged, as its CSV: the `statement` of `simulated.yaml`.
///
/// ```csv
/// 号码,金额,流水号,时间,状态
/// 13800138000,50.00,S20261123000001,2026-11-23 17:30:00,成功
/// 13800138001,30.00,S20261123000002,2026-11-23 17:31:00,已冲正
/// ```
/// A line for each charge, by China's clocks; one that was reversed by the end of the ledger says
/// so. Refusals are in it as 失败, without a serial.
package enum CentreStatement {
    package static let header = "号码,金额,流水号,时间,状态\n"

    /// The lines of the entries from a moment on and before another; nil: no bound.
    package static func csv(
        _ entries: [LedgerEntry],
        from: Timestamp? = nil,
        to: Timestamp? = nil,
        sim: ICCID? = nil
    ) -> String {
        let reversed = Set(
            entries.compactMap { entry -> String? in
                guard case .reversed(_, let original) = entry.outcome else { return nil }
                return original
            }
        )
        let rows = entries.compactMap { entry -> String? in
            if let from, entry.at < from { return nil }
            if let to, to <= entry.at { return nil }
            if let sim, entry.iccid != sim { return nil }
            switch entry.outcome {
            case .charged(let serial):
                return row(entry, serial, reversed.contains(serial) ? "已冲正" : "成功")
            case .refused: return row(entry, "", "失败")
            case .reversed, .notReversed: return nil
            }
        }
        return header + rows.joined()
    }

    private static func row(_ entry: LedgerEntry, _ serial: String, _ status: String) -> String {
        "\(entry.number),\(entry.amount.major),\(serial),\(entry.at.inChina),\(status)\n"
    }
}
