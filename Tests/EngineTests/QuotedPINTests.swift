import Recharge
import TestSupport
import Testing

@testable import Engine
@testable import SMSCodec

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

    private enum Writing: CaseIterable {
        case octets, bigEndian, littleEndian, septets

        func octets(_ text: String, after shift: Int) -> [UInt8] {
            switch self {
            case .octets: return Array(text.utf8)
            case .bigEndian: return text.utf8.flatMap { [0, $0] }
            case .littleEndian: return text.utf8.flatMap { [$0, 0] }
            case .septets:
                var octets: [UInt8] = []
                Septets.pack(Array(text.utf8), fillBits: shift, into: &octets)
                return octets
            }
        }
    }

    /// Its text may be quite whole.
    @Test(arguments: Writing.allCases, 0...6)
    private func aPINInWhatCannotBeReadReachesNoRow(writing: Writing, shift: Int) throws {
        var inbox = try InboxTests().inbox()
        let noise: [UInt8] = [0xFF, 0x44, 0x07]
        let quoted = noise + writing.octets("is \(Self.pin) so", after: shift) + [0x2A]
        let pdu = Hexadecimal.text(quoted)
        guard case .parts(let parts) = inbox.read(1, pdu: pdu, at: Samples.midnight) else {
            Issue.record("it can be read")
            return
        }
        let filed = try Hexadecimal.octets(try #require(parts.first).pdu)
        let stars = String(repeating: "*", count: Self.pin.utf8.count)
        #expect(filed == noise + writing.octets("is \(stars) so", after: shift) + [0x2A])
    }

    /// A worker that was killed before it could delete the first part has it without the PIN.
    @Test func aPartWithThePINIsItsOwnRepetitionAfterARestart() throws {
        let tests = InboxTests()
        let text = "Unknown: CZ#13800000001#10#\(Self.pin)" + String(repeating: " long", count: 30)
        let pdus = try tests.pdus(text)
        #expect(pdus.count == 2)
        var first = try tests.inbox()
        guard case .parts(let filed) = first.read(1, pdu: pdus[0], at: tests.now) else {
            Issue.record("one part is no message")
            return
        }
        var second = try tests.inbox(filed)
        guard case .parts = second.read(1, pdu: pdus[0], at: tests.now),
            case .message(let message) = second.read(2, pdu: pdus[1], at: tests.now)
        else {
            Issue.record("the message is lost")
            return
        }
        #expect(message.text.hasPrefix("Unknown: CZ#13800000001#10#"))
    }
}
