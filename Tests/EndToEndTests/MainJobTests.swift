import ControlAPI
import Foundation
import Recharge
import Simulation
import Testing

extension EndToEndTests {
    /// The main job: a CSV file in, verdicts out, the carrier's ledger agrees.
    @Suite struct MainJobTests {
        @Test(.timeLimit(.minutes(5)))
        func everyOrderOfABatchIsChargedOnce() async throws {
            try await Trial.run { trial in
                try await trial.startModems(
                    8,
                    ["--answer-latency", "20ms..80ms", "--language", "mixed"]
                )
                _ = try await trial.startDaemon()
                let results = trial.path("results.csv")
                let run = try await trial.finish(
                    "rechargectl",
                    "submit",
                    "\(Trial.etc)/batches/demo.csv",
                    "--watch",
                    "--results",
                    results
                )
                #expect(run.status == 0, "\(run.errors)")
                #expect(run.output.contains("40 jobs, 1639.50 CNY: succeeded 40"))
                let audit = try await trial.audit()
                #expect(audit.succeeded == 40)
                #expect(audit.chargeCount == 40)
                let told = try await trial.finish(
                    "modemsim",
                    "ledger",
                    trial.ledgerPath,
                    "--results",
                    results
                )
                #expect(told.status == 0)
                #expect(told.output.contains("agrees job by job"))
                try await self.keepsTheNetworksReports(trial)
                try await self.refusesATamperedLedger(trial, results)
            }
        }

        private func keepsTheNetworksReports(_ trial: Trial) async throws {
            for job in 1...40 {
                let detail = try await trial.ask("/v1/jobs/\(job)", as: JobDetail.self)
                let attempt = try #require(detail.attempts.last)
                let report = try #require(attempt.evidence.first { $0.kind == .statusReport })
                let reference = try #require(attempt.messageReference)
                #expect(report.parsed == "status report 00, delivered, of message \(reference)")
            }
        }

        private func refusesATamperedLedger(_ trial: Trial, _ results: String) async throws {
            let lines = try TextFile.read(trial.ledgerPath).split(separator: "\n")
            let tampered = trial.path("tampered.jsonl")
            try TextFile.write(lines.dropLast().joined(separator: "\n") + "\n", to: tampered)
            let told = try await trial.finish(
                "modemsim",
                "ledger",
                tampered,
                "--results",
                results
            )
            #expect(told.status == 1)
            #expect(told.output.contains("CONTRADICTS"))
        }

        @Test(.timeLimit(.minutes(5)))
        func aSecondRunOnTheSameFolderOrdersTheSameFileOnlyOnce() async throws {
            try await Trial.run { trial in
                let modems = try await trial.startModems(8, ["--answer-latency", "20ms..80ms"])
                let file = try trial.writeBatch("orders.csv", rows: 40)
                for run in 1...2 {
                    let daemon = try await trial.startDaemon()
                    let batch = try await trial.submit(file)
                    #expect(batch.rows == 40)
                    #expect(try await trial.audit().succeeded == 40, "run \(run)")
                    daemon.signal(SIGTERM)
                    #expect(await daemon.exit() == 0)
                }
                modems.signal(SIGTERM)
                #expect(await modems.exit() == 0)
                #expect(
                    try FileManager.default.contentsOfDirectory(atPath: trial.path("run")) == []
                )
                let ports = try FileManager.default.contentsOfDirectory(atPath: trial.path("ports"))
                #expect(ports == ["ledger.jsonl"])
            }
        }
    }
}
