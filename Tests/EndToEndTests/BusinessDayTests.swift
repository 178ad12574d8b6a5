import ControlAPI
import Dispatch
import Glibc
import Simulation
import Testing

extension EndToEndTests {
    /// PINs stay in the modem, whatever a day brings.
    @Suite struct BusinessDayTests {
        /// Everything that people order and the carrier and the hardware do, with a search for the
        /// PIN in all that is written, said or shown.
        @Test(.timeLimit(.minutes(10)))
        func thePINIsInNothingThatADayLeavesBehind() async throws {
            try await Trial.run(BusinessDay.shape) { trial in
                var day = try BusinessDay(trial)
                try await day.run(
                    "recharged",
                    ["--config", trial.path("recharged.yaml"), "--check"],
                    0
                )
                let modems = try await day.startModems(6)
                for manner in ["language mixed", "quote requests 50%"] { try trial.tell(manner) }
                let first = try await day.startDaemon()
                let follower = try trial.start(
                    "rechargectl",
                    ["events", "--follow", "--after", "0", "--json"],
                    errors: "follower.log",
                    limit: .seconds(600)
                )
                try await day.takeOrders()
                try await day.spoilAnswers()
                try await day.askTheCarrier()
                try await day.decide()
                try await day.makeGood()
                try await day.tendSIMs()
                try BusinessDay.expectNone(in: follower)
                try BusinessDay.expectNone(in: modems)
                try BusinessDay.expectNone(in: first)
                try await self.kill(first, trial)
                let second = try await day.startDaemon()
                try await day.settled()
                try await day.askTheRest()
                try await day.expectEveryCommandWasUsed()
                try await day.searchAnswers()
                try BusinessDay.expectNone(in: second)
                second.signal(SIGKILL)
                await second.exit()
                try await day.abort()
                try await day.searchFiles()
                BusinessDay.expectNone(in: Array(follower.output.utf8), "events --follow")
                let ledger = try LedgerFile.entries(path: trial.ledgerPath)
                #expect(LedgerSummary(ledger).repeated.isEmpty, "charged twice")
            }
        }

        /// A death by kill -9 while orders are under way.
        private func kill(_ daemon: RunningProgram, _ trial: Trial) async throws {
            try await trial.submit(try trial.writeBatch("killed.csv", rows: 20, from: 400))
            var settled = 0
            try await trial.follow { event in
                if event.kind == "job.settled" { settled += 1 }
                return settled == 5
            }
            daemon.signal(SIGKILL)
            await daemon.exit()
        }
    }
}
