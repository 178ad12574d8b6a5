import ATProtocol
import Carriers
import Engine
import GatewaySimulation
import Recharge
import Simulation
import TestSupport
import Testing

/// One modem, one job, one thing going wrong at a known place.
@Suite struct SIMWorkerMachineTests {
    func run(
        _ faults: [FaultScript.Command],
        orders: Int = 1,
        seconds: Int = 7200
    ) async throws -> SimulatedGateway<ModelStore> {
        var gateway = try await SimulatedGateway(ModelStore(), seed: 5, modems: 1, faults: faults)
        gateway.submit(try (0..<orders).map { try Samples.order($0) })
        await gateway.run(for: .seconds(seconds))
        #expect(gateway.violations == [])
        #expect(gateway.queue.violations == [])
        return gateway
    }

    func states(_ gateway: SimulatedGateway<ModelStore>) -> [JobState] {
        gateway.queue.standings().map(\.state)
    }

    @Test func unpluggedBeforeThePromptTheJobGoesAgain() async throws {
        let gateway = try await run([.unplugNext(.beforePrompt), .replugAfter(.seconds(5))])
        #expect(gateway.ledger.count == 1)
        #expect(gateway.queue.records.count == 1)
        #expect(states(gateway) == [.succeeded])
    }

    @Test(arguments: [UnplugStage.afterPrompt, .afterPDU])
    func unpluggedWithThePayloadOutTheJobIsNeverSentAgain(stage: UnplugStage) async throws {
        let silence = CentreService.allCases.map { FaultScript.Command.offers($0, false) }
        let gateway = try await run(
            silence + [.unplugNext(stage), .replugAfter(.seconds(5))]
        )
        #expect(gateway.queue.records.count == 1)
        #expect(gateway.ledger.count <= 1)
        let known: Set<JobState> = [.unknown, .succeeded]
        #expect(known.isSuperset(of: states(gateway)))
    }

    @Test func aLostAnswerLeavesDoubtAndAFence() async throws {
        let gateway = try await run([.lostAnswers(100)])
        #expect(states(gateway) == [.unknown])
        #expect(gateway.queue.records.count == 1)
    }

    @Test func aLateAnswerEndsTheDoubt() async throws {
        let late = Delay(percent: 100, duration: .seconds(45))
        let gateway = try await run([.lateAnswers(late)], orders: 2)
        #expect(states(gateway) == [.succeeded, .succeeded])
    }

    @Test func aForgedAnswerProvesNothing() async throws {
        let gateway = try await run([.forgedAnswers(100), .lostAnswers(100)])
        #expect(states(gateway) == [.unknown])
    }

    @Test(arguments: [28, 304])
    func aDefiniteRefusalOfTheNetworkIsTriedAgain(code: Int) async throws {
        let gateway = try await run([.sendErrors(code, 100)], seconds: 100)
        #expect(gateway.ledger.isEmpty)
        #expect(gateway.queue.records.allSatisfy { $0.attempt.outcome == .notExecuted })
        #expect(states(gateway) == [.failed])
    }

    @Test func anAmbiguousErrorIsDoubt() async throws {
        let gateway = try await run([.sendErrors(38, 100)], seconds: 35)
        #expect(gateway.queue.records.count == 1)
        // Whether it was sent is a coin.
        #expect(states(gateway) == [gateway.ledger.isEmpty ? .unknown : .succeeded])
    }

    @Test func refusedInARowTheSIMIsPaused() async throws {
        let gateway = try await run([.sendErrors(28, 100)], orders: 9, seconds: 50)
        #expect(gateway.queue.cards.allSatisfy { !$0.isEnabled })
        #expect(gateway.queue.records.count == 5)
    }

    @Test func aWrongPINPausesTheSIMAtOnce() async throws {
        let gateway = try await run([.pin(PIN("other1"))], orders: 5, seconds: 30)
        #expect(gateway.queue.records.count == 1)
        #expect(gateway.queue.cards.allSatisfy { !$0.isEnabled })
    }

    @Test func attemptsEndWhenTheyAreUsedUp() async throws {
        let gateway = try await run([.refusals(.busy, 100)])
        #expect(states(gateway) == [.failed])
        let most = try EngineSamples.knownProfile().timing.retry.attemptsMax
        #expect(gateway.queue.records.count == most)
    }

    @Test func aSilentModemEndsTheWorkerAndNothingIsClaimed() async throws {
        let gateway = try await run([.silent(true)], seconds: 300)
        #expect(states(gateway) == [.ready])
        #expect(gateway.handled < 500)
    }

    @Test func anIdleWorkerSleeps() async throws {
        let refusals: [FaultScript.Command] = [.refusals(.busy, 100)]
        var gateway = try await SimulatedGateway(ModelStore(), seed: 1, modems: 1, faults: refusals)
        gateway.submit([try Samples.order(1)])
        await gateway.run(for: .seconds(20))
        let before = gateway.handled
        await gateway.run(for: .seconds(5))
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
