import ArgumentParser
import ControlAPI
import Recharge

/// Shows the gateway at a glance.
struct Stats: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the gateway at a glance.",
        usage: "rechargectl stats [<options>]",
        discussion: """
              rechargectl stats
              rechargectl stats --json
            """
    )

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let stats: StatsView = try await global.ask(ControlPath.stats)
        if global.json { return try global.console.json(stats) }
        let practice = Cell("simulated transceivers: no money moves", .doubtful)
        try global.console.table(
            .fields([
                ("version", Cell(stats.version)),
                ("practice", stats.practice ? practice : nil),
                ("running since", Cell(stats.startedAt)),
                ("dispatch", dispatch(stats)),
                ("jobs", Cell(TextTable.counts(stats.jobs))),
                ("oldest ready", Cell(stats.oldestReadyAt)),
                ("oldest unknown", Cell(stats.oldestUnknownAt)),
                ("SIMs", Cell(TextTable.counts(stats.sims))),
                ("workers", Cell(TextTable.counts(stats.workers))),
                ("transceivers", Cell(TextTable.counts(stats.modems))),
                ("commits", Cell("\(stats.commits) of \(stats.operations) operations")),
                ("longest commit", Cell("\(Int(stats.longestCommitWaitMs.rounded(.up))) ms")),
                ("log not merged", Cell("\(stats.walBytes) bytes")),
            ])
        )
    }

    private func dispatch(_ stats: StatsView) -> Cell {
        stats.hold.map { Cell("on hold: \($0)", .bad) } ?? Cell("going on", .good)
    }
}
