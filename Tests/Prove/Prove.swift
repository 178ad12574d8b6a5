import ArgumentParser
import TestSupport

/// The campaigns that run in one process, without the daemon; `etc/prove` builds and starts it.
@main
struct Prove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove",
        abstract: "Try everything, and find no way to pay twice or to lose a job.",
        subcommands: [
            Simulation.self, Machines.self, Crash.self, Power.self, IO.self,
        ]
    )

    /// Prints what a campaign came to; fails when it did not hold.
    static func finish(_ report: ProofReport) throws {
        print(report.text)
        guard report.holds else { throw ExitCode.failure }
    }
}
