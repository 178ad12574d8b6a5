import ArgumentParser
import ControlAPI
import Recharge

/// Lists received messages that belong to no job.
struct InboxList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inbox",
        abstract: "List received messages that belong to no job.",
        usage: "rechargectl inbox [<options>]",
        discussion: """
            Read them: what no rule could read is here too, so a carrier that changed its texts \
            shows here first.

              rechargectl inbox --limit 20
            """
    )

    @OptionGroup var page: PageOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let inbox: PageView<InboxView> = try await global.withGateway(for: .question) {
            try await page.items($0, ControlPath.inbox)
        }
        if global.json { return try global.console.json(inbox) }
        var table = TextTable(["ID#", "SIM", "FROM", "SENT", "FILED", "TEXT"])
        for message in inbox.items {
            table.add([
                Cell(message.id), Cell(message.sim.digits), Cell(message.sender),
                Cell(message.sentAt), Cell(message.filedAt), Cell(message.text),
            ])
        }
        try global.console.table(table)
        PageOptions.note(more: inbox.next)
    }
}
