import ArgumentParser
import ControlAPI
import Recharge

/// Lists the floats.
struct FloatList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the float of each SIM beside what the carrier says.",
        usage: "rechargectl float list [<options>]",
        discussion: """
            Confirmed is the sum of what moved; reserved is in hand or in doubt; expected is what \
            must be left. Drift is the carrier's figure less the expected one, when the two were \
            last compared.

              rechargectl float list
            """
    )

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let floats: PageView<FloatView> = try await global.ask(ControlPath.floats)
        if global.json { return try global.console.json(floats) }
        try global.console.table(FloatList.table(floats.items))
    }

    static func table(_ floats: [FloatView]) -> TextTable {
        var table = TextTable([
            "ICCID", "CARRIER", "CONFIRMED#", "RESERVED#", "EXPECTED#", "REPORTED#", "AT",
            "DRIFT#", "LOW",
        ])
        for float in floats {
            let hasDrift = float.drift.amountMinor != 0
            table.add([
                Cell(float.sim.digits), Cell(float.carrier.name), Cell(float.confirmed),
                Cell(float.reserved), Cell(float.expected), Cell(float.reported),
                Cell(float.reportedAt),
                Cell(Cell(float.drift).text, hasDrift ? .doubtful : .plain),
                Cell(float.isLow ? "low" : nil, .bad),
            ])
        }
        return table
    }
}
