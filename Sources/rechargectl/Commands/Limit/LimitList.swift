import ArgumentParser
import ControlAPI
import Recharge

/// Lists the limits.
struct LimitList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the limits, and what is used up of the windows that are open.",
        usage: "rechargectl limit list [<options>]",
        discussion: """
            Configured is what the carrier's profile says, or recharged.yaml for clients and all \
            together; a limit that a person set stands in its place. What one number used is not \
            listed.

              rechargectl limit list
            """
    )

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let report: LimitReport = try await global.ask(ControlPath.limits)
        if global.json { return try global.console.json(report) }
        try global.console.table(.limits(report.limits))
        guard !report.uses.isEmpty else { return }
        try global.console.line()
        var table = TextTable(["USED BY", "NAME", "PER", "UNTIL", "COUNT#", "MINOR UNITS#"])
        for use in report.uses {
            table.add([
                Cell(use.scope.rawValue), Cell(use.subject), Cell(use.per.rawValue),
                Cell(use.ends), Cell(use.count), Cell(String(use.sumMinor)),
            ])
        }
        try global.console.table(table)
    }
}

extension TextTable {
    static func limits(_ limits: [LimitView]) -> TextTable {
        var table = TextTable([
            "LIMIT OF", "NAME", "CARRIER", "PER", "OF", "LIMIT#", "CONFIGURED#", "SET BY", "REASON",
        ])
        for limit in limits {
            table.add([
                Cell(limit.scope.rawValue),
                Cell(limit.subject ?? (limit.scope == .global ? nil : "each")),
                Cell(limit.carrier?.name), Cell(limit.per.rawValue), Cell(limit.measure.rawValue),
                Cell(limit.words(limit.limit)), Cell(limit.words(limit.configured)),
                Cell(limit.setBy), Cell(limit.reason),
            ])
        }
        return table
    }
}

extension LimitView {
    fileprivate func words(_ value: Int64?) -> String {
        guard let value else { return "none" }
        guard measure == .sum else { return String(value) }
        guard let currency = currency.flatMap({ Currency(code: $0) }) else {
            return "\(value) minor units"
        }
        return Amount(minorUnits: value, currency: currency).description
    }
}
