import ArgumentParser
import Foundation
import GatewaySimulation
import TestSupport

/// Which seeds a campaign runs.
struct SeedOptions: ParsableArguments {
    @Option(help: "How many seeds.")
    var seeds: UInt64

    @Option(help: "The first seed.")
    var from: UInt64 = 0

    @Flag(help: "Print all that happens.")
    var log = false

    /// With fewer seeds not every fault meets every state.
    private static let seedsForAllPairs: UInt64 = 1000

    /// Runs the seeds on all processors.
    func campaign(
        _ name: String,
        demanding pairs: [String: [String]],
        _ run: @escaping @Sendable (UInt64) async throws -> RunResult
    ) async throws -> ProofReport {
        var report = ProofReport(
            name: name,
            replay: "etc/prove \(name) --seeds \(seeds) --from \(from)"
        )
        if seeds >= SeedOptions.seedsForAllPairs {
            for (fault, states) in pairs { report.expect(fault, in: states) }
        }
        try await Trials.run(Int(seeds)) {
            try await run(from + UInt64($0))
        } fold: { place, result in
            let seed = from + UInt64(place)
            report.runs += 1
            report.add(result.encounters.counts)
            if seeds == 1 { print("trace \(String(result.trace.value, radix: 16))") }
            guard !result.findings.isEmpty else { return }
            if report.violations.isEmpty {
                report.replay = "etc/prove \(name) --seeds 1 --from \(seed)"
            }
            report.violations += result.findings.map { "seed \(seed): \($0)" }
        }
        return report
    }
}

/// Independent, numbered trials on all processors.
enum Trials {
    /// How many trials one task takes at a time.
    private static let stride = 64

    /// Folds what the trials came to in their order.
    static func run<Outcome: Sendable>(
        _ count: Int,
        _ trial: @escaping @Sendable (Int) async throws -> Outcome,
        fold: (Int, Outcome) -> Void
    ) async throws {
        let width = ProcessInfo.processInfo.activeProcessorCount
        try await withThrowingTaskGroup(of: (Int, [Outcome]).self) { group in
            var started = 0
            var folded = 0
            var done: [Int: [Outcome]] = [:]
            func start() {
                guard started < count else { return }
                let block = started..<min(started + stride, count)
                started = block.upperBound
                group.addTask {
                    var outcomes: [Outcome] = []
                    for place in block { outcomes.append(try await trial(place)) }
                    return (block.lowerBound, outcomes)
                }
            }
            for _ in 0..<width { start() }
            while let (first, outcomes) = try await group.next() {
                start()
                done[first] = outcomes
                while let next = done.removeValue(forKey: folded) {
                    for outcome in next {
                        fold(folded, outcome)
                        folded += 1
                    }
                }
            }
        }
    }
}
