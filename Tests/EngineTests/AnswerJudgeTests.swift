import Carriers
import Recharge
import TestSupport
import Testing

@testable import Engine

@Suite struct AnswerJudgeTests {
    static let success =
        "Recharge of 10.00 CNY to 13800000001 succeeded. Serial S0001. Balance 90.00 CNY."
    static let busy = "Recharge of 10.00 CNY to 13800000001 failed: busy, try later."

    /// The judgement on a text that came so long after midnight, when the attempts were armed.
    func judge(
        _ text: String,
        _ memory: AttemptMemory,
        sentAt: Duration? = nil,
        after: Duration = .seconds(20),
        inquiries: [Inquiry] = [],
        profile: CarrierProfile? = nil,
        resolver: DoubtResolver? = nil
    ) throws -> AnswerJudge.Judgement {
        let profile = try profile ?? EngineSamples.knownProfile()
        guard case .matched(let answer) = profile.read(text: text, from: "10086") else {
            Issue.record("no rule reads this text")
            return .nobodys
        }
        let now = Samples.midnight.advanced(by: after)
        let message = Inbox.Message(
            sender: "10086",
            text: text,
            sentAt: Samples.midnight.advanced(by: sentAt ?? after),
            parts: []
        )
        let statement = AnswerJudge.Statement(
            answer: answer,
            message: message,
            index: nil,
            receivedAt: now
        )
        return AnswerJudge(
            profile: profile,
            memory: memory,
            resolver: resolver ?? DoubtResolver(profile: profile, inquiries: inquiries),
            now: now,
            latest: now,
            jitter: 0
        ).judge(statement)
    }

    @Test func anAnswerFindsItsOwnAttemptAmongSeveral() throws {
        let own = try EngineSamples.attempt(2, number: 1)
        let memory = AttemptMemory(unresolved: [
            try EngineSamples.attempt(1, number: 3), own,
            try EngineSamples.attempt(3, number: 1, yuan: 20),
        ])
        guard case .succeeded(let attempt, let evidence) = try judge(Self.success, memory) else {
            Issue.record("the answer proves its attempt")
            return
        }
        #expect(attempt == own)
        #expect(evidence.grade == .answer)
        #expect(!evidence.parsed.contains("13800000001"))
    }

    @Test(arguments: [(2, 10), (1, 20)])
    func anAnswerForAnotherNumberOrAmountIsNobodys(number: Int, yuan: Int64) throws {
        let attempt = try EngineSamples.attempt(1, number: number, yuan: yuan)
        let judgement = try judge(Self.success, AttemptMemory(unresolved: [attempt]))
        #expect(judgement == .nobodys)
    }

    @Test func withoutAnAttemptAnAnswerIsNobodys() throws {
        let judgement = try judge(Self.success, AttemptMemory(unresolved: []))
        #expect(judgement == .nobodys)
    }

    /// The request can arrive for 40 s; what is asked can be answered for 70 s.
    @Test(arguments: [
        (asked: nil, answered: 120, isFinal: false), (asked: 30, answered: 35, isFinal: false),
        (asked: 100, answered: 120, isFinal: true), (asked: 100, answered: 171, isFinal: false),
    ])
    func anAbsentRecordIsFinalOnlyOnceNothingCanArriveAndAsAnAnswer(
        asked: Int?,
        answered: Int,
        isFinal: Bool
    ) throws {
        let attempt = try EngineSamples.attempt(1, number: 1)
        let inquiries = try asked.map { try EngineSamples.asked(about: attempt, at: $0) }
        let judgement = try judge(
            "No record of 10.00 CNY to 13800000001.",
            AttemptMemory(unresolved: [attempt]),
            after: .seconds(answered),
            inquiries: inquiries.map { [$0] } ?? []
        )
        switch judgement {
        case .refused: #expect(isFinal)
        case .noted: #expect(!isFinal)
        case .succeeded, .nobodys: Issue.record("\(judgement)")
        }
    }

