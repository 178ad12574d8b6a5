import ArgumentParser
import GatewaySimulation

struct Simulation: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The workers' machines over the real store, against the carrier's ledger.",
        discussion: """
            Each seed: at least 3 SIMs, 20 orders and 5 faults, in virtual time. A seed that \
            fails is repeated exactly with --seeds 1 --from SEED.
            """
    )

    @OptionGroup var options: SeedOptions

    func run() async throws {
        let report = try await options.campaign(
            "simulation",
            usually: 100_000,
            demanding: Simulation.faults
        ) { [log = options.log] in try await StoredRun.run(seed: $0, isLogged: log) }
        try Prove.finish(report)
    }

    /// What goes wrong on the way to the carrier and back, and the states in which it must have
    /// found a job.
    static let faultsOfTheWorld: [String: [String]] = [
        "lost submit": ["armed", "unknown"],
        "lost reply": ["armed"],
        "late reply": ["armed"],
        "send error": ["armed"],
        "lost answer": ["armed", "unknown"],
        "late answer": ["armed", "unknown"],
        "doubled answer": ["armed", "unknown"],
        "repeated answer": ["armed", "unknown", "succeeded"],
        "garbled answer": ["armed", "unknown"],
        "forged answer": ["armed", "unknown"],
        "reordered answer": ["armed", "unknown", "succeeded"],
        "refusal": ["armed", "unknown"],
        "unplug before prompt": ["leased"],
        "unplug after prompt": ["leased"],
        "unplug after pdu": ["armed"],
        "unplug before reply": ["armed", "unknown"],
        "crash": ["ready", "scheduled", "leased", "armed", "unknown", "held", "succeeded"],
    ]

    /// The same with what happens to the machine that the gateway runs on.
    private static var faults: [String: [String]] {
        let everywhere = ["ready", "scheduled", "leased", "armed", "unknown", "succeeded"]
        let machine = [
            "clock forwards", "clock backwards", "EIO", "ENOSPC", "ENOSPC at a write",
        ]
        var faults = faultsOfTheWorld
        for fault in machine { faults[fault] = everywhere }
        for fault in ["unplug", "swap", "top-up"] {
            faults[fault] = ["idle", "leased", "armed", "unknown"]
        }
        return faults
    }
}
