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
        /// Whether what succeeded is taken back, once kills begin.
        var isReversed = false
        /// Whether every job succeeds wherever the process is killed, and not only where it is not.
        ///
        /// For what an earlier process sent nobody asks for the repetition, nor about a reversal; and
        /// behind a start the float is not known.
        var isCertain = true
        let prepare: @Sendable (inout SimulatedGateway<StoredQueue>) async throws -> Void
    }

    package static let recipes = [
        Recipe(name: "recharge") { $0.submit([try Samples.order(1)]) },
        Recipe(name: "reversal", isReversed: true, isCertain: false) { gateway in
            gateway.submit([try Samples.order(1)])
            await gateway.run(for: .seconds(60))
        },
        Recipe(name: "history") { try await doubt(&$0, without: []) },
        Recipe(name: "reconfirm", isCertain: false) { try await doubt(&$0, without: [.history]) },
        Recipe(name: "balance", isCertain: false) { gateway in
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
        // Later than what was booked before, so that nothing counts as paid in meanwhile.
        gateway.submit([try Samples.order(2)], after: .seconds(1))
        await gateway.run(for: .seconds(35))
        await gateway.tell(FaultScript.Line(.calm))
    }

    package var result: RunResult
    /// How many places the run had.
    package var points: Int
    /// The last of them at which it still recovered from the first kill; 0 without one.
    package var lastOfRecovery: Int

    /// Runs a recipe; it is killed at each of some places that it comes to.
    package static func run(
        _ recipe: Recipe,
        killedAt places: Set<Int>,
        isLogged: Bool = false
    ) async throws -> CrashRun {
        try await WakeCollector.run { wakes in
            let queue = try await StoredQueue(
                enrolment: .open,
                wakes: wakes,
                at: Samples.midnight
            )
            var gateway = try await SimulatedGateway(queue, seed: 1, modems: 1)
            gateway.isLogged = isLogged
            try await recipe.prepare(&gateway)
            gateway.points = 0
            gateway.kill = .at(places)
            gateway.calmFrom = gateway.truth
            if recipe.isReversed { await gateway.reverse(1) }
            await gateway.run(for: .seconds(2 * 3600))
            gateway.lookAtFloats()
            gateway.lookAtJobs()
            let isCertain = recipe.isCertain || places.isEmpty
            for job in gateway.standings where isCertain && job.state != .succeeded {
                gateway.violations.append("job \(job.id) ends \(job.state)")
            }
            gateway.violations += await queue.audit(isWhole: true)
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
