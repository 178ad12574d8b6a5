import ArgumentParser
import ControlAPI
import Recharge

/// Lists the jobs in doubt.
struct DeskList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the jobs in doubt with what is known and what would settle each.",
        usage: "rechargectl desk list [<options>]",
        discussion: "  rechargectl desk list"
    )

    @OptionGroup var page: PageOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let items: PageView<DeskItem> = try await global.withGateway(for: .question) {
            try await page.items($0, ControlPath.desk)
        }
        if global.json { return try global.console.json(items) }
        if items.items.isEmpty { Console.note("No job is in doubt.") }
        for (index, item) in items.items.enumerated() {
            if index > 0 { try global.console.line() }
            try show(item)
        }
        PageOptions.note(more: items.next)
    }

    private func show(_ item: DeskItem) throws(Failure) {
        let console = global.console
        try console.table(
            .fields([
                ("job", Cell(item.job.id.description, .strong)),
                ("kind", Cell(item.job.kind.rawValue)),
                ("number", Cell(item.job.number)),
                ("amount", Cell(item.job.amount)),
                ("carrier", Cell(item.job.carrier.name)),
                ("SIM", Cell(item.attempt.sim.digits)),
                ("sent", Cell(item.attempt.armedAt)),
                ("age", Cell(DeskList.age(item.ageSeconds), .doubtful)),
                ("because", Cell(item.job.reason)),
            ])
        )
        if !item.attempt.evidence.isEmpty { try console.table(.evidence(item.attempt.evidence)) }
        if !item.inquiries.isEmpty { try console.table(.inquiries(item.inquiries)) }
        if !item.proposals.isEmpty { try console.table(.proposals(item.proposals)) }
        try console.line("what would settle it:")
        for way in item.ways { try console.line("  - \(way)") }
    }

    /// The two largest units of an age: `2d 3h`.
    static func age(_ seconds: Int) -> String {
        let units = [("d", 86_400), ("h", 3600), ("min", 60), ("s", 1)]
        var rest = max(0, seconds)
        var parts: [String] = []
        for (unit, size) in units {
            if rest >= size || (unit == "s" && parts.isEmpty) {
                parts.append("\(rest / size)\(unit)")
            }
            rest %= size
        }
        return parts.prefix(2).joined(separator: " ")
    }
}
