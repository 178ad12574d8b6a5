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
        let reversals = detail.reversals.map { "job \($0)" }.joined(separator: ", ")
        try JobShow.show(
            detail.job,
            global.console,
            more: [
                ("goes on", Cell(detail.goesOnAt)),
                ("reversed by", Cell(reversals.isEmpty ? nil : reversals)),
            ]
        )
        for attempt in detail.attempts { try show(attempt) }
        try show(detail.inquiries.isEmpty, .inquiries(detail.inquiries))
        try show(detail.disputes.isEmpty, .disputes(detail.disputes))
        try show(detail.proposals.isEmpty, .proposals(detail.proposals))
    }

    private func show(_ isEmpty: Bool, _ table: TextTable) throws(Failure) {
        guard !isEmpty else { return }
        try global.console.line()
        try global.console.table(table)
    }

    static func show(
        _ job: JobView,
        _ console: Console,
        more: [(String, Cell)] = []
    ) throws(Failure) {
        try console.table(
            .fields(
                [
                    ("job", Cell(job.id.description)),
                    ("kind", Cell(job.kind == .recharge ? nil : job.kind.rawValue)),
                    ("takes back", Cell(job.reverses.map { "job \($0)" })),
                    ("state", Cell(job.state)),
                    ("held for", Cell(job.holdReason?.rawValue, .doubtful)),
                    ("reason", Cell(job.reason)),
                    ("waits for", Cell(job.proposal.map { "approval \($0)" }, .doubtful)),
                    ("next", Cell(next(job))),
                    ("number", Cell(job.number)),
                    ("amount", Cell(job.amount)),
                    ("carrier", Cell(job.carrier.name)),
                    ("serial", Cell(job.serial)),
                    ("reference", Cell(job.reference)),
                    ("note", Cell(job.note)),
                    ("batch", Cell(job.batch?.description)),
                    ("line", Cell(job.line.map { String($0) })),
                    ("repeat", Cell(job.repeat.map { String($0) })),
                    ("duplicates", Cell(job.allowsDuplicates.map { _ in "allowed by its sender" })),
                    ("priority", Cell(job.priority)),
                    ("SIM", Cell(job.sim?.digits)),
                    ("attempts", Cell(job.attempts)),
                    ("not before", Cell(job.notBefore)),
                    ("deadline", Cell(job.deadline)),
                    ("submitted", Cell(job.createdAt)),
                    ("finished", Cell(job.finishedAt)),
                ] + more
            )
        )
    }

    /// What a person can do about a job that goes no further by itself.
    static func next(_ job: JobView) -> String? {
        switch job.state {
        case .held where job.proposal == nil:
            "job release \(job.id) --reason TEXT, or job cancel \(job.id) --reason TEXT"
        case .unknown: "desk, which says what would settle it"
        default: nil
        }
    }

    private func show(_ attempt: AttemptView) throws(Failure) {
        try global.console.line()
        try global.console.table(
            .fields([
                ("attempt", Cell(attempt.ordinal)),
                ("SIM", Cell(attempt.sim.digits)),
                ("armed", Cell(attempt.armedAt)),
                ("message", Cell(attempt.messageReference.map { String($0) })),
                ("balance", Cell(attempt.balanceBefore)),
                ("after", Cell(attempt.balanceAfter)),
                ("outcome", Cell(attempt.outcome?.rawValue ?? "open")),
                ("decided by", Cell(attempt.decidedBy)),
            ])
        )
        guard !attempt.evidence.isEmpty else { return }
        try global.console.table(.evidence(attempt.evidence))
    }
}
