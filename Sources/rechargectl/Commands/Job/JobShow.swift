import ArgumentParser
import ControlAPI
import Recharge

/// Shows one job.
struct JobShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a job with its attempts and their evidence.",
        usage: "rechargectl job show <job> [<options>]",
        discussion: "  rechargectl job show 42"
    )

    @Argument(help: "The job's number.", completion: Suggestions.jobs)
    var job: Job.ID

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let detail: JobDetail = try await global.ask(ControlPath.job(job))
        if global.json { return try global.console.json(detail) }
        try JobShow.show(detail.job, global.console)
        for attempt in detail.attempts { try show(attempt) }
    }

    static func show(_ job: JobView, _ console: Console) throws(Failure) {
        try console.table(
            .fields([
                ("job", Cell(job.id.description)),
                ("state", Cell(job.state)),
                ("held for", Cell(job.holdReason?.rawValue, .doubtful)),
                ("reason", Cell(job.reason)),
                ("number", Cell(job.number)),
                ("amount", Cell(job.amount)),
                ("carrier", Cell(job.carrier.name)),
                ("serial", Cell(job.serial)),
                ("reference", Cell(job.reference)),
                ("note", Cell(job.note)),
                ("batch", Cell(job.batch?.description)),
                ("line", Cell(job.line.map { String($0) })),
                ("priority", Cell(job.priority)),
                ("SIM", Cell(job.sim?.digits)),
                ("attempts", Cell(job.attempts)),
                ("not before", Cell(job.notBefore)),
                ("deadline", Cell(job.deadline)),
                ("submitted", Cell(job.createdAt)),
                ("finished", Cell(job.finishedAt)),
            ])
        )
    }

    private func show(_ attempt: AttemptView) throws(Failure) {
        try global.console.line()
        try global.console.table(
            .fields([
                ("attempt", Cell(attempt.ordinal)),
                ("SIM", Cell(attempt.sim.digits)),
                ("armed", Cell(attempt.armedAt)),
                ("balance", Cell(attempt.balanceBefore)),
                ("outcome", Cell(attempt.outcome?.rawValue ?? "open")),
            ])
        )
        guard !attempt.evidence.isEmpty else { return }
        var table = TextTable(["EVIDENCE", "GRADE", "SAYS", "READ AS", "AS IT CAME"])
        for evidence in attempt.evidence {
            table.add([
                Cell(evidence.kind.rawValue), Cell(evidence.grade), Cell(evidence.verdict.rawValue),
                Cell(evidence.parsed), Cell(evidence.raw),
            ])
        }
        try global.console.table(table)
    }
}
