import Recharge
import SMSCodec
import TestSupport
import Testing

@testable import Engine

/// A carrier that quotes the request back must not bring the PIN into any row.
@Suite struct QuotedPINTests {
    static let pin = EngineSamples.pin.revealed

    @Test(arguments: [
        "Unknown request: CZ#13800000001#10#\(pin)",
        "【充值】指令\(pin)有误，详询10086。",
        String(repeating: "long ", count: 40) + pin,
    ])
    func aPINInAnAnswerReachesNoRow(text: String) throws {
        var machine = SIMWorkerMachine(seed: 1)
        let now = EngineSamples.moment(.seconds(1))
        machine.phase = .working
        machine.work = SIMWork(try EngineSamples.assignment(), at: now)
        let stamp = try ServiceCentreTimestamp(
            utcMilliseconds: now.utc.milliseconds,
            quarterHours: 32
        )
        let delivers = try SMSSegmentation.delivers(
            text: text,
            from: try SMSAddress(number: "10086"),
            timestamp: stamp,
            reference: .narrow(1)
        )
        for deliver in delivers {
            machine.received(PDUFrame(tpdu: .deliver(deliver)).hex, from: nil, at: now)
        }
        let filed = machine.actions.flatMap { action -> [InboxMessage] in
            if case .file(let messages) = action { messages } else { [] }
        }
        #expect(filed.contains { $0.text.contains("******") })
        for message in filed {
            #expect(!message.text.contains(Self.pin))
            let frame = try PDUFrame(hex: message.pdu, direction: .mobileTerminated)
            guard case .deliver(let deliver) = frame.tpdu else { continue }
            let shown = try deliver.userData.text()
            #expect(shown == message.text)
        }
    }

    @Test func aPINInAnAnswerReachesNoEvidence() throws {
        var machine = SIMWorkerMachine(seed: 1)
        let now = EngineSamples.moment(.seconds(1))
        let pin = PIN("13800000001")
        let attempt = try EngineSamples.attempt(1, number: 1)
        machine.phase = .working
        machine.work = SIMWork(
            try EngineSamples.assignment(unresolved: [attempt], pin: pin),
            at: now
        )
        let deliver = SMSDeliver(
            from: try SMSAddress(number: "10086"),
            timestamp: try ServiceCentreTimestamp(
                utcMilliseconds: now.utc.milliseconds,
                quarterHours: 32
            ),
            userData: try UserData(text: AnswerJudgeTests.success)
        )
        machine.received(PDUFrame(tpdu: .deliver(deliver)).hex, from: nil, at: now)
        guard case .settle(let settlement) = machine.actions.last else {
            Issue.record("the answer is read as it came")
            return
        }
        for evidence in settlement.evidence {
            #expect(!String(decoding: evidence.raw, as: UTF8.self).contains(pin.revealed))
        }
        #expect(settlement.messages.allSatisfy { !$0.text.contains(pin.revealed) })
    }
}
