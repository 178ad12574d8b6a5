import ControlAPI
import Foundation
import Recharge
import Simulation
import TestSupport
import Testing

extension EndToEndTests {
    /// The daemon killed again and again while it recharges.
    @Suite struct KillTests {
        /// `RECHARGED_TEST_KILLS` and `RECHARGED_TEST_SEED` make longer and other runs.
        private static func setting(_ name: String, otherwise value: Int) -> Int {
            ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? value
        }

        /// Kills, jobs in hand at those kills, and what the daemon must find.
        private struct Tally {
            var kills: [QueueSnapshot.Window: Int] = [:]
            var jobsLeased = 0
            var jobsArmed = 0
            var jobsCharged = 0
            var found: [QueueSnapshot] = []
            var orders = 0
        }

        @Test(.timeLimit(.minutes(10)))
        func killsInEveryWindowChargeNobodyTwiceAndLoseNothing() async throws {
            let kills = Self.setting("RECHARGED_TEST_KILLS", otherwise: 50)
            let seed = Self.setting("RECHARGED_TEST_SEED", otherwise: 1)
            let begun = ContinuousClock.now
            try await Trial.run { trial in
                try await trial.startModems(
                    8,
                    ["--answer-latency", "20ms..80ms", "--accept-latency", "5ms..60ms"],
                    limit: .seconds(600)
                )
                try trial.tell("network latency 0ms..30ms")
                let tally = try await run(trial, kills: kills, seed: UInt64(seed))
                let audit = try await trial.audit()
                try await self.verify(trial, tally, audit)
                let windows = QueueSnapshot.Window.allCases.map {
                    "\($0.rawValue) \(tally.kills[$0, default: 0])"
                }
                print(
                    "seed \(seed), \(kills) kills: \(windows.joined(separator: "; ")).",
                    "Jobs in hand at kills: leased \(tally.jobsLeased), armed \(tally.jobsArmed),",
                    "charged without a verdict \(tally.jobsCharged).",
                    "\(tally.orders) jobs: succeeded \(audit.succeeded), unknown \(audit.unknown)",
                    "(charged \(audit.unknownCharged)); \(audit.chargeCount) charges;",
                    "\(begun.duration(to: .now).formatted())"
                )
            }
        }

        private func run(_ trial: Trial, kills: Int, seed: UInt64) async throws -> Tally {
            var random = TestSupport.SplitMix64(seed: seed)
            var tally = Tally()
            var daemon = try await trial.startDaemon()
            try await order(300, &tally, trial)
            let watch = try LedgerWatch(trial.ledgerPath)
            for _ in 0..<kills {
                try await moment(&random, watch)
                daemon.signal(SIGKILL)
                #expect(await daemon.exit() == -SIGKILL)
                let snapshot = try await QueueSnapshot.taken(of: trial)
                let ledger = try LedgerFile.entries(path: trial.ledgerPath)
                tally.kills[snapshot.window(ledger), default: 0] += 1
                tally.jobsLeased += snapshot.leased
                let charged = snapshot.charged(ledger)
                tally.jobsArmed += snapshot.armed.count - charged
                tally.jobsCharged += charged
                tally.found.append(snapshot)
                daemon = try await trial.startDaemon()
                if snapshot.ready < 32 { try await order(100, &tally, trial) }
            }
            try await trial.settled()
            return tally
        }

        private func order(_ rows: Int, _ tally: inout Tally, _ trial: Trial) async throws {
            let file = try trial.writeBatch("\(tally.orders).csv", rows: rows, from: tally.orders)
            #expect(try await trial.submit(file).rows == rows)
            tally.orders += rows
        }

        /// Lets the moment of a kill come: one in four soon after the start, the others soon after a
        /// charge.
        private func moment(
            _ random: inout TestSupport.SplitMix64,
            _ watch: LedgerWatch
        ) async throws {
            if Int.random(in: 0..<4, using: &random) > 0 {
                _ = await watch.nextCharge(within: 8000)
                try await ContinuousClock().sleep(
                    for: .microseconds(Int.random(in: 0...60_000, using: &random))
                )
            } else {
                try await ContinuousClock().sleep(
                    for: .microseconds(Int.random(in: 0...600_000, using: &random))
                )
            }
        }

        private func verify(_ trial: Trial, _ tally: Tally, _ audit: LedgerAudit) async throws {
            let kills = tally.found.count
            let dangerous = tally.kills.reduce(0) { $0 + ($1.key.isDangerous ? $1.value : 0) }
            #expect(
                dangerous * 10 >= kills * 6,
                "\(dangerous) of \(kills) between intent and verdict"
            )
            let jobs = try await trial.ask(ControlPath.stats, as: StatsView.self)
            #expect(jobs.hold == nil)
            #expect(jobs.jobs.values.reduce(0, +) == tally.orders)
            #expect(audit.succeeded + audit.unknown + jobs.jobs(in: .failed) == tally.orders)
            #expect(jobs.jobs(in: .failed) == 0)
            var starts: [EventView] = []
            try await trial.follow(from: 0) { event in
                if event.kind == "gateway.started" { starts.append(event) }
                return starts.count == kills + 1
            }
            for (start, snapshot) in zip(starts.dropFirst(), tally.found) {
                #expect(start.details["doubts"] == String(snapshot.armed.count))
                #expect(start.details["returned"] == String(snapshot.leased))
            }
            let check = try await QueueSnapshot.query(trial, "PRAGMA integrity_check")
            #expect(check == [["ok"]])
        }
    }
}
