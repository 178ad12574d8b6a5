import Recharge
import TestSupport
import Testing

@testable import JobStorage

/// What was said before, or of another, and proves nothing of what is asked about now.
@Suite struct EarlierWordTests {
    /// Without time stamps a message that is read twice looks like two.
    @Test func anUnchangedFloatWithoutTimeStampIsSaidOnce() async throws {
        let shop = try Workshop()
        try await shop.admit(1)
        try await shop.report(1, try Samples.yuan(100))
        try await shop.submit(try Samples.order(1))
        let attempt = try await shop.takeAndArm(1, balance: try Samples.yuan(100))
        try await shop.settle(attempt, .unknown, [])
        var unchanged = Workshop.evidence(.notExecuted)
        (unchanged.kind, unchanged.grade) = (.balance, .balanceDelta)
        try await shop.store.keep(unchanged, for: attempt.id, at: shop.start)
        let again = Settlement.Following.tryAgain(after: .seconds(60), elsewhere: true)
        let state = try await shop.settle(attempt, .notExecuted(again), [unchanged])
        #expect(state == .unknown)
    }

    /// The answer was under way while money was paid in.
    @Test(arguments: [true, false])
    func anAnswerFromBeforeATopUpTellsNoFloatOfNow(isExecuted: Bool) async throws {
        let shop = try Workshop()
        try await shop.admit(1, driftMax: try Samples.yuan(1))
        try await shop.report(1, try Samples.yuan(100))
        try await shop.submit(try Samples.order(1))
        let attempt = try await shop.takeAndArm(1, balance: try Samples.yuan(100))
        try await shop.payIn(try Samples.yuan(500))
        if isExecuted {
            try await shop.succeed(attempt, serial: "S1", balance: try Samples.yuan(90))
        } else {
            try await shop.settle(
                attempt,
                .notExecuted(.fail),
                [Workshop.evidence(.notExecuted)],
                balance: try Samples.yuan(100)
            )
        }
        let sim = try #require(try await shop.store.sims().first)
        #expect(sim.state == .enabled && sim.balance == nil)
        let float = try #require(try await shop.store.floats().first)
        #expect(float.expected == (try Samples.yuan(isExecuted ? 590 : 600)))
    }

    /// The carrier may show the recharges of a number, whichever SIM they are of.
    @Test(arguments: [(String?.none, false), ("S1", true)])
    func aRecordThatMayBeOfAnUnnumberedSuccessProvesNothing(
        serial: String?,
        isProof: Bool
    ) async throws {
        let shop = try Workshop()
        _ = try await shop.succeeded(1, serial: serial)
        let attempt = try await shop.doubted(1, key: "again")
        var record = Workshop.evidence(.success)
        (record.kind, record.grade) = (.history, .carrierRecord)
        var trace = Workshop.evidence(.inconclusive)
        (trace.kind, trace.grade) = (.trace, .none)
        let state = try await shop.settle(attempt, .success(serial: "S2"), [record, trace])
        #expect(state == (isProof ? .succeeded : .unknown))
        var absence = Workshop.evidence(.notExecuted, raw: [2])
        (absence.kind, absence.grade) = (.history, .carrierRecord)
        let again = Settlement.Following.tryAgain(after: .seconds(60), elsewhere: true)
        let after = try await shop.settle(attempt, .notExecuted(again), [absence])
        #expect(after == (isProof ? .succeeded : .held), "nothing goes out against a record")
    }

    /// Its charge would be made, and could not be booked.
    @Test func aSIMWhoseBooksAreInAnotherCurrencyIsPaused() async throws {
        let shop = try Workshop()
        try await shop.admit(1)
        try await shop.report(1, try Samples.yuan(100))
        let euro = Currency(code: "EUR")
        var order = try Samples.order(1)
        order.amount = Amount(minorUnits: 1000, currency: try #require(euro))
        try await shop.submit(order)
        let job = try #require(try await shop.take(1))
        try await shop.admit(1, currency: euro)
        let sim = try #require(try await shop.store.sims().first)
        #expect(sim.state == .paused)
        #expect(sim.stateReason?.contains("its books are in CNY") == true)
        try await shop.store.setState(
            of: sim.iccid,
            to: .enabled,
            reason: "a mistake",
            by: .gateway,
            at: shop.start
        )
        let again = try #require(try await shop.take(1))
        let refusal = await #expect(throws: JobStoreError.self) {
            try await shop.arm(again, 1)
        }
        #expect(refusal?.message.contains("its books are in CNY") == true)
        #expect(try await shop.store.sims().first?.state == .paused)
        #expect(try await shop.store.job(job.id)?.state == .ready)
    }

    /// A person's word, or the time, took back what a repetition would execute.
    @Test(arguments: ["paused", "cancelled", "deadline", "open"])
    func whatMayNotGoOutIsNotRepeatedEither(way: String) async throws {
        let shop = try Workshop()
        try await shop.admit(1)
        var order = try Samples.order(1)
        order.deadline = way == "deadline" ? shop.start.advanced(by: .seconds(50)) : nil
        let batch = way == "deadline" ? nil : try await shop.batch("b", first: 1, count: 1)
        if way == "deadline" { try await shop.submit(order) }
        let attempt = try await shop.takeAndArm(1)
        try await shop.settle(attempt, .unknown, [])
        if let batch, way != "open" {
            let change: BatchChange = way == "paused" ? .pause : .cancel
            _ = try await shop.store.change(
                batch,
                change,
                reason: "wrong file",
                by: .gateway,
                at: shop.start
            )
        }
        let now = shop.start.advanced(by: .seconds(60))
        let asking = Asking(
            kind: .reconfirm,
            sim: try Samples.iccid(1),
            attempt: attempt.id,
            redactedRequest: "CF*******",
            answersUntil: shop.start.advanced(by: .seconds(2000))
        )
        if way == "open" {
            _ = try await shop.store.ask(asking, at: now)
        } else {
            let refusal = await #expect(throws: JobStoreError.self) {
                try await shop.store.ask(asking, at: now)
            }
            #expect(refusal?.code == .wrongState)
        }
    }
}
