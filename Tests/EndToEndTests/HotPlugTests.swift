import ControlAPI
import Recharge
import Simulation
import Testing

extension EndToEndTests {
    /// Transceivers that come and go while a batch runs.
    @Suite struct HotPlugTests {
        @Test(.timeLimit(.minutes(5)))
        func newTransceiversJoinARunningBatchAndPulledOnesLeaveItUnharmed() async throws {
            try await Trial.run { trial in
                try await trial.startModems(8, ["--answer-latency", "100ms..200ms"])
                _ = try await trial.startDaemon()
                try await trial.submit(try trial.writeBatch("orders.csv", rows: 300))
                try await self.addFour(trial)
                try await self.pullOut([1, 2], trial)
                try await self.putBack([1, 2], trial)
                // The answers wait in the network for the SIMs that were pulled out.
                try await trial.jobs { $0["succeeded", default: 0] == 300 }
                #expect(try await trial.audit().succeeded == 300)
                let sims = try LedgerFile.entries(path: trial.ledgerPath).map(\.iccid)
                #expect(Set(sims).count == 12, "not every SIM took jobs")
                let stats = try await trial.ask(ControlPath.stats, as: StatsView.self)
                #expect(stats.hold == nil)
                #expect(stats.sims == ["enabled": 12])
                #expect(stats.workers.values.reduce(0, +) == 12)
            }
        }

        private func addFour(_ trial: Trial) async throws {
            var joined = 0
            try await trial.follow { event in
                if event.kind == "sim.joined" { joined += 1 }
                if event.kind == "job.settled", joined == 8 {
                    try trial.tell("add 4")
                    return true
                }
                return false
            }
            var fresh: Set<String> = []
            var claimants: Set<String> = []
            try await trial.follow { event in
                if event.kind == "sim.joined", let sim = event.details["sim"] { fresh.insert(sim) }
                if event.kind == "job.claimed", let sim = event.details["sim"] {
                    claimants.insert(sim)
                }
                return fresh.count == 4 && fresh.isSubset(of: claimants)
            }
        }

        /// Pulls a transceiver out when the carrier has charged and its answer is on the way:
        /// that job must become unknown.
        private func pullOut(_ modems: [Int], _ trial: Trial) async throws {
            for modem in modems {
                let iccid = SimulatedIdentity(index: modem, seed: 1).iccid.digits
                try trial.tell("modem \(modem): unplug before reply")
                try await trial.follow { event in
                    event.kind == "sim.left" && event.details["sim"] == iccid
                }
            }
            // The links go a moment after the lines; the test's time limit bounds the wait.
            var present = 12
            while present > 10 {
                let view = try await trial.ask(ControlPath.modems, as: PageView<ModemView>.self)
                present = view.items.count
            }
            #expect(present == 10)
        }

        private func putBack(_ modems: [Int], _ trial: Trial) async throws {
            var awaited = Set(
                modems.map { SimulatedIdentity(index: $0, seed: 1).iccid.digits }
            )
            for modem in modems { try trial.tell("modem \(modem): plug") }
            try await trial.follow { event in
                if event.kind == "sim.joined", let sim = event.details["sim"] {
                    awaited.remove(sim)
                }
                return awaited.isEmpty
            }
        }

        /// At each stage of sending the unplugged transceiver comes back after a second; its job is
        /// sent again only where nothing was sent.
        @Test(.timeLimit(.minutes(5)), arguments: UnplugStage.allCases)
        func aTransceiverUnpluggedAtAnyStageOfSendingChargesOnce(stage: UnplugStage) async throws {
            try await Trial.run { trial in
                try await trial.startModems(2, ["--answer-latency", "20ms..80ms"])
                try trial.tell("replug 1s")
                try trial.tell("unplug \(stage.rawValue)")
                _ = try await trial.startDaemon()
                try await trial.submit(try trial.writeBatch("orders.csv", rows: 10))
                let audit = try await trial.audit()
                #expect(audit.succeeded + audit.unknown == 10)
                switch stage {
                case .beforePrompt: #expect(audit.unknown == 0)
                // The prompt never came back with an acknowledgement: perhaps sent.
                case .afterPrompt: #expect(audit.unknown <= 2 && audit.unknownCharged == 0)
                case .afterPDU: #expect(audit.unknown <= 2 && audit.unknownCharged == 0)
                case .beforeReply: #expect(audit.unknown == 0)
                }
            }
        }
    }
}
