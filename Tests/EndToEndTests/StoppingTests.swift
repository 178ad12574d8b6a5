import ControlAPI
import Foundation
import Simulation
import Testing

extension EndToEndTests {
    /// SIGTERM: what is armed comes to its end, nothing new begins.
    @Suite struct StoppingTests {
        @Test(.timeLimit(.minutes(5)))
        func armedJobsComeToTheirEndAndNothingNewIsClaimed() async throws {
            try await Trial.run { trial in
                try await trial.startModems(8, ["--answer-latency", "500ms..900ms"])
                let daemon = try await trial.startDaemon()
                try await trial.submit(try trial.writeBatch("orders.csv", rows: 40))
                var armed = 0
                try await trial.follow { event in
                    if event.kind == "job.armed" { armed += 1 }
                    return armed == 12
                }
                daemon.signal(SIGTERM)
                #expect(await daemon.exit() == 0)
                let states = try await QueueSnapshot.query(
                    trial,
                    "SELECT state, count(*) FROM job GROUP BY state ORDER BY state"
                )
                let ledger = try TextFile.read(trial.ledgerPath).split(separator: "\n").count
                #expect(states.map { $0[0] } == ["ready", "succeeded"])
                #expect(states.last?.last == String(ledger))
                let claims = try await QueueSnapshot.query(
                    trial,
                    "SELECT count(*) FROM event WHERE kind = 'job.armed'"
                )
                #expect(claims == [[String(ledger)]])
                try self.nothingIsLeftBehind(trial)
                _ = try await trial.startDaemon()
                #expect(try await trial.audit().succeeded == 40)
            }
        }

        @Test(.timeLimit(.minutes(5)), arguments: [SIGTERM, SIGINT, SIGHUP])
        func anIdleDaemonStopsAtOnce(signal: Int32) async throws {
            try await Trial.run { trial in
                try await trial.startModems(8)
                let daemon = try await trial.startDaemon()
                var joined = 0
                try await trial.follow { event in
                    if event.kind == "sim.joined" { joined += 1 }
                    return joined == 8
                }
                daemon.signal(signal)
                #expect(await daemon.exit() == 0)
                #expect(!trial.log.contains("at the end of the grace"))
                try self.nothingIsLeftBehind(trial)
            }
        }

        @Test(.timeLimit(.minutes(5)))
        func aDaemonThatWasStartedToOutliveItsTerminalDoes() async throws {
            try await Trial.run { trial in
                let program = "\(RunningProgram.folder)/recharged"
                let daemon = try trial.start(
                    "/usr/bin/nohup",
                    [program, "--config", trial.path("recharged.yaml")],
                    errors: "recharged.log"
                )
                try await daemon.firstLine()
                let status = try TextFile.read("/proc/\(daemon.id)/status").split(separator: "\n")
                let line = try #require(status.first { $0.hasPrefix("SigIgn:") })
                let ignored = try #require(UInt64(line.suffix(16), radix: 16))
                #expect(ignored & 1 << (SIGHUP - 1) != 0)
                daemon.signal(SIGTERM)
                #expect(await daemon.exit() == 0)
            }
        }

        private func nothingIsLeftBehind(_ trial: Trial) throws {
            let files = FileManager.default
            #expect(try files.contentsOfDirectory(atPath: trial.path("run")) == [])
            let state = try files.contentsOfDirectory(atPath: trial.path("state")).sorted()
            #expect(state == ["lock", "recharged.sqlite", "reserve"])
        }
    }
}
