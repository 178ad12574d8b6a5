import JobStorage
import Recharge
import Simulation
import TestSupport

/// Whole runs of the machines over the real store on its files.
package enum StoredRun {
    package static func run(seed: UInt64, isLogged: Bool = false) async throws -> RunResult {
        try await WakeCollector.run { wakes in
            var random = TestSupport.SplitMix64(seed: seed)
            let queue = try await StoredQueue(
                enrolment: random.chance(70) ? .open : .required,
                wakes: wakes,
                at: Samples.midnight
            )
            let modems = Int.random(in: 3...4, using: &random)
            var carrier = MachineRun.carrier(&random, isCrowded: MachineRun.isCrowded(seed))
            if seed % 10 == 7 { carrier.insert(.recounting) }
            var gateway = try await SimulatedGateway(
                queue,
                seed: seed,
                modems: modems,
                faults: MachineRun.faults(
                    &random,
                    isEager: carrier.contains(.eager),
                    isCrowded: MachineRun.isCrowded(seed)
                ),
                carrier: carrier
            )
            gateway.isLogged = isLogged
            try submit(MachineRun.isCrowded(seed), to: &gateway, &random)
            plan(for: &gateway, modems, &random)
            gateway.kill = random.chance(40) ? .chance(3) : .never
            for round in 1...9 {
                await gateway.run(for: .seconds(100))
                if round == 3 { await gateway.reverse(Int.random(in: 0...3, using: &random)) }
                for modem in 1...modems where random.chance(20) {
                    // As much as an order, so that it could hide one.
                    await gateway.payIn(try Samples.yuan(10), modem: modem)
                }
            }
            await gateway.calm()
            await gateway.run(for: .seconds(2 * 3600))
            gateway.lookAtFloats()
            gateway.violations += await queue.audit(
                isWhole: isLogged || seed.isMultiple(of: 8),
                isSparse: carrier.contains(.sparse)
            )
            let result = RunResult(&gateway)
            try queue.remove()
            return result
        }
    }

    /// At least twenty orders: a batch, and others one by one meanwhile.
    private static func submit(
        _ isCrowded: Bool,
        to gateway: inout SimulatedGateway<StoredQueue>,
        _ random: inout TestSupport.SplitMix64
    ) throws {
        let count = Int.random(in: 20...24, using: &random)
        let numbers = MachineRun.numbers(isCrowded, &random)
        let rows = Int.random(in: 0...count, using: &random)
        var orders = try (0..<count).map { try MachineRun.order($0, number: $0 % numbers) }
        for place in 0..<rows { orders[place].batchLine = place + 2 }
        if rows > 0 {
            let delay = Duration.seconds(Int.random(in: 0...60, using: &random))
            gateway.submit(Array(orders.prefix(rows)), after: delay)
        }
        for order in orders.dropFirst(rows) {
            let delay = Duration.seconds(Int.random(in: 0...300, using: &random))
            gateway.submit([order], after: delay)
        }
    }

    /// At least five troubles at moments of their own, beside what the world draws.
    private static func plan(
        for gateway: inout SimulatedGateway<StoredQueue>,
        _ modems: Int,
        _ random: inout TestSupport.SplitMix64
    ) {
        for _ in 0..<Int.random(in: 5...9, using: &random) {
            let moment = Duration.milliseconds(Int.random(in: 1000...600_000, using: &random))
            for (offset, trouble) in trouble(modems, &random) {
                gateway.plan(trouble, after: moment + offset)
            }
        }
    }

    private static func trouble(
        _ modems: Int,
        _ random: inout TestSupport.SplitMix64
    ) -> [(Duration, Trouble)] {
        let modem = Int.random(in: 1...modems, using: &random)
        let other = modem % modems + 1
        let writes = Int.random(in: 1...30, using: &random)
        // What ends the process is drawn less often than the rest: starting costs the most.
        switch Int.random(in: 0..<16, using: &random) {
        case 0..<3:
            let back = Duration.seconds(Int.random(in: 1...90, using: &random))
            return [
                (.zero, .tell(FaultScript.Line(modem: modem, .unplugNow))),
                (back, .tell(FaultScript.Line(modem: modem, .plug))),
            ]
        case 3..<6: return [(.zero, .tell(FaultScript.Line(modem: modem, .swap(other))))]
        case 6, 7: return [(.zero, .clock(jump(&random)))]
        case 8, 9: return [(.zero, .clock(.zero - jump(&random)))]
        case 10: return [(.zero, .disk(.writeError(after: writes)))]
        case 11: return [(.zero, .disk(.full(after: writes)))]
        case 12: return [(.zero, .disk(.syncError))]
        case 13, 14:
            let free = Duration.seconds(Int.random(in: 5...60, using: &random))
            return [(.zero, .disk(.lowSpace)), (free, .disk(.enoughSpace))]
        default: return [(.zero, .kill)]
        }
    }

    /// Seconds, minutes or hours.
    private static func jump(_ random: inout TestSupport.SplitMix64) -> Duration {
        switch Int.random(in: 0..<3, using: &random) {
        case 0: .seconds(Int.random(in: 1...60, using: &random))
        case 1: .seconds(Int.random(in: 60...3600, using: &random))
        default: .seconds(Int.random(in: 3600...36_000, using: &random))
        }
    }
}