    /// The SIM had lost its network, which kept the answer to a question of long ago.
    @Test(arguments: [
        (sentAt: 160, isKnown: true, isFinal: false), (sentAt: 175, isKnown: true, isFinal: true),
        (sentAt: 160, isKnown: false, isFinal: true),
    ])
    func anAnswerThatLaySomewhereIsNoneToANewQuestion(
        sentAt: Int,
        isKnown: Bool,
        isFinal: Bool
    ) throws {
        let attempt = try EngineSamples.attempt(1, number: 1)
        var memory = AttemptMemory(unresolved: [attempt])
        if isKnown { memory.heard(EngineSamples.stamp(10)) }
        let asked = Inquiry(
            id: Inquiry.ID(1),
            kind: .history,
            sim: try Samples.iccid(1),
            attempt: attempt.id,
            askedAt: Samples.midnight.advanced(by: .seconds(200)),
            answersUntil: Samples.midnight.advanced(by: .seconds(270)),
            outcome: nil
        )
        let judgement = try judge(
            "No record of 10.00 CNY to 13800000001.",
            memory,
            sentAt: .seconds(sentAt),
            after: .seconds(210),
            inquiries: [asked]
        )
        switch judgement {
        case .refused: #expect(isFinal)
        case .noted: #expect(!isFinal)
        case .succeeded, .nobodys: Issue.record("\(judgement)")
        }
    }

