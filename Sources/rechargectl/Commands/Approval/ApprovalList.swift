import ArgumentParser
import ControlAPI
import Recharge

/// Lists proposals.
struct ApprovalList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List what waits for a second person, newest first.",
        usage: "rechargectl approval list [--all] [<options>]",
        discussion: "  rechargectl approval list --all"
    )

    @Flag(help: "The decided ones too.")
    var all = false

    @OptionGroup var page: PageOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let query: [(String, String?)] = [("all", all ? "true" : nil)]
        let found: PageView<ProposalView> = try await global.withGateway(for: .question) {
            try await page.items($0, ControlPath.proposals, query)
        }
        if global.json { return try global.console.json(found) }
        try global.console.table(.proposals(found.items))
        PageOptions.note(more: found.next)
    }
}
