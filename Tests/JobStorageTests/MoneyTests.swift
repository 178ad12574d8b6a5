import GRDB
import Recharge
import TestSupport
import Testing

@testable import JobStorage

/// The books of floats, inquiries, and disputes.
struct MoneyTests {
    private static func doubted(_ shop: Workshop) async throws -> Attempt {
        try await shop.admit(1)
        try await shop.submit(try Samples.order(1))
        let attempt = try await shop.takeAndArm(1)
        try await shop.settle(attempt, .unknown, [])
        return attempt
    }

    private static func asking(
        _ kind: Inquiry.Kind,
        _ attempt: Attempt,
        until: Duration = .seconds(2000)
    ) throws -> Asking {
        Asking(
            kind: kind,
            sim: try Samples.iccid(1),
            attempt: attempt.id,
            redactedRequest: "CF*******",
            answersUntil: Samples.midnight.advanced(by: until)
        )
    }

    // MARK: Floats

    @Test func theFirstStatementOpensTheBooksAndSuccessesAreTaken() async throws {
        let shop = try Workshop()
        try await shop.admit(1)
        for order in 1...2 {
            try await shop.submit(try Samples.order(order))
            let attempt = try await shop.takeAndArm(1)
            let left = try Samples.yuan(100 - 10 * Int64(order))
            try await shop.succeed(attempt, serial: "S\(order)", balance: left)
        }
        let float = try #require(try await shop.store.floats().first)
        #expect(float.confirmed == (try Samples.yuan(80)))
        #expect(float.expected == float.confirmed && float.drift.minorUnits == 0)
        let movements = try await shop.store.movements(
            of: try Samples.iccid(1),
            after: nil,
            limit: 10
        )
        #expect(movements.elements.map(\.kind) == [.capture, .opening, .capture])
        #expect(movements.elements.map(\.amount.minorUnits) == [-1000, 10_000, -1000])
        #expect(try await shop.store.verifyBooks().findings == [])
    }

    @Test func whatIsInHandOrInDoubtIsReserved() async throws {
        let shop = try Workshop()
        _ = try await Self.doubted(shop)
        try await shop.payIn(try Samples.yuan(50))
        let float = try #require(try await shop.store.floats().first)
        #expect(float.reserved == (try Samples.yuan(10)))
        #expect(float.expected == (try Samples.yuan(40)))
    }

    @Test func aDifferenceIsToldAndOverItsLimitStopsTheSIM() async throws {
        let shop = try Workshop()
        let sim = try Samples.iccid(1)
        try await shop.admit(1, driftMax: try Samples.yuan(1))
        for yuan in [100, 99] as [Int64] {
            try await shop.report(1, try Samples.yuan(yuan))
        }
        #expect(try await shop.store.sims()[0].state == .enabled)
        #expect(try await shop.store.floats()[0].drift == (try Samples.yuan(-1)))
        try await shop.report(1, try Samples.yuan(98))
        let paused = try await shop.store.sims()[0]
        #expect(paused.state == .paused)
        #expect(paused.stateReason?.contains("find the charge") == true, "money went out")
        try await shop.store.reconcile(sim, reason: "agreed", by: .gateway, at: shop.start)
        let float = try await shop.store.floats()[0]
        #expect(float.confirmed == (try Samples.yuan(98)) && float.drift.minorUnits == 0)
        #expect(try await shop.store.verifyBooks().findings == [])
    }

