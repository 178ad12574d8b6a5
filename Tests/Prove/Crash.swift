import ArgumentParser
import GatewaySimulation
import TestSupport

struct Crash: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "A kill at every place of a piece of work, and one more at every place of recovery.",
        discussion: """
            A place is each commit, before and after it, and each other effect, in its middle too. \
            Recovery is what a process does in its first two minutes.
            """
    )

    @Option(help: "Only this piece of work.")
    var recipe: String?

    @Option(help: "Only with the first kill at this place.")
    var first: Int?

    @Option(help: "Only with the second kill at this place; 0 for none.")
    var second: Int?

    @Option(help: "Only every so-manieth of the second kills.")
    var every = 1

    @Flag(help: "Print all that happens; for one run.")
    var log = false

    func run() async throws {
        var report = ProofReport(name: "crash", replay: "etc/prove crash")
        if first == nil, recipe == nil {
            let states = ["ready", "leased", "armed", "unknown", "succeeded"]
            report.expect("crash", in: states)
        }
        for recipe in CrashRun.recipes where self.recipe.map({ $0 == recipe.name }) ?? true {
            try await exhaust(recipe, &report)
        }
        try Prove.finish(report)
    }

    private func exhaust(_ recipe: CrashRun.Recipe, _ report: inout ProofReport) async throws {
        let whole = try await CrashRun.run(recipe, killedAt: [])
        count(whole, recipe, 0, 0, &report)
        let firsts = first.map { [$0] } ?? Array(1...whole.points)
        var pairs: [(Int, Int)] = []
        try await Shards.run(firsts.count) {
            try await CrashRun.run(recipe, killedAt: [firsts[$0]], isLogged: log)
        } fold: { place, run in
            count(run, recipe, firsts[place], 0, &report)
            pairs += (firsts[place] + 1..<max(run.lastOfRecovery, firsts[place]) + 1).map {
                (firsts[place], $0)
            }
        }
        let chosen = pairs.enumerated().filter { place, pair in
            second.map { $0 == pair.1 } ?? place.isMultiple(of: every)
        }.map(\.element)
        try await Shards.run(chosen.count) {
            try await CrashRun.run(recipe, killedAt: [chosen[$0].0, chosen[$0].1])
        } fold: {
            count($1, recipe, chosen[$0].0, chosen[$0].1, &report)
        }
    }

    private func count(
        _ run: CrashRun,
        _ recipe: CrashRun.Recipe,
        _ first: Int,
        _ second: Int,
        _ report: inout ProofReport
    ) {
        report.runs += 1
        report.add(run.result.encounters.counts)
        guard !run.result.findings.isEmpty else { return }
        let options = "--recipe \(recipe.name) --first \(first) --second \(second)"
        if report.violations.isEmpty { report.replay = "etc/prove crash \(options)" }
        report.violations += run.result.findings.map { "\(options): \($0)" }
    }
}
