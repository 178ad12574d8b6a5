import ArgumentParser
import Foundation
import Recharge
import Simulation

/// Sums up a ledger of truth.
struct LedgerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger",
        abstract:
            "Sum up a ledger: charges by number and amount, and what was charged more than once."
    )

    @Argument(help: "The ledger, JSON lines.")
    var file: String

    @Option(
        help: "A results CSV of the gateway to be compared with it; exit code 1 when they differ."
    )
    var results: String?

    @Flag(help: "One JSON object instead of a table.")
    var json = false

    func run() throws {
        if let results { return try audit(results) }
        let summary = LedgerSummary(try LedgerFile.entries(path: file))
        print(json ? try object(summary) : table(summary))
    }

    private func audit(_ path: String) throws {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw ValidationError("--results \(path): it cannot be read; check the path")
        }
        let rows = try ResultsRow.rows(Array(bytes), path: path)
        let audit = LedgerAudit(try LedgerFile.entries(path: file), rows)
        for line in audit.reversed + audit.contradictions { print(line) }
        let told =
            "\(rows.count) jobs, \(audit.succeeded) succeeded, \(audit.unknown) unknown "
            + "(\(audit.unknownCharged) of them charged); "
            + "\(audit.chargeCount) charges in the ledger"
            + (audit.reversalCount > 0 ? ", \(audit.reversalCount) of them reversed" : "")
        guard audit.contradictions.isEmpty else {
            print("the carrier's ledger CONTRADICTS the results: \(told)")
            throw ExitCode.failure
        }
        print("the carrier's ledger agrees job by job: \(told)")
    }

    private func table(_ summary: LedgerSummary) -> String {
        var lines = summary.ordered.map { order in
            let serials = summary.charges[order] ?? []
            let times = serials.count > 1 ? "  \(serials.count) times" : ""
            let told = serials.map { serial in
                summary.reversals[serial].map { "\(serial) (reversed by \($0))" } ?? serial
            }
            return "\(order.number)  \(order.amount.major)  "
                + told.joined(separator: " ") + times
        }
        let total = Amount(minorUnits: summary.total, currency: .renminbi)
        let refusals = summary.refusals.values.reduce(0, +)
        let reversed = Amount(minorUnits: summary.reversedTotal, currency: .renminbi)
        lines.append(
            "\(summary.chargeCount) charges, \(total.description); \(refusals) refusals; "
                + "\(summary.reversals.count) reversals, \(reversed.description); "
                + "\(summary.repeated.count) charged more than once"
        )
        return lines.joined(separator: "\n")
    }

    private func object(_ summary: LedgerSummary) throws -> String {
        let report = Report(
            charges: summary.chargeCount,
            totalMinor: summary.total,
            reversals: summary.reversals.count,
            reversedMinor: summary.reversedTotal,
            refusals: Dictionary(
                uniqueKeysWithValues: summary.refusals.map { ($0.key.rawValue, $0.value) }
            ),
            repeated: summary.repeated.map { order in
                Report.Repeat(
                    number: order.number,
                    amountMinor: order.amount.minorUnits,
                    serials: summary.charges[order] ?? []
                )
            }
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return String(decoding: try encoder.encode(report), as: UTF8.self)
    }

    private struct Report: Encodable {
        let charges: Int
        let totalMinor: Int64
        let reversals: Int
        let reversedMinor: Int64
        let refusals: [String: Int]
        let repeated: [Repeat]

        struct Repeat: Encodable {
            let number: String
            let amountMinor: Int64
            let serials: [String]
        }
    }
}
