import Carriers
import GatewaySimulation
import Recharge
import TestSupport
import Testing

@testable import Engine

/// What says that money moved without proving it, and what a record cannot tell.
@Suite struct ContradictionTests {
    private let judging = AnswerJudgeTests()

    private static func memory(_ attempts: [Attempt]) -> AttemptMemory {
        var memory = AttemptMemory(unresolved: [])
        for attempt in attempts { memory.armed(attempt) }
        return memory
    }

    @Test func aSuccessThatComesTooLateStillSaysSo() throws {
        let attempt = try EngineSamples.attempt(1, number: 1)
        let judgement = try judging.judge(
            AnswerJudgeTests.success,
            Self.memory([attempt]),
            after: .seconds(71)
        )
        guard case .noted(attempt, let evidence) = judgement else {
            Issue.record("\(judgement)")
            return
        }
        #expect(evidence.verdict == .success && evidence.grade == .none)
    }

    @Test func anOrderInHandSaysMoreThanNothing() throws {
        let attempt = try EngineSamples.attempt(1, number: 1)
        let judgement = try judging.judge(
            "Recharge of 10.00 CNY to 13800000001 is in progress.",
            Self.memory([attempt])
        )
        guard case .noted(attempt, let evidence) = judgement else {
            Issue.record("\(judgement)")
            return
        }
        #expect(evidence.verdict == .inconclusive && evidence.grade == .answer)
    }

    /// One that may be a repetition of that for an order before, or is of something else.
    @Test(arguments: [
        ("Recharge of 10.00 CNY to 13800000001 is in progress.", 20, false, isOwn: true),
        ("Recharge of 10.00 CNY to 13800000001 is in progress.", 20, true, isOwn: false),
        ("Recharge of 10.00 CNY to 13800000001 is in progress.", 71, false, isOwn: false),
    ])
    func anOrderInHandIsTheAttemptsOwn(
        text: String,
        after: Int,
        isSecond: Bool,
        isOwn: Bool
    ) throws {
        var memory = AttemptMemory(unresolved: [])
        if isSecond {
            memory.armed(try EngineSamples.attempt(1, number: 1))
            memory.close(Attempt.ID(1), .refused(EngineSamples.stamp(5)))
        }
        memory.armed(try EngineSamples.attempt(2, number: 1))
        let judgement = try judging.judge(text, memory, after: .seconds(after))
        guard case .noted(_, let evidence) = judgement else {
            Issue.record("\(judgement)")
            return
        }
        #expect((evidence.grade == .answer) == isOwn && evidence.verdict == .inconclusive)
    }

