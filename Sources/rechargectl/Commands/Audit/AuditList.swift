import ArgumentParser
import ControlAPI
import Recharge

/// Lists changes with their actors and reasons.
struct AuditList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List events, newest first: who changed what from what to what, and why.",
        usage: "rechargectl audit list [<options>]",
        discussion: """
              rechargectl audit list --job 42
              rechargectl audit list --kind float --since 2026-11-01T00:00Z
            """
    )

    @Option(help: ArgumentHelp("Only what this actor did.", valueName: "name"))
    var actor: String?

    @Option(help: "Only what concerns this job.", completion: Suggestions.jobs)
    var job: Job.ID?

    @Option(help: ArgumentHelp("Only sim.paused, or all of sim.", valueName: "kind"))
    var kind: String?

    @Option(
        help: ArgumentHelp("Only events from then on: 2026-12-01T00:00Z.", valueName: "time"),
        transform: Timestamp.argument
    )
    var since: Timestamp?

    @OptionGroup var page: PageOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let query: [(String, String?)] = [
            ("actor", actor), ("job", job?.description), ("kind", kind),
            ("since", since?.rfc3339),
        ]
        let events: PageView<EventView> = try await global.withGateway(for: .question) {
            try await page.items($0, ControlPath.audit, query)
        }
        if global.json { return try global.console.json(events) }
        var table = TextTable([
            "#", "AT", "KIND", "BY", "JOB#", "BEFORE", "AFTER", "REASON", "MORE",
        ])
        for event in events.items { table.add(AuditList.row(event)) }
        try global.console.table(table)
        PageOptions.note(more: events.next)
    }

    private static func row(_ event: EventView) -> [Cell] {
        let shown: Set = ["before", "after", "reason"]
        let more = event.details.filter { !shown.contains($0.key) }.sorted { $0.key < $1.key }
        return [
            Cell(event.sequence), Cell(event.at), Cell(event.kind), Cell(event.actor),
            Cell(event.job?.description), Cell(event.details["before"]),
            Cell(event.details["after"]), Cell(event.details["reason"]),
            Cell(more.map { "\($0.key)=\($0.value)" }.joined(separator: " ")),
        ]
    }
}
