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

    @Test(arguments: [Self.refusal, .timedOut(beforeCommit: true)])
    func aModemThatListsNothingIsSetUpAnew(result: ATResult) throws {
        var machine = try Self.working(on: .listing)
        for refusals in 1...SIMWork.failuresMax {
            machine.work?.errand = .listing
            machine.workCompleted(result, at: Self.now)
            #expect((machine.work == nil) == (refusals == SIMWork.failuresMax))
        }
    }

    @Test(arguments: [Self.refusal, .timedOut(beforeCommit: true)])
    func aStorageThatIsNeverClearedStopsItsSIM(failure: ATResult) throws {
        var machine = try Self.working(on: .deleting(1))
        let results = Array(repeating: failure, count: 4) + [.ok([])]
        for result in results + Array(repeating: failure, count: SIMWork.failuresMax) {
            #expect(!machine.isPausing)
            machine.work?.errand = .deleting(1)
            machine.workCompleted(result, at: Self.now)
        }
        #expect(machine.isPausing)
    }

    /// What a telephone stored to be sent is never deleted; nor is what cannot be read.
    @Test(arguments: [(2, true), (3, false)])
    func aStorageWithoutRoomForAnAnswerStopsItsSIM(capacity: Int, isFull: Bool) throws {
        var machine = try Self.working(on: .listing)
        let storage = MessageStorage(isOfModem: false, capacity: capacity)
        machine.work = SIMWork(try EngineSamples.assignment(), storage: storage, at: Self.now)
        machine.work?.errand = .listing
        let lines = ["+CMGL: 1,2,,3", "00010203", "+CMGL: 2,0,,20", ""]
        machine.workCompleted(.ok(lines), at: Self.now)
        #expect(machine.work?.hasSwept == true)
        #expect(machine.isPausing == isFull)
    }

    @Test(arguments: [("+CPMS: 0,0,0,0,0,0", "ME"), ("+CPMS: 3,20,3,20,3,20", "SM")])
    func aStorageOfNoPlacesIsPassedOver(line: String, taken: String) {
        var bringUp = BringUp()
        while bringUp.step != .storage {
            _ = bringUp.answered(.ok(["+CPIN: READY", "+CCID: 89860012340000000001"]))
        }
        _ = bringUp.answered(.ok([line]))
        if taken == "ME" { _ = bringUp.answered(.ok(["+CPMS: 0,255,0,255,0,255"])) }
        #expect(bringUp.step == .routing)
        #expect(bringUp.storage.isOfModem == (taken == "ME"))
        #expect(bringUp.storage.capacity == (taken == "ME" ? 255 : 20))
    }

    /// The answer to another card may lie in the modem from before.
    @Test(arguments: [(true, false), (true, true), (false, false)])
    func whatLiesInAModemFromBeforeIsOnlyFiled(isOfModem: Bool, hasSwept: Bool) throws {
        var machine = try Self.working(on: .listing)
        let attempt = try EngineSamples.attempt(1, number: 1)
        machine.work = SIMWork(
            try EngineSamples.assignment(unresolved: [attempt]),
            storage: MessageStorage(isOfModem: isOfModem, capacity: 20),
            at: Self.now
        )
        machine.work?.hasSwept = hasSwept
        machine.work?.errand = .listing
        let pdu = try InboxTests().pdus(AnswerJudgeTests.success)[0]
        machine.workCompleted(
            .ok(["+CMGL: 1,1,,\(pdu.utf8.count / 2 - 1)", pdu]),
            at: Self.now
        )
        #expect(machine.isSettling == (!isOfModem || hasSwept))
        #expect(machine.work?.hasSwept == true)
    }

    /// Nor is what of it could not be read at first.
    @Test func whatWasDamagedInAModemFromBeforeIsOnlyFiled() throws {
        var machine = try Self.working(on: .listing)
        let attempt = try EngineSamples.attempt(1, number: 1)
        machine.work = SIMWork(
            try EngineSamples.assignment(unresolved: [attempt]),
            storage: MessageStorage(isOfModem: true, capacity: 20),
            at: Self.now
        )
        machine.work?.errand = .listing
        machine.workCompleted(.ok(["+CMGL: 1,1,,20", "00"]), at: Self.now)
        #expect(machine.work?.inbox.nextUnread() == 1)
        machine.work?.errand = .reading(1)
        let pdu = try InboxTests().pdus(AnswerJudgeTests.success)[0]
        let lines = ["+CMGR: 1,,\(pdu.utf8.count / 2 - 1)", pdu]
        machine.workCompleted(.ok(lines), at: Self.now)
        #expect(!machine.isSettling)
    }

    /// It keeps its place, and each sweep looks at it.
    @Test func whatCannotBeReadIsNotReadWithoutEnd() throws {
        var machine = try Self.working(on: .listing)
        machine.work?.sweepDue = Instant(nanoseconds: .max)
        for misses in 1...5 {
            machine.work?.inbox.announced(3)
            _ = machine.work?.inbox.nextUnread()
            machine.work?.errand = .reading(3)
            machine.workCompleted(.ok(["+CMGR: 0,,20", "00"]), at: Self.now)
            let isSoon = machine.work?.sweepDue != Instant(nanoseconds: .max)
            #expect(isSoon == (misses < 5))
            machine.work?.sweepDue = Instant(nanoseconds: .max)
        }
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
    /// Whether it asks the store for a settlement.
    var isSettling: Bool {
        actions.contains { action in
            if case .settle = action { true } else { false }
        }
    }

    fileprivate var isPausing: Bool {
        actions.contains { action in
            if case .pauseSIM = action { true } else { false }
        }
    }
}
