import JobStorage
import Recharge
import Simulation
import TestSupport

/// One short piece of work over the real store, with the process killed at chosen places of it.
///
/// A place is each commit, before and after it, each other effect, and each octet of a payload.
package struct CrashRun: Sendable {
    /// A piece of work to be killed in.
    package struct Recipe: Sendable {
        package let name: String
        let prepare: @Sendable (inout SimulatedGateway<StoredQueue>) async throws -> Void
    }

    package static let recipes = [
        Recipe(name: "recharge") { $0.submit([try Samples.order(1)]) }
    ]

    package var result: RunResult
    /// How many places the run had.
    package var points: Int

    /// Runs a recipe; it is killed at each of some places that it comes to.
    package static func run(_ recipe: Recipe, killedAt places: Set<Int>) async throws -> CrashRun {
        try await WakeCollector.run { wakes in
            let queue = try await StoredQueue(
                enrolment: .open,
                wakes: wakes,
                at: Samples.midnight
            )
            var gateway = try await SimulatedGateway(queue, seed: 1, modems: 1)
            try await recipe.prepare(&gateway)
            gateway.kill = .at(places)
            await gateway.run(for: .seconds(150))
            gateway.violations += await queue.audit(isWhole: false)
            let run = CrashRun(result: RunResult(&gateway), points: gateway.points)
            try queue.remove()
            return run
        }
    }
}
