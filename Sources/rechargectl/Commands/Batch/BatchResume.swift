import ArgumentParser
import ControlAPI
import Recharge

/// Resumes a paused batch.
struct BatchResume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Let the jobs of a paused batch start again.",
        usage: "rechargectl batch resume <batch> --reason <text> [<options>]",
        discussion: """
            Only a paused batch can be resumed. One that was sent with --allow-duplicates takes a \
            second person before it starts.

              rechargectl batch resume 7 --reason "checked with the shop"
            """
    )

    @Argument(help: "The batch's number.", completion: Suggestions.batches)
    var batch: Batch.ID

    @OptionGroup var why: ReasonOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let path = ControlPath.batch(batch, .resume)
        let view: BatchView = try await global.order(path, reason: why.reason)
        try BatchShow.show(view, global)
        if let proposal = view.proposal { Console.waitsForSecondPerson(proposal) }
    }
}
