import ArgumentParser
import ControlAPI
import Recharge

/// Lists jobs.
struct JobList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List jobs, newest first, or a batch's in the order of its file.",
        usage: "rechargectl job list [<options>]",
        discussion: """
              rechargectl job list --batch 7 --state failed
              rechargectl job list --reference A-17
            """
    )

    @Option(help: ArgumentHelp("Only jobs in this state; may be repeated.", valueName: "state"))
    var state: [JobState] = []

    @Option(
        help: ArgumentHelp("Only jobs of this batch.", valueName: "number"),
        completion: Suggestions.batches
    )
    var batch: Batch.ID?

    @Option(help: ArgumentHelp("Only jobs for this phone.", valueName: "phone"))
    var number: String?

    @Option(help: ArgumentHelp("Only jobs with this reference.", valueName: "text"))
    var reference: String?

    @OptionGroup var page: PageOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let query: [(String, String?)] = [
            ("state", state.isEmpty ? nil : state.map(\.rawValue).joined(separator: ",")),
            ("batch", batch?.description), ("number", number), ("reference", reference),
        ]
        let jobs: PageView<JobView> = try await global.withGateway(for: .question) {
            try await page.items($0, ControlPath.jobs, query)
        }
        if global.json { return try global.console.json(jobs) }
        try global.console.table(.jobs(jobs.items))
        PageOptions.note(more: jobs.next)
    }
}
