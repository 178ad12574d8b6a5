import GatewaySimulation
import Recharge
import TestSupport
import Testing

/// Whole runs against a carrier whose ledger knows the truth.
@Suite struct SeededRunTests {
    /// A few; `etc/prove machines` takes thousands.
    @Test(arguments: 0..<10)
    func noFaultCostsOrLosesMoney(block: UInt64) async throws {
        for seed in block * 10..<block * 10 + 10 {
            let run = try await MachineRun.run(seed: seed)
            #expect(run.findings.isEmpty, "seed \(seed)")
        }
    }

    @Test func withoutFaultsEveryJobSucceeds() async throws {
        var gateway = try await SimulatedGateway(ModelStore(), seed: 1, modems: 4)
        gateway.submit(try (0..<40).map { try Samples.order($0) })
        await gateway.run(for: .seconds(600))
        #expect(gateway.findings() == [])
        #expect(gateway.standings.allSatisfy { $0.state == .succeeded })
    }

    @Test func theSameSeedIsTheSameRun() async throws {
        let runs = [
            try await MachineRun.run(seed: 7), try await MachineRun.run(seed: 7),
            try await MachineRun.run(seed: 8),
        ]
        #expect(runs[0].trace == runs[1].trace)
        #expect(runs[0].trace != runs[2].trace)
    }
}
