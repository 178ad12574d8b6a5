import ArgumentParser
import ControlAPI
import Recharge

/// Shows what moved one float.
struct FloatShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show what moved the float of a SIM, newest first.",
        usage: "rechargectl float show <iccid> [<options>]",
        discussion: "  rechargectl float show 89860000000000000017"
    )

    @Argument(help: "The SIM's ICCID, 18 to 22 digits.", completion: Suggestions.sims)
    var iccid: ICCID

    @OptionGroup var page: PageOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let movements: PageView<MovementView> = try await global.withGateway(for: .question) {
            try await page.items($0, ControlPath.movements(of: iccid))
        }
        if global.json { return try global.console.json(movements) }
        var table = TextTable(["ID#", "AT", "KIND", "AMOUNT#", "ATTEMPT#", "BY", "REASON"])
        for movement in movements.items {
            table.add([
                Cell(movement.id), Cell(movement.at), Cell(movement.kind.rawValue),
                Cell(movement.amount), Cell(movement.attempt?.description), Cell(movement.actor),
                Cell(movement.reason),
            ])
        }
        try global.console.table(table)
        PageOptions.note(more: movements.next)
    }
}
