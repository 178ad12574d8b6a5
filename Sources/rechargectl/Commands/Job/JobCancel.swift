import ArgumentParser
import ControlAPI
import Recharge

/// Cancels a job.
struct JobCancel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Withdraw a job that was not sent.",
        usage: "rechargectl job cancel <job> --reason <text> [<options>]",
        discussion: """
            A job that was sent cannot be cancelled: only evidence settles it.

              rechargectl job cancel 42 --reason "the customer left"
            """
    )

    @Argument(help: "The job's number.", completion: Suggestions.jobs)
    var job: Job.ID

    @OptionGroup var why: ReasonOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let path = ControlPath.job(job, .cancel)
        let view: JobView = try await global.order(path, reason: why.reason)
        if global.json { return try global.console.json(view) }
        try JobShow.show(view, global.console)
    }
}