    /// A promotion may come from a centre whose clock is hours ahead.
    @Test(arguments: [true, false])
    func onlyAnswersTellTheNetworksClock(isAnswer: Bool) throws {
        let attempt = try EngineSamples.attempt(1, number: 1)
        var memory = Self.memory([attempt])
        var stamp = EngineSamples.stamp(10, sentAt: 28_810)
        stamp.isAnswer = isAnswer
        memory.heard(stamp)
        let judgement = try judging.judge(AnswerJudgeTests.success, memory)
        if case .succeeded = judgement { #expect(!isAnswer) } else { #expect(isAnswer) }
    }

    /// A carrier that counts anew each day, or writes zeros where it has no number; its clock may
    /// show an hour twice.
    @Test(arguments: [(armed: 0, time: "08:00:10"), (armed: -3600, time: "07:00:10")])
    func aSerialNumberOfAnotherOrderIsNoRepetition(armed: Int, time: String) throws {
        let armedAt = Samples.midnight.advanced(by: .seconds(armed))
        let other = try EngineSamples.attempt(1, number: 2, yuan: 20, armedAt: armedAt)
        var memory = Self.memory([other])
        memory.close(Attempt.ID(1), .success(serial: "S0001", EngineSamples.stamp(5)))
        let attempt = try EngineSamples.attempt(2, number: 1)
        memory.armed(attempt)
        // The store knows the other job by it, and opens a dispute.
        guard case .succeeded(attempt, _) = try judging.judge(AnswerJudgeTests.success, memory)
        else {
            Issue.record("it is not handed on")
            return
        }
        let record = try judging.judge(
            "On record: 10.00 CNY to 13800000001 at 2026-11-23 \(time), serial S0001.",
            memory,
            after: .seconds(120),
            inquiries: [try EngineSamples.asked(about: attempt)]
        )
        guard case .noted(attempt, _) = record else {
            Issue.record("\(record)")
            return
        }
    }

    /// The record is five minutes old, the attempt four or less than two.
    @Test(arguments: [(200, isAbsent: true), (60, isAbsent: false)])
    func aRecordYoungerThanTheAttemptIsOfNoneBefore(armed: Int, isAbsent: Bool) throws {
        var memory = Self.memory([try EngineSamples.attempt(1, number: 1)])
        memory.close(Attempt.ID(1), .success(serial: "S0001", EngineSamples.stamp(5)))
        let armedAt = Samples.midnight.advanced(by: .seconds(armed))
        let attempt = try EngineSamples.attempt(2, number: 1, armedAt: armedAt)
        memory.armed(attempt)
        let judgement = try judging.judge(
            "On record: 10.00 CNY to 13800000001 at 2026-11-23 08:00:05, serial S0001.",
            memory,
            after: .seconds(300),
            inquiries: [try EngineSamples.asked(about: attempt, at: 290)]
        )
        switch judgement {
        case .refused(attempt, _, _): #expect(isAbsent)
        case .noted(attempt, _): #expect(!isAbsent)
        case .succeeded, .refused, .noted, .nobodys: Issue.record("\(judgement)")
        }
    }

    /// The network had kept it while the SIM was out of reach; the order before is long in doubt.
    @Test(arguments: [(sentAt: 100, isProof: true), (sentAt: -60, isProof: false)])
    func whatWasSentBeforeTheRequestIsNoAnswerToIt(sentAt: Int, isProof: Bool) throws {
        let armedAt = Samples.midnight.advanced(by: .seconds(90))
        let attempt = try EngineSamples.attempt(1, number: 1, armedAt: armedAt)
        var memory = Self.memory([attempt])
        memory.heard(EngineSamples.stamp(10))
        let judgement = try judging.judge(
            AnswerJudgeTests.success,
            memory,
            sentAt: .seconds(sentAt),
            after: .seconds(100)
        )
        switch judgement {
        case .succeeded(attempt, _): #expect(isProof)
        case .noted(attempt, let evidence):
            #expect(!isProof && evidence.verdict == .inconclusive, "it says nothing of this one")
        case .succeeded, .refused, .noted, .nobodys: Issue.record("\(judgement)")
        }
    }

    /// The carrier shows a recharge for five minutes: later, or when nobody knows how long ago it
    /// was sent, there is none to be seen either way.
    @Test(arguments: [
        (asked: 250, isInherited: false, isFinal: true),
        (asked: 295, isInherited: false, isFinal: false),
        (asked: 250, isInherited: true, isFinal: false),
    ])
    func whatTheCarrierForgetsIsNotAbsent(asked: Int, isInherited: Bool, isFinal: Bool) throws {
        let attempt = try EngineSamples.attempt(1, number: 1)
        let profile = try SimulatedCarrier.changedProfile(
            ("    # within: 24h  ", "    within: 5min  ")
        )
        #expect(profile.operations.history?.within == .seconds(300))
        let resolver = DoubtResolver(
            profile: profile,
            inquiries: [try EngineSamples.asked(about: attempt, at: asked)],
            inherited: isInherited ? [attempt.id] : []
        )
        let now = Samples.midnight.advanced(by: .seconds(asked + 10))
        #expect(resolver.isRemembered(attempt, at: now) == isFinal)
        let judgement = try judging.judge(
            "No record of 10.00 CNY to 13800000001.",
            isInherited ? AttemptMemory(unresolved: [attempt]) : Self.memory([attempt]),
            after: .seconds(asked + 10),
            resolver: resolver
        )
        switch judgement {
        case .refused(attempt, _, _): #expect(isFinal)
        case .noted(attempt, _): #expect(!isFinal)
        case .succeeded, .refused, .noted, .nobodys: Issue.record("\(judgement)")
        }
    }

    /// A carrier that counts anew each day, or writes zeros where it has no number, shows the
    /// attempt's own charge under the number of one that it gave for the same before; so does one
    /// whose clock shows an hour twice.
    @Test(arguments: [(0, "08:00:05"), (0, "07:00:05"), (85_200, "07:00:05")])
    func aSerialNumberThatIsGivenTwiceIsNoAbsence(armed: Int, time: String) throws {
        let day = 86_400
        let earlier = Samples.midnight.advanced(by: .seconds(armed))
        var memory = Self.memory([
            try EngineSamples.attempt(1, number: 1, armedAt: earlier)
        ])
        memory.close(Attempt.ID(1), .success(serial: "S0001", EngineSamples.stamp(5)))
        let armedAt = Samples.midnight.advanced(by: .seconds(day))
        let attempt = try EngineSamples.attempt(2, number: 1, armedAt: armedAt)
        memory.armed(attempt)
        let judgement = try judging.judge(
            "On record: 10.00 CNY to 13800000001 at 2026-11-24 \(time), serial S0001.",
            memory,
            after: .seconds(day + 110),
            inquiries: [try EngineSamples.asked(about: attempt, at: day + 100)]
        )
        guard case .noted(attempt, _) = judgement else {
            Issue.record("\(judgement)")
            return
        }
    }

    /// The answer to a question that was asked while the attempt was still in doubt.
    @Test(arguments: [true, false])
    func aRecordOfWhatWasRefusedContradictsTheRefusal(isRefused: Bool) throws {
        let attempt = try EngineSamples.attempt(1, number: 1)
        var memory = Self.memory([attempt])
        memory.close(
            attempt.id,
            isRefused
                ? .refused(EngineSamples.stamp(40))
                : .success(serial: "S0001", EngineSamples.stamp(40))
        )
        let judgement = try judging.judge(
            "On record: 10.00 CNY to 13800000001 at 2026-11-23 08:00:05, serial S0001.",
            memory,
            after: .seconds(50)
        )
        guard isRefused else {
            #expect(judgement == .nobodys)
            return
        }
        guard case .succeeded(attempt, let evidence) = judgement else {
            Issue.record("\(judgement)")
            return
        }
        #expect(evidence.kind == .history && evidence.verdict == .success)
    }

    /// The float shows it, too, so it adds up with nothing that is known.
    @Test(arguments: [1, 2])
    func aSecondConfirmationUnderAnotherSerialNumberIsHandedOn(earlier: Int) throws {
        var memory = AttemptMemory(unresolved: [])
        var last: Attempt?
        for place in 1...earlier {
            let before = Int64(110 - 10 * place)
            let attempt = try EngineSamples.attempt(
                Int64(place),
                number: 1,
                balanceBefore: before
            )
            memory.armed(attempt)
            let stamp = EngineSamples.stamp(place)
            memory.close(attempt.id, .success(serial: "S000\(place)", stamp))
            last = attempt
        }
        let judgement = try judging.judge(
            "Recharge of 10.00 CNY to 13800000001 succeeded. Serial S0009. Balance 70.00 CNY.",
            memory,
            after: .seconds(300)
        )
        guard case .succeeded(last, _) = judgement else {
            Issue.record("\(judgement)")
            return
        }
    }

    @Test func aLateReversalContradictsTheLastRefusal() throws {
        var memory = AttemptMemory(unresolved: [])
        for id in 1...2 {
            let attempt = try EngineSamples.attempt(Int64(id), number: 1, reversing: "S0001")
            memory.armed(attempt)
            memory.close(attempt.id, .refused(EngineSamples.stamp(id)))
        }
        let judgement = try judging.judge(
            "Recharge S0001 of 10.00 CNY to 13800000001 reversed. Serial R0001. Balance 90.00 CNY.",
            memory,
            after: .seconds(60)
        )
        guard case .succeeded(let attempt, _) = judgement, attempt.id == Attempt.ID(2) else {
            Issue.record("\(judgement)")
            return
        }
    }

    /// Its job may be about to go out again; the one that succeeded after it is not.
    @Test func aLateSuccessIsOfTheRefusedOrderFirst() throws {
        let refused = try EngineSamples.attempt(1, number: 1)
        var memory = Self.memory([refused])
        memory.close(refused.id, .refused(EngineSamples.stamp(5)))
        memory.armed(try EngineSamples.attempt(2, number: 1))
        memory.close(Attempt.ID(2), .success(serial: "S0002", EngineSamples.stamp(20)))
        let judgement = try judging.judge(
            "Recharge of 10.00 CNY to 13800000001 succeeded. Serial S0009. Balance 70.00 CNY.",
            memory,
            after: .seconds(300)
        )
        guard case .succeeded(refused, _) = judgement else {
            Issue.record("\(judgement)")
            return
        }
    }
}
