import ArgumentParser
import ControlAPI
import Recharge

/// Lists batches.
struct BatchList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List batches, newest first.",
        usage: "rechargectl batch list [<options>]",
        discussion: "  rechargectl batch list --limit 10"
    )

    @OptionGroup var page: PageOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let batches: PageView<BatchView> = try await global.withGateway(for: .question) {
            try await page.items($0, ControlPath.batches)
        }
        if global.json { return try global.console.json(batches) }
        var table = TextTable([
            "BATCH#", "NAME", "STATE", "JOBS#", "SUM#", "DONE#", "BY", "SUBMITTED", "JOBS NOW",
        ])
        for batch in batches.items {
            table.add([
                Cell(batch.id.description), Cell(batch.name), Cell(batch.state), Cell(batch.rows),
                Cell(batch.sum), Cell(batch.finished), Cell(batch.createdBy),
                Cell(batch.createdAt), Cell(TextTable.counts(batch.counts)),
            ])
        }
        try global.console.table(table)
        PageOptions.note(more: batches.next)
    }
}
