import Carriers
import Recharge
import TestSupport
import Testing

@testable import Engine

/// An order like one before it, of whose charge the gateway knows no serial number.
///
/// A request, or its repetition, can arrive for 40 s and be answered for 70 s.
@Suite struct UnnumberedTests {
    typealias Closing = AttemptMemory.Closing

    private static func at(_ seconds: Int) -> Timestamp {
        Samples.midnight.advanced(by: .seconds(seconds))
    }

    /// The first attempt was armed at midnight and is closed; the second, of another job, is open.
    private static func memory(_ closing: Closing, secondAt seconds: Int) throws -> AttemptMemory {
        var memory = AttemptMemory(unresolved: [])
        memory.armed(try EngineSamples.attempt(1, number: 1))
        memory.close(Attempt.ID(1), closing)
        memory.armed(try EngineSamples.attempt(2, number: 1, armedAt: at(seconds)))
        return memory
    }

    private static func reconfirmation(at seconds: Int) throws -> Inquiry {
        Inquiry(
            id: Inquiry.ID(1),
            kind: .reconfirm,
            sim: try Samples.iccid(1),
            attempt: Attempt.ID(2),
            askedAt: at(seconds),
            answersUntil: at(seconds + 70)
        )
    }

    /// The carrier may have found the first one's charge and repeated its confirmation.
    @Test(arguments: [
        ("OK 13800000001 10", nil, false), ("OK 13800000001 10", "S0001", false),
        ("OK 13800000001 10 SN S0002", nil, false), ("OK 13800000001 10 SN S0002", "S0001", true),
    ])
    func aRepetitionIsToldByItsSerialOrProvesNothing(
        text: String,
        earlier: String?,
        isProof: Bool
    ) throws {
        let closing = Closing.success(serial: earlier, EngineSamples.stamp(20))
        let judgement = try AnswerJudgeTests().judge(
            text,
            try Self.memory(closing, secondAt: 100),
            after: .seconds(145),
            inquiries: [try Self.reconfirmation(at: 140)],
            profile: SparseCarrier.profile()
        )
        switch judgement {
        case .succeeded(let attempt, _): #expect(isProof && attempt.id == Attempt.ID(2))
        case .noted(let attempt, _): #expect(!isProof && attempt.id == Attempt.ID(2))
        case .refused, .nobodys: Issue.record("it concerns the second")
        }
    }

    @Test func whatIsRepeatedWhereNothingIsRememberedProvesNothingEither() throws {
        var memory = AttemptMemory(unresolved: [])
        memory.armed(try EngineSamples.attempt(2, number: 1, armedAt: Self.at(100)))
        let judgement = try AnswerJudgeTests().judge(
            "OK 13800000001 10",
            memory,
            after: .seconds(145),
            inquiries: [try Self.reconfirmation(at: 140)],
            profile: SparseCarrier.profile()
        )
        guard case .noted = judgement else {
            Issue.record("the charge may be one that is forgotten")
            return
        }
    }

    /// The first can be answered until 70 s: a second, detailed confirmation may be of it.
    @Test(arguments: [
        (Closing.success(serial: nil, EngineSamples.stamp(5)), 50, false), (.byOthers, 50, false),
        (.success(serial: nil, EngineSamples.stamp(5)), 80, true), (.byOthers, 80, true),
        (.success(serial: "S0007", EngineSamples.stamp(5)), 50, true),
        (.refused(EngineSamples.stamp(5)), 50, true), (.notSent, 50, true),
    ])
    func aSerialMayBeThatOfOneBefore(closing: Closing, armedAt: Int, isProof: Bool) throws {
        let judgement = try AnswerJudgeTests().judge(
            AnswerJudgeTests.success,
            try Self.memory(closing, secondAt: armedAt),
            after: .seconds(armedAt + 5)
        )
        switch judgement {
        case .succeeded(let attempt, _): #expect(isProof && attempt.id == Attempt.ID(2))
        case .noted(let attempt, _): #expect(!isProof && attempt.id == Attempt.ID(2))
        case .refused, .nobodys:
            // One that others closed is unanswered too: whose it is cannot be told.
            #expect(!isProof)
        }
    }

