import ArgumentParser
import ControlAPI
import Recharge

/// Accepts the carrier's figure for a float.
struct FloatReconcile: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile",
        abstract: "Accept the carrier's figure for the float of a SIM.",
        usage: "rechargectl float reconcile <iccid> --reason <text> [<options>]",
        discussion: """
            The difference is booked as an adjustment. First record what was paid in (float topup) \
            and settle what is in doubt. It needs an approver.

              rechargectl float reconcile 89860000000000000017 --reason "statement of May"
            """
    )

    @Argument(help: "The SIM's ICCID, 18 to 22 digits.", completion: Suggestions.sims)
    var iccid: ICCID

    @OptionGroup var why: ReasonOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let path = ControlPath.float(iccid, .reconcile)
        let float: FloatView = try await global.order(path, reason: why.reason)
        if global.json { return try global.console.json(float) }
        try global.console.table(FloatList.table([float]))
    }
}
