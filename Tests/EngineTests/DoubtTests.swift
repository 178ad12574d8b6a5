import Engine
import GatewaySimulation
import Recharge
import Simulation
import TestSupport
import Testing

/// One job in doubt, worked off by asking the simulated carrier.
@Suite struct DoubtTests {
    /// Runs one order whose first half minute goes wrong, and then what is left of two hours.
    private func run(
        _ faults: [FaultScript.Command],
        without services: [CentreService] = [],
        modems: Int = 1
    ) async throws -> SimulatedGateway<ModelStore> {
        var gateway = try await SimulatedGateway(
            ModelStore(),
            seed: 5,
            modems: modems,
            faults: services.map { .offers($0, false) } + faults
        )
        gateway.submit([try Samples.order(1)])
        await gateway.run(for: .seconds(25))
        await gateway.tell(FaultScript.Line(.calm))
        for service in services { await gateway.tell(FaultScript.Line(.offers(service, false))) }
        await gateway.run(for: .seconds(7175))
        #expect(gateway.violations == [])
        #expect(gateway.queue.violations == [])
        return gateway
    }

    private func states(_ gateway: SimulatedGateway<ModelStore>) -> [JobState] {
        gateway.queue.standings().map(\.state)
    }

    private func kinds(_ gateway: SimulatedGateway<ModelStore>) -> Set<Inquiry.Kind> {
        Set(gateway.queue.inquiries.map(\.kind))
    }

    @Test func aLostAnswerIsFoundInTheCarriersRecord() async throws {
        let gateway = try await run([.lostAnswers(100)])
        #expect(states(gateway) == [.succeeded])
        #expect(gateway.ledger.count == 1)
        #expect(gateway.queue.records.count == 1)
        #expect(kinds(gateway) == [.history])
    }

    @Test func aLostRequestIsSentAgainOnceItIsSurelyDead() async throws {
        let gateway = try await run([.lostSubmits(100)])
        #expect(states(gateway) == [.succeeded])
        #expect(gateway.ledger.count == 1)
        #expect(gateway.queue.records.map(\.attempt.outcome) == [.notExecuted, .success])
        let dead = try #require(gateway.queue.records[0].attempt.deadAt)
        #expect(gateway.queue.records[1].attempt.armedAt > dead)
    }

    @Test(arguments: [FaultScript.Command.lostAnswers(100), .lostSubmits(100)])
    func withoutRecordsTheCarrierRepeatsTheRequest(fault: FaultScript.Command) async throws {
        let gateway = try await run([fault], without: [.history])
        #expect(states(gateway) == [.succeeded])
        #expect(gateway.ledger.count == 1)
        #expect(gateway.queue.records.count == 1)
        #expect(kinds(gateway).contains(.reconfirm))
    }

    @Test func aFloatThatStaysTheSameTwiceProvesThatNothingWasExecuted() async throws {
        var gateway = try await SimulatedGateway(
            ModelStore(),
            seed: 5,
            modems: 1,
            faults: [
                .offers(.history, false), .offers(.reconfirm, false),
                .answerLatency(Latency(.seconds(5), .seconds(5))),
            ]
        )
        gateway.submit(try (1...2).map { try Samples.order($0) })
        await gateway.run(for: .seconds(4))
        #expect(gateway.ledger.count == 1)
        await gateway.tell(FaultScript.Line(.lostSubmits(100)))
        await gateway.run(for: .seconds(21))
        await gateway.tell(FaultScript.Line(.lostSubmits(0)))
        await gateway.run(for: .seconds(7175))
        #expect(gateway.queue.violations == [])
        #expect(gateway.ledger.count == 2)
        #expect(kinds(gateway).isSuperset(of: [.balance]))
    }

    @Test func whatNobodyAnswersWaitsForAPerson() async throws {
        let gateway = try await run([.lostAnswers(100)], without: CentreService.allCases)
        #expect(states(gateway) == [.unknown])
        #expect(gateway.queue.records.count == 1)
        #expect(gateway.ledger.count == 1)
    }

    @Test func aStrangersTextIsMarkedSoThatItIsNotKeptForLong() async throws {
        let gateway = try await run([.forgedAnswers(100)])
        let messages = gateway.queue.cards.flatMap(\.inbox.values)
        #expect(messages.contains { !$0.isListed })
        #expect(messages.allSatisfy { $0.isListed == ($0.sender == RechargeCentre.shortNumber) })
    }

    /// Two hours off, as after a start without the network's time.
    @Test(arguments: [-7200, 7200])
    func aWrongClockMakesNoRecordOlderThanItIs(seconds: Int) async throws {
        for fault in [FaultScript.Command.lostAnswers(100), .lostSubmits(100)] {
            var gateway = try await SimulatedGateway(
                ModelStore(),
                seed: 5,
                modems: 1,
                faults: [fault]
            )
            gateway.skew = .seconds(seconds)
            gateway.submit([try Samples.order(1)])
            await gateway.run(for: .seconds(25))
            await gateway.tell(FaultScript.Line(.calm))
            await gateway.run(for: .seconds(7200))
            #expect(gateway.findings() == [])
            #expect(gateway.ledger.count == 1)
            #expect(states(gateway) == [.succeeded])
        }
    }

    /// The request is on its way for most of its life, and the worker that sent it is gone.
    @Test(arguments: [-7200, 7200])
    func aClockThatIsSetBringsNoRequestNearerToItsEnd(seconds: Int) async throws {
        var arrived = 0
        for seed in UInt64(1)...8 {
            var gateway = try await SimulatedGateway(
                ModelStore(),
                seed: seed,
                modems: 1,
                faults: [
                    .unplugNext(.afterPDU), .replugAfter(.seconds(2)),
                    .networkLatency(Latency(.seconds(28), .seconds(28))),
                ]
            )
            gateway.submit([try Samples.order(1)])
            gateway.plan(.clock(.seconds(seconds)), after: .seconds(3))
            await gateway.run(for: .seconds(40))
            arrived += gateway.ledger.count
            gateway.skew = .zero
            await gateway.tell(FaultScript.Line(.calm))
            await gateway.run(for: .seconds(7200))
            #expect(gateway.findings() == [], "seed \(seed)")
            #expect(gateway.ledger.count == 1, "seed \(seed)")
        }
        #expect(arrived > 0)
    }
}