    @Test func aBalanceThatDoesNotAddUpProvesNothing() throws {
        for (before, isProof) in [(Int64(100), true), (150, false)] {
            let attempt = try EngineSamples.attempt(1, number: 1, balanceBefore: before)
            let judgement = try judge(Self.success, AttemptMemory(unresolved: [attempt]))
            if case .succeeded = judgement { #expect(isProof) } else { #expect(!isProof) }
        }
    }

    /// It states 90 yuan: what is left of 100 if the order was executed after all.
    @Test(arguments: [(nil, true), (90, true), (100, false)] as [(Int64?, Bool)])
    func aRefusalWhoseBalanceIsNotThatOfBeforeProvesNothing(
        before: Int64?,
        isProof: Bool
    ) throws {
        let text = "Recharge of 10.00 CNY to 13800000001 failed: insufficient balance 90.00 CNY."
        let attempt = try EngineSamples.attempt(1, number: 1, balanceBefore: before)
        var memory = AttemptMemory(unresolved: [])
        memory.armed(attempt)
        switch try judge(text, memory) {
        case .refused(attempt, _, _): #expect(isProof)
        case .noted(attempt, _): #expect(!isProof)
        case .succeeded, .refused, .noted, .nobodys: Issue.record("it concerns the attempt")
        }
        // What was spent since may have changed it.
        memory.armed(try EngineSamples.attempt(2, number: 2))
        guard case .refused(attempt, _, _) = try judge(text, memory) else {
            Issue.record("the float of before is not the last that is known")
            return
        }
    }

    @Test func anAnswerAfterTheWindowProvesNothing() throws {
        let memory = AttemptMemory(unresolved: [try EngineSamples.attempt(1, number: 1)])
        guard case .noted = try judge(Self.success, memory, after: .seconds(86_400)) else {
            Issue.record("a day later is too late")
            return
        }
    }

    @Test func aRepeatedSuccessIsNotCreditedToTheNextAttempt() throws {
        var memory = AttemptMemory(unresolved: [])
        memory.armed(try EngineSamples.attempt(1, number: 1))
        memory.close(Attempt.ID(1), .success(serial: "S0001", EngineSamples.stamp(20)))
        memory.armed(try EngineSamples.attempt(2, number: 1))
        let judgement = try judge(Self.success, memory)
        #expect(judgement == .nobodys)
    }

    @Test func aLateSuccessContradictsARefusalThatAnEarlierWorkerFiled() throws {
        var refused = try EngineSamples.attempt(1, number: 1)
        refused.outcome = .notExecuted
        let ended = ClosedAttempt(attempt: refused, serial: nil, closedAt: Samples.midnight)
        let memory = AttemptMemory(unresolved: [], closed: [ended])
        guard case .succeeded(refused, _) = try judge(Self.success, memory) else {
            Issue.record("it would be nobody's, and the order would go out again")
            return
        }
    }

    @Test func aRefusalIsNotBelievedWhereAnEarlierWorkersOneMayBeRepeated() throws {
        var refused = try EngineSamples.attempt(1, number: 1)
        refused.outcome = .notExecuted
        let ended = ClosedAttempt(attempt: refused, serial: nil, closedAt: Samples.midnight)
        var memory = AttemptMemory(unresolved: [], closed: [ended])
        let rearmedAt = Samples.midnight.advanced(by: .seconds(15))
        memory.armed(try EngineSamples.attempt(2, number: 1, ordinal: 2, armedAt: rearmedAt))
        if case .refused = try judge(Self.busy, memory) {
            Issue.record("a repetition closed an attempt that may be under way")
        }
    }

    @Test func aSuccessThatAnEarlierWorkerFiledIsNotCreditedAgain() throws {
        var succeeded = try EngineSamples.attempt(1, number: 1)
        succeeded.outcome = .success
        let ended = ClosedAttempt(attempt: succeeded, serial: "S0001", closedAt: Samples.midnight)
        var memory = AttemptMemory(unresolved: [], closed: [ended])
        memory.armed(try EngineSamples.attempt(2, number: 1))
        #expect(try judge(Self.success, memory) == .nobodys)
    }

    @Test(arguments: [(21, false), (110, false), (130, true)])
    func aRepeatedRefusalIsNotTakenForTheNextAttempts(sentAt: Int, isFresh: Bool) throws {
        var memory = AttemptMemory(unresolved: [])
        memory.armed(try EngineSamples.attempt(1, number: 1))
        let earlier = AttemptMemory.Stamp(
            // The network's clock runs ten seconds ahead.
            sentAt: Samples.midnight.advanced(by: .seconds(30)),
            receivedAt: Samples.midnight.advanced(by: .seconds(20))
        )
        memory.close(Attempt.ID(1), .refused(earlier))
        let rearmedAt = Samples.midnight.advanced(by: .seconds(110))
        memory.armed(try EngineSamples.attempt(2, number: 1, ordinal: 2, armedAt: rearmedAt))
        let judgement = try judge(
            Self.busy,
            memory,
            sentAt: .seconds(sentAt),
            after: .seconds(135)
        )
        if case .refused = judgement { #expect(isFresh) } else { #expect(!isFresh) }
    }

    /// Its own refusal comes after the record, or a person, said that there was none of it and it
    /// was sent again.
    @Test(arguments: [true, false])
    func aLateRefusalIsNotTakenForTheNextAttempts(byTheRecord: Bool) throws {
        var memory = AttemptMemory(unresolved: [])
        memory.armed(try EngineSamples.attempt(1, number: 1))
        if byTheRecord { memory.close(Attempt.ID(1), .absent) }
        let rearmedAt = Samples.midnight.advanced(by: .seconds(110))
        memory.armed(try EngineSamples.attempt(2, number: 1, ordinal: 2, armedAt: rearmedAt))
        let judgement = try judge(Self.busy, memory, after: .seconds(120))
        guard case .noted = judgement else {
            Issue.record("the second may be under way: \(judgement)")
            return
        }
    }

    @Test func aLateSuccessOfARefusedAttemptIsReportedAgainstIt() throws {
        var memory = AttemptMemory(unresolved: [])
        let attempt = try EngineSamples.attempt(1, number: 1)
        memory.armed(attempt)
        let stamp = AttemptMemory.Stamp(sentAt: nil, receivedAt: Samples.midnight)
        memory.close(attempt.id, .refused(stamp))
        guard case .succeeded(attempt, _) = try judge(Self.success, memory) else {
            Issue.record("the contradiction reaches the store")
            return
        }
    }

    @Test func aLateSuccessAfterSeveralRefusalsIsReportedAgainstTheLast() throws {
        var memory = AttemptMemory(unresolved: [])
        let attempts = try [1, 2].map {
            try EngineSamples.attempt(Int64($0), number: 1, ordinal: $0)
        }
        for attempt in attempts {
            memory.armed(attempt)
            let stamp = AttemptMemory.Stamp(sentAt: nil, receivedAt: Samples.midnight)
            memory.close(attempt.id, .refused(stamp))
        }
        guard case .succeeded(attempts[1], _) = try judge(Self.success, memory) else {
            Issue.record("the job must not go out a third time")
            return
        }
    }

    @Test(arguments: [(20, 150), (86_400, 100)])
    func aSuccessThatIsNoProofStillContradictsARefusal(seconds: Int, before: Int64) throws {
        var memory = AttemptMemory(unresolved: [])
        let attempt = try EngineSamples.attempt(1, number: 1, balanceBefore: before)
        memory.armed(attempt)
        memory.close(attempt.id, .notSent)
        let judgement = try judge(Self.success, memory, after: .seconds(seconds))
        guard case .succeeded(attempt, _) = judgement else {
            Issue.record("in doubt the job is held, not sent again")
            return
        }
    }

    @Test(arguments: [1, 2])
    func aRefusalOfAnAttemptBeforeARestartIsNoProof(ordinal: Int) throws {
        let memory = AttemptMemory(unresolved: [
            try EngineSamples.attempt(2, number: 1, ordinal: ordinal)
        ])
        guard case .noted = try judge(Self.busy, memory) else {
            Issue.record("it may repeat the refusal of an attempt that is forgotten")
            return
        }
    }

    /// A record of half a minute ago, whatever our clock made of the arming.
    @Test(arguments: [(false, false, true), (true, false, true), (false, true, false)])
    func ofTheCarriersMomentsOnlyTheirDistanceCounts(
        isInherited: Bool,
        isOlder: Bool,
        isProof: Bool
    ) throws {
        let attempt = try EngineSamples.attempt(1, number: 1)
        var memory = AttemptMemory(unresolved: isInherited ? [attempt] : [])
        if !isInherited { memory.armed(attempt) }
        // The carrier's clock is an hour behind ours; midnight here is eight in China.
        let time = isOlder ? "2026-11-23 06:50:00" : "2026-11-23 07:00:10"
        let text = "On record: 10.00 CNY to 13800000001 at \(time), serial S0002."
        let judgement = try judge(
            text,
            memory,
            sentAt: .seconds(-3600 + 40),
            after: .seconds(40)
        )
        if case .succeeded = judgement { #expect(isProof) } else { #expect(!isProof) }
    }

    /// The record shows an hour and more: it is that of an order before, or the attempt's own, as
    /// when clocks were put back between.
    @Test(arguments: [(serial: "S0001", isAbsent: true), (serial: "S0002", isAbsent: false)])
    func onlyASerialThatIsKnownTellsAnEarlierRecharge(serial: String, isAbsent: Bool) throws {
        var memory = AttemptMemory(unresolved: [])
        let earlier = Samples.midnight.advanced(by: .seconds(-3600))
        memory.armed(try EngineSamples.attempt(1, number: 1, armedAt: earlier))
        memory.close(Attempt.ID(1), .success(serial: "S0001", EngineSamples.stamp(-3580)))
        let attempt = try EngineSamples.attempt(2, number: 1)
        memory.armed(attempt)
        let inquiry = try EngineSamples.asked(about: attempt)
        let judgement = try judge(
            "On record: 10.00 CNY to 13800000001 at 2026-11-23 07:00:10, serial \(serial).",
            memory,
            after: .seconds(120),
            inquiries: [inquiry]
        )
        switch judgement {
        case .refused(attempt, _, _): #expect(isAbsent)
        case .noted(attempt, _): #expect(!isAbsent)
        case .succeeded, .refused, .noted, .nobodys: Issue.record("\(judgement)")
        }
    }
}
