import Recharge
import SMSCodec
import TestSupport
import Testing

@testable import ATProtocol
@testable import Engine

/// A storage that is not listed, not cleared, or not asked: no answer may be missed for it.
@Suite struct StorageFaultTests {
    private static let now = EngineSamples.moment(.seconds(1))
    private static let refusal = ATResult.refused(.messageService(320), [])

    private static func working(on errand: SIMWork.Errand) throws -> SIMWorkerMachine {
        var machine = SIMWorkerMachine(seed: 1)
        machine.phase = .working
        machine.work = SIMWork(try EngineSamples.assignment(), at: now)
        machine.work?.errand = errand
        return machine
    }

    @Test func aModemThatListsNothingIsSetUpAnew() throws {
        var machine = try Self.working(on: .listing)
        for refusals in 1...SIMWork.failuresMax {
            machine.work?.errand = .listing
            machine.workCompleted(Self.refusal, at: Self.now)
            #expect((machine.work == nil) == (refusals == SIMWork.failuresMax))
        }
    }

    @Test func aStorageThatIsNeverClearedStopsItsSIM() throws {
        var machine = try Self.working(on: .deleting(1))
        let results = Array(repeating: Self.refusal, count: 4) + [.ok([])]
        for result in results + Array(repeating: Self.refusal, count: SIMWork.failuresMax) {
            #expect(!machine.isPausing)
            machine.work?.errand = .deleting(1)
            machine.workCompleted(result, at: Self.now)
        }
        #expect(machine.isPausing)
    }

    /// Lines of the list may be lost in what came between them.
    @Test(arguments: [
        ("+CUSD: 0,\"5\" more\",15", false), ("+CMT: ,28", false), ("^RSSI: 20", true),
        ("+CREG: 1", true),
    ])
    func aListThatATextBrokeIsReadAgain(line: String, hasSwept: Bool) throws {
        var machine = try Self.working(on: .listing)
        let indication = ATIndication(line: line) ?? .other(line)
        machine.run([.indicated(indication)], at: Self.now)
        machine.work?.errand = .listing
        machine.workCompleted(.ok([]), at: Self.now)
        #expect(machine.work?.hasSwept == hasSwept)
    }

    /// A modem may hand messages over while it is still being set up, and keeps none of them.
    @Test func whatIsHandedOverBeforeTheSIMIsAdmittedIsFiled() throws {
        let stamp = try ServiceCentreTimestamp(
            utcMilliseconds: Samples.midnight.milliseconds,
            quarterHours: 32
        )
        let message = try SMSSegmentation.delivers(
            text: "hello",
            from: try SMSAddress(number: "10086"),
            timestamp: stamp,
            reference: .narrow(1)
        )
        let pdu = PDUFrame(tpdu: .deliver(try #require(message.first))).hex
        let length = pdu.utf8.count / 2 - 1
        var machine = SIMWorkerMachine(seed: 1)
        machine.phase = .identified
        let bytes = Array("\r\n+CMT: ,\(length)\r\n\(pdu)\r\n".utf8)
        _ = machine.handle(.received(bytes), at: Self.now)
        let actions = machine.handle(
            .admitted(try EngineSamples.assignment()),
            at: Self.now
        )
        let filed = actions.flatMap { action -> [String] in
            if case .file(let messages) = action { messages.map(\.text) } else { [] }
        }
        #expect(filed == ["hello"])
    }
}

extension SIMWorkerMachine {
    fileprivate var isPausing: Bool {
        actions.contains { action in
            if case .pauseSIM = action { true } else { false }
        }
    }
}
