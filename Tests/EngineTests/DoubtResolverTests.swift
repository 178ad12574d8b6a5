import Carriers
import Recharge
import TestSupport
import Testing

@testable import Engine

/// What is asked about an attempt in doubt, and when.
///
/// The simulated profile answers within 30 s, lets a request live for 30 s and waits 10 s more.
@Suite struct DoubtResolverTests {
    private static func at(_ seconds: Int) -> Timestamp {
        Samples.midnight.advanced(by: .seconds(seconds))
    }

    private static func inquiry(
        _ id: Int64,
        _ kind: Inquiry.Kind,
        at seconds: Int,
        _ outcome: Inquiry.Outcome?,
        attempt: Int64? = 1
    ) throws -> Inquiry {
        Inquiry(
            id: Inquiry.ID(id),
            kind: kind,
            sim: try Samples.iccid(1),
            attempt: attempt.map { Attempt.ID($0) },
            askedAt: at(seconds),
            answersUntil: at(seconds + 70),
            outcome: outcome
        )
    }

    private func next(
        _ attempt: Attempt,
        _ inquiries: [Inquiry] = [],
        quiet: Bool = false,
        at seconds: Int
    ) throws -> DoubtResolver.Step {
        let resolver = DoubtResolver(
            profile: try EngineSamples.knownProfile(),
            inquiries: inquiries
        )
        return resolver.next(
            [attempt],
            quiet: quiet ? attempt.id : nil,
            isBalanceWanted: false,
            at: Self.at(seconds),
            latest: Self.at(seconds)
        )
    }

    private static func next(
        _ attempt: Attempt,
        _ profile: CarrierProfile,
        at seconds: Int
    ) -> DoubtResolver.Step {
        DoubtResolver(profile: profile, inquiries: [], inherited: [attempt.id])
            .next(
                [attempt],
                quiet: nil,
                isBalanceWanted: false,
                at: at(seconds),
                latest: at(seconds)
            )
    }

    @Test func theRecordIsAskedForOnceTheDoubtHasStoodAWhile() throws {
        let attempt = try EngineSamples.attempt(1, number: 1, deadAfter: .seconds(400))
        let early = try EngineSamples.knownProfile().doubt.firstAfter
        let due = Samples.midnight.advanced(by: .seconds(30) + early)
        #expect(try next(attempt, at: 31) == .wait(until: due))
        let asked = DoubtResolver.Question(kind: .history, attempt: attempt)
        #expect(try next(attempt, at: 100) == .ask(asked))
    }

