import ArgumentParser
import ControlAPI
import Recharge

/// Takes a recharge back.
struct Reverse: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take a recharge back, once a second person approved.",
        usage: "rechargectl reverse <job> --reason <text> [<options>]",
        discussion: """
            The reversal is a job of its own, on the SIM that recharged, within the window that \
            the carrier's profile states.

              rechargectl reverse 42 --reason "the customer gave a wrong number"
            """
    )

    @Argument(help: "The number of the job that recharged.", completion: Suggestions.jobs)
    var job: Job.ID

    @OptionGroup var why: ReasonOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let path = ControlPath.job(job, .reverse)
        try global.show(try await global.order(path, reason: why.reason))
    }
}
