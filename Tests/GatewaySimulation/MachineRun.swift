import Engine
import Recharge
import Simulation
import TestSupport

/// Whole runs of the machines over the model of the queue.
///
/// Each fifth seed has at least 3 SIMs, 20 orders and 5 faults; the others are smaller and many. In
/// each tenth the carrier gives its serial numbers again; in another the orders crowd.
package enum MachineRun {
    package static func run(seed: UInt64, isLogged: Bool = false) async throws -> RunResult {
        var random = TestSupport.SplitMix64(seed: seed)
        let isLarge = seed.isMultiple(of: 5)
        let jobCount = Int.random(in: isLarge ? 20...24 : 4...14, using: &random)
        let isCrowded = isCrowded(seed)
        let numberCount = numbers(isCrowded, &random)
        let orders = try (0..<jobCount).map { try order($0, number: $0 % numberCount) }
        var carrier = carrier(&random, isCrowded: isCrowded)
        if seed % 10 == 7 { carrier.insert(.recounting) }
        let modems = isLarge ? 3...4 : 1...(isCrowded ? 2 : 3)
        var gateway = try await SimulatedGateway(
            ModelStore(),
            seed: seed,
            modems: Int.random(in: modems, using: &random),
            faults: faults(&random, isEager: carrier.contains(.eager), isCrowded: isCrowded),
            carrier: carrier
        )
        gateway.queue.isSparse = carrier.contains(.sparse)
        gateway.isLogged = isLogged
        gateway.submit(orders)
        gateway.kill = random.chance(40) ? .chance(20) : .never
        await gateway.run(for: .seconds(900))
        await gateway.calm()
        await gateway.run(for: .seconds(2 * 3600))
        gateway.violations += gateway.queue.violations
        return RunResult(&gateway)
    }

    /// Whether a run is of few numbers and few SIMs, with answers that are later than they should be:
    /// what belongs to one order may be taken for the next one's.
    static func isCrowded(_ seed: UInt64) -> Bool { seed % 10 == 3 }

    static func numbers(_ isCrowded: Bool, _ random: inout TestSupport.SplitMix64) -> Int {
        if isCrowded { return Int.random(in: 2...4, using: &random) }
        return random.chance(30) ? 5 : 50
    }

    /// An order of a client of its own key.
    static func order(_ place: Int, number: Int) throws -> NewJob {
        var order = try Samples.order(number)
        order.key.key = "order-\(place)"
        return order
    }

    static func carrier(
        _ random: inout TestSupport.SplitMix64,
        isCrowded: Bool
    ) -> SimulatedCarrier.Traits {
        var traits: SimulatedCarrier.Traits = []
        // Whoever is eager waits longer for answers.
        if random.chance(isCrowded ? 10 : 30) { traits.insert(.eager) }
        if random.chance(isCrowded ? 50 : 25) { traits.insert(.sparse) }
        if random.chance(25) { traits.insert(.forgetful) }
        return traits
    }

    /// Draws what goes wrong in a run: a few things often, the others never; at least five.
    static func faults(
        _ random: inout TestSupport.SplitMix64,
        isEager: Bool,
        isCrowded: Bool
    ) -> [FaultScript.Command] {
        // Of the eager carrier answers may come so much later.
        let repetition = Int.random(in: 1...(isEager ? 60 : 5), using: &random)
        let seconds = { (least: Int, most: Int) in Latency(.seconds(least), .seconds(most)) }
        let slow: [FaultScript.Command] = [
            .answerLatency(seconds(0, 20)), .networkLatency(seconds(0, isCrowded ? 35 : 90)),
            .lateAnswers(Delay(percent: 20, duration: .seconds(45))), .reorderedAnswers(40),
            .executionLatency(seconds(0, 3)),
        ]
        let others: [FaultScript.Command] = [
            .acceptLatency(seconds(0, 6)), .promptLatency(seconds(0, 3)),
            .lostAnswers(15), .lostSubmits(10), .lostReplies(10),
            .lateReplies(Delay(percent: 20, duration: .seconds(130))),
            .doubledAnswers(40), .garbledAnswers(15), .forgedAnswers(40),
            .repeatedAnswers(Delay(percent: 40, duration: .seconds(repetition))),
            .progressAnswers(40), .refusals(.busy, 25), .refusals(.limit, 25),
            .refusals(.number, 5), .refusals(.float, 10), .refusals(.foreign, 5),
            .refusals(.pin, 3),
            .sendErrors(38, 10), .sendErrors(28, 10), .sendErrors(304, 10), .sendErrors(500, 10),
            .unplugs(.beforePrompt, 5), .unplugs(.afterPrompt, 5), .unplugs(.afterPDU, 5),
            .unplugs(.beforeReply, 5), .echo(.doubled), .echo(.never), .noise(.seconds(2)),
            .language(.mixed), .language(.english), .long(true),
            .offers(.history, false), .offers(.reconfirm, false), .offers(.balance, false),
        ]
        var faults: [FaultScript.Command] = [.replugAfter(.seconds(7))]
        let chance = [5, 15, 30].randomElement(using: &random) ?? 15
        for fault in slow where random.chance(isCrowded ? 75 : chance) { faults.append(fault) }
        for fault in others where random.chance(isCrowded ? chance / 3 : chance) {
            faults.append(fault)
        }
        while faults.count < 6, let fault = (slow + others).randomElement(using: &random) {
            if !faults.contains(fault) { faults.append(fault) }
        }
        return faults
    }
}

extension SimulatedGateway {
    /// From here on nothing goes wrong any more.
    mutating func calm() async {
        kill = .never
        calmFrom = truth
        // The wall clock is set right, and not behind what it showed before.
        skew += max(.zero, now.utc.duration(to: latestReading))
        troubles.removeAll()
        isDiskLow = false
        queue.damage(.enoughSpace)
        promotionDue = truth
        await tell(FaultScript.Line(.calm))
        await tell(FaultScript.Line(.plug))
    }
}
