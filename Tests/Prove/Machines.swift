import ArgumentParser
import GatewaySimulation

struct Machines: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The workers' machines over a model of the queue, against the carrier's ledger."
    )

    @OptionGroup var options: SeedOptions

    func run() async throws {
        let report = try await options.campaign(
            "machines",
            usually: 1_000_000,
            demanding: Simulation.faultsOfTheWorld
        ) { [log = options.log] in try await MachineRun.run(seed: $0, isLogged: log) }
        try Prove.finish(report)
    }
}
