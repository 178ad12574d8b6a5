import ControlAPI
import Foundation
import Testing

extension EndToEndTests {
    /// What a person may do wrong with files: each mistake is named with its place and cure.
    @Suite struct BadInputTests {
        @Test(.timeLimit(.minutes(5)))
        func aBatchFileThatCannotBeReadIsNamed() async throws {
            try await Trial.run { trial in
                _ = try await trial.startDaemon()
                let missing = try await trial.finish("rechargectl", "submit", trial.path("no.csv"))
                #expect(missing.status == 66)
                #expect(missing.errors.contains(trial.path("no.csv")))
                let folder = try await trial.finish("rechargectl", "submit", trial.path("carriers"))
                #expect(folder.status == 66)
                #expect(folder.errors.contains(trial.path("carriers")))
                try TextFile.write("", to: trial.path("empty.csv"))
                let empty = try await trial.finish("rechargectl", "submit", trial.path("empty.csv"))
                #expect(empty.status == 65)
                #expect(empty.errors.contains("empty.csv"))
                try await self.nothingWasOrdered(trial)
            }
        }

        @Test(.timeLimit(.minutes(5)))
        func everyBadRowOfABatchIsListedAndNothingIsOrdered() async throws {
            try await Trial.run { trial in
                _ = try await trial.startDaemon()
                let file = trial.path("bad-rows.csv")
                try TextFile.write(
                    try TextFile.read("\(Trial.etc)/batches/bad-rows.csv"),
                    to: file
                )
                let run = try await trial.finish("rechargectl", "submit", file)
                #expect(run.status == 65)
                let listed = run.errors.split(separator: "\n").filter {
                    $0.contains("bad-rows.csv:")
                }
                #expect(listed.count >= 20, "\(run.errors)")
                #expect(run.errors.contains("nothing was ordered"))
                #expect(run.errors.contains("--accept-valid"))
                try await self.nothingWasOrdered(trial)
                let taken = try await trial.finish("rechargectl", "submit", file, "--accept-valid")
                #expect(taken.status == 1)
                #expect(taken.errors.contains("bad-rows.csv.refused.csv"))
                let refused = try TextFile.read("\(file).refused.csv")
                #expect(refused.hasPrefix("number,amount"))
                #expect(!refused.contains("this row is good"))
            }
        }

        @Test(.timeLimit(.minutes(5)))
        func allMistakesOfAConfigurationAreToldAtOnce() async throws {
            try await Trial.run { trial in
                try TextFile.write(
                    """
                    state_dir: state
                    sockets: { directory: run }
                    enrolment: sometimes
                    sims_max: many
                    ports:
                      udev: maybe
                      baud: 12345
                    carriers_dir: carriers
                    secrets: pins.yaml
                    stop_grace: 30
                    retries: 3

                    """,
                    to: trial.path("recharged.yaml")
                )
                for arguments in [["--check"], []] {
                    let daemon = try trial.start(
                        "recharged",
                        ["--config", trial.path("recharged.yaml")] + arguments,
                        errors: "wrong.log"
                    )
                    #expect(await daemon.exit() == 78)
                }
                let told = try TextFile.read(trial.path("wrong.log"))
                for place in ["3:12", "4:11", "6:9", "7:9", "10:13", "11:1"] {
                    #expect(told.contains("recharged.yaml:\(place): "), "\(place): \(told)")
                }
                #expect(!FileManager.default.fileExists(atPath: trial.path("state")))
            }
        }

        /// What can be read may still be of no use.
        @Test(.timeLimit(.minutes(5)))
        func aSIMWithoutAProfileAndARoleForNobodyAreTold() async throws {
            try await Trial.run { trial in
                try TextFile.write(
                    """
                    state_dir: state
                    carriers_dir: carriers
                    secrets: pins.yaml
                    roles:
                      - { group: nobody-is-in-it, role: viewer }

                    """,
                    to: trial.path("recharged.yaml")
                )
                try TextFile.write(
                    """
                    sims:
                      "89860012340000000001": { carrier: simulatd, pin: "000000" }

                    """,
                    to: trial.path("pins.yaml")
                )
                let config = trial.path("recharged.yaml")
                let run = try await trial.finish("recharged", "--config", config, "--check")
                #expect(run.status == 78)
                #expect(run.errors.contains("89860012340000000001: there is no profile 'simulatd'"))
                #expect(run.errors.contains("there is no group 'nobody-is-in-it'"))
                #expect(run.errors.contains("pins.yaml: everybody here can read the passwords"))
            }
        }

        @Test(.timeLimit(.minutes(5)))
        func aConfigurationThatIsMissingIsNamed() async throws {
            try await Trial.run { trial in
                let run = try await trial.finish("recharged", "--config", trial.path("none.yaml"))
                #expect(run.status == 78)
                #expect(run.errors.contains(trial.path("none.yaml")))
            }
        }

        @Test(.timeLimit(.minutes(5)))
        func withoutADaemonTheClientSaysWhereItLooked() async throws {
            try await Trial.run { trial in
                let run = try await trial.finish("rechargectl", "stats")
                #expect(run.status == 69)
                #expect(run.errors.contains(trial.socket))
            }
        }

        private func nothingWasOrdered(_ trial: Trial) async throws {
            let stats = try await trial.ask(ControlPath.stats, as: StatsView.self)
            #expect(stats.jobs.isEmpty)
            let batches = try await trial.ask(ControlPath.batches, as: PageView<BatchView>.self)
            #expect(batches.items.isEmpty)
        }
    }
}
