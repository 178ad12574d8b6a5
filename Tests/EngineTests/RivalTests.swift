import Carriers
import Recharge
import TestSupport
import Testing

@testable import Engine

/// Two attempts for one number and amount on one SIM, of which the first succeeded.
///
/// A request, or its repetition, can be answered for 70 s.
@Suite struct RivalTests {
    private static func at(_ seconds: Int) -> Timestamp {
        Samples.midnight.advanced(by: .seconds(seconds))
    }

    /// The judgement on a refusal of the second, which was armed at 100 s.
    private func refusal(
        _ memory: AttemptMemory,
        at seconds: Int,
        repeatedAt repeated: Int? = nil
    ) throws -> AnswerJudge.Judgement {
        let inquiries = try repeated.map { asked in
            Inquiry(
                id: Inquiry.ID(1),
                kind: .reconfirm,
                sim: try Samples.iccid(1),
                attempt: Attempt.ID(1),
                askedAt: Self.at(asked),
                answersUntil: Self.at(asked + 70),
                outcome: .answered
            )
        }
        return try AnswerJudgeTests().judge(
            AnswerJudgeTests.busy,
            memory,
            after: .seconds(seconds),
            inquiries: inquiries.map { [$0] } ?? []
        )
    }

    /// Its late answer, or that to its repetition, is not the next one's.
    @Test(arguments: [
        (armedAt: 20, closedAt: 30, repeatedAt: nil, isProof: true),
        (armedAt: 20, closedAt: 40, repeatedAt: nil, isProof: false),
        (armedAt: 0, closedAt: 30, repeatedAt: 40, isProof: false),
        (armedAt: 0, closedAt: 30, repeatedAt: 30, isProof: true),
    ])
    func aRefusalIsBelievedOnceTheAttemptThatSucceededCanNoLongerBeAnswered(
        armedAt: Int,
        closedAt: Int,
        repeatedAt: Int?,
        isProof: Bool
    ) throws {
        var memory = AttemptMemory(unresolved: [])
        memory.armed(try EngineSamples.attempt(1, number: 1, armedAt: Self.at(armedAt)))
        memory.close(Attempt.ID(1), .success(serial: "S0001", EngineSamples.stamp(closedAt)))
        let attempt = try EngineSamples.attempt(2, number: 1, armedAt: Self.at(100))
        memory.armed(attempt)
        switch try refusal(memory, at: 105, repeatedAt: repeatedAt) {
        case .refused(attempt, _, _): #expect(isProof)
        case .noted(attempt, _): #expect(!isProof)
        case .succeeded, .refused, .noted, .nobodys: Issue.record("it concerns the second")
        }
    }

    /// How long ago an earlier worker's was armed is not known.
    @Test(arguments: [(began: 30, isProof: true), (began: 50, isProof: false)])
    func theSuccessOfAnEarlierWorkerIsAsOldAsThisOne(began: Int, isProof: Bool) throws {
        var succeeded = try EngineSamples.attempt(1, number: 1, armedAt: Self.at(-86_400))
        succeeded.outcome = .success
        let ended = ClosedAttempt(attempt: succeeded, serial: "S0001", closedAt: Self.at(-86_390))
        var memory = AttemptMemory(unresolved: [], closed: [ended], at: Self.at(began))
        memory.armed(try EngineSamples.attempt(2, number: 1, armedAt: Self.at(100)))
        if case .refused = try refusal(memory, at: 105) {
            #expect(isProof)
        } else {
            #expect(!isProof)
        }
    }

    @Test func aRefusalOfTheSuccessItselfContradictsIt() throws {
        let attempt = try EngineSamples.attempt(1, number: 1)
        var memory = AttemptMemory(unresolved: [])
        memory.armed(attempt)
        memory.close(attempt.id, .success(serial: "S0001", EngineSamples.stamp(10)))
        guard case .refused(attempt, _, _) = try refusal(memory, at: 20) else {
            Issue.record("a dispute is opened")
            return
        }
    }

    /// Answers say whether they are about a reversal.
    @Test func aRechargeIsNoRivalOfItsReversal() throws {
        var memory = AttemptMemory(unresolved: [])
        memory.armed(try EngineSamples.attempt(1, number: 1, armedAt: Self.at(90)))
        memory.close(Attempt.ID(1), .success(serial: "S0001", EngineSamples.stamp(95)))
        let reversal = try EngineSamples.attempt(
            2,
            number: 1,
            armedAt: Self.at(100),
            reversing: "S0001"
        )
        memory.armed(reversal)
        let judgement = try AnswerJudgeTests().judge(
            "Reversal of S0001 (10.00 CNY to 13800000001) failed: wrong PIN.",
            memory,
            after: .seconds(105)
        )
        guard case .refused(reversal, _, _) = judgement else {
            Issue.record("the recharge cannot have been answered so")
            return
        }
    }

    // MARK: Without serial numbers

    /// The judgement on a confirmation without a serial that comes 5 s after the second's arming.
    private func success(
        _ memory: AttemptMemory,
        sentAt: Int,
        armedAt: Int
    ) throws -> AnswerJudge.Judgement {
        try AnswerJudgeTests().judge(
            "OK 13800000001 10",
            memory,
            sentAt: .seconds(sentAt),
            after: .seconds(armedAt + 5),
            profile: SparseCarrier.profile()
        )
    }

