import ATProtocol
import Carriers
import Recharge
import TestSupport
import Testing

@testable import Engine

/// Decisions that were right when they were prepared, and are not when they are carried out.
@Suite struct StaleMomentTests {
    private static func at(_ seconds: Int) -> Timestamp {
        Samples.midnight.advanced(by: .seconds(seconds))
    }

    /// The first copy of a refusal may have been long under way, and a centre that says it once more
    /// stamps it anew.
    @Test(arguments: [20, 44, 52])
    func aCopyOfARefusalIsNotTakenForTheNextAttempts(sentAt: Int) throws {
        var memory = AttemptMemory(unresolved: [], at: Samples.midnight)
        memory.armed(try EngineSamples.attempt(1, number: 1))
        memory.close(Attempt.ID(1), .refused(EngineSamples.stamp(30, sentAt: 5)))
        let second = try EngineSamples.attempt(1 + 1, number: 1, ordinal: 2, armedAt: Self.at(45))
        memory.armed(second)
        let entry = try #require(memory.entries.last)
        let stamp = EngineSamples.stamp(60, sentAt: sentAt)
        #expect(!memory.isFreshRefusal(stamp, for: entry) { _ in true })
        #expect(memory.isFreshRefusal(stamp, for: entry) { _ in false })
    }

    /// The answer to the early question may come again, and says what was so when it was asked.
    @Test func theFinalQuestionWaitsUntilNoAnswerToAnEarlierOneCanCome() throws {
        let profile = try EngineSamples.knownProfile()
        let attempt = try EngineSamples.attempt(2, number: 1)
        func inquiry(_ id: Int64, at seconds: Int, of attempt: Int64) throws -> Inquiry {
            Inquiry(
                id: Inquiry.ID(id),
                kind: .history,
                sim: try Samples.iccid(1),
                attempt: Attempt.ID(attempt),
                askedAt: Self.at(seconds),
                answersUntil: Self.at(seconds + 70),
                outcome: .answered
            )
        }
        for (other, isAlike) in [(1, true), (2, false)] {
            var resolver = DoubtResolver(profile: profile, inquiries: [])
            let early = try inquiry(1, at: 35, of: 9)
            resolver.asked(early, about: try EngineSamples.attempt(9, number: other))
            let step = resolver.next(
                [attempt],
                quiet: nil,
                isBalanceWanted: false,
                at: Self.at(100),
                latest: Self.at(100)
            )
            let question = DoubtResolver.Question(kind: .history, attempt: attempt)
            let later = Self.at(105).advanced(by: .milliseconds(1))
            #expect(step == (isAlike ? .wait(until: later) : .ask(question)))
            let final = try inquiry(2, at: 100, of: 2)
            #expect(resolver.isFinal(final, about: attempt) == !isAlike)
        }
    }

    /// A question that waited for the channel until the request was dead: what an earlier worker
    /// asked, and of which no row is known here, may still be answered.
    @Test(arguments: [(99, false), (100, true)])
    func nothingIsFinalWhileAnEarlierWorkersAnswersCome(askedAt: Int, isFinal: Bool) throws {
        let attempt = try EngineSamples.attempt(1, number: 1)
        let resolver = DoubtResolver(
            profile: try EngineSamples.knownProfile(),
            inquiries: [],
            quietFrom: Self.at(100)
        )
        let asked = Inquiry(
            id: Inquiry.ID(1),
            kind: .history,
            sim: try Samples.iccid(1),
            attempt: attempt.id,
            askedAt: Self.at(askedAt),
            answersUntil: Self.at(askedAt + 70),
            outcome: nil
        )
        #expect(resolver.isFinal(asked, about: attempt) == isFinal)
    }

    /// An answer that names nothing may be to something else, and tells nothing of clocks.
    @Test(arguments: [true, false])
    func onlyAnAnswerThatNamesItsAttemptTellsOfClocks(isNamed: Bool) throws {
        var memory = AttemptMemory(unresolved: [], at: Samples.midnight)
        memory.armed(try EngineSamples.attempt(1, number: 2))
        var stamp = EngineSamples.stamp(30, sentAt: 5)
        stamp.isNamed = isNamed
        memory.close(Attempt.ID(1), .refused(stamp))
        let later = EngineSamples.stamp(60, sentAt: 52)
        #expect(memory.isSent(later, after: Self.at(45)) == isNamed)
    }

