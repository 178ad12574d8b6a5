import GRDB
import Recharge
import TestSupport
import Testing

@testable import JobStorage

private typealias SQL = GuardedDatabase

/// What came back with a backup may have been executed after it was made, whatever becomes of it.
struct RestoredOrderTests {
    private func order(_ key: String, reference: String?, window: Duration) throws -> NewJob {
        var order = try Samples.order(1)
        order.key.key = key
        order.reference = reference
        order.duplicateWindow = window
        return order
    }

    /// A shop that was restored from a backup of itself.
    private func restored(_ shop: Workshop) async throws {
        let file = try await RestoreTests.backUp(shop)
        try shop.store.close()
        try RestoreTests.restore(file, shop)
        try shop.reopen(at: shop.start.advanced(by: .seconds(60)))
    }

    @Test(
        arguments: [("A-17", .zero), (nil, .seconds(600))] as [(String?, Duration)],
        [nil, HoldReason.overLimit]
    )
    func aWithdrawnJobOfABackupCountsAgainstItsRepeat(
        sent: (reference: String?, within: Duration),
        hold: HoldReason?
    ) async throws {
        let shop = try Workshop()
        var first = try order("a", reference: sent.reference, window: sent.within)
        first.hold = hold
        let job = try await shop.submit(first)
        try await restored(shop)
        let cancelled = try await shop.store.cancel(
            job.id,
            reason: "sent before",
            by: .gateway,
            at: shop.start
        )
        #expect(cancelled.state == .cancelled)
        let repeated = try order("b", reference: sent.reference, window: sent.within)
        let again = try await shop.submit(repeated)
        #expect(again.state == .held && again.holdReason == .duplicate)
        #expect(again.reason?.contains("job \(job.id)") == true)
        #expect(again.reason?.hasSuffix("but may have been executed all the same") == true)
    }

    @Test func aJobOfABackupThatExpiresCountsToo() async throws {
        let shop = try Workshop()
        var first = try order("a", reference: "A-17", window: .zero)
        first.deadline = shop.start.advanced(by: .seconds(120))
        let job = try await shop.submit(first)
        try await restored(shop)
        let late = shop.start.advanced(by: .seconds(300))
        try await shop.store.setHold(false, reason: "go", by: .gateway, at: late)
        _ = try await shop.store.promote(at: late)
        #expect(try await shop.store.job(job.id)?.state == .expired)
        let again = try await shop.submit(try order("b", reference: "A-17", window: .zero))
        #expect(again.holdReason == .duplicate)
    }

    @Test func whatIsProvedNotExecutedOrCameAfterTheRestoreIsRepeatedFreely() async throws {
        let shop = try Workshop()
        let doubted = try await shop.doubted()
        try await restored(shop)
        try await shop.refuse(doubted)
        #expect(try await shop.job(of: doubted)?.state == .failed)
        for key in ["b", "c"] {
            let job = try await shop.submit(try order(key, reference: nil, window: .seconds(600)))
            #expect(job.state == .ready)
            _ = try await shop.store.cancel(job.id, reason: "r", by: .gateway, at: shop.start)
        }
    }

