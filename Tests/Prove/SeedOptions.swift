import ArgumentParser
import Foundation
import GatewaySimulation
import TestSupport

/// Which seeds a campaign runs.
struct SeedOptions: ParsableArguments {
    @Option(help: "How many seeds; as many as before a release when not given.")
    var seeds: UInt64?

    @Option(help: "The first seed.")
    var from: UInt64 = 0

    @Flag(help: "Print all that happens.")
    var log = false

    /// With fewer seeds not every fault meets every state.
    private static let seedsForAllPairs: UInt64 = 1000

    /// Runs the seeds on all processors.
    func campaign(
        _ name: String,
        usually many: UInt64,
        demanding pairs: [String: [String]],
        _ run: @escaping @Sendable (UInt64) async throws -> RunResult
    ) async throws -> ProofReport {
        let seeds = seeds ?? many
        var report = ProofReport(
            name: name,
            replay: "etc/prove \(name) --seeds \(seeds) --from \(from)"
        )
        if seeds >= SeedOptions.seedsForAllPairs {
            for (fault, states) in pairs { report.expect(fault, in: states) }
        }
        try await Shards.run(Int(seeds)) {
            let seed = from + UInt64($0)
            do { return Result<RunResult, any Error>.success(try await run(seed)) } catch {
                return .failure(error)
            }
        } fold: { place, outcome in
            let seed = from + UInt64(place)
            report.runs += 1
            let result: RunResult
            switch outcome {
            case .success(let run): result = run
            case .failure(let error):
                report.violations.append("seed \(seed): \(error)")
                return
            }
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
