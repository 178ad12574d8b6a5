import ControlAPI
import Foundation
import Recharge
import Testing

extension EndToEndTests {
    /// A queue that is lost, and yesterday's backup.
    @Suite struct RestoreTests {
        @Test(.timeLimit(.minutes(5)))
        func aRestoredGatewaySendsNothingBeforePeopleHaveLooked() async throws {
            try await Trial.run { trial in
                try await trial.startModems(2, ["--answer-latency", "20ms..80ms"])
                let file = trial.path("backup.sqlite")
                let daemon = try await trial.startDaemon()
                try await Self.run(trial, "rechargectl", "hold", "--reason", "count")
                try await trial.submit(try trial.writeBatch("orders.csv", rows: 10))
                // The second looks like the first, and is held for it.
                for _ in 1...2 {
                    try await Self.run(trial, "rechargectl", "recharge", "13900139000", "50")
                }
                try await Self.run(trial, "rechargectl", "backup", file)
                let early = try await trial.finish(
                    "recharged",
                    "restore",
                    file,
                    "--config",
                    trial.path("recharged.yaml"),
                    "--force"
                )
                #expect(early.status == 69, "a daemon runs: \(early.errors)")
                for job in ["10", "12"] {
                    try await Self.run(trial, "rechargectl", "job", "cancel", job, "--reason", "no")
                }
                try await Self.run(trial, "rechargectl", "release", "--reason", "counted")
                try await trial.settled()
                daemon.signal(SIGTERM)
                #expect(await daemon.exit() == 0)
                let queue = trial.path("state/recharged.sqlite")
                try FileManager.default.removeItem(atPath: queue)
                try await Self.refuses(trial, because: "recharged.sqlite is gone")
                try TextFile.write("gone", to: queue)
                try await Self.refuses(trial, because: "file is not a database")
                try await Self.restores(trial, file)
                try await Self.reconciles(trial)
                #expect(try TextFile.read(trial.ledgerPath).split(separator: "\n").count >= 10)
            }
        }

        private static func refuses(_ trial: Trial, because cause: String) async throws {
            let run = try await trial.finish("recharged", "--config", trial.path("recharged.yaml"))
            #expect(run.status == 78)
            #expect(run.errors.contains(cause) && run.errors.contains("recharged restore FILE"))
        }

        private static func restores(_ trial: Trial, _ file: String) async throws {
            let arguments = ["restore", file, "--config", trial.path("recharged.yaml")]
            let refused = try trial.start("recharged", arguments, errors: "restore.log")
            #expect(await refused.exit() == 78)
            #expect(refused.errors.contains("--force"))
            let run = try trial.start("recharged", arguments + ["--force"], errors: "force.log")
            #expect(await run.exit() == 0, "\(run.errors)")
            #expect(run.output.split(separator: "\n").count == 13)
            #expect(run.errors.contains("12 jobs may have been sent since"))
            #expect(run.errors.contains("11 that would have been sent are held, and 0"))
        }

        private static func reconciles(_ trial: Trial) async throws {
            _ = try await trial.startDaemon()
            try await trial.follow(from: 0) { event in
                guard event.kind == "sim.joined" else { return false }
                return try await trial.ask(ControlPath.sims, as: PageView<SIMView>.self).items
                    .allSatisfy { $0.port != nil }
            }
            let stats = try await trial.ask(ControlPath.stats, as: StatsView.self)
            #expect(stats.hold?.contains("restored from a backup") == true)
            #expect(stats.jobs == ["held": 12])
            let blocked = try await trial.finish("rechargectl", "release", "--reason", "go")
            #expect(blocked.status == 1)
            #expect(blocked.errors.contains("sim reconcile"))
            for sim in try await trial.ask(ControlPath.sims, as: PageView<SIMView>.self).items {
                try await run(
                    trial,
                    "rechargectl",
                    "sim",
                    "reconcile",
                    sim.iccid.digits,
                    "--reason",
                    "history"
                )
            }
            // The carrier's history shows that all but those that were withdrawn were charged.
            for job in Array(1...9) + [11, 12] {
                try await run(
                    trial,
                    "rechargectl",
                    "job",
                    "cancel",
                    "\(job)",
                    "--reason",
                    "charged"
                )
            }
            try await run(trial, "rechargectl", "release", "--reason", "go")
            try await trial.jobs { $0 == ["held": 1, "cancelled": 11] }
            try await run(trial, "rechargectl", "job", "release", "10", "--reason", "not charged")
            try await trial.jobs { $0 == ["succeeded": 1, "cancelled": 11] }
            try await run(trial, "rechargectl", "verify")
        }

        private static func run(_ trial: Trial, _ program: String, _ words: String...) async throws
        {
            let started = try trial.start(program, words, errors: "words.log")
            #expect(await started.exit() == 0, "\(words): \(started.errors)")
        }
    }
}