    /// What the carrier said before money was paid in is no figure of what is there after.
    @Test func aFigureOlderThanTheBooksIsNotAccepted() async throws {
        let shop = try Workshop()
        let sim = try Samples.iccid(1)
        try await shop.admit(1)
        try await shop.report(1, try Samples.yuan(100))
        let later = shop.start.advanced(by: .seconds(1))
        try await shop.store.topUp(
            sim,
            try Samples.yuan(50),
            key: nil,
            reason: "paid in",
            by: .gateway,
            at: later
        )
        let refused = await #expect(throws: JobStoreError.self) {
            try await shop.store.reconcile(sim, reason: "agreed", by: .gateway, at: later)
        }
        #expect(refused?.code == .wrongState)
        #expect(try await shop.store.floats()[0].confirmed == (try Samples.yuan(150)))
        let report = FloatReport(
            sim: sim,
            balance: try Samples.yuan(140),
            messages: [],
            inquiry: nil,
            isCurrent: true
        )
        try await shop.store.report(report, at: later)
        try await shop.store.reconcile(sim, reason: "agreed", by: .gateway, at: later)
        #expect(try await shop.store.floats()[0].confirmed == (try Samples.yuan(140)))
    }

    /// An answer that came late states a float of before.
    @Test func aFigureThatIsNotOfNowIsNotAccepted() async throws {
        let shop = try Workshop()
        let sim = try Samples.iccid(1)
        try await shop.admit(1)
        try await shop.report(1, try Samples.yuan(100))
        var late = FloatReport(
            sim: sim,
            balance: try Samples.yuan(150),
            messages: [],
            inquiry: nil,
            isCurrent: true
        )
        late.isCurrent = false
        try await shop.store.report(late, at: shop.start.advanced(by: .seconds(1)))
        try await shop.store.reconcile(sim, reason: "agreed", by: .gateway, at: shop.start)
        let float = try await shop.store.floats()[0]
        #expect(float.confirmed == (try Samples.yuan(100)) && float.reported == float.confirmed)
    }

    @Test func aFloatBelowItsLimitTakesNoOrderUntilPaidIn() async throws {
        let shop = try Workshop()
        try await shop.admit(1, floatLow: try Samples.yuan(100))
        try await shop.report(1, try Samples.yuan(99))
        try await shop.submit(try Samples.order(1))
        guard case .limited(_, .lowFloat) = try await shop.claim(1) else {
            Issue.record("claimed below the limit")
            return
        }
        try await shop.payIn(try Samples.yuan(20))
        #expect(try await shop.take(1) != nil)
        let kinds = try await shop.store.events(after: 0, limit: 100).map(\.event.kind)
        #expect(kinds.filter { $0 == "float.low" }.count == 1)
    }

    @Test func aTopUpMakesTheFloatBeforeUncertain() async throws {
        let shop = try Workshop()
        try await shop.admit(1)
        let stated = try Samples.yuan(100)
        try await shop.report(1, stated)
        for order in 1...2 { try await shop.submit(try Samples.order(order)) }
        let known = try await shop.takeAndArm(1, balance: stated)
        #expect(known.balanceBefore == stated)
        try await shop.succeed(known, balance: try Samples.yuan(90))
        try await shop.payIn(try Samples.yuan(10))
        let uncertain = try await shop.takeAndArm(1, balance: try Samples.yuan(90))
        #expect(uncertain.balanceBefore == nil)
    }

    /// Neither where money was paid in, nor where a confirmation that was not believed is on file,
    /// nor where the books were behind when it was armed and have caught up since.
    @Test(arguments: [
        (paidIn: 0, false, 100, nil as String?), (10, false, 100, "the books expect 110.00"),
        (7, false, 100, "the books expect 107.00"), (0, true, 100, "money was paid in, or an"),
        (10, false, 110, "money was paid in, or an"),
    ])
    func anUnchangedFloatProvesNothingOnceMoneyWasPaidIn(
        paidIn: Int,
        isAnswered: Bool,
        before: Int64,
        objection: String?
    ) async throws {
        let shop = try Workshop()
        try await shop.admit(1)
        let stated = try Samples.yuan(100)
        try await shop.report(1, stated)
        try await shop.submit(try Samples.order(1))
        if before != 100 { try await shop.report(1, try Samples.yuan(before)) }
        let attempt = try await shop.takeAndArm(1, balance: try Samples.yuan(before))
        #expect(attempt.balanceBefore == (try Samples.yuan(before)))
        var answer = Workshop.evidence(.inconclusive)
        answer.grade = .none
        try await shop.settle(attempt, .unknown, isAnswered ? [answer] : [])
        let unchanged = (1...2).map { place in
            var evidence = Workshop.evidence(.notExecuted)
            evidence.kind = .balance
            evidence.grade = .balanceDelta
            evidence.raw = [UInt8(place)]
            return evidence
        }
        try await shop.store.keep(unchanged[0], for: attempt.id, at: shop.start)
        if paidIn > 0 { try await shop.payIn(try Samples.yuan(Int64(paidIn))) }
        let again = Settlement.Following.tryAgain(after: .seconds(60), elsewhere: true)
        let state = try await shop.settle(attempt, .notExecuted(again), [unchanged[1]])
        #expect(state == (objection == nil ? .scheduled : .unknown))
        let last = try await shop.store.dossier(of: attempt.job)?.tries.first?.evidence.last
        #expect(last?.1.parsed.contains("(\(objection ?? "")") == (objection != nil))
    }

    /// Of whatever kind: a record may be of today only, a statement may lack what waits in a queue.
    @Test(arguments: [
        (Evidence.Verdict.success, Evidence.Grade.none, isProved: false),
        (.inconclusive, .answer, isProved: false), (.inconclusive, .none, isProved: true),
    ])
    func whatIsNotThereProvesNothingAgainstAnAnswer(
        verdict: Evidence.Verdict,
        grade: Evidence.Grade,
        isProved: Bool
    ) async throws {
        let shop = try Workshop()
        let attempt = try await shop.doubted()
        var answer = Workshop.evidence(verdict)
        answer.grade = grade
        try await shop.store.keep(answer, for: attempt.id, at: shop.start)
        var absence = Workshop.evidence(.notExecuted)
        (absence.kind, absence.grade) = (.history, .carrierRecord)
        let again = Settlement.Following.tryAgain(after: .seconds(60), elsewhere: true)
        let state = try await shop.settle(attempt, .notExecuted(again), [absence])
        #expect(state == (isProved ? .scheduled : .unknown))
        guard !isProved else { return }
        let last = try await shop.store.dossier(of: attempt.job)?.tries.first?.evidence.last
        #expect(last?.1.parsed.contains("an answer says otherwise") == true)
        #expect(last?.1.verdict == .inconclusive)
        try await shop.resolve(attempt, .notExecuted)
        let found = try #require(try await shop.store.dossier(of: attempt.job))
        #expect(found.job.state == (verdict == .success ? .held : .scheduled))
        #expect(found.disputes.map(\.cause) == (verdict == .success ? [.lateSuccess] : []))
    }

    /// The carrier says late that it charged what a person had settled otherwise.
    @Test func anIncredibleSuccessStillStopsTheNextTry() async throws {
        let shop = try Workshop()
        let attempt = try await shop.doubted()
        try await shop.resolve(attempt, .notExecuted)
        #expect(try await shop.job(of: attempt)?.state == .scheduled)
        var answer = Workshop.evidence(.success)
        answer.grade = .none
        try await shop.store.keep(answer, for: attempt.id, at: shop.dead)
        #expect(try await shop.job(of: attempt)?.holdReason == .duplicate)
        let found = try #require(try await shop.store.dossier(of: attempt.job))
        #expect(found.disputes.map(\.cause) == [.lateSuccess])
    }

    /// A crash kept it from being deleted, and the next worker finds nothing wrong with it.
    @Test(arguments: [true, false])
    func whatProvedNothingProvesNothingWhenItIsReadAgain(isSame: Bool) async throws {
        let shop = try Workshop()
        let attempt = try await shop.doubted()
        var answer = Workshop.evidence(.success)
        answer.grade = .none
        try await shop.store.keep(answer, for: attempt.id, at: shop.start)
        let again = Workshop.evidence(.success, raw: isSame ? answer.raw : [2])
        let state = try await shop.settle(attempt, .success(serial: "S1"), [again])
        #expect(state == (isSame ? .unknown : .succeeded))
    }

    /// It names the attempt all the same, whoever had the number before.
    @Test func anAnswerWithASerialNumberOfAnotherJobSpeaksAgainstAnAbsence() async throws {
        let shop = try Workshop()
        _ = try await shop.succeeded(2, serial: "S1")
        let attempt = try await shop.doubted(1)
        let doubled = try await shop.settle(
            attempt,
            .success(serial: "S1"),
            [Workshop.evidence(.success)]
        )
        #expect(doubled == .unknown)
        var absence = Workshop.evidence(.notExecuted)
        (absence.kind, absence.grade) = (.statement, .carrierRecord)
        let again = Settlement.Following.tryAgain(after: .seconds(60), elsewhere: true)
        #expect(try await shop.settle(attempt, .notExecuted(again), [absence]) == .unknown)
    }

    @Test func nothingIsReconciledWhileAJobIsInDoubt() async throws {
        let shop = try Workshop()
        _ = try await Self.doubted(shop)
        let sim = try Samples.iccid(1)
        let refusal = await #expect(throws: JobStoreError.self) {
            try await shop.store.reconcile(sim, reason: "", by: .gateway, at: shop.start)
        }
        #expect(refusal?.code == .outcomePending)
    }

    @Test func booksThatDoNotAgreeAreFound() async throws {
        let shop = try Workshop()
        try await shop.admit(1)
        try await shop.report(1, try Samples.yuan(100))
        try await shop.store.pool.write { db in
            try db.execute(sql: "UPDATE sim SET float_minor = float_minor + 1")
        }
        let findings = try await shop.store.verifyBooks().findings
        #expect(findings.count == 1)
        #expect(findings.first?.contains("is not the sum of its movements") == true)
    }

    // MARK: Inquiries

    @Test func aReconfirmationIsOnDiskFirstAndKeepsTheSIMFenced() async throws {
        let shop = try Workshop()
        let attempt = try await Self.doubted(shop)
        let inquiry = try await shop.store.ask(Self.asking(.reconfirm, attempt), at: shop.start)
        #expect(try await shop.store.inquiries(about: attempt.job) == [inquiry])
        let fence = Samples.midnight.advanced(by: .seconds(2000))
        #expect(try await shop.store.sims()[0].fencedUntil == fence)
        let admission = try await shop.admit(1)
        #expect(admission.unresolved.map(\.deadAt) == [fence])
        try await shop.succeed(attempt, serial: "S1")
        #expect(try await shop.store.sims()[0].fencedUntil == nil)
    }

    @Test func aRestartKnowsOfNoOpenInquiry() async throws {
        let shop = try Workshop()
        let attempt = try await Self.doubted(shop)
        _ = try await shop.store.ask(Self.asking(.history, attempt), at: shop.start)
        try shop.reopen()
        #expect(try await shop.admit(1).inquiries.map(\.outcome) == [.silent])
    }

    @Test func nothingIsAskedAboutWhatIsSettled() async throws {
        let shop = try Workshop()
        let attempt = try await Self.doubted(shop)
        try await shop.succeed(attempt, serial: "S1")
        let refusal = await #expect(throws: JobStoreError.self) {
            try await shop.store.ask(Self.asking(.history, attempt), at: shop.start)
        }
        #expect(refusal?.code == .conflict)
    }

    @Test func onHoldNothingIsReconfirmed() async throws {
        let shop = try Workshop()
        let attempt = try await Self.doubted(shop)
        try await shop.store.setHold(true, reason: "", by: .gateway, at: shop.start)
        await #expect(throws: JobStoreError.self) {
            try await shop.store.ask(Self.asking(.reconfirm, attempt), at: shop.start)
        }
        _ = try await shop.store.ask(Self.asking(.history, attempt), at: shop.start)
    }

    // MARK: Disputes

    @Test func aSerialNumberOnTwoJobsOpensADispute() async throws {
        let shop = try Workshop()
        try await shop.admit(1)
        var attempts: [Attempt] = []
        for order in 1...2 {
            try await shop.submit(try Samples.order(order))
            let attempt = try await shop.takeAndArm(1)
            try await shop.succeed(attempt, serial: "S1")
            attempts.append(attempt)
        }
        let disputes = try await shop.store.disputes(onlyOpen: true, after: nil, limit: 10)
        #expect(disputes.elements.map(\.cause) == [.duplicateSerial])
        #expect(disputes.elements[0].job == attempts[1].job)
        #expect(disputes.elements[0].other == attempts[0].job)
    }

    @Test func aComplaintIsOpenOnceAndClosedOnce() async throws {
        let shop = try Workshop()
        let job = try await shop.submit(try Samples.order(1))
        let store = shop.store
        let first = try await store.complain(
            job.id,
            reason: "it did not arrive",
            dueAt: nil,
            by: .gateway,
            at: shop.start
        )
        let second = try await store.complain(
            job.id,
            reason: "still not",
            dueAt: nil,
            by: .gateway,
            at: shop.start
        )
        #expect(first == second)
        let closed = try await store.close(
            first.id,
            as: .rejected,
            reason: "it did",
            by: .gateway,
            at: shop.start
        )
        #expect(closed.state == .rejected && closed.closedBy == "gateway")
        let refusal = await #expect(throws: JobStoreError.self) {
            try await store.close(first.id, as: .upheld, reason: "", by: .gateway, at: shop.start)
        }
        #expect(refusal?.code == .wrongState)
    }
}
