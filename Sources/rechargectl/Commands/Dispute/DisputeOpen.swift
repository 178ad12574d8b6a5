import ArgumentParser
import ControlAPI
import Recharge

/// Opens a dispute.
struct DisputeOpen: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "open",
        abstract: "Open a dispute about a job, such as a customer's complaint.",
        usage: "rechargectl dispute open <job> --reason <text> [--due <time>] [<options>]",
        discussion: """
              rechargectl dispute open 42 --reason "nothing arrived, he says"
            """
    )

    @Argument(help: "The job's number.", completion: Suggestions.jobs)
    var job: Job.ID

    @Option(
        help: ArgumentHelp(
            "Until when to answer it, such as 2026-12-01T18:00Z; otherwise 48 hours.",
            valueName: "time"
        ),
        transform: Timestamp.argument
    )
    var due: Timestamp?

    @OptionGroup var why: ReasonOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let body = DisputeBody(reason: why.reason, dueAt: due)
        let path = ControlPath.job(job, .dispute)
        let view: DisputeView = try await global.order(path, body)
        if global.json { return try global.console.json(view) }
        try global.console.table(.disputes([view]))
    }
}