    @Test(arguments: [true, false])
    func aCancelledBatchOfABackupIsNotSentAgain(isStaged: Bool) async throws {
        let shop = try Workshop()
        let file = try Workshop.newBatch("march", count: 2)
        let start = try await shop.store.begin(file, by: .gateway, at: shop.start)
        guard case .stage(let id) = start else { throw Workshop.NoJob(sim: 0) }
        if isStaged {
            let rows = try Workshop.rows(first: 1, count: 2)
            try await shop.store.stage(rows, in: id, at: shop.start)
            _ = try await shop.store.open(id, by: .gateway, at: shop.start)
        }
        try await restored(shop)
        _ = try await shop.store.change(id, .cancel, reason: "r", by: .gateway, at: shop.start)
        var again = file
        again.key.key = "again"
        let refusal = await #expect(throws: JobStoreError.self) {
            try await shop.store.begin(again, by: .gateway, at: shop.start)
        }
        #expect(refusal?.message.contains("batch \(id)") == true)
    }

    /// The rows that the backup lacks would come as new ones, and may all have been sent.
    @Test func aBatchThatWasHalfStagedInABackupIsNotGoneOnWith() async throws {
        let shop = try Workshop()
        let file = try Workshop.newBatch("march", count: 2)
        guard case .stage(let id) = try await shop.store.begin(file, by: .gateway, at: shop.start)
        else { throw Workshop.NoJob(sim: 0) }
        let rows = try Workshop.rows(first: 1, count: 2)
        try await shop.store.stage([rows[0]], in: id, at: shop.start)
        try await restored(shop)
        guard
            case .known(let known) = try await shop.store.begin(file, by: .gateway, at: shop.start)
        else {
            Issue.record("its rows would go out once more")
            return
        }
        #expect(known.state == .cancelled)
        await #expect(throws: JobStoreError.self) {
            try await shop.store.stage(rows, in: id, at: shop.start)
        }
    }

    /// Nobody watched the clock since the backup: how old its requests are is not known.
    @Test func aRequestOfABackupLivesAsLongAgain() async throws {
        let shop = try Workshop()
        let doubted = try await shop.doubted()
        let file = try await RestoreTests.backUp(shop)
        try shop.store.close()
        try RestoreTests.restore(file, shop, after: .seconds(3600))
        try shop.reopen(at: shop.start.advanced(by: .seconds(3601)))
        let moment = shop.start.advanced(by: .seconds(3700))
        let refusal = await #expect(throws: JobStoreError.self) {
            try await shop.resolve(doubted, .notExecuted, at: moment)
        }
        #expect(refusal?.code == .outcomePending)
    }

    /// It may have been approved after the backup was made, and carried out.
    @Test func whatWasProposedInABackupIsProposedAnew() async throws {
        let shop = try Workshop()
        let attempt = try await shop.succeeded(serial: "S1")
        let terms = ReversalTerms(within: .seconds(86_400), sameMonth: false, perMonth: nil)
        let reversal = try await shop.store.reverse(
            attempt.job,
            terms,
            reason: "r",
            people: 2,
            by: Workshop.mei,
            at: shop.start
        )
        try await shop.submit(try order("a", reference: "A-17", window: .zero))
        let held = try await shop.submit(try order("b", reference: "A-17", window: .zero))
        #expect(held.holdReason == .duplicate)
        let duplicate = try await shop.store.vouch(
            for: .job(held.id),
            reason: "r",
            people: 2,
            by: Workshop.mei,
            at: shop.start
        )
        try await restored(shop)
        for proposal in [reversal, duplicate] {
            await #expect(throws: JobStoreError.self) {
                try await shop.approve(proposal, by: Workshop.lan)
            }
        }
        let now = try #require(try await shop.store.job(held.id))
        #expect(now.state == .held && now.reason?.hasPrefix("restored from a backup") == true)
    }

    /// Its clock was set back, or that of the machine before it was fast.
    @Test func anAttemptOfABackupIsKnownThoughTheClockIsBehind() async throws {
        let shop = try Workshop()
        let doubted = try await shop.doubted()
        let file = try await RestoreTests.backUp(shop)
        try shop.store.close()
        let (report, _) = try RestoreTests.restore(file, shop, after: .seconds(-3600))
        #expect(report.epoch == 1)
        try shop.reopen(at: shop.start.advanced(by: .seconds(-3600)))
        try await shop.refuse(doubted, .tryAgain(after: .zero, elsewhere: false))
        #expect(try await shop.job(of: doubted)?.holdReason == .restored)
    }

    // MARK: From the version before

    /// A queue of version 4: job 2 is row 2 of batch 1 on SIM 1, refused and then charged late.
    private func before(_ statements: String...) throws -> DatabaseQueue {
        let queue = try DatabaseQueue()
        try queue.writeWithoutTransaction { db in
            for part in Schema.versions[0..<4].joined() { try db.execute(sql: part) }
            try db.execute(sql: "PRAGMA user_version = 4")
            let rows = [
                """
                INSERT INTO sim (id, iccid, port, carrier, state, seen_at)
                VALUES (1, '89860012340000000001', 'p1', 'simulated', 'enabled', 0);
                INSERT INTO batch (id, client, client_key, name, body_digest, state, row_count,
                  amount_sum, currency, created_at, created_by)
                VALUES (1, 'c', 'b', 'b.csv', x'07', 'staging', 1, 1000, 'CNY', 0, 'test');
                INSERT INTO lane (id, batch_id, stride, open) VALUES (2, 1, 8, 0)
                """,
                SQL.insertJob(1), SQL.insertJob(2, number: "+8613800000002", lane: 2, line: "2"),
                "UPDATE batch SET state = 'open'", SQL.move(2, to: .leased),
                SQL.insertAttempt(job: 2), SQL.move(2, to: .armed),
                SQL.insertEvidence("not_executed"), SQL.close("not_executed"),
                SQL.move(2, to: .held),
            ]
            for statement in rows + statements { try db.execute(sql: statement) }
            try Schema.migrate(db)
        }
        return queue
    }

    private func integer(_ queue: DatabaseQueue, _ sql: String) throws -> Int? {
        try queue.read { try Int.fetchOne($0, sql: sql) }
    }

    private let worked = "SELECT SUM(is_worked * id) FROM lane"
    private let restoredJobs = "SELECT SUM(restored * id) FROM job"
    private let lastAttempt = "SELECT CAST(value AS INTEGER) FROM setting WHERE name = "

    @Test func anOlderQueueIsMarkedByWhatIsOnFile() throws {
        let plain = try before()
        #expect(try integer(plain, worked) == 0 && integer(plain, restoredJobs) == 0)
        #expect(try integer(plain, "\(lastAttempt)'restored_attempt'") == nil)
        let charged = try before(SQL.insertEvidence("success"))
        #expect(try integer(charged, worked) == 2)
        let old = try before(
            "INSERT INTO setting (name, value) VALUES ('restored_at', '5')",
            "UPDATE job SET state = 'cancelled', finished_at = 4 WHERE id = 1"
        )
        #expect(try integer(old, restoredJobs) == 2 && integer(old, worked) == 2)
        #expect(try integer(old, "\(lastAttempt)'restored_attempt'") == 1)
    }
}
