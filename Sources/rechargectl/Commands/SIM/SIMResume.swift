import ArgumentParser
import ControlAPI
import Recharge

/// Resumes a paused SIM.
struct SIMResume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Let a paused SIM work again.",
        usage: "rechargectl sim resume <iccid> --reason <text> [<options>]",
        discussion: """
            Only a paused SIM can be resumed.

              rechargectl sim resume 89860000000000000017 --reason "float topped up"
            """
    )

    @Argument(help: "The SIM's ICCID, 18 to 22 digits.", completion: Suggestions.sims)
    var iccid: ICCID

    @OptionGroup var why: ReasonOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let path = ControlPath.sim(iccid, .resume)
        let view: SIMView = try await global.order(path, reason: why.reason)
        if global.json { return try global.console.json(view) }
        try global.console.table(SIMList.table([view]))
    }
}
