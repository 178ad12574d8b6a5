import ControlAPI
import Dispatch
import Recharge
import Simulation
import TestSupport
import Testing

extension EndToEndTests {
    /// What made other gateways pay twice: each lost answer, each late one and each kill between
    /// sending and the answer.
    ///
    /// ```
    /// etc/prove rivals
    /// ```
    @Suite struct RivalTests {
        private static let rows = 50
        private static let sendWindow = "between intent and verdict"

        @Test(.timeLimit(.minutes(30)))
        func whatMakesRivalsPayTwiceChargesOnceAndLosesNothing() async throws {
            let kills = Setting.kills ?? 20
            let seed = Setting.seed ?? 1
            var report = ProofReport(
                name: "rivals",
                replay: "etc/prove rivals --times \(kills) --from \(seed)"
            )
            report.expect("lost answer", in: ["unknown", "succeeded after doubt"])
            report.expect("late answer", in: ["unknown", "succeeded after doubt"])
            report.expect("kill", in: [Self.sendWindow])
            do {
                try await loseAnswers(&report)
                try await delayAnswers(&report)
                try await kill(kills, seed, &report)
            } catch {
                report.violations.append("\(error)")
            }
            try report.publish()
            #expect(report.holds)
        }

        /// What is lost is found in the carrier's record: nothing stays unknown.
        private func loseAnswers(_ report: inout ProofReport) async throws {
            try await spoil("lose answers 10%", "lost answer", .inquisitive, &report)
        }

        /// An answer is late by more than `answer_within`, and within the rest of the SIM: real
        /// times are 30 s, 90 s and ten minutes, here 1 s, 2 s and 32 s.
        private func delayAnswers(_ report: inout ProofReport) async throws {
            var shape = Trial.Shape()
            shape.answerWithin = "1s"
            shape.validity = "30s"
            try await spoil("delay answers 10% by 2s", "late answer", shape, &report)
        }

        /// Orders fifty at a time until the fault was met, and waits until all have succeeded.
        private func spoil(
            _ fault: String,
            _ name: String,
            _ shape: Trial.Shape,
            _ report: inout ProofReport
        ) async throws {
            try await Trial.run(shape) { trial in
                try await trial.startModems(8, ["--answer-latency", "20ms..80ms"])
                try trial.tell(fault)
                _ = try await trial.startDaemon(limit: .seconds(600))
                var doubted: Set<Job.ID> = []
                var settled: Set<Job.ID> = []
                var rows = 0
                repeat {
                    try await trial.submit(
                        try trial.writeBatch("\(rows).csv", rows: Self.rows, from: rows)
                    )
                    rows += Self.rows
                    try await trial.follow { event in
                        guard let job = event.job else { return false }
                        if event.kind == "job.doubted" { doubted.insert(job) }
                        if event.kind == "job.settled", event.details["state"] == "succeeded" {
                            settled.insert(job)
                        }
                        return settled.count == rows
                    }
                } while doubted.isEmpty
                let audit = try await trial.audit()
                report.add(audit, of: rows)
                report.count(name, in: "unknown", times: doubted.count)
                report.count(
                    name,
                    in: "succeeded after doubt",
                    times: doubted.intersection(settled).count
                )
            }
        }

        /// As many queues as it takes, each killed fifty times in the send window.
        private func kill(_ kills: Int, _ seed: Int, _ report: inout ProofReport) async throws {
            var seed = seed
            var missing = kills
            while missing > 0, report.violations.isEmpty {
                let wanted = min(50, missing)
                try await Trial.run(.inquisitive) { trial in
                    try await trial.startModems(
                        8,
                        ["--answer-latency", "20ms..80ms", "--accept-latency", "5ms..60ms"],
                        limit: .seconds(1800)
                    )
                    var run = try KillRun(trial, jobsPerKill: 2, seed: seed)
                    defer { report.add(run) }
                    _ = try await run.run { $0.killsInSendWindow >= wanted }
                    report.count("kill", in: Self.sendWindow, times: run.killsInSendWindow)
                }
                missing -= wanted
                seed += 1
            }
        }
    }
}

extension ProofReport {
    /// Adds jobs whose report was held against the ledger: none charged twice, none lost.
    fileprivate mutating func add(_ audit: LedgerAudit, of jobs: Int) {
        runs += jobs
        violations += audit.contradictions
        if audit.chargeCount != jobs || audit.succeeded + audit.unknown != jobs {
            violations.append(
                "\(jobs) jobs: \(audit.chargeCount) charges, \(audit.succeeded) succeeded,"
                    + " \(audit.unknown) unknown"
            )
        }
    }
}