    /// The carrier's clock stamps records; it may be two minutes from that of the messages.
    @Test(arguments: [
        (Closing.success(serial: nil, EngineSamples.stamp(5)), 20, false), (.byOthers, 20, false),
        (.refused(EngineSamples.stamp(5)), 20, false), (.absent, 20, false), (.notSent, 20, true),
        (.success(serial: "S0007", EngineSamples.stamp(5)), 20, true),
        (.success(serial: nil, EngineSamples.stamp(5)), 300, true),
    ])
    func aRecordMayBeThatOfOneBefore(closing: Closing, armedAt: Int, isProof: Bool) throws {
        // The record is five seconds old, and so executed five seconds after the second's arming.
        let seconds = armedAt + 10
        let time = armedAt == 20 ? "2026-11-23 08:00:25" : "2026-11-23 08:05:05"
        let judgement = try AnswerJudgeTests().judge(
            "On record: 10.00 CNY to 13800000001 at \(time), serial S0002.",
            try Self.memory(closing, secondAt: armedAt),
            after: .seconds(seconds)
        )
        switch judgement {
        case .succeeded(let attempt, _): #expect(isProof && attempt.id == Attempt.ID(2))
        case .noted(let attempt, _): #expect(!isProof && attempt.id == Attempt.ID(2))
        case .refused, .nobodys: Issue.record("it concerns the second")
        }
    }

    @Test func aRecordThatIsYetToComeProvesNothing() throws {
        var memory = AttemptMemory(unresolved: [])
        memory.armed(try EngineSamples.attempt(2, number: 1))
        let judgement = try AnswerJudgeTests().judge(
            "On record: 10.00 CNY to 13800000001 at 2026-11-23 08:05:00, serial S0002.",
            memory,
            after: .seconds(40)
        )
        guard case .noted = judgement else {
            Issue.record("the carrier's clocks are of no use")
            return
        }
    }

    // MARK: Successes that came too late

    @Test func theSerialOfALateSuccessIsKnown() throws {
        var memory = try Self.memory(.refused(EngineSamples.stamp(5)), secondAt: 50)
        memory.close(Attempt.ID(1), .success(serial: "S0001", EngineSamples.stamp(30)))
        guard memory.entries[0].isRefused, !memory.bearers(of: "S0001").isEmpty else {
            Issue.record("the verdict stands, the serial is known")
            return
        }
        let again = try AnswerJudgeTests().judge(
            AnswerJudgeTests.success,
            memory,
            after: .seconds(55)
        )
        #expect(again == .nobodys)
    }

    @Test func theNextWorkerKnowsItToo() throws {
        var refused = try EngineSamples.attempt(1, number: 1)
        refused.outcome = .notExecuted
        let ended = ClosedAttempt(attempt: refused, serial: "S0001", closedAt: Self.at(5))
        let memory = AttemptMemory(unresolved: [], closed: [ended])
        #expect(memory.entries[0].isRefused)
        #expect(!memory.bearers(of: "S0001").isEmpty)
    }

    @Test func theWorkerRemembersItWhileAnotherAttemptOfTheJobIsInDoubt() throws {
        let now = EngineSamples.moment(.seconds(60))
        var work = SIMWork(try EngineSamples.assignment(), at: EngineSamples.moment(.zero))
        work.memory = try Self.memory(.refused(EngineSamples.stamp(5)), secondAt: 50)
        work.settlements.append(
            SIMWork.PendingSettlement(
                attempt: Attempt.ID(1),
                closing: .success(serial: "S0001", EngineSamples.stamp(60)),
                isInHand: false,
                balance: nil,
                index: nil
            )
        )
        work.settled(as: .unknown, at: now)
        #expect(!work.memory.bearers(of: "S0001").isEmpty)
        #expect(work.memory.entries.map { $0.closing == nil } == [false, true])
    }
}
