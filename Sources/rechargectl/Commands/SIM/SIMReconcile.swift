import ArgumentParser
import ControlAPI
import Recharge

/// Says that a SIM's history was compared since a restore.
struct SIMReconcile: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile",
        abstract: "Say that a SIM's history was compared since a backup was restored.",
        usage: "rechargectl sim reconcile <iccid> --reason <text> [<options>]",
        discussion: """
            After a restore no SIM works before this. Compare the carrier's history of the SIM \
            with the jobs that may have been sent since the backup, and cancel those that were. \
            It needs an approver.

              rechargectl sim reconcile 89860000000000000017 --reason "compared"
            """
    )

    @Argument(help: "The SIM's ICCID, 18 to 22 digits.", completion: Suggestions.sims)
    var iccid: ICCID

    @OptionGroup var why: ReasonOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let path = ControlPath.sim(iccid, .reconcile)
        let view: SIMView = try await global.order(path, reason: why.reason)
        if global.json { return try global.console.json(view) }
        try global.console.table(SIMList.table([view]))
    }
}
