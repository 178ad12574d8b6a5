import ControlAPI
import Recharge
import Simulation
import Testing

extension EndToEndTests {
    /// Silence is not failure, and only the carrier's own word is a verdict.
    @Suite struct LostAnswerTests {
        @Test(.timeLimit(.minutes(5)))
        func aLostAnswerLeavesDoubtAndChargesNothingAgain() async throws {
            try await Trial.run { trial in
                try await trial.startModems(
                    8,
                    ["--answer-latency", "20ms..80ms", "--lose-answers", "10%"]
                )
                _ = try await trial.startDaemon()
                try await trial.submit(try trial.writeBatch("orders.csv", rows: 50))
                let audit = try await trial.audit()
                #expect(audit.chargeCount == 50)
                #expect(audit.unknown > 0)
                #expect(audit.unknownCharged == audit.unknown)
                #expect(audit.succeeded == 50 - audit.unknown)
                print(
                    "50 jobs, 10 % of the answers lost: unknown \(audit.unknown), charged twice 0"
                )
            }
        }

        @Test(.timeLimit(.minutes(5)))
        func anAnswerThatComesAfterDoubtResolvesIt() async throws {
            var shape = Trial.Shape()
            shape.answerWithin = "1s"
            try await Trial.run(shape) { trial in
                try await trial.startModems(8)
                try trial.tell("delay answers 100% by 2s")
                _ = try await trial.startDaemon()
                try await trial.submit(try trial.writeBatch("orders.csv", rows: 8))
                var doubted: Set<Job.ID> = []
                var resolved: Set<Job.ID> = []
                try await trial.follow { event in
                    guard let job = event.job else { return false }
                    if event.kind == "job.doubted" { doubted.insert(job) }
                    if event.kind == "job.settled", event.details["state"] == "succeeded" {
                        resolved.insert(job)
                    }
                    return resolved.count == 8
                }
                #expect(doubted == resolved)
                #expect(try await trial.audit().succeeded == 8)
            }
        }

        @Test(.timeLimit(.minutes(5)))
        func doubledAnswersAreOneVerdict() async throws {
            try await Trial.run { trial in
                try await trial.startModems(8, ["--answer-latency", "20ms..80ms"])
                try trial.tell("double answers 100%")
                _ = try await trial.startDaemon()
                try await trial.submit(try trial.writeBatch("orders.csv", rows: 40))
                #expect(try await trial.audit().succeeded == 40)
                try await self.nothingIsDisputed(trial)
            }
        }

        @Test(.timeLimit(.minutes(5)))
        func forgedAnswersProveNothing() async throws {
            try await Trial.run { trial in
                try await trial.startModems(8, ["--answer-latency", "20ms..80ms"])
                try trial.tell("forge answers 100%")
                try trial.tell("modem 1: lose answers 100%")
                _ = try await trial.startDaemon()
                try await trial.submit(try trial.writeBatch("orders.csv", rows: 40))
                let audit = try await trial.audit()
                #expect(audit.unknown > 0)
                #expect(audit.unknownCharged == audit.unknown)
                #expect(audit.succeeded + audit.unknown == 40)
                try await self.nothingIsDisputed(trial)
            }
        }

        @Test(.timeLimit(.minutes(5)))
        func refusalsAreTriedAgainAndGarbledAnswersAreDoubt() async throws {
            try await Trial.run { trial in
                try await trial.startModems(8, ["--answer-latency", "20ms..80ms"])
                try trial.tell("refuse busy 20%")
                try trial.tell("garble answers 5%")
                _ = try await trial.startDaemon()
                try await trial.submit(try trial.writeBatch("orders.csv", rows: 48))
                let audit = try await trial.audit()
                let jobs = try await trial.ask(ControlPath.stats, as: StatsView.self)
                #expect(jobs.jobs.values.reduce(0, +) == 48)
                #expect(audit.succeeded + audit.unknown <= 48)
                #expect(audit.succeeded > 36)
            }
        }

        private func nothingIsDisputed(_ trial: Trial) async throws {
            let rows = try await QueueSnapshot.query(
                trial,
                "SELECT kind, count(*) FROM event WHERE kind = 'dispute.opened' GROUP BY 1"
            )
            #expect(rows.isEmpty)
        }
    }
}
