import Engine
import Recharge
import Simulation
import TestSupport
import Testing

/// Whole runs against a carrier whose ledger knows the truth.
@Suite struct SeededRunTests {
    /// Draws what goes wrong in a run: a few things often, the others never.
    static func faults(_ random: inout TestSupport.SplitMix64) -> [FaultScript.Command] {
        let seconds = { (least: Int, most: Int) in Latency(.seconds(least), .seconds(most)) }
        let all: [FaultScript.Command] = [
            .answerLatency(seconds(0, 20)), .acceptLatency(seconds(0, 6)),
            .promptLatency(seconds(0, 3)), .networkLatency(seconds(0, 30)),
            .lostAnswers(15), .lostSubmits(10), .lostReplies(10),
            .lateAnswers(Delay(percent: 20, duration: .seconds(45))),
            .lateReplies(Delay(percent: 20, duration: .seconds(130))),
            .doubledAnswers(40), .garbledAnswers(15), .forgedAnswers(40), .progressAnswers(40),
            .refusals(.busy, 25), .refusals(.limit, 25), .refusals(.number, 5),
            .refusals(.float, 10), .refusals(.foreign, 5), .refusals(.pin, 3),
            .sendErrors(38, 10), .sendErrors(28, 10), .sendErrors(304, 10), .sendErrors(500, 10),
            .unplugs(.beforePrompt, 5), .unplugs(.afterPrompt, 5), .unplugs(.afterPDU, 5),
            .unplugs(.beforeReply, 5), .echo(.doubled), .echo(.never), .noise(.seconds(2)),
            .language(.mixed), .language(.english), .long(true),
        ]
        var faults: [FaultScript.Command] = [.replugAfter(.seconds(7))]
        let chance = [5, 15, 30].randomElement(using: &random) ?? 15
        for fault in all where random.chance(chance) { faults.append(fault) }
        return faults
    }

    static func run(_ seed: UInt64) throws -> SimulatedGateway {
        var random = TestSupport.SplitMix64(seed: seed)
        let jobCount = Int.random(in: 4...14, using: &random)
        let numberCount = random.chance(30) ? 3 : 50
        let orders = try (0..<jobCount).map { try Samples.order($0 % numberCount, yuan: 10) }
        var gateway = try SimulatedGateway(
            seed: seed,
            orders: orders,
            faults: faults(&random),
            modems: Int.random(in: 1...3, using: &random)
        )
        gateway.killChance = random.chance(40) ? 15 : 0
        gateway.run(until: Samples.midnight.advanced(by: .seconds(900)))
        gateway.killChance = 0
        gateway.tell(.calm)
        gateway.tell(.plug)
        gateway.run(until: gateway.now.utc.advanced(by: .seconds(3 * 3600)))
        return gateway
    }

    /// What is wrong at the end of a run, in words.
    static func findings(_ gateway: SimulatedGateway) -> [String] {
        var findings = gateway.violations + gateway.store.violations
        var charges: [String: Int] = [:]
        for entry in gateway.ledger {
            if case .charged = entry.outcome { charges["+86\(entry.number)", default: 0] += 1 }
        }
        let byNumber = Dictionary(grouping: gateway.store.jobs.values, by: \.job.order.number.e164)
        for (number, entries) in byNumber {
            let charged = charges[number] ?? 0
            let succeeded = entries.count { $0.job.state == .succeeded }
            let unknown = entries.count { $0.job.state == .unknown }
            let disputed = entries.count { $0.disputes > 0 }
            if charged > entries.count { findings.append("\(number) was charged \(charged) times") }
            if succeeded > charged { findings.append("\(number) succeeded without a charge") }
            if charged > succeeded + unknown + disputed {
                findings.append("\(number) was charged \(charged) times, \(succeeded) are known")
            }
        }
        for entry in gateway.store.jobs.values {
            switch entry.job.state {
            case .succeeded, .failed, .held, .unknown: break
            case .ready where gateway.isBlocked(entry.job): break
            case .scheduled, .ready, .leased, .armed, .cancelled, .expired:
                findings.append("job \(entry.job.id) ends \(entry.job.state)")
            }
        }
        return findings.sorted()
    }

    /// Other tests, whose programs do not wait for ever, get their turn between two seeds.
    @Test(arguments: 0..<20)
    func noFaultCostsOrLosesMoney(block: UInt64) async throws {
        for seed in block * 50..<block * 50 + 50 {
            let run = try SeededRunTests.run(seed)
            let findings = SeededRunTests.findings(run)
            #expect(findings.isEmpty, "seed \(seed)")
            await Task.yield()
        }
    }

    @Test func withoutFaultsEveryJobSucceeds() throws {
        let orders = try (0..<40).map { try Samples.order($0) }
        var gateway = try SimulatedGateway(seed: 1, orders: orders, faults: [], modems: 4)
        gateway.run(until: Samples.midnight.advanced(by: .seconds(600)))
        #expect(SeededRunTests.findings(gateway) == [])
        #expect(gateway.store.jobs.values.allSatisfy { $0.job.state == .succeeded })
    }
}
