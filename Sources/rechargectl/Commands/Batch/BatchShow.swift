import ArgumentParser
import ControlAPI
import Recharge

/// Shows one batch.
struct BatchShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a batch and how far it has come.",
        usage: "rechargectl batch show <batch> [--watch] [<options>]",
        discussion: """
              rechargectl batch show 7
              rechargectl batch show 7 --watch

            With --watch it ends with status 0 when all jobs have succeeded, otherwise with 1. \
            Ctrl-C stops the watching and not the batch.
            """
    )

    @Argument(help: "The batch's number.", completion: Suggestions.batches)
    var batch: Batch.ID

    @Flag(help: "Show the progress until no job is left to wait for, then the verdicts.")
    var watch = false

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        if watch {
            let view = try await BatchWatch(id: batch, global: global).run()
            guard view.hasSucceeded else { throw Ending(.notDone) }
            return
        }
        try BatchShow.show(try await global.ask(ControlPath.batch(batch)), global)
    }

    static func show(_ view: BatchView, _ global: GlobalOptions) throws(Failure) {
        if global.json { return try global.console.json(view) }
        try global.console.table(
            .fields([
                ("batch", Cell(view.id.description)),
                ("name", Cell(view.name)),
                ("state", Cell(view.state)),
                ("waits for", Cell(view.proposal.map { "approval \($0)" }, .doubtful)),
                ("duplicates", Cell(view.allowsDuplicates.map { _ in "allowed by its sender" })),
                ("jobs", Cell(view.rows)),
                ("sum", Cell(view.sum)),
                ("now", Cell(TextTable.counts(view.counts))),
                ("final", Cell(view.finished)),
                ("submitted", Cell(view.createdAt)),
                ("by", Cell(view.createdBy)),
            ])
        )
    }
}
