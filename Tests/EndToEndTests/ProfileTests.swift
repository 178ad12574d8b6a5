import ControlAPI
import Foundation
import Glibc
import Simulation
import Testing

extension EndToEndTests {
    /// A real carrier's profile moves money once people stand for it, and for its file as it is.
    @Suite struct ProfileTests {
        private func write(_ trial: Trial, _ name: String, adding comment: String = "") throws {
            let text = try TextFile.read("\(Trial.etc)/carriers/simulated.yaml")
            let real = text.replacing("simulated: true\n", with: comment)
                .replacing("validity: 30s", with: "validity: 5min")
                .replacing("late_within: 10s", with: "late_within: 2min")
            try #require(real != text)
            try TextFile.write(
                real.replacing(try Regex("id: simulated "), with: "id: \(name) "),
                to: trial.path("carriers/\(name).yaml")
            )
        }

        private func configure(_ trial: Trial) throws {
            try write(trial, "agent")
            try FileManager.default.removeItem(atPath: trial.path("carriers/simulated.yaml"))
            try TextFile.write(
                "sims: {}\notherwise: { carrier: agent, pin: \"123456\" }\n",
                to: trial.path("pins.yaml")
            )
            let path = trial.path("recharged.yaml")
            let text = try TextFile.read(path) + "approvals: { people: 1 }\n"
            try TextFile.write(text, to: path)
        }

        private func recharge(_ trial: Trial) async throws -> Trial.Finished {
            try await trial.finish(
                "rechargectl",
                "recharge",
                "13800138000",
                "10",
                "--carrier",
                "agent"
            )
        }

        private func verify(_ trial: Trial) async throws -> Trial.Finished {
            try await trial.finish(
                "rechargectl",
                "profile",
                "verify",
                "agent",
                "--file",
                trial.path("carriers/agent.yaml"),
                "--reason",
                "recharged 10 yuan"
            )
        }

        /// Waits until the port gives up for a reason.
        private func refused(_ trial: Trial, _ reason: String) async throws {
            try await trial.follow { event in
                event.kind == "modem.left" && event.details["reason"]?.contains(reason) == true
            }
        }

        @Test(.timeLimit(.minutes(5)))
        func nothingIsSentBeforePeopleVerifiedTheFileAsItIs() async throws {
            try await Trial.run { trial in
                try configure(trial)
                try await trial.startModems(1)
                let daemon = try await trial.startDaemon()
                try await refused(trial, "is not verified; try it")
                let early = try await recharge(trial)
                #expect(early.status == 65)
                #expect(early.errors.contains("profile verify"))
                #expect(try await verify(trial).status == 0)
                try await trial.submit(try trial.writeBatch("orders.csv", rows: 1))
                #expect(try await trial.audit().succeeded == 1)
                daemon.signal(SIGTERM)
                #expect(await daemon.exit() == 0)
                try write(trial, "agent", adding: "# to whom it concerns\n")
                _ = try await trial.startDaemon()
                try await refused(trial, "is not verified since its file changed")
                #expect(try await recharge(trial).status == 65)
                let list = try await trial.finish("rechargectl", "profile", "list")
                #expect(list.output.contains("changed since"))
            }
        }
    }
}
