import ArgumentParser
import ControlAPI
import Recharge

/// Releases a held job.
struct JobRelease: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release",
        abstract: "Let a held job go.",
        usage: """
            rechargectl job release <job> --reason <text> [<options>]
            rechargectl job release --all-restored [--batch <number>] --reason <text>
            """,
        discussion: """
            It then waits for its turn. A duplicate takes a second person. One over a limit needs \
            an approver, and so does one that a restored backup held: it may have been sent since.

              rechargectl job release 42 --reason "the customer wants it twice"
              rechargectl job release --all-restored --reason "none is in its history"
            """
    )

    @Argument(help: "The job's number.", completion: Suggestions.jobs)
    var job: Job.ID?

    @Flag(help: "All jobs that a restore from a backup held.")
    var allRestored = false

    @Option(
        help: ArgumentHelp("With --all-restored: only those of this batch.", valueName: "number"),
        completion: Suggestions.batches
    )
    var batch: Batch.ID?

    @OptionGroup var why: ReasonOptions
    @OptionGroup var global: GlobalOptions

    /// Letting go of a million jobs takes its time.
    private static let within = Duration.seconds(1800)

    func validate() throws {
        guard (job == nil) == allRestored, batch == nil || allRestored else {
            throw ValidationError("Name one job, or --all-restored, with --batch or without.")
        }
    }

    func run() async throws {
        guard let job else { return try await releaseRestored() }
        let path = ControlPath.job(job, .release)
        let view: JobView = try await global.order(path, reason: why.reason)
        if global.json { return try global.console.json(view) }
        try JobShow.show(view, global.console)
        if let proposal = view.proposal { Console.waitsForSecondPerson(proposal) }
    }

    private func releaseRestored() async throws {
        let path = ControlPath.with([("batch", batch?.description)], ControlPath.restoredRelease)
        let body = ReasonBody(reason: why.reason)
        let view: ReleasedView = try await global.withGateway(
            for: .order,
            within: JobRelease.within
        ) { try await $0.post(path, body, key: OrderKey.random()).value }
        if global.json { return try global.console.json(view) }
        try global.console.line("\(view.released) jobs released")
    }
}
