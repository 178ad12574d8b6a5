import ArgumentParser
import ControlAPI
import Recharge

/// Lists the SIMs.
struct SIMList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the SIMs, their float and what they do.",
        usage: "rechargectl sim list [<options>]",
        discussion: "  rechargectl sim list"
    )

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let sims: PageView<SIMView> = try await global.ask(ControlPath.sims)
        if global.json { return try global.console.json(sims) }
        try global.console.table(SIMList.table(sims.items))
    }

    static func table(_ sims: [SIMView]) -> TextTable {
        var table = TextTable([
            "ICCID", "LABEL", "CARRIER", "STATE", "FLOAT#", "TODAY#", "PORT", "DOES", "JOB#",
            "FENCED UNTIL", "REASON",
        ])
        for sim in sims {
            table.add([
                Cell(sim.iccid.digits), Cell(sim.label), Cell(sim.carrier.name), Cell(sim.state),
                Cell(sim.balance), Cell(sim.todayCount), Cell(sim.port), Cell(sim.activity),
                Cell(sim.job?.description), Cell(sim.fencedUntil), reason(sim),
            ])
        }
        return table
    }

    private static func reason(_ sim: SIMView) -> Cell {
        sim.behindRestore == true
            ? Cell("not compared since the restore: sim reconcile", .doubtful)
            : Cell(sim.stateReason)
    }
}