    /// The first was confirmed at 20 s, by a clock ten seconds ahead, and can be answered until 70.
    @Test(arguments: [
        (armedAt: 100, sentAt: 113, isProof: true), (armedAt: 100, sentAt: 30, isProof: false),
        (armedAt: 100, sentAt: 108, isProof: false), (armedAt: 60, sentAt: 73, isProof: false),
    ])
    func aRepeatedConfirmationProvesNoOtherAttempt(
        armedAt: Int,
        sentAt: Int,
        isProof: Bool
    ) throws {
        var memory = AttemptMemory(unresolved: [])
        memory.armed(try EngineSamples.attempt(1, number: 1))
        let stamp = EngineSamples.stamp(20, sentAt: 30)
        memory.close(Attempt.ID(1), .success(serial: nil, stamp))
        let attempt = try EngineSamples.attempt(2, number: 1, armedAt: Self.at(armedAt))
        memory.armed(attempt)
        switch try success(memory, sentAt: sentAt, armedAt: armedAt) {
        case .succeeded(attempt, _): #expect(isProof)
        case .noted(attempt, _): #expect(!isProof)
        case .succeeded, .refused, .noted, .nobodys: Issue.record("it concerns the second")
        }
    }

    /// It was read when the first could hardly be answered any more: its copies come after it.
    @Test(arguments: [(armedAt: 130, isProof: false), (armedAt: 140, isProof: true)])
    func copiesFollowALateConfirmation(armedAt: Int, isProof: Bool) throws {
        var memory = AttemptMemory(unresolved: [])
        memory.armed(try EngineSamples.attempt(1, number: 1))
        memory.close(Attempt.ID(1), .success(serial: nil, EngineSamples.stamp(69)))
        let attempt = try EngineSamples.attempt(2, number: 1, armedAt: Self.at(armedAt))
        memory.armed(attempt)
        switch try success(memory, sentAt: armedAt + 5, armedAt: armedAt) {
        case .succeeded(attempt, _): #expect(isProof)
        case .noted(attempt, _): #expect(!isProof)
        case .succeeded, .refused, .noted, .nobodys: Issue.record("it concerns the second")
        }
    }

    /// The carrier's record told of the first: its own confirmation may be late, and sent just now.
    @Test func aConfirmationMayBeThatOfOneThatARecordSettled() throws {
        var memory = AttemptMemory(unresolved: [])
        memory.armed(try EngineSamples.attempt(1, number: 1))
        let text = "On record: 10.00 CNY to 13800000001 at 2026-11-23 08:00:15, serial S0001."
        guard
            case .matched(let answer) = try EngineSamples.knownProfile().read(
                text: text,
                from: "10086"
            )
        else {
            Issue.record("it is a record")
            return
        }
        let message = Inbox.Message(sender: "10086", text: text, sentAt: Self.at(20), parts: [])
        let record = AnswerJudge.Statement(
            answer: answer,
            message: message,
            index: nil,
            receivedAt: Self.at(20)
        )
        memory.close(Attempt.ID(1), .success(serial: "S0001", record.stamp))
        let attempt = try EngineSamples.attempt(2, number: 1, armedAt: Self.at(1000))
        memory.armed(attempt)
        guard case .noted(attempt, _) = try success(memory, sentAt: 1005, armedAt: 1000) else {
            Issue.record("it may be the first one's")
            return
        }
    }

    /// When its confirmation was sent is not on file.
    @Test func theConfirmationOfAnEarlierWorkersAttemptIsToldFromNone() throws {
        var succeeded = try EngineSamples.attempt(1, number: 1, armedAt: Self.at(-86_400))
        succeeded.outcome = .success
        let ended = ClosedAttempt(attempt: succeeded, serial: nil, closedAt: Self.at(-86_390))
        var memory = AttemptMemory(unresolved: [], closed: [ended])
        memory.armed(try EngineSamples.attempt(2, number: 1, armedAt: Self.at(100)))
        guard case .noted = try success(memory, sentAt: 103, armedAt: 100) else {
            Issue.record("it may be repeated")
            return
        }
    }

    /// It is not in the second's way, nor is what was refused.
    @Test func aConfirmationOfAnotherAmountIsNoRival() throws {
        var memory = AttemptMemory(unresolved: [])
        memory.armed(try EngineSamples.attempt(1, number: 1, yuan: 20, armedAt: Self.at(90)))
        memory.close(Attempt.ID(1), .success(serial: nil, EngineSamples.stamp(95)))
        memory.armed(try EngineSamples.attempt(2, number: 1, armedAt: Self.at(96)))
        memory.close(Attempt.ID(2), .refused(EngineSamples.stamp(97)))
        let attempt = try EngineSamples.attempt(3, number: 1, armedAt: Self.at(100))
        memory.armed(attempt)
        guard case .succeeded(attempt, _) = try success(memory, sentAt: 103, armedAt: 100) else {
            Issue.record("only a success of the same number and amount can be repeated")
            return
        }
    }

    /// It may have succeeded or not, and what the carrier says of it may be still to come.
    @Test func whatIsSaidOfOneThatOthersClosedProvesNothingOfTheNext() throws {
        var memory = AttemptMemory(unresolved: [])
        memory.armed(try EngineSamples.attempt(1, number: 1))
        memory.close(Attempt.ID(1), .byOthers)
        let attempt = try EngineSamples.attempt(2, number: 1, armedAt: Self.at(100))
        memory.armed(attempt)
        guard case .noted(attempt, _) = try success(memory, sentAt: 113, armedAt: 100),
            case .noted(attempt, _) = try refusal(memory, at: 105)
        else {
            Issue.record("it may be of the first")
            return
        }
        var soon = AttemptMemory(unresolved: [])
        soon.armed(try EngineSamples.attempt(1, number: 1, armedAt: Self.at(50)))
        soon.close(Attempt.ID(1), .byOthers)
        soon.armed(attempt)
        guard case .nobodys = try success(soon, sentAt: 113, armedAt: 100) else {
            Issue.record("it may be of either")
            return
        }
    }
}
