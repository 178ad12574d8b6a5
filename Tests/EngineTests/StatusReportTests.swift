import Recharge
import SMSCodec
import TestSupport
import Testing

@testable import Engine

/// What the network says became of a request is kept beside its attempt, and settles nothing.
@Suite struct StatusReportTests {
    private static let now = EngineSamples.moment(.seconds(1))

    private static func machine(
        _ unresolved: [Attempt],
        closed: [ClosedAttempt] = [],
        at now: Moment = now
    ) throws -> SIMWorkerMachine {
        var machine = SIMWorkerMachine(seed: 1)
        machine.phase = .working
        let assignment = try EngineSamples.assignment(unresolved: unresolved, closed: closed)
        machine.work = SIMWork(assignment, at: now)
        return machine
    }

    private static func report(
        of reference: UInt8,
        _ status: UInt8 = 0,
        quoting text: String? = nil
    ) throws -> String {
        let stamp = try ServiceCentreTimestamp(
            utcMilliseconds: now.utc.milliseconds,
            quarterHours: 32
        )
        let report = SMSStatusReport(
            messageReference: reference,
            recipient: try SMSAddress(number: "10086"),
            timestamp: stamp,
            dischargeTime: stamp,
            status: SMSStatus(octet: status),
            userData: try text.map { try UserData(text: $0) }
        )
        return PDUFrame(tpdu: .statusReport(report)).hex
    }

    private static func kept(_ machine: SIMWorkerMachine) -> [(Attempt.ID, Evidence)] {
        machine.actions.compactMap { action in
            if case .keep(let evidence, let attempt) = action { (attempt, evidence) } else { nil }
        }
    }

    private static func filed(_ machine: SIMWorkerMachine) -> [InboxMessage] {
        machine.actions.flatMap { action -> [InboxMessage] in
            if case .file(let messages) = action { messages } else { [] }
        }
    }

    @Test func itIsKeptBesideTheAttemptWithItsReference() throws {
        let attempts = try [12, 13, 14].enumerated().map { place, reference in
            try EngineSamples.attempt(Int64(place + 1), number: place + 1, reference: reference)
        }
        var machine = try Self.machine(attempts)
        let pdu = try Self.report(of: 13, 0x46)
        machine.received(pdu, from: nil, at: Self.now)
        let kept = Self.kept(machine)
        #expect(kept.map(\.0) == [Attempt.ID(2)])
        #expect(machine.actions.count == 1)
        let evidence = try #require(kept.first?.1)
        #expect(evidence.kind == .statusReport)
        #expect(evidence.grade == .none && evidence.verdict == .inconclusive)
        #expect(evidence.raw == Array(pdu.utf8))
        #expect(evidence.parsed == "status report 46, not delivered, of message 13")
        #expect(evidence.sentAt == Self.now.utc)
        machine.received(pdu, from: nil, at: Self.now)
        #expect(Self.kept(machine).count == 1)
    }

    @Test func oneThatIsStoredIsDeletedOnceItIsOnDisk() throws {
        var machine = try Self.machine([try EngineSamples.attempt(1, number: 1, reference: 12)])
        machine.work?.inbox.announced(4)
        let read = machine.work?.inbox.nextUnread()
        #expect(read == 4)
        machine.received(try Self.report(of: 12), from: 4, at: Self.now)
        guard case .keep = machine.actions.first, case .file([]) = machine.actions.last else {
            Issue.record("kept, then cleared")
            return
        }
        let tooEarly = machine.work?.inbox.nextUndeleted()
        #expect(tooEarly == nil)
        machine.work?.filed()
        let deleted = machine.work?.inbox.nextUndeleted()
        #expect(deleted == 4)
    }

    @Test func referencesRepeatAndTheLastOneCounts() throws {
        var machine = try Self.machine([
            try EngineSamples.attempt(1, number: 1, reference: 12),
            try EngineSamples.attempt(2, number: 2, reference: 12),
        ])
        machine.received(try Self.report(of: 12), from: nil, at: Self.now)
        #expect(Self.kept(machine).map(\.0) == [Attempt.ID(2)])
    }

    @Test func anAttemptThatIsClosedHasItsReportToo() throws {
        var attempt = try EngineSamples.attempt(1, number: 1, reference: 12)
        attempt.outcome = .success
        let closed = ClosedAttempt(attempt: attempt, serial: "S1", closedAt: Self.now.utc)
        var machine = try Self.machine([], closed: [closed])
        machine.received(try Self.report(of: 12), from: nil, at: Self.now)
        #expect(Self.kept(machine).map(\.0) == [Attempt.ID(1)])
    }

    /// The line was lost that would have told the reference.
    @Test func theOneOpenAttemptWithoutAReferenceHasIt() throws {
        var machine = try Self.machine([try EngineSamples.attempt(1, number: 1)])
        machine.received(try Self.report(of: 12), from: nil, at: Self.now)
        #expect(Self.kept(machine).map(\.0) == [Attempt.ID(1)])
    }

    @Test(arguments: [[nil, nil], [13], [nil, 13]] as [[Int?]])
    func oneThatFitsNoAttemptIsFiledAsAMessage(references: [Int?]) throws {
        let attempts = try references.enumerated().map { place, reference in
            try EngineSamples.attempt(Int64(place + 1), number: place + 1, reference: reference)
        }
        var machine = try Self.machine(attempts)
        machine.received(try Self.report(of: 12), from: nil, at: Self.now)
        #expect(Self.kept(machine).isEmpty)
        #expect(Self.filed(machine).map(\.sender) == ["10086"])
        #expect(
            Self.filed(machine).map(\.text) == ["status report 00, delivered, of message 12"]
        )
    }

    @Test func oneThatComesTooLateIsNobodys() throws {
        var machine = try Self.machine([try EngineSamples.attempt(1, number: 1, reference: 12)])
        let later = EngineSamples.moment(.seconds(3600))
        machine.received(try Self.report(of: 12), from: nil, at: later)
        #expect(Self.kept(machine).isEmpty)
        #expect(Self.filed(machine).count == 1)
    }

    @Test(arguments: [nil, 12])
    func aPINInAReportReachesNoRow(reference: Int?) throws {
        let pin = EngineSamples.pin.revealed
        let attempts = [
            try EngineSamples.attempt(1, number: 1, reference: reference),
            try EngineSamples.attempt(2, number: 2, reference: reference),
        ]
        var machine = try Self.machine(attempts)
        let pdu = try Self.report(of: 12, quoting: "CZ#13800000001#10#\(pin)")
        machine.received(pdu, from: nil, at: Self.now)
        let shown =
            Self.kept(machine).map { String(decoding: $0.1.raw, as: UTF8.self) }
            + Self.filed(machine).map(\.pdu)
        #expect(shown.count == 1)
        for hex in shown {
            let frame = try PDUFrame(hex: hex, direction: .mobileTerminated)
            guard case .statusReport(let report) = frame.tpdu else { continue }
            let text = try report.userData?.text()
            #expect(text == "CZ#13800000001#10#******")
        }
    }
}
