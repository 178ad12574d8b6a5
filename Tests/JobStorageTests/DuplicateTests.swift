import GRDB
import Recharge
import TestSupport
import Testing

@testable import JobStorage

/// What is an order's repeat, and what becomes of it.
struct DuplicateTests {
    private let window = Duration.seconds(600)

    private func order(
        _ key: String,
        number: Int = 1,
        yuan: Int64 = 10,
        repeatIndex: Int? = nil
    ) throws -> NewJob {
        var order = try Samples.order(number, yuan: yuan)
        order.key.key = key
        order.repeatIndex = repeatIndex
        order.duplicateWindow = window
        return order
    }

    private func moment(_ seconds: Int) -> Timestamp {
        Samples.midnight.advanced(by: .seconds(seconds))
    }

    @Test func theSameNumberAndAmountWithinTheWindowIsHeld() async throws {
        let shop = try Workshop()
        let first = try await shop.submit(try order("a"))
        let second = try await shop.submit(try order("b"), at: moment(599))
        #expect(second.state == .held)
        #expect(second.holdReason == .duplicate)
        #expect(second.reason?.hasPrefix("job \(first.id) recharges the same number") == true)
    }

    @Test func anotherNumberAmountOrCurrencyIsNone() async throws {
        let shop = try Workshop()
        try await shop.submit(try order("a"))
        #expect(try await shop.submit(try order("b", number: 2)).state == .ready)
        #expect(try await shop.submit(try order("c", yuan: 11)).state == .ready)
        var foreign = try order("d")
        foreign.amount.currency = try #require(Currency(code: "USD"))
        #expect(try await shop.submit(foreign).state == .ready)
    }

    @Test func theWindowRunsFromTheEndOfTheOtherAndFromNowWhileItWaits() async throws {
        let shop = try Workshop()
        try await shop.admit(1)
        try await shop.submit(try order("a"))
        #expect(try await shop.submit(try order("late"), at: moment(100_000)).state == .held)
        let attempt = try await shop.takeAndArm(1)
        try await shop.settle(
            attempt,
            .success(serial: nil),
            [Workshop.evidence(.success)],
            after: .seconds(50)
        )
        let held = try await shop.store.jobs(JobQuery(states: [.held])).elements[0]
        _ = try await shop.store.cancel(held.id, reason: "r", by: .gateway, at: moment(60))
        #expect(try await shop.submit(try order("b"), at: moment(649)).state == .held)
        for job in try await shop.store.jobs(JobQuery(states: [.held])).elements {
            _ = try await shop.store.cancel(job.id, reason: "r", by: .gateway, at: moment(650))
        }
        #expect(try await shop.submit(try order("c"), at: moment(650)).state == .ready)
    }

    @Test func whatCameToNothingIsRepeatedFreely() async throws {
        let shop = try Workshop()
        try await shop.admit(1)
        try await shop.submit(try order("a"))
        try await shop.refuse(try await shop.takeAndArm(1))
        let second = try await shop.submit(try order("b"))
        #expect(second.state == .ready)
        _ = try await shop.store.cancel(second.id, reason: "r", by: .gateway, at: shop.start)
        #expect(try await shop.submit(try order("c")).state == .ready)
    }

    @Test func aRepeatIndexMakesAnOrderOfItsOwnOnce() async throws {
        let shop = try Workshop()
        try await shop.submit(try order("a"))
        #expect(try await shop.submit(try order("b", repeatIndex: 2)).state == .ready)
        #expect(try await shop.submit(try order("c", repeatIndex: 3)).state == .ready)
        #expect(try await shop.submit(try order("d", repeatIndex: 2)).state == .held)
        #expect(try await shop.submit(try order("e")).state == .held)
        let known = try await shop.store.jobs(JobQuery(number: try Samples.number(1))).elements
        #expect(known.map(\.order.repeatIndex) == [nil, 2, 3, 2, nil])
    }

    @Test func ordersForLaterMeetOnlyThoseOfTheirTime() async throws {
        let shop = try Workshop()
        var monthly = try order("next month")
        monthly.notBefore = moment(30 * 86_400)
        #expect(try await shop.submit(monthly).state == .scheduled)
        #expect(try await shop.submit(try order("now")).state == .ready)
        var near = try order("near it")
        near.notBefore = moment(30 * 86_400 - 599)
        #expect(try await shop.submit(near).state == .held)
    }

    @Test func withoutAWindowNothingIsHeldAndASendersWordIsKept() async throws {
        let shop = try Workshop()
        try await shop.submit(try order("a"))
        var free = try order("b")
        free.duplicateWindow = .zero
        #expect(try await shop.submit(free).state == .ready)
        var meant = try order("c")
        meant.allowsDuplicates = true
        let job = try await shop.submit(meant)
        #expect(job.state == .held && job.holdReason == .duplicate)
        #expect(try await shop.store.job(job.id)?.order.allowsDuplicates == true)
        let event = try #require(try await shop.store.events(after: 0, limit: 99).last?.event)
        #expect(event.details.contains(.init("duplicates", "allowed")))
    }

