import Recharge
import TestSupport
import Testing

@testable import JobStorage

/// What a carrier's statement settles, and what it only disputes.
struct StatementTests {
    private static func line(
        _ order: Int,
        serial: String,
        yuan: Int64 = 10,
        after seconds: Int64 = 5
    ) throws -> StatementLine {
        StatementLine(
            line: order + 1,
            number: try Samples.number(order),
            amount: try Samples.yuan(yuan),
            serial: serial,
            at: Samples.midnight.advanced(by: .seconds(seconds))
        )
    }

    private static func take(
        _ shop: Workshop,
        _ lines: [StatementLine],
        from: Int64 = -3600,
        until: Int64? = nil,
        sim: Int? = 1,
        open: Set<PhoneNumber> = [],
        by actor: JobStorage.Actor = Workshop.mei
    ) async throws -> StatementReport {
        let iccid = try sim.map { try Samples.iccid($0) }
        let extent = until.map { until in
            CarrierStatement.Extent(
                from: shop.start.advanced(by: .seconds(from)),
                until: shop.start.advanced(by: .seconds(until)),
                sim: iccid
            )
        }
        let statement = CarrierStatement(
            carrier: try Samples.carrier(),
            sim: iccid,
            extent: extent,
            lines: lines,
            openNumbers: open,
            name: "november.csv",
            digest: [7]
        )
        let now = shop.start.advanced(by: .seconds(7200))
        return try await shop.store.take(
            statement,
            people: ApprovalTerms(),
            by: actor,
            at: now
        )
    }

    @Test func aLineSettlesTheJobThatItNames() async throws {
        let shop = try Workshop()
        let attempt = try await shop.doubted()
        let lines = [try Self.line(1, serial: "S1")]
        let report = try await Self.take(shop, lines)
        #expect(report.succeeded == [attempt.job] && report.unmatched == [])
        #expect(try await shop.job(of: attempt)?.serial == "S1")
        let found = try #require(try await shop.store.dossier(of: attempt.job)?.tries[0])
        #expect(found.evidence.map(\.1.kind) == [.statement])
        #expect(found.evidence[0].1.grade == .carrierRecord)
        #expect(found.decidedBy == "uid:1000(mei)")
        let again = try await Self.take(shop, lines)
        #expect(again.agreed == 1 && again.succeeded == [])
        #expect(try await shop.store.verifyBooks().findings == [])
    }

    @Test(arguments: [
        (1, Int64(20), Int64(5)), (2, 10, 5), (1, 10, -121), (1, 10, 1021),
    ])
    func anotherNumberAmountOrTimeSettlesNothing(
        _ order: Int,
        _ yuan: Int64,
        _ seconds: Int64
    ) async throws {
        let shop = try Workshop()
        let attempt = try await shop.doubted(1)
        let line = try Self.line(order, serial: "S1", yuan: yuan, after: seconds)
        let report = try await Self.take(shop, [line])
        #expect(report.unmatched.map(\.line) == [order + 1])
        #expect(try await shop.job(of: attempt)?.state == .unknown)
    }

    @Test func theStatementOfAnotherSIMSettlesNothing() async throws {
        let shop = try Workshop()
        let attempt = try await shop.doubted(1)
        let line = try Self.line(1, serial: "S1")
        _ = try await Self.take(shop, [line], until: 3600, sim: 2)
        #expect(try await shop.job(of: attempt)?.state == .unknown)
    }

    @Test func anAbsentRecordCountsOnlyWhereTheStatementIsComplete() async throws {
        let shop = try Workshop()
        let attempt = try await shop.doubted()
        for (from, until) in [(Int64(-3600), nil), (-3600, 1020), (-1019, 3600)]
            as [(Int64, Int64?)]
        {
            let report = try await Self.take(shop, [], from: from, until: until)
            #expect(report.notExecuted == [])
        }
        #expect(try await shop.job(of: attempt)?.state == .unknown)
        let answered = try await shop.doubted(2)
        var answer = Workshop.evidence(.success)
        answer.grade = .none
        try await shop.store.keep(answer, for: answered.id, at: shop.start)
        let report = try await Self.take(shop, [], from: -1020, until: 1021)
        #expect(report.notExecuted == [attempt.job] && report.contradicted == [answered.job])
        let left = try #require(try await shop.store.dossier(of: answered.job))
        #expect(left.job.state == .unknown && left.tries[0].decidedBy == nil)
        #expect(try await shop.job(of: attempt)?.state == .scheduled)
    }