    /// A host that slept stopped the clock by which a worker measures, not that of the carrier.
    @Test func afterASleepTheCarrierMayHaveForgotten() throws {
        let attempt = try EngineSamples.attempt(1, number: 1)
        let silent = try [100, 200].map { seconds in
            Inquiry(
                id: Inquiry.ID(Int64(seconds)),
                kind: .history,
                sim: try Samples.iccid(1),
                attempt: attempt.id,
                askedAt: Self.at(seconds),
                answersUntil: Self.at(seconds + 70),
                outcome: .silent
            )
        }
        let profile = try EngineSamples.knownProfile()
        let resolver = DoubtResolver(profile: profile, inquiries: silent)
        let question = DoubtResolver.Question(kind: .reconfirm, attempt: attempt)
        for (latest, isAsked) in [(400, true), (7200, false)] {
            let step = resolver.next(
                [attempt],
                quiet: nil,
                isBalanceWanted: false,
                at: Self.at(400),
                latest: Self.at(latest)
            )
            #expect((step == .ask(question)) == isAsked)
        }
    }

    @Test func theLatestMomentIsThatOfTheClockThatIsAhead() {
        let clock = SteadyClock(at: EngineSamples.moment(.zero))
        var now = EngineSamples.moment(.seconds(60))
        for (wall, latest) in [(7200, 7200), (10, 60)] {
            now.utc = Self.at(wall)
            #expect(clock.reading(at: now) == Self.at(60))
            #expect(clock.latest(at: now) == Self.at(latest))
        }
    }

    /// A repetition of an attempt whose row is just on disk.
    private static func repetition(of attempt: Attempt) throws -> Inquiry {
        Inquiry(
            id: Inquiry.ID(1),
            kind: .reconfirm,
            sim: try Samples.iccid(1),
            attempt: attempt.id,
            askedAt: at(100),
            answersUntil: at(170),
            outcome: nil
        )
    }

    /// A worker whose repetition of an attempt has come to a phase.
    private static func repeating(
        _ attempt: Attempt,
        _ phase: SIMWork.Question.Phase
    ) throws -> SIMWorkerMachine {
        var machine = SIMWorkerMachine(seed: 1)
        machine.phase = .working
        var work = SIMWork(
            try EngineSamples.assignment(unresolved: []),
            at: EngineSamples.moment(.zero)
        )
        work.armed(attempt, at: EngineSamples.moment(.zero))
        work.isRegistered = true
        let terms = work.terms
        let request = try terms.profile.inquiry(
            .reconfirm,
            number: attempt.number,
            amount: attempt.amount,
            pin: terms.pin
        )
        let message = try OutgoingMessage(request, terms, isReported: false)
        let question = DoubtResolver.Question(kind: .reconfirm, attempt: attempt)
        work.question = SIMWork.Question(question, message)
        work.question?.phase = phase
        machine.work = work
        return machine
    }

    @Test(arguments: [(100, true), (3590, false)])
    func aRepetitionThatWaitedForTheChannelIsThoughtOverAgain(seconds: Int, goesOut: Bool) throws {
        let attempt = try EngineSamples.attempt(1, number: 1)
        var machine = try Self.repeating(attempt, .prompting)
        machine.questionPrompted(at: EngineSamples.moment(.seconds(seconds)))
        #expect((machine.work?.question != nil) == goesOut)
    }

    /// Its row took long to reach the disk, or the host slept meanwhile.
    @Test(arguments: [(100, true), (3590, false)])
    func aRepetitionThatWaitedForTheDiskIsThoughtOverAgain(seconds: Int, goesOut: Bool) throws {
        let attempt = try EngineSamples.attempt(1, number: 1)
        var machine = try Self.repeating(attempt, .recording)
        let inquiry = try Self.repetition(of: attempt)
        machine.asked(inquiry, at: EngineSamples.moment(.seconds(seconds)))
        #expect((machine.work?.question != nil) == goesOut)
    }