    @Test func theRepeatOfAnOrderUnderItsKeyIsNoDuplicate() async throws {
        let shop = try Workshop()
        let first = try await shop.submit(try order("a"))
        #expect(try await shop.submit(try order("a")).id == first.id)
        let other = await #expect(throws: JobStoreError.self) {
            try await shop.submit(try order("a", repeatIndex: 2))
        }
        #expect(other?.code == .conflict)
    }

    // MARK: Batches

    @discardableResult
    private func take(
        _ shop: Workshop,
        _ batch: NewBatch,
        _ rows: [NewJob]
    ) async throws -> Batch {
        guard case .stage(let id) = try await shop.store.begin(batch, by: .gateway, at: shop.start)
        else { throw Workshop.NoJob(sim: 0) }
        try await shop.store.stage(rows, in: id, at: shop.start)
        return try await shop.store.open(id, by: .gateway, at: shop.start)
    }

    private func rows(_ count: Int, reference: String? = nil) throws -> [NewJob] {
        try (0..<count).map { index in
            var order = try Samples.order(index, batchLine: index + 2)
            order.reference = reference.map { "\($0)\(index)" }
            order.duplicateWindow = window
            return order
        }
    }

    @Test func rowsThatRepeatEarlierOrdersAreHeldAndTheOthersGo() async throws {
        let shop = try Workshop()
        try await shop.submit(try order("a", number: 1))
        let batch = try await take(shop, Workshop.newBatch("b", count: 3), rows(3))
        #expect(batch.counts == [.held: 1, .ready: 2])
        let held = try await shop.store.jobs(JobQuery(states: [.held])).elements
        #expect(held.map(\.order.batchLine) == [3])
    }

    @Test func stagingARowAgainDoesNotHoldIt() async throws {
        let shop = try Workshop()
        let new = try Workshop.newBatch("b", count: 3)
        guard case .stage(let id) = try await shop.store.begin(new, by: .gateway, at: shop.start)
        else { throw Workshop.NoJob(sim: 0) }
        for _ in 0..<2 { try await shop.store.stage(rows(3), in: id, at: shop.start) }
        let batch = try await shop.store.open(id, by: .gateway, at: shop.start)
        #expect(batch.counts == [.ready: 3])
    }

    @Test func aFileIsOneBatchUnlessItWasWithdrawnOrIsMeant() async throws {
        let shop = try Workshop()
        let first = try await take(shop, Workshop.newBatch("march", count: 2), rows(2))
        var again = try Workshop.newBatch("march", count: 2)
        again.key = NewJob.Key(client: "uid:2000", key: "other")
        let refusal = await #expect(throws: JobStoreError.self) {
            try await shop.store.begin(again, by: .gateway, at: shop.start)
        }
        #expect(refusal?.code == .conflict)
        #expect(refusal?.message.contains("batch \(first.id) (march.csv)") == true)
        #expect(refusal?.message.contains("2026-11-23T00:00:00") == true)
        var meant = again
        meant.allowsDuplicates = true
        guard case .stage = try await shop.store.begin(meant, by: .gateway, at: shop.start) else {
            Issue.record("an approver's word was not taken")
            return
        }
        var third = again
        third.key.key = "third"
        third.bodyDigest = [9]
        guard case .stage(let id) = try await shop.store.begin(third, by: .gateway, at: shop.start)
        else { throw Workshop.NoJob(sim: 0) }
        _ = try await shop.store.change(id, .cancel, reason: "r", by: .gateway, at: shop.start)
        third.key.key = "fourth"
        guard case .stage = try await shop.store.begin(third, by: .gateway, at: shop.start) else {
            Issue.record("a withdrawn file was refused")
            return
        }
    }

    @Test func aCancelledFileWhoseRowsWereSentIsNotSentAgain() async throws {
        let shop = try Workshop()
        try await shop.admit(1)
        let file = try Workshop.newBatch("march", count: 3)
        let batch = try await take(shop, file, rows(3, reference: "r"))
        let attempt = try await shop.takeAndArm(1)
        try await shop.settle(attempt, .unknown, [])
        _ = try await shop.store.change(
            batch.id,
            .cancel,
            reason: "r",
            by: .gateway,
            at: shop.start
        )
        var again = file
        again.key.key = "again"
        let refusal = await #expect(throws: JobStoreError.self) {
            try await shop.store.begin(again, by: .gateway, at: shop.start)
        }
        #expect(refusal?.message.contains("send the others alone") == true)
        again.bodyDigest = [9]
        let found = try await shop.store.earlierOrders(
            like: rows(3, reference: "r"),
            batch: again.key,
            onlySameReference: true,
            at: shop.start
        )
        #expect(found.map(\.job) == [attempt.job])
    }

    /// Its count says that nothing of it was sent: the row was refused, and charged all the same.
    @Test func aCancelledFileWithALateSuccessIsNotSentAgain() async throws {
        let shop = try Workshop()
        try await shop.admit(1)
        let file = try Workshop.newBatch("march", count: 1)
        let batch = try await take(shop, file, Workshop.rows(first: 1, count: 1))
        let attempt = try await shop.takeAndArm(1)
        try await shop.refuse(attempt, .tryAgain(after: .seconds(60), elsewhere: false))
        try await shop.succeed(attempt, serial: "S1")
        #expect(try await shop.job(of: attempt)?.holdReason == .duplicate)
        let cancelled = try await shop.store.change(
            batch.id,
            .cancel,
            reason: "r",
            by: .gateway,
            at: shop.start
        )
        #expect(cancelled.counts == [.cancelled: 1])
        var again = file
        again.key.key = "again"
        let refusal = await #expect(throws: JobStoreError.self) {
            try await shop.store.begin(again, by: .gateway, at: shop.start)
        }
        #expect(refusal?.code == .conflict)
        #expect(refusal?.message.contains("were sent or may have been") == true)
    }

    /// It was held, or failed, and then the carrier said that it was charged.
    @Test func anOrderWithASuccessOnRecordDidNotComeToNothing() async throws {
        let shop = try Workshop()
        try await shop.admit(1)
        try await shop.submit(try order("a"))
        let attempt = try await shop.takeAndArm(1)
        try await shop.refuse(attempt)
        try await shop.succeed(attempt, serial: "S1")
        #expect(try await shop.job(of: attempt)?.state == .failed)
        #expect(try await shop.submit(try order("b"), at: moment(599)).state == .held)
    }

    @Test func aSingleOrderUnderAReferenceThatWasOrderedIsHeld() async throws {
        let shop = try Workshop()
        _ = try await take(shop, Workshop.newBatch("b", count: 2), rows(2, reference: "r"))
        func single(_ key: String, number: Int, _ reference: String?) throws -> NewJob {
            var order = try order(key, number: number)
            order.duplicateWindow = .zero
            order.reference = reference
            return order
        }
        #expect(try await shop.submit(try single("a", number: 7, "x")).state == .ready)
        #expect(try await shop.submit(try single("b", number: 7, "x")).state == .held)
        #expect(try await shop.submit(try single("c", number: 7, "y")).state == .ready)
        #expect(try await shop.submit(try single("d", number: 7, nil)).state == .ready)
        let row = try await shop.submit(try single("e", number: 0, "r0"))
        #expect(row.reason?.contains("has the same reference") == true)
    }

    @Test func aRowUnderTheSameReferenceIsFoundWithItsBatch() async throws {
        let shop = try Workshop()
        let first = try await take(shop, Workshop.newBatch("b", count: 3), rows(3, reference: "r"))
        let key = NewJob.Key(client: Samples.client, key: "next")
        func found(_ orders: [NewJob]) async throws -> [EarlierOrder] {
            try await shop.store.earlierOrders(
                like: orders,
                batch: key,
                onlySameReference: true,
                at: shop.start
            )
        }
        let same = try await found(rows(3, reference: "r"))
        #expect(same.map(\.line) == [2, 3, 4])
        #expect(Set(same.map(\.batch)) == [first.id])
        #expect(same.first?.batchName == "b.csv")
        #expect(try await found(rows(3, reference: "other")).isEmpty)
        #expect(try await found(rows(3)).isEmpty)
        var strangers = try rows(3, reference: "r")
        for index in strangers.indices { strangers[index].key.client = "uid:2000" }
        #expect(try await found(strangers).isEmpty)
        _ = try await shop.store.change(
            first.id,
            .cancel,
            reason: "r",
            by: .gateway,
            at: shop.start
        )
        #expect(try await found(rows(3, reference: "r")).isEmpty)
    }

    /// Two uploads at once: neither saw the other when it was checked.
    @Test func aReferenceThatCameMeanwhileHoldsTheRowEvenWithoutAWindow() async throws {
        let shop = try Workshop()
        try await take(shop, Workshop.newBatch("b", count: 2), rows(2, reference: "r"))
        var again = try rows(2, reference: "r")
        for index in again.indices { again[index].duplicateWindow = .zero }
        let batch = try await take(shop, Workshop.newBatch("c", count: 2), again)
        #expect(batch.counts == [.held: 2])
    }

    @Test func duplicatesAreFoundByIndex() throws {
        let shop = try Workshop()
        let plan = try shop.store.pool.read { db in
            try Workshop.plan(
                DuplicateSearch.sql.replacing("?10", with: "'1'")
                    .replacing(/\?\d/, with: "1"),
                db
            )
        }
        #expect(plan.contains("SEARCH job USING INDEX job_number"), "\(plan)")
        #expect(!plan.contains("SCAN"), "\(plan)")
    }
}