    /// A file is quickly written, and an empty one quickly taken for the whole.
    @Test(arguments: [true, false])
    func whatTakesTwoPeopleIsSettledOnceBothBringTheSameFile(isCharged: Bool) async throws {
        let shop = try Workshop()
        let attempt = try await shop.doubted(1, yuan: 101)
        let known = try Self.line(2, serial: "S2")
        let lines = isCharged ? [try Self.line(1, serial: "S1", yuan: 101)] : [known]
        for until in [Int64(3600), 3600, 3601] {
            let actor = until == 3601 ? Workshop.lan : Workshop.mei
            let report = try await Self.take(shop, lines, until: until, by: actor)
            #expect(report.waiting == [attempt.job])
            #expect(report.succeeded == [] && report.notExecuted == [])
        }
        #expect(try await shop.job(of: attempt)?.state == .unknown)
        let report = try await Self.take(shop, lines, until: 3600, by: Workshop.lan)
        #expect(report.waiting == [])
        #expect(report.succeeded == (isCharged ? [attempt.job] : []))
        #expect(report.notExecuted == (isCharged ? [] : [attempt.job]))
    }

    /// At the end of the month nothing waits in the carrier's queue any more.
    @Test func aStatementOutweighsThatAnOrderWasInHand() async throws {
        let shop = try Workshop()
        let attempt = try await shop.doubted()
        try await shop.store.keep(
            Workshop.evidence(.inconclusive),
            for: attempt.id,
            at: shop.start
        )
        let known = try Self.line(2, serial: "S2")
        let report = try await Self.take(shop, [known], until: 3600)
        #expect(report.notExecuted == [attempt.job] && report.contradicted == [])
    }

    /// The carrier may state the amount less its share, or the time of its books.
    @Test(arguments: [(Int64(9), Int64(5), "S2"), (10, 3000, "S2"), (9, 5, "S1")])
    func nothingIsAbsentThatALineNames(
        _ yuan: Int64,
        _ seconds: Int64,
        _ serial: String
    ) async throws {
        let shop = try Workshop()
        _ = try await shop.succeeded(2, serial: "S1")
        let attempt = try await shop.doubted(1)
        let known = try Self.line(2, serial: "S1")
        let line = try Self.line(1, serial: serial, yuan: yuan, after: seconds)
        let lines = serial == "S1" ? [line] : [known, line]
        let report = try await Self.take(shop, lines, until: 3600)
        #expect(report.notExecuted == [])
        #expect(try await shop.job(of: attempt)?.state == .unknown)
        let other = try await Self.take(shop, [known], until: 3600, open: [try Samples.number(1)])
        #expect(other.notExecuted == [])
        #expect(try await Self.take(shop, [known], until: 3600).notExecuted == [attempt.job])
    }

    /// The line may be the charge of the first: a second order like it stays in doubt.
    @Test func aLineIsNotTakenFromASuccessWithoutASerial() async throws {
        let shop = try Workshop()
        _ = try await shop.succeeded(1, serial: nil)
        let attempt = try await shop.doubted(1, key: "again")
        let report = try await Self.take(shop, [try Self.line(1, serial: "S1")], until: 3600)
        #expect(report.unmatched.count == 1 && report.succeeded == [] && report.notExecuted == [])
        #expect(try await shop.job(of: attempt)?.state == .unknown)
    }

    @Test func aSerialUnderOtherTermsOpensADisputeAndFlipsNothing() async throws {
        let shop = try Workshop()
        let attempt = try await shop.succeeded(1, serial: "S1")
        let doubted = try await shop.doubted(2)
        let lines = [try Self.line(2, serial: "S1")]
        for _ in 1...2 { _ = try await Self.take(shop, lines) }
        #expect(try await shop.job(of: attempt)?.state == .succeeded)
        #expect(try await shop.job(of: doubted)?.state == .unknown)
        let disputes = try await shop.store.disputes(of: attempt.job)
        #expect(disputes.map(\.cause) == [.contradiction])
    }