    @Test(arguments: [true, false])
    func aQuestionAboutWhatWasSettledMeanwhileIsNotSent(_ isSettled: Bool) throws {
        let attempt = try EngineSamples.attempt(1, number: 1)
        var machine = try Self.repeating(attempt, .recording)
        if isSettled {
            let stamp = EngineSamples.stamp(90)
            machine.work?.settlements = [
                SIMWork.PendingSettlement(
                    attempt: attempt.id,
                    closing: .refused(stamp),
                    isInHand: false
                )
            ]
        }
        let inquiry = try Self.repetition(of: attempt)
        machine.asked(inquiry, at: EngineSamples.moment(.seconds(100)))
        #expect((machine.work?.question == nil) == isSettled)
        #expect(machine.work?.resolver.inquiries.last?.outcome == (isSettled ? .notSent : nil))
    }

    /// A refusal that comes late may be that of the modem's own repetition.
    @Test(arguments: [
        (28, 5, isDefinite: true), (28, 25, isDefinite: false), (304, 25, isDefinite: true),
    ])
    func whatTheNetworkRefusesLateMayBeTheSecondCopy(
        code: Int,
        seconds: Int,
        isDefinite: Bool
    ) throws {
        var machine = SIMWorkerMachine(seed: 1)
        let now = EngineSamples.moment(.seconds(1))
        machine.phase = .working
        machine.work = SIMWork(try EngineSamples.assignment(), at: now)
        let terms = try #require(machine.work?.terms)
        let job = try EngineSamples.job(1, number: 1)
        let request = try terms.profile.request(
            number: job.order.number,
            amount: job.order.amount,
            pin: terms.pin
        )
        let message = try OutgoingMessage(request, terms, isReported: true)
        let flight = SIMWork.Flight(job: job, message: message)
        machine.work?.order = .arming(flight)
        machine.armed(try EngineSamples.attempt(1, number: 1), at: now)
        machine.sent(
            .refused(.messageService(code), []),
            at: EngineSamples.moment(.seconds(1 + seconds))
        )
        #expect(machine.isSettling == isDefinite)
        let isAwaiting = if case .awaiting = machine.work?.order { true } else { false }
        #expect(isAwaiting == !isDefinite)
    }

    /// A float that was stated before it was asked for says nothing of what came between.
    @Test(arguments: [(95, true), (-200, true), (-300, false)])
    func aFloatThatLaySomewhereIsNoAnswer(sentAt: Int, isAnswer: Bool) throws {
        var machine = SIMWorkerMachine(seed: 1)
        let now = EngineSamples.moment(.seconds(1))
        let attempt = try EngineSamples.attempt(1, number: 1, balanceBefore: 100)
        machine.phase = .working
        machine.work = SIMWork(try EngineSamples.assignment(unresolved: [attempt]), at: now)
        let profile = try EngineSamples.knownProfile()
        machine.work?.memory.heard(EngineSamples.stamp(10))
        let asked = DoubtResolver.Question(kind: .balance, attempt: attempt)
        let request = try profile.inquiry(
            .balance,
            number: attempt.number,
            amount: attempt.amount,
            pin: EngineSamples.pin
        )
        let terms = try #require(machine.work?.terms)
        let message = try OutgoingMessage(request, terms, isReported: false)
        var question = SIMWork.Question(asked, message)
        question.phase = .recording
        machine.work?.question = question
        let askedAt = EngineSamples.moment(.seconds(90))
        let inquiry = Inquiry(
            id: Inquiry.ID(1),
            kind: .balance,
            sim: try Samples.iccid(1),
            attempt: attempt.id,
            askedAt: askedAt.utc,
            answersUntil: askedAt.utc.advanced(by: .seconds(70)),
            outcome: nil
        )
        machine.asked(inquiry, at: askedAt)
        machine.work?.question?.phase = .awaiting
        let pdus = try InboxTests().pdus(
            "Your balance is 100.00 CNY.",
            sentAt: .seconds(sentAt)
        )
        machine.received(pdus[0], from: nil, at: EngineSamples.moment(.seconds(100)))
        let isKept = machine.actions.contains { action in
            if case .keep(let evidence, _) = action { evidence.kind == .balance } else { false }
        }
        #expect(isKept == isAnswer)
        #expect((machine.work?.question == nil) == isAnswer)
    }
}
