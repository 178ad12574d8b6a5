import ArgumentParser
import ControlAPI
import Recharge

/// Releases a held job.
struct JobRelease: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release",
        abstract: "Let a held job go.",
        usage: "rechargectl job release <job> --reason <text> [<options>]",
        discussion: """
            It then waits for its turn. One over a limit needs an approver.

              rechargectl job release 42 --reason "the customer wants it twice"
            """
    )

    @Argument(help: "The job's number.", completion: Suggestions.jobs)
    var job: Job.ID

    @OptionGroup var why: ReasonOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let path = ControlPath.job(job, .release)
        let view: JobView = try await global.order(path, reason: why.reason)
        if global.json { return try global.console.json(view) }
        try JobShow.show(view, global.console)
    }
}
