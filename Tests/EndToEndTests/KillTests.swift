import Dispatch
import Recharge
import Simulation
import TestSupport
import Testing

extension EndToEndTests {
    /// The daemon killed again and again while it recharges.
    ///
    /// ```
    /// etc/prove kill --times 1000
    /// ```
    @Suite struct KillTests {
        /// Each so many kills have a queue of their own.
        private static let killsPerQueue = 100

        @Test(.timeLimit(.minutes(60)))
        func killsInEveryWindowChargeNobodyTwiceAndLoseNothing() async throws {
            let kills = Setting.kills ?? 60
            let first = Setting.seed ?? 1
            var report = ProofReport(
                name: "kill",
                replay: "etc/prove kill --times \(kills) --from \(first)"
            )
            report.expect("kill", in: KillRun.Window.allCases.map(\.rawValue))
            var seed = first
            while report.runs < kills, report.violations.isEmpty {
                let count = min(Self.killsPerQueue, kills - report.runs)
                do {
                    try await run(count, seed, &report)
                } catch {
                    report.violations.append("\(error)")
                }
                if !report.violations.isEmpty {
                    report.replay = "etc/prove kill --times \(count) --from \(seed)"
                }
                seed += 1
            }
            try report.publish()
            #expect(report.holds)
        }

        private func run(_ kills: Int, _ seed: Int, _ report: inout ProofReport) async throws {
            try await Trial.run(.inquisitive) { trial in
                try await trial.startModems(
                    8,
                    ["--answer-latency", "5ms..30ms", "--accept-latency", "2ms..10ms"],
                    limit: .seconds(1800)
                )
                try trial.tell("network latency 5ms..40ms")
                try trial.tell("prompt latency 0ms..10ms")
                var run = try KillRun(trial, jobsPerKill: Setting.jobsPerKill ?? 10, seed: seed)
                defer { report.add(run) }
                let audit = try await run.run { $0.kills >= kills }
                print(
                    "seed \(seed), \(run.kills) kills, \(audit.succeeded + audit.unknown) jobs:",
                    "succeeded \(audit.succeeded), unknown \(audit.unknown)",
                    "(charged \(audit.unknownCharged)); \(audit.chargeCount) charges"
                )
            }
        }
    }
}

extension ProofReport {
    /// Adds what the kills on one queue came to.
    mutating func add(_ run: KillRun) {
        runs += run.kills
        violations += run.violations
        for (window, times) in run.hits { count("kill", in: window.rawValue, times: times) }
        for (window, times) in run.jobsHit {
            count("job in hand", in: window.rawValue, times: times)
        }
    }
}
