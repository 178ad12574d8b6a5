import ATProtocol
import GatewaySimulation
import Recharge
import TestSupport
import Testing

@testable import Engine

/// When a SIM that found no job asks for one again.
struct ParkingTests {
    private let start = Duration.seconds(1)
    private let interval = Duration.seconds(60)

    /// A SIM that has nothing to do but orders, and has asked for the first.
    private func askingMachine() throws -> SIMWorkerMachine {
        let now = EngineSamples.moment(start)
        var machine = SIMWorkerMachine(seed: 1)
        machine.phase = .working
        machine.work = SIMWork(try EngineSamples.assignment(), at: now)
        machine.work?.hasSwept = true
        machine.work?.isRegistered = true
        machine.work?.sweepDue = now.instant.advanced(by: .seconds(3600))
        machine.work?.healthDue = now.instant.advanced(by: .seconds(3600))
        #expect(claims(machine.handle(.woken, at: now)).count == 1)
        return machine
    }

    private func claims(_ actions: [SIMWorkerMachine.Action]) -> [SIMWorkerMachine.Action] {
        actions.filter { if case .claim = $0 { true } else { false } }
    }

    @Test func aSIMWithoutAJobAsksAgainWithoutAWake() throws {
        var machine = try askingMachine()
        let due = EngineSamples.moment(start + interval)
        let parked = machine.handle(.claimed(.nothing), at: EngineSamples.moment(start))
        #expect(parked == [.report(.idle, nil), .wakeUp(at: due.instant)])
        let early = EngineSamples.moment(start + interval - .milliseconds(1))
        #expect(claims(machine.handle(.deadlinePassed, at: early)).isEmpty)
        #expect(claims(machine.handle(.deadlinePassed, at: due)).count == 1)
    }

    /// The store wakes as many SIMs as jobs came, and cannot see which of them has a network.
    @Test func aJobWhoseWakeWasLostOnASIMWithoutNetworkIsFoundByAnother() throws {
        var store = ModelStore()
        var woken = try askingMachine()
        var other = try askingMachine()
        let now = EngineSamples.moment(start)
        _ = woken.handle(.claimed(.nothing), at: now)
        _ = other.handle(.claimed(.nothing), at: now)
        _ = woken.handle(.received(Array("\r\n+CREG: 2\r\n".utf8)), at: now)
        let jobs = store.submit([try Samples.order(1)], steps: 1, at: now.utc)
        #expect(claims(woken.handle(.woken, at: now)).isEmpty)
        let due = EngineSamples.moment(start + interval)
        #expect(claims(woken.handle(.deadlinePassed, at: due)).isEmpty)
        let claim = try #require(claims(other.handle(.deadlinePassed, at: due)).first)
        let answer = store.perform(claim, for: try Samples.iccid(1), at: due.utc)
        guard case .claimed(.claimed(let job)) = answer else {
            Issue.record("the job waits for the SIM that was woken")
            return
        }
        #expect([job.id] == jobs)
    }
}
