import ArgumentParser
import ControlAPI
import Recharge

/// Cancels a batch.
struct BatchCancel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Withdraw all jobs of a batch that were not sent.",
        usage: "rechargectl batch cancel <batch> --reason <text> [<options>]",
        discussion: """
            Jobs that were already sent go on to their verdict. This cannot be undone.

              rechargectl batch cancel 7 --reason "wrong file"
            """
    )

    @Argument(help: "The batch's number.", completion: Suggestions.batches)
    var batch: Batch.ID

    @OptionGroup var why: ReasonOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let path = ControlPath.batch(batch, .cancel)
        try BatchShow.show(try await global.order(path, reason: why.reason), global)
    }
}