    @Test func theFinalQuestionWaitsUntilNothingCanArriveAndNothingElseIsOpen() throws {
        let attempt = try EngineSamples.attempt(1, number: 1)
        let silent = try Self.inquiry(1, .history, at: 35, .silent)
        guard case .wait(let until) = try next(attempt, [silent], at: 60) else {
            Issue.record("asks while the first answer may still come")
            return
        }
        #expect(until > Self.at(105))
        #expect(
            try next(attempt, [silent], at: 200)
                == .ask(DoubtResolver.Question(kind: .history, attempt: attempt))
        )
    }

    /// The request can arrive until 40 s; a question can be answered for 70 s, or later than it
    /// should.
    @Test(
        arguments: [
            (earlier: [(35, .silent)], asked: 170, isFinal: false), ([(35, .silent)], 180, true),
            ([(35, nil)], 170, false), ([(35, .answered)], 100, false),
            ([(35, .answered)], 110, true),
            ([(45, .silent)], 110, false), ([(45, .silent)], 120, true),
            // The late answer to the first was taken for the second one's.
            ([(10, .silent), (38, .answered)], 160, false),
            ([(10, .silent), (38, .answered)], 180, true),
        ] as [(earlier: [(Int, Inquiry.Outcome?)], asked: Int, isFinal: Bool)]
    )
    func whatWasAskedTooSoonAndStaysUnansweredHasAsLongAgain(
        earlier: [(Int, Inquiry.Outcome?)],
        asked: Int,
        isFinal: Bool
    ) throws {
        let attempt = try EngineSamples.attempt(1, number: 1)
        var inquiries: [Inquiry] = []
        for (seconds, outcome) in earlier {
            inquiries.append(try Self.inquiry(Int64(seconds), .history, at: seconds, outcome))
        }
        let last = try Self.inquiry(1000, .history, at: asked, nil)
        let resolver = DoubtResolver(
            profile: try EngineSamples.knownProfile(),
            inquiries: inquiries + [last]
        )
        #expect(resolver.isFinal(last, about: attempt) == isFinal)
    }

    @Test func whenNobodyKnowsTheRecordTheCarrierRepeatsTheRequest() throws {
        let attempt = try EngineSamples.attempt(1, number: 1)
        let silent = try (0..<2).map {
            try Self.inquiry(Int64($0), .history, at: 100 + 100 * $0, .silent)
        }
        #expect(
            try next(attempt, silent, at: 400)
                == .ask(DoubtResolver.Question(kind: .reconfirm, attempt: attempt))
        )
    }

    /// The network counts the validity of 30 s from when it took the request.
    @Test func withoutRecordsTheRepetitionWaitsUntilTheRequestIsSurelyDead() throws {
        let attempt = try EngineSamples.attempt(1, number: 1)
        let profile = try SparseCarrier.profile(isNumbered: true)
        #expect(Self.next(attempt, profile, at: 35) == .wait(until: Self.at(40)))
        let asked = DoubtResolver.Question(kind: .reconfirm, attempt: attempt)
        #expect(Self.next(attempt, profile, at: 40) == .ask(asked))
    }

    /// How long ago an attempt of an earlier worker was armed is not known.
    ///
    /// The gateway may have been down for hours, or its clock set: that makes no life longer.
    @Test(arguments: [(Duration?.none, 1040), (.seconds(100), 1100)])
    func theRepetitionOfAnEarlierWorkersAttemptWaitsAsLongFromNow(
        life: Duration?,
        deadAt: Int
    ) throws {
        let profile = try SparseCarrier.profile(isNumbered: true)
        let sim = SIM(
            iccid: try Samples.iccid(1),
            carrier: try Samples.carrier(),
            state: .enabled
        )
        var earlier = try EngineSamples.attempt(1, number: 1)
        earlier.deadAt = Self.at(36_000)
        earlier.life = life
        let admission = SIMAdmission(
            sim: sim,
            unresolved: [earlier],
            closed: [],
            unfinishedParts: []
        ).inherited(at: Self.at(1000), profile)
        let attempt = try #require(admission.unresolved.first)
        #expect(Self.next(attempt, profile, at: 1035) == .wait(until: Self.at(deadAt)))
        let asked = DoubtResolver.Question(kind: .reconfirm, attempt: attempt)
        #expect(Self.next(attempt, profile, at: deadAt) == .ask(asked))
    }

    @Test func aRepetitionPutsOffTheMomentFromWhichSilenceIsFinal() throws {
        let attempt = try EngineSamples.attempt(1, number: 1)
        let resolver = DoubtResolver(
            profile: try EngineSamples.knownProfile(),
            inquiries: [try Self.inquiry(1, .reconfirm, at: 300, .silent)]
        )
        #expect(resolver.deadAt(attempt) == Self.at(370))
    }

    @Test func theFloatIsAskedForLastAndOnlyOnAQuietSIM() throws {
        let attempt = try EngineSamples.attempt(1, number: 1, balanceBefore: 100)
        var asked = try (0..<2).map {
            try Self.inquiry(Int64($0), .reconfirm, at: 100 + 100 * $0, .silent)
        }
        asked += try (2..<4).map {
            try Self.inquiry(Int64($0), .history, at: 100 + 100 * $0, .silent)
        }
        #expect(
            try next(attempt, asked, quiet: true, at: 900)
                == .ask(DoubtResolver.Question(kind: .balance, attempt: attempt))
        )
        // The record, once it has rested.
        #expect(try next(attempt, asked, at: 900) == .wait(until: Self.at(3900)))
    }

    /// Its centre may have been down: everything is asked again an hour after the first silence.
    @Test func aSilentCarrierIsAskedAgainAfterAnHour() throws {
        let attempt = try EngineSamples.attempt(1, number: 1, balanceBefore: 100)
        let kinds: [Inquiry.Kind] = [
            .reconfirm, .reconfirm, .history, .history, .balance, .balance,
        ]
        let asked = try kinds.enumerated().map { place, kind in
            try Self.inquiry(Int64(place), kind, at: 100 + 100 * place, .silent)
        }
        func step(_ seconds: Int) throws -> DoubtResolver.Step {
            try next(attempt, asked, quiet: true, at: seconds)
        }
        let history = DoubtResolver.Question(kind: .history, attempt: attempt)
        #expect(try step(1000) == .wait(until: Self.at(3900)))
        #expect(try step(3900) == .ask(history))
        let balance = DoubtResolver.Question(kind: .balance, attempt: attempt)
        let again = try (6..<8).map {
            try Self.inquiry(Int64($0), .history, at: 3900 + 100 * ($0 - 6), .silent)
        }
        // The carrier does not know a recharge of an hour ago any more, so it is not repeated.
        #expect(try next(attempt, asked + again, quiet: true, at: 4200) == .ask(balance))
    }

    /// Such as a record that may be that of another order.
    @Test func anAnswerThatSettlesNothingIsNotAskedForOverAndOver() throws {
        let attempt = try EngineSamples.attempt(1, number: 1)
        let answered = try (0..<2).map {
            try Self.inquiry(Int64($0), .history, at: 100 + 100 * $0, .answered)
        }
        #expect(
            try next(attempt, answered, at: 400)
                == .ask(DoubtResolver.Question(kind: .reconfirm, attempt: attempt))
        )
    }

    @Test func theFloatThatWasToldTwiceIsNotAskedForAgain() throws {
        let attempt = try EngineSamples.attempt(1, number: 1, balanceBefore: 100)
        let kinds: [Inquiry.Kind] = [.history, .history, .balance, .balance, .history, .history]
        let asked = try kinds.enumerated().map { place, kind in
            let outcome: Inquiry.Outcome = kind == .balance ? .answered : .silent
            let at = place < 4 ? 100 + 100 * place : 4000 + 100 * place
            return try Self.inquiry(Int64(place), kind, at: at, outcome)
        }
        let step = try next(attempt, asked, quiet: true, at: 5000)
        #expect(step == .wait(until: Self.at(8000)))
    }

    @Test func afterSoManyQuestionsAPersonDecides() throws {
        let most = try EngineSamples.knownProfile().doubt.inquiriesMax
        let attempt = try EngineSamples.attempt(1, number: 1)
        let asked = try (0..<most).map {
            try Self.inquiry(Int64($0), .history, at: 100 * $0, .answered)
        }
        #expect(try next(attempt, asked, at: 100_000) == .nothing)
    }

    @Test func aReversalIsAskedAboutByNobody() throws {
        let attempt = try EngineSamples.attempt(1, number: 1, reversing: "S1")
        #expect(try next(attempt, at: 100_000) == .nothing)
    }

    @Test func withoutTheEndOfItsLifeNothingIsAsked() throws {
        var attempt = try EngineSamples.attempt(1, number: 1)
        attempt.deadAt = nil
        #expect(try next(attempt, at: 100_000) == .nothing)
    }

    /// A worker that has attempts in doubt and nothing else to do.
    private static func doubting(_ doubts: [Attempt]) throws -> SIMWorkerMachine {
        var machine = SIMWorkerMachine(seed: 1)
        machine.phase = .working
        machine.work = SIMWork(
            try EngineSamples.assignment(unresolved: doubts),
            at: EngineSamples.moment(.zero)
        )
        return machine
    }

    /// Lets the store refuse a question whose row was to be written.
    private static func refuse(
        _ kind: Inquiry.Kind,
        _ attempt: Attempt,
        _ machine: inout SIMWorkerMachine,
        isSettled: Bool,
        at now: Moment
    ) throws {
        let terms = try #require(machine.work?.terms)
        let request = try terms.profile.inquiry(
            kind,
            number: attempt.number,
            amount: attempt.amount,
            pin: terms.pin
        )
        let question = DoubtResolver.Question(kind: kind, attempt: attempt)
        let message = try OutgoingMessage(request, terms, isReported: false)
        machine.work?.question = SIMWork.Question(question, message)
        machine.work?.question?.phase = .recording
        _ = machine.handle(.askingRefused("refused", isSettled: isSettled), at: now)
    }

    /// A network that refuses each question is not tried every minute for ever.
    @Test func eachFurtherFailureToAskWaitsTwiceAsLong() throws {
        let attempt = try EngineSamples.attempt(1, number: 1)
        let profile = try EngineSamples.knownProfile()
        var resolver = DoubtResolver(profile: profile, inquiries: [])
        var seconds = 200
        for wait in [60, 120, 240, 480, 960, 1920, 3600, 3600] {
            let refused = try Self.inquiry(Int64(seconds), .history, at: seconds, nil)
            resolver.asked(refused, about: attempt)
            resolver.concluded(refused.id, .notSent)
            resolver.pause(at: Self.at(seconds))
            let step = resolver.next(
                [attempt],
                quiet: nil,
                isBalanceWanted: false,
                at: Self.at(seconds),
                latest: Self.at(seconds)
            )
            seconds += wait
            #expect(step == .wait(until: Self.at(seconds)))
        }
    }

    /// Each question costs a message, and no order goes out beside it.
    @Test func aCentreThatDoesNotTellTheFloatIsAskedTwiceAnHour() throws {
        let asked = try [0, 100].map {
            try Self.inquiry(Int64($0), .balance, at: $0, .silent, attempt: nil)
        }
        let question = DoubtResolver.Step.ask(
            DoubtResolver.Question(kind: .balance, attempt: nil)
        )
        func next(_ inquiries: [Inquiry], at seconds: Int) throws -> DoubtResolver.Step {
            DoubtResolver(profile: try EngineSamples.knownProfile(), inquiries: inquiries)
                .next(
                    [],
                    quiet: nil,
                    isBalanceWanted: true,
                    at: Self.at(seconds),
                    latest: Self.at(seconds)
                )
        }
        #expect(try next([asked[0]], at: 100) == question)
        #expect(try next(asked, at: 300) == .wait(until: Self.at(3600)))
        #expect(try next(asked, at: 3600) == question)
        let answered = try Self.inquiry(1, .balance, at: 100, .answered, attempt: nil)
        #expect(try next([asked[0], answered], at: 300) == question)
        let record = try Self.inquiry(2, .history, at: 200, .answered)
        #expect(try next(asked + [record], at: 300) == question)
    }

    @Test func whatOthersClosedIsInDoubtNoMore() throws {
        let doubts = try [1, 2].map { try EngineSamples.attempt(Int64($0), number: $0) }
        var machine = try Self.doubting(doubts)
        let now = EngineSamples.moment(.seconds(1000))
        try Self.refuse(.history, doubts[0], &machine, isSettled: true, at: now)
        #expect(machine.work?.memory.doubts(without: nil).map(\.id) == [doubts[1].id])
        #expect(machine.work?.isBalanceWanted == true)
    }

    /// What is refused may be refused again and again.
    @Test func aQuestionThatTheStoreRefusesLetsTheOthersComeFirst() throws {
        let doubts = try [1, 2].map { try EngineSamples.attempt(Int64($0), number: $0) }
        var machine = try Self.doubting(doubts)
        for (round, expected) in [Int64(1), 2, 1, 2].enumerated() {
            let now = EngineSamples.moment(.seconds(1000 * (round + 1)))
            let resolver = try #require(machine.work?.resolver)
            let step = resolver.next(
                doubts,
                quiet: nil,
                isBalanceWanted: false,
                at: now.utc,
                latest: now.utc
            )
            guard case .ask(let question) = step, let attempt = question.attempt else {
                Issue.record("a question is due: \(step)")
                return
            }
            #expect(attempt.id == Attempt.ID(expected))
            try Self.refuse(question.kind, attempt, &machine, isSettled: false, at: now)
        }
    }
}
