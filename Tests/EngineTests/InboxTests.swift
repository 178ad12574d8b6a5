import Recharge
import SMSCodec
import TestSupport
import Testing

@testable import Engine

@Suite struct InboxTests {
    let now = Samples.midnight

    func pdus(
        _ text: String,
        reference: UInt8 = 7,
        sentAt: Duration = .zero
    ) throws -> [String] {
        let stamp = try ServiceCentreTimestamp(
            utcMilliseconds: now.advanced(by: sentAt).milliseconds,
            quarterHours: 32
        )
        return try SMSSegmentation.delivers(
            text: text,
            from: try SMSAddress(number: "10086"),
            timestamp: stamp,
            reference: .narrow(reference)
        ).map { PDUFrame(tpdu: .deliver($0)).hex }
    }

    func inbox(_ unfinished: [InboxMessage] = []) throws -> Inbox {
        Inbox(
            sim: try Samples.iccid(1),
            mask: PINMask(EngineSamples.pin),
            unfinished: unfinished,
            at: now
        )
    }

    @Test func aPlaceIsClearedOnceAndOnlyAfterItsMessageIsFiled() throws {
        var inbox = try inbox()
        inbox.announced(3)
        inbox.announced(3)
        let unread = [inbox.nextUnread(), inbox.nextUnread()]
        #expect(unread == [3, nil])
        _ = inbox.read(3, pdu: try pdus("hello")[0], at: now)
        let tooEarly = inbox.nextUndeleted()
        #expect(tooEarly == nil)
        inbox.filed(3)
        inbox.filed(3)
        let deleted = [inbox.nextUndeleted(), inbox.nextUndeleted()]
        #expect(deleted == [3, nil])
        #expect(inbox.isClear)
    }

    /// One message may replace another in its place: what was announced is read before it is
    /// cleared, however far the one before was.
    @Test(arguments: 1...3)
    func aPlaceThatIsAnnouncedAgainIsReadAgain(stage: Int) throws {
        var inbox = try inbox()
        inbox.announced(3)
        _ = inbox.nextUnread()
        if stage == 1 { inbox.announced(3) }
        _ = inbox.read(3, pdu: try pdus("hello")[0], at: now)
        if stage == 2 { inbox.announced(3) }
        inbox.filed(3)
        if stage == 3 { inbox.announced(3) }
        let next = (deleted: inbox.nextUndeleted(), read: inbox.nextUnread())
        #expect(next.deleted == nil && next.read == 3)
        guard case .message = inbox.read(3, pdu: try pdus("you")[0], at: now) else {
            Issue.record("the message that replaced it is lost")
            return
        }
        inbox.filed(3)
        let deleted = inbox.nextUndeleted()
        #expect(deleted == 3 && inbox.isClear)
    }

    @Test func theMachineClearsAPlaceOnceItsMessageIsOnDisk() throws {
        let now = EngineSamples.moment(.seconds(1))
        var machine = SIMWorkerMachine(seed: 1)
        machine.phase = .working
        machine.work = SIMWork(try EngineSamples.assignment(), at: now)
        machine.work?.inbox.announced(3)
        let read = machine.work?.inbox.nextUnread()
        #expect(read == 3)
        machine.received(try pdus("hello")[0], from: 3, at: now)
        guard case .file = machine.actions.last else {
            Issue.record("the message is filed")
            return
        }
        let tooEarly = machine.work?.inbox.nextUndeleted()
        #expect(tooEarly == nil)
        machine.work?.filed()
        let deleted = machine.work?.inbox.nextUndeleted()
        #expect(deleted == 3)
    }

    @Test func aClearedPlaceCanHoldAnotherMessage() throws {
        var inbox = try inbox()
        let isNew = inbox.listed(1)
        #expect(isNew)
        _ = inbox.read(1, pdu: try pdus("first")[0], at: now)
        inbox.filed(1)
        let isNewAgain = inbox.listed(1)
        #expect(!isNewAgain)
        let deleted = inbox.nextUndeleted()
        #expect(deleted == 1)
        inbox.announced(1)
        let unread = inbox.nextUnread()
        #expect(unread == 1)
    }

    @Test func partsInAnyOrderWithARestartBetweenMakeOneMessage() throws {
        let text = String(repeating: "0123456789", count: 40)
        let parts = try pdus(text)
        #expect(parts.count == 3)
        var before = try inbox()
        var onDisk: [InboxMessage] = []
        for part in [parts[2], parts[0], parts[2]] {
            guard case .parts(let filed) = before.read(nil, pdu: part, at: now) else {
                Issue.record("unfinished")
                return
            }
            #expect(filed.allSatisfy { !$0.isRead })
            onDisk += filed.filter { !onDisk.contains($0) }
        }
        var after = try inbox(onDisk)
        guard case .message(let message) = after.read(nil, pdu: parts[1], at: now) else {
            Issue.record("finished")
            return
        }
        #expect(message.text == text)
        #expect(message.parts.count == 3)
    }

    @Test func theSameOctetsAreInterpretedOnce() throws {
        var inbox = try inbox()
        let pdu = try pdus("hello")[0]
        guard case .message = inbox.read(1, pdu: pdu, at: now) else {
            Issue.record("read at first")
            return
        }
        guard case .parts = inbox.read(2, pdu: pdu, at: now) else {
            Issue.record("a repetition is filed and no more")
            return
        }
    }

    @Test func partsThatWaitTooLongAreFiledAsRead() throws {
        var inbox = try inbox()
        _ = inbox.read(1, pdu: try pdus(String(repeating: "x", count: 200))[0], at: now)
        let later = now.advanced(by: .seconds(7200))
        guard case .message(let message) = inbox.read(2, pdu: try pdus("hello")[0], at: later)
        else {
            Issue.record("read")
            return
        }
        #expect(message.parts.map(\.text) == ["hello"])
        let expired = inbox.takeExpired()
        #expect(expired.count == 1)
        #expect(expired.allSatisfy { $0.isRead })
    }

    @Test func partsOfTwoMessagesWithOneReferenceAreNotJoined() throws {
        var inbox = try inbox()
        let first = try pdus(String(repeating: "a", count: 200))
        let second = try pdus(String(repeating: "b", count: 200), sentAt: .seconds(60))
        let later = now.advanced(by: .seconds(60))
        _ = inbox.read(nil, pdu: first[0], at: now)
        guard case .parts = inbox.read(nil, pdu: second[1], at: later) else {
            Issue.record("the end of one answer behind the head of another")
            return
        }
        guard case .message(let message) = inbox.read(nil, pdu: second[0], at: later) else {
            Issue.record("the later message is whole")
            return
        }
        #expect(Set(message.text) == ["b"])
    }

    @Test(arguments: ["", "zz", "00", "0791"])
    func theUnreadableIsFiledAsItCame(pdu: String) throws {
        var inbox = try inbox()
        guard case .parts(let parts) = inbox.read(1, pdu: pdu, at: now) else {
            Issue.record("filed")
            return
        }
        #expect(parts.map(\.pdu) == [pdu])
    }
}
