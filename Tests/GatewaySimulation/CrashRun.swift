import JobStorage
import Recharge
import Simulation
import TestSupport

/// One short piece of work over the real store, with the process killed at chosen places of it.
///
/// A place is each commit, before and after it, and each other effect, in its middle too.
package struct CrashRun: Sendable {
    /// A piece of work to be killed in.
    package struct Recipe: Sendable {
        package let name: String
        let prepare: @Sendable (inout SimulatedGateway<StoredQueue>) async throws -> Void
    }

    package static let recipes = [
        Recipe(name: "recharge") { $0.submit([try Samples.order(1)]) },
        Recipe(name: "reversal") { gateway in
            gateway.submit([try Samples.order(1)])
            await gateway.run(for: .seconds(60))
            await gateway.reverse(1)
        },
        Recipe(name: "history") { try await doubt(&$0, without: []) },
        Recipe(name: "reconfirm") { try await doubt(&$0, without: [.history]) },
        Recipe(name: "balance") { gateway in
            // The first one makes the float known.
            gateway.submit([try Samples.order(1)])
            await gateway.run(for: .seconds(60))
            try await doubt(&gateway, without: [.history, .reconfirm])
        },
    ]

    /// Leaves an order in doubt whose answer, or without records the request itself, was lost.
    private static func doubt(
        _ gateway: inout SimulatedGateway<StoredQueue>,
        without services: [CentreService]
    ) async throws {
        for service in services { await gateway.tell(FaultScript.Line(.offers(service, false))) }
        let fault = services.isEmpty ? FaultScript.Command.lostAnswers(100) : .lostSubmits(100)
        await gateway.tell(FaultScript.Line(fault))
        gateway.submit([try Samples.order(2)])
        await gateway.run(for: .seconds(35))
        await gateway.tell(FaultScript.Line(.calm))
    }

    package var result: RunResult
    /// How many places the run had.
    package var points: Int
    /// The last of them at which it still recovered from the first kill; 0 without one.
    package var lastOfRecovery: Int

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
            gateway.points = 0
            gateway.kill = .at(places)
            await gateway.run(for: .seconds(2 * 3600))
            gateway.violations += await queue.audit(isWhole: false)
            let run = CrashRun(
                result: RunResult(&gateway),
                points: gateway.points,
                lastOfRecovery: gateway.lastOfRecovery
            )
            try queue.remove()
            return run
        }
    }
}
