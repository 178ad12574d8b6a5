import ArgumentParser
import ControlAPI
import Recharge

/// Pauses a SIM.
struct SIMPause: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Let a SIM take no further job.",
        usage: "rechargectl sim pause <iccid> --reason <text> [<options>]",
        discussion: """
            A job that it has already sent goes on to its verdict.

              rechargectl sim pause 89860000000000000017 --reason "count the float"
            """
    )

    @Argument(help: "The SIM's ICCID, 18 to 22 digits.", completion: Suggestions.sims)
    var iccid: ICCID

    @OptionGroup var why: ReasonOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let path = ControlPath.sim(iccid, .pause)
        let view: SIMView = try await global.order(path, reason: why.reason)
        if global.json { return try global.console.json(view) }
        try global.console.table(SIMList.table([view]))
    }
}
