import ArgumentParser
import ControlAPI
import Recharge

/// Lists disputes.
struct DisputeList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the open disputes, newest first.",
        usage: "rechargectl dispute list [--all] [<options>]",
        discussion: "  rechargectl dispute list --all"
    )

    @Flag(help: "The closed ones too.")
    var all = false

    @OptionGroup var page: PageOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let query: [(String, String?)] = [("all", all ? "true" : nil)]
        let found: PageView<DisputeView> = try await global.withGateway(for: .question) {
            try await page.items($0, ControlPath.disputes, query)
        }
        if global.json { return try global.console.json(found) }
        try global.console.table(.disputes(found.items))
        PageOptions.note(more: found.next)
    }
}
