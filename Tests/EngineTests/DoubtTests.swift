import Engine
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
    ) throws -> SimulatedGateway {
        var gateway = try SimulatedGateway(
            seed: 5,
            orders: [try Samples.order(1)],
            faults: services.map { .offers($0, false) } + faults,
            modems: modems
        )
        gateway.run(until: Samples.midnight.advanced(by: .seconds(25)))
        gateway.tell(.calm)
        for service in services { gateway.tell(.offers(service, false)) }
        gateway.run(until: Samples.midnight.advanced(by: .seconds(7200)))
        #expect(gateway.violations == [])
        #expect(gateway.store.violations == [])
        return gateway
    }

    private func states(_ gateway: SimulatedGateway) -> [JobState] {
        gateway.store.jobs.values.map(\.job.state)
    }

    private func kinds(_ gateway: SimulatedGateway) -> Set<Inquiry.Kind> {
        Set(gateway.store.inquiries.map(\.kind))
    }

    @Test func aLostAnswerIsFoundInTheCarriersRecord() throws {
        let gateway = try run([.lostAnswers(100)])
        #expect(states(gateway) == [.succeeded])
        #expect(gateway.ledger.count == 1)
        #expect(gateway.store.records.count == 1)
        #expect(kinds(gateway) == [.history])
    }

    @Test func aLostRequestIsSentAgainOnceItIsSurelyDead() throws {
        let gateway = try run([.lostSubmits(100)])
        #expect(states(gateway) == [.succeeded])
        #expect(gateway.ledger.count == 1)
        #expect(gateway.store.records.map(\.attempt.outcome) == [.notExecuted, .success])
        let dead = try #require(gateway.store.records[0].attempt.deadAt)
        #expect(gateway.store.records[1].attempt.armedAt > dead)
    }

    @Test(arguments: [FaultScript.Command.lostAnswers(100), .lostSubmits(100)])
    func withoutRecordsTheCarrierRepeatsTheRequest(fault: FaultScript.Command) throws {
        let gateway = try run([fault], without: [.history])
        #expect(states(gateway) == [.succeeded])
        #expect(gateway.ledger.count == 1)
        #expect(gateway.store.records.count == 1)
        #expect(kinds(gateway).contains(.reconfirm))
    }

    @Test func aFloatThatStaysTheSameTwiceProvesThatNothingWasExecuted() throws {
        var gateway = try SimulatedGateway(
            seed: 5,
            orders: try (1...2).map { try Samples.order($0) },
            faults: [
                .offers(.history, false), .offers(.reconfirm, false),
                .answerLatency(Latency(.seconds(5), .seconds(5))),
            ],
            modems: 1
        )
        gateway.run(until: Samples.midnight.advanced(by: .seconds(4)))
        #expect(gateway.ledger.count == 1)
        gateway.tell(.lostSubmits(100))
        gateway.run(until: Samples.midnight.advanced(by: .seconds(25)))
        gateway.tell(.lostSubmits(0))
        gateway.run(until: Samples.midnight.advanced(by: .seconds(7200)))
        #expect(gateway.store.violations == [])
        #expect(gateway.ledger.count == 2)
        #expect(kinds(gateway).isSuperset(of: [.balance]))
    }

    @Test func whatNobodyAnswersWaitsForAPerson() throws {
        let gateway = try run([.lostAnswers(100)], without: CentreService.allCases)
        #expect(states(gateway) == [.unknown])
        #expect(gateway.store.records.count == 1)
        #expect(gateway.ledger.count == 1)
    }

    @Test func aStrangersTextIsMarkedSoThatItIsNotKeptForLong() throws {
        let gateway = try run([.forgedAnswers(100)])
        let messages = gateway.store.cards.values.flatMap(\.inbox.values)
        #expect(messages.contains { !$0.isListed })
        #expect(messages.allSatisfy { $0.isListed == ($0.sender == RechargeCentre.shortNumber) })
    }
}
