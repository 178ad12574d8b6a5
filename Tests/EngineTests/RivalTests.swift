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
        (armedAt: 20, repeatedAt: nil, isProof: true),
        (armedAt: 50, repeatedAt: nil, isProof: false),
        (armedAt: 0, repeatedAt: 40, isProof: false), (armedAt: 0, repeatedAt: 30, isProof: true),
    ])
    func aRefusalIsBelievedOnceTheAttemptThatSucceededCanNoLongerBeAnswered(
        armedAt: Int,
        repeatedAt: Int?,
        isProof: Bool
    ) throws {
        var memory = AttemptMemory(unresolved: [])
        memory.armed(try EngineSamples.attempt(1, number: 1, armedAt: Self.at(armedAt)))
        memory.close(Attempt.ID(1), .success(serial: "S0001"))
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
        memory.close(attempt.id, .success(serial: "S0001"))
        guard case .refused(attempt, _, _) = try refusal(memory, at: 20) else {
            Issue.record("a dispute is opened")
            return
        }
    }

    /// Answers say whether they are about a reversal.
    @Test func aRechargeIsNoRivalOfItsReversal() throws {
        var memory = AttemptMemory(unresolved: [])
        memory.armed(try EngineSamples.attempt(1, number: 1, armedAt: Self.at(90)))
        memory.close(Attempt.ID(1), .success(serial: "S0001"))
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
}
