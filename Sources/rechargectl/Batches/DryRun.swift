import ControlAPI
import Recharge

/// What a dry run found, and what it could not look into.
struct DryRun: Encodable, Sendable {
    /// What was checked.
    struct Checked: Encodable, Sendable {
        /// Float and expected time, which only the daemon knows.
        var daemon: Bool
        /// Numbers and amounts by the carriers' profiles.
        var numberPlans: Bool
    }

    var report: BatchReport
    var checked: Checked

    /// Shows it; `file` and the sockets tried are named in it.
    func show(_ console: Console, file: String, sockets: [String]) throws(Failure) {
        if console.isJSON { return try console.json(self) }
        let sum = report.sum.map { DryRun.text($0) } ?? "nothing"
        try console.line(
            "\(file.visible): \(counted(report.rows, "good row")), \(sum); "
                + counted(report.refusedRows, "bad row")
        )
        let listed = report.duplicates.count { $0.line != nil }
        let duplicates = listed + report.duplicatesOmitted
        if duplicates > 0 {
            try console.line("Ordered before: \(counted(duplicates, "row")), see above")
        }
        if !report.carriers.isEmpty { try console.table(carrierTable) }
        if let seconds = report.expectedSeconds {
            let time = ProgressLine.text(.milliseconds(Int64(seconds * 1000)))
            try console.line("Expected time: about \(time)")
        } else if checked.daemon, report.rows > 0 {
            try console.line("Expected time: unknown, no SIM of a carrier is at work")
        }
        if !checked.numberPlans {
            try console.line("Number plans: not checked, there are no carrier profiles here")
        }
        if !checked.daemon {
            let places = sockets.joined(separator: " or ")
            try console.line(
                "What was ordered before, float, expected time and who verified the profile: "
                    + "not checked: no daemon at \(places)"
            )
        }
        try console.line("A dry run: nothing was ordered.")
    }

    /// Whether nothing of the file would be taken, for what was ordered before.
    var isRepeat: Bool { report.isRepeat }

    /// Whether a carrier's SIMs are known not to have the float.
    var isShort: Bool { report.carriers.contains { $0.floatCover == .short } }

    private var carrierTable: TextTable {
        var table = TextTable(["CARRIER", "ROWS#", "SUM#", "SIMS#", "FLOAT#", "COVER"])
        for carrier in report.carriers {
            var float = carrier.sum
            float.amountMinor = carrier.floatKnownMinor
            let unknown = carrier.floatUnknownSims
            let cover: Cell =
                switch carrier.floatCover {
                case .enough: Cell("enough", .good)
                case .short: Cell("too little", .bad)
                case .unknown: Cell("unknown for \(unknown) SIMs", .doubtful)
                }
            table.add([
                Cell(carrier.carrier.name), Cell(carrier.rows), Cell(carrier.sum),
                Cell(carrier.sims), Cell(float), cover,
            ])
        }
        return table
    }

    private static func text(_ money: Money) -> String {
        guard money.currency != Currency.noneCode else { return money.amount?.major ?? "" }
        return money.amount?.description ?? "\(money.amountMinor) \(money.currency)"
    }
}
