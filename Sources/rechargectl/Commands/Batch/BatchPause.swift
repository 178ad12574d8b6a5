import ArgumentParser
import ControlAPI
import Recharge

/// Pauses a batch.
struct BatchPause: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Let no further job of a batch start.",
        usage: "rechargectl batch pause <batch> --reason <text> [<options>]",
        discussion: """
            Jobs that were already sent go on to their verdict.

              rechargectl batch pause 7 --reason "wrong file"
            """
    )

    @Argument(help: "The batch's number.", completion: Suggestions.batches)
    var batch: Batch.ID

    @OptionGroup var why: ReasonOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let path = ControlPath.batch(batch, .pause)
        try BatchShow.show(try await global.order(path, reason: why.reason), global)
    }
}