    @Test func aSuccessMissingFromACompleteStatementIsDisputedOnce() async throws {
        let shop = try Workshop()
        let attempt = try await shop.succeeded(1, serial: "S1")
        #expect(try await Self.take(shop, [], until: 119).disputes == [])
        let report = try await Self.take(shop, [], until: 3600)
        #expect(report.disputes.count == 1)
        #expect(try await shop.job(of: attempt)?.state == .succeeded)
        _ = try await shop.store.close(
            report.disputes[0],
            as: .rejected,
            reason: "their file was cut",
            by: Workshop.mei,
            at: shop.start
        )
        #expect(try await Self.take(shop, [], until: 3600).disputes == [])
        let present = try await Self.take(
            shop,
            [try Self.line(1, serial: "S1")],
            until: 3601
        )
        #expect(present.disputes == [] && present.agreed == 1)
    }

    @Test func aReversedRechargeMayBeMissing() async throws {
        let shop = try Workshop()
        let attempt = try await shop.succeeded(1, serial: "S1")
        let terms = ReversalTerms(within: .seconds(86_400), sameMonth: false, perMonth: nil)
        _ = try await shop.store.reverse(
            attempt.job,
            terms,
            reason: "wrong",
            people: 1,
            by: Workshop.mei,
            at: shop.start
        )
        try await shop.succeed(try await shop.takeAndArm(1), serial: "R1")
        #expect(try await Self.take(shop, [], until: 3600).disputes == [])
    }

    @Test func aChargeOfARefusedAttemptHoldsItsJob() async throws {
        let shop = try Workshop()
        let attempt = try await shop.doubted()
        try await shop.refuse(attempt, .tryAgain(after: .seconds(60), elsewhere: false))
        let report = try await Self.take(shop, [try Self.line(1, serial: "S1")])
        #expect(report.disputes.count == 1 && report.succeeded == [])
        #expect(try await shop.job(of: attempt)?.state == .held)
        let disputes = try await shop.store.disputes(of: attempt.job)
        #expect(disputes.map(\.cause) == [.lateSuccess])
        let closed = try #require(try await shop.admit(1).closed.first)
        #expect(closed.serial == "S1")
        let again = try await Self.take(
            shop,
            [try Self.line(1, serial: "S1"), try Self.line(2, serial: "S1")]
        )
        #expect(again.agreed == 1 && again.disputes == [])
        let reason = try #require(again.unmatched.first?.reason)
        #expect(reason.contains("came for job \(attempt.job), which has other terms"))
    }

    /// The refused one may have been charged all the same, and the other not.
    @Test(arguments: [nil, "S0"])
    func aLineOfTwoJobsSettlesNeither(late: String?) async throws {
        let shop = try Workshop()
        let refused = try await shop.doubted()
        try await shop.refuse(refused)
        if let late { try await shop.succeed(refused, serial: late) }
        var order = try Samples.order(1)
        order.key.key = "again"
        try await shop.submit(order)
        let doubted = try await shop.takeAndArm(1)
        try await shop.settle(doubted, .unknown, [])
        let report = try await Self.take(shop, [try Self.line(1, serial: "S1")], until: 3600)
        // One that has its own charge did not make this one.
        #expect(report.succeeded == (late == nil ? [] : [doubted.job]))
        #expect(report.notExecuted == [] && report.disputes == [])
        let reasons = report.unmatched.map(\.reason)
        #expect(reasons.count == (late == nil ? 1 : 0))
        for job in late == nil ? [refused.job, doubted.job] : [] {
            #expect(reasons[0].contains("job \(job) "))
        }
    }

    private static func refusedAndAgain(_ shop: Workshop) async throws -> Attempt {
        try await shop.refuse(try await shop.doubted())
        var order = try Samples.order(1)
        order.key.key = "again"
        try await shop.submit(order)
        return try await shop.takeAndArm(1)
    }

    /// Its own answer, which has the serial number too, is still to come.
    @Test func aLineOfAnAttemptUnderWayIsLeftToItsAnswer() async throws {
        let shop = try Workshop()
        let inHand = try await Self.refusedAndAgain(shop)
        let report = try await Self.take(shop, [try Self.line(1, serial: "S1")], until: 3600)
        #expect(report.disputes == [] && report.notExecuted == [])
        let reason = try #require(report.unmatched.first?.reason)
        #expect(reason.contains("job \(inHand.job) is under way"))
        try await shop.succeed(inHand, serial: "S1")
        #expect(try await shop.job(of: inHand)?.state == .succeeded)
    }

