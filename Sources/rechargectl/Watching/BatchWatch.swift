import ControlAPI
import Recharge

/// Looks at a batch again and again until nothing of it is left to wait for.
///
/// Waits out a restart of the daemon. Ctrl-C ends the watching and touches nothing.
struct BatchWatch {
    static let lookEvery = Duration.milliseconds(250)
    /// How long the daemon may be away.
    static let absenceMax = Duration.seconds(60)
    /// How many rows the closing table may have.
    private static let rowsShownMax = 50

    let id: Batch.ID
    let global: GlobalOptions

    /// Shows the progress and then the verdicts; returns the batch as it ended.
    func run() async throws -> BatchView {
        Interruption.listen()
        defer { Interruption.stopListening() }
        let view = try await settled()
        if !global.json { try await showVerdicts(view) }
        return view
    }

    private func settled() async throws -> BatchView {
        let start = ContinuousClock.now
        var display = ProgressDisplay(isQuiet: global.json)
        var progress = BatchProgress()
        while true {
            do {
                let view = try await look(&progress, &display, start)
                display.close(ProgressLine.text(progress, width: display.width))
                return view
            } catch let failure as Failure where failure.status == .unreachable {
                let now = start.duration(to: .now)
                guard let seen = progress.lastLook, now - seen <= BatchWatch.absenceMax else {
                    display.close("")
                    throw failure
                }
                display.show("waiting for recharged to come back", at: now)
                try await rest(&display)
            }
        }
    }

    /// Looks over one connection until the batch is settled.
    private func look(
        _ progress: inout BatchProgress,
        _ display: inout ProgressDisplay,
        _ start: ContinuousClock.Instant
    ) async throws -> BatchView {
        try await global.withGateway(for: .question) { client in
            while true {
                let view: BatchView = try await client.get(ControlPath.batch(id))
                let now = start.duration(to: .now)
                if global.json, !view.isLike(progress.view) { try global.console.json(view) }
                progress.observe(view, at: now)
                if view.isSettled { return view }
                display.show(ProgressLine.text(progress, width: display.width), at: now)
                try await rest(&display)
            }
        }
    }

    private func rest(_ display: inout ProgressDisplay) async throws {
        try await Task.sleep(for: BatchWatch.lookEvery)
        guard Interruption.isRequested else { return }
        display.close("")
        Console.note(
            "Stopped watching; the batch goes on. To watch again: "
                + "rechargectl batch show \(id) --watch"
        )
        throw Ending(.notDone)
    }

    /// All jobs of a small batch; of a large one those that did not succeed.
    private func showVerdicts(_ view: BatchView) async throws {
        let isSmall = view.rows <= BatchWatch.rowsShownMax
        let others = JobState.allCases.filter { $0 != .succeeded }.map(\.rawValue)
        let query: [(String, String?)] = [
            ("batch", id.description),
            ("state", isSmall ? nil : others.joined(separator: ",")),
            ("limit", String(BatchWatch.rowsShownMax)),
        ]
        let page: PageView<JobView> = try await global.ask(
            ControlPath.with(query, ControlPath.jobs)
        )
        if !page.items.isEmpty {
            try global.console.table(.jobs(page.items, isOfBatch: true))
        }
        if page.next != nil || !isSmall {
            try global.console.line("All rows: rechargectl batch results \(id)")
        }
        let sum = view.sum?.description ?? ""
        try global.console.line(
            "Batch \(id): \(view.rows) jobs, \(sum): \(TextTable.counts(view.counts))"
        )
    }
}
