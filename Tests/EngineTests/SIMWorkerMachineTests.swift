import ATProtocol
import Carriers
import Engine
import Recharge
import Simulation
import TestSupport
import Testing

/// One modem, one job, one thing going wrong at a known place.
@Suite struct SIMWorkerMachineTests {
    func run(
        _ faults: [FaultScript.Command],
        orders: Int = 1,
        seconds: Int = 7200,
        pin: PIN? = nil
    ) throws -> SimulatedGateway {
        var gateway = try SimulatedGateway(
            seed: 5,
            orders: try (0..<orders).map { try Samples.order($0) },
            faults: faults,
            modems: 1
        )
        if let pin { gateway.tell(.pin(pin)) }
        gateway.run(until: Samples.midnight.advanced(by: .seconds(seconds)))
        #expect(gateway.violations == [])
        #expect(gateway.store.violations == [])
        return gateway
    }

    func states(_ gateway: SimulatedGateway) -> [JobState] {
        gateway.store.jobs.values.map(\.job.state)
    }

    @Test func unpluggedBeforeThePromptTheJobGoesAgain() throws {
        let gateway = try run([.unplugNext(.beforePrompt), .replugAfter(.seconds(5))])
        #expect(gateway.ledger.count == 1)
        #expect(gateway.store.records.count == 1)
        #expect(states(gateway) == [.succeeded])
    }

    @Test(arguments: [UnplugStage.afterPrompt, .afterPDU])
    func unpluggedWithThePayloadOutTheJobIsNeverSentAgain(stage: UnplugStage) throws {
        let silence = CentreService.allCases.map { FaultScript.Command.offers($0, false) }
        let gateway = try run(silence + [.unplugNext(stage), .replugAfter(.seconds(5))])
        #expect(gateway.store.records.count == 1)
        #expect(gateway.ledger.count <= 1)
        let known: Set<JobState> = [.unknown, .succeeded]
        #expect(known.isSuperset(of: states(gateway)))
    }

    @Test func aLostAnswerLeavesDoubtAndAFence() throws {
        let gateway = try run([.lostAnswers(100)])
        #expect(states(gateway) == [.unknown])
        #expect(gateway.store.records.count == 1)
    }

    @Test func aLateAnswerEndsTheDoubt() throws {
        let late = Delay(percent: 100, duration: .seconds(45))
        let gateway = try run([.lateAnswers(late)], orders: 2)
        #expect(states(gateway) == [.succeeded, .succeeded])
    }

    @Test func aForgedAnswerProvesNothing() throws {
        let gateway = try run([.forgedAnswers(100), .lostAnswers(100)])
        #expect(states(gateway) == [.unknown])
    }

    @Test(arguments: [28, 304])
    func aDefiniteRefusalOfTheNetworkIsTriedAgain(code: Int) throws {
        let gateway = try run([.sendErrors(code, 100)], seconds: 100)
        #expect(gateway.ledger.isEmpty)
        #expect(gateway.store.records.allSatisfy { $0.attempt.outcome == .notExecuted })
        #expect(states(gateway) == [.failed])
    }

    @Test func anAmbiguousErrorIsDoubt() throws {
        let gateway = try run([.sendErrors(38, 100)])
        #expect(gateway.store.records.count == 1)
        #expect(states(gateway) == [.unknown])
    }

    @Test func refusedInARowTheSIMIsPaused() throws {
        let gateway = try run([.sendErrors(28, 100)], orders: 9, seconds: 50)
        #expect(gateway.store.cards.values.allSatisfy { !$0.isEnabled })
        #expect(gateway.store.records.count == 5)
    }

    @Test func aWrongPINPausesTheSIMAtOnce() throws {
        let gateway = try run([], orders: 5, seconds: 30, pin: PIN("other1"))
        #expect(gateway.store.records.count == 1)
        #expect(gateway.store.cards.values.allSatisfy { !$0.isEnabled })
    }

    @Test func attemptsEndWhenTheyAreUsedUp() throws {
        let gateway = try run([.refusals(.busy, 100)])
        #expect(states(gateway) == [.failed])
        let most = try EngineSamples.knownProfile().timing.retry.attemptsMax
        #expect(gateway.store.records.count == most)
    }

    @Test func aSilentModemEndsTheWorkerAndNothingIsClaimed() throws {
        let gateway = try run([.silent(true)], seconds: 300)
        #expect(states(gateway) == [.ready])
        #expect(gateway.handled < 500)
    }

    @Test func anIdleWorkerSleeps() throws {
        var gateway = try SimulatedGateway(
            seed: 1,
            orders: [try Samples.order(1)],
            faults: [.refusals(.busy, 100)],
            modems: 1
        )
        gateway.run(until: Samples.midnight.advanced(by: .seconds(20)))
        let before = gateway.handled
        gateway.run(until: Samples.midnight.advanced(by: .seconds(25)))
        #expect(gateway.handled - before < 60)
    }

    @Test func stoppingBeforeTheSIMIsKnownEndsAtOnce() throws {
        var machine = SIMWorkerMachine(seed: 1)
        _ = machine.handle(.opened, at: EngineSamples.moment(.zero))
        let actions = machine.handle(.stopping, at: EngineSamples.moment(.zero))
        #expect(actions == [.finish("stopped")])
    }

    @Test func nothingFollowsTheEnd() {
        var machine = SIMWorkerMachine(seed: 1)
        _ = machine.handle(.opened, at: EngineSamples.moment(.zero))
        _ = machine.handle(.linkLost("gone"), at: EngineSamples.moment(.zero))
        let later = machine.handle(.deadlinePassed, at: EngineSamples.moment(.seconds(9)))
        #expect(later == [])
        let again = machine.handle(.linkLost("gone"), at: EngineSamples.moment(.seconds(9)))
        #expect(again == [])
    }
}