    /// It may be the charge of the one after it.
    @Test func aChargeOnARefusedAttemptAloneLeavesItsNumberInDoubt() async throws {
        let shop = try Workshop()
        try await shop.refuse(try await shop.doubted())
        let lines = [try Self.line(1, serial: "S1")]
        #expect(try await Self.take(shop, lines).disputes.count == 1)
        var order = try Samples.order(1)
        order.key.key = "again"
        try await shop.submit(order)
        try await shop.settle(try await shop.takeAndArm(1), .unknown, [])
        let report = try await Self.take(shop, lines, until: 3600)
        #expect(report.agreed == 1 && report.notExecuted == [])
    }

    @Test func anEarlierRefusalOfTheSameJobLeavesItsLineClear() async throws {
        let shop = try Workshop()
        let refused = try await shop.doubted()
        try await shop.refuse(refused, .tryAgain(after: .zero, elsewhere: false))
        _ = try await shop.store.promote(at: shop.start)
        let doubted = try await shop.takeAndArm(1)
        #expect(doubted.job == refused.job)
        try await shop.settle(doubted, .unknown, [])
        let report = try await Self.take(shop, [try Self.line(1, serial: "S1")])
        #expect(report.succeeded == [doubted.job])
    }

    /// The number is not written down again either.
    @Test(arguments: [Int64(10), 20])
    func aLineOfAnErasedNumberIsComparedByItsAmount(yuan: Int64) async throws {
        let shop = try Workshop()
        let attempt = try await shop.succeeded(1, serial: "S1")
        let number = try Samples.number(1)
        let erasure = try await shop.store.erase(
            number,
            national: String(number.e164.dropFirst(3)),
            reason: "asked for",
            by: .gateway,
            at: shop.start
        )
        #expect(erasure.jobs == 1)
        var order = try Samples.order(1)
        order.key.key = "again"
        try await shop.submit(order)
        let doubted = try await shop.takeAndArm(1)
        try await shop.settle(doubted, .unknown, [])
        let lines = [try Self.line(1, serial: "S1", yuan: yuan)]
        let report = try await Self.take(shop, lines, until: 3600)
        #expect(report.agreed == (yuan == 10 ? 1 : 0))
        #expect(report.disputes.count == (yuan == 10 ? 0 : 1))
        #expect(report.notExecuted == (yuan == 10 ? [doubted.job] : []))
        let evidence = try #require(try await shop.store.attempts(of: attempt.job).first?.1)
        #expect(evidence.count == (yuan == 10 ? 1 : 2))
        for item in evidence {
            #expect(!String(decoding: item.raw, as: UTF8.self).contains("13800000001"))
        }
    }

    @Test func aSecondChargeIsPointedOut() async throws {
        let shop = try Workshop()
        let attempt = try await shop.doubted()
        let lines = [try Self.line(1, serial: "S1"), try Self.line(1, serial: "S2", after: 9)]
        let report = try await Self.take(shop, lines)
        #expect(report.succeeded == [attempt.job])
        #expect(report.unmatched.map(\.reason).first?.contains("perhaps charged twice") == true)
    }

    @Test func whatAStatementDidIsAnEventOfWhoBroughtIt() async throws {
        let shop = try Workshop()
        _ = try await Self.take(shop, [try Self.line(1, serial: "S1")])
        let event = try #require(try await shop.store.events(after: 0, limit: 100).last)
        #expect(event.event.kind == "statement.imported" && event.actor == "uid:1000(mei)")
        #expect(event.event.details.contains { $0.key == "unmatched" && $0.value == "1" })
    }

    /// A carrier that counts anew: the line is of another time than the job that has its number.
    @Test(arguments: [(Int64(5), true), (3000, false)])
    func aSerialNumberOfAnotherTimeAccountsForNoLine(
        seconds: Int64,
        isAccountedFor: Bool
    ) async throws {
        let shop = try Workshop()
        _ = try await shop.succeeded(1, serial: "S1")
        let attempt = try await shop.doubted(1, key: "again")
        let line = try Self.line(1, serial: "S1", after: seconds)
        let report = try await Self.take(shop, [line], until: 6000)
        #expect(report.notExecuted == (isAccountedFor ? [attempt.job] : []))
        #expect(report.unmatched.isEmpty == isAccountedFor)
    }
}
