import GRDB
import Recharge
import TestSupport
import Testing

@testable import JobStorage

/// Requests in doubt when the clock was set, or nobody watched it.
///
/// They are armed at the start, and by that clock can arrive for 900 s.
struct SetClockTests {
    private static func at(_ shop: Workshop, _ seconds: Int) -> Timestamp {
        shop.start.advanced(by: .seconds(seconds))
    }

    private static func isDead(
        _ attempt: Attempt,
        _ shop: Workshop,
        at seconds: Int
    ) async throws -> Bool {
        do {
            try await shop.resolve(attempt, .notExecuted, at: at(shop, seconds))
            return true
        } catch let error as JobStoreError where error.code == .outcomePending {
            return false
        }
    }

    /// It was sent before the clock was set, whichever way that was.
    @Test(arguments: [
        (3600, 4499, false), (3600, 4501, true), (-3600, -2701, false), (-3600, -2699, true),
    ])
    func afterAJumpARequestLivesAsLongAgain(jump: Int, moment: Int, isDead: Bool) async throws {
        let shop = try Workshop()
        let attempt = try await shop.doubted()
        try await shop.store.clockJumped(by: .seconds(jump), at: Self.at(shop, jump))
        #expect(try await shop.store.stats(at: Self.at(shop, jump)).hold != nil)
        let fence = try await shop.store.sims()[0].fencedUntil
        #expect(fence == Self.at(shop, jump + 900))
        #expect(try await Self.isDead(attempt, shop, at: moment) == isDead)
    }

    /// What a clock said that was ahead, and was set right, holds neither job nor SIM until then.
    @Test func aClockThatWasAheadHoldsNothing() async throws {
        let shop = try Workshop()
        let attempt = try await shop.doubted()
        let year = 365 * 86_400
        try await shop.store.clockJumped(by: .seconds(year), at: Self.at(shop, year + 10))
        try shop.reopen(at: Self.at(shop, year + 20))
        try await shop.store.clockJumped(by: .seconds(-year), at: Self.at(shop, 30))
        #expect(try await shop.store.sims()[0].fencedUntil == Self.at(shop, 930))
        #expect(try await !Self.isDead(attempt, shop, at: 929))
        #expect(try await Self.isDead(attempt, shop, at: 931))
    }

    /// What had died before the clock was set back stays dead.
    @Test func whatHadDiedDoesNotLiveAgain() async throws {
        let shop = try Workshop()
        let attempt = try await shop.doubted()
        try await shop.store.clockJumped(by: .seconds(-3600), at: Self.at(shop, 1000 - 3600))
        #expect(try await Self.isDead(attempt, shop, at: 1001 - 3600))
    }

    /// A repetition that is sent since may still be under way when the request is not.
    @Test func aRepetitionKeepsARequestAliveAfterAJump() async throws {
        let shop = try Workshop()
        let attempt = try await shop.doubted()
        try await shop.store.clockJumped(by: .seconds(-3600), at: Self.at(shop, -3600))
        try await shop.store.setHold(false, reason: "set right", by: .gateway, at: shop.start)
        let asking = Asking(
            kind: .reconfirm,
            sim: try Samples.iccid(1),
            attempt: attempt.id,
            redactedRequest: "CF*******",
            answersUntil: Self.at(shop, -1000)
        )
        _ = try await shop.store.ask(asking, at: Self.at(shop, -2000))
        #expect(try await !Self.isDead(attempt, shop, at: -1001))
        #expect(try await Self.isDead(attempt, shop, at: -999))
    }

    /// What had died while the clock was watched stays dead.
    @Test(arguments: [(901, true), (10, false)])
    func afterARestartOneThatHadNotDiedDoes(watched: Int, isDead: Bool) async throws {
        let shop = try Workshop()
        let attempt = try await shop.doubted()
        try await shop.store.record(
            NewEvent(kind: "modem.left", details: []),
            by: .gateway,
            at: Self.at(shop, watched)
        )
        try shop.reopen(at: Self.at(shop, 3600))
        #expect(try await Self.isDead(attempt, shop, at: 3700) == isDead)
        guard !isDead else { return }
        try shop.reopen(at: Self.at(shop, 7200))
        #expect(try await !Self.isDead(attempt, shop, at: 8099))
        #expect(try await Self.isDead(attempt, shop, at: 8101))
    }

    /// It may have been sent an hour later than it says: the statement must cover that too.
    @Test(arguments: [(5000, false), (8500, true)])
    func aStatementMustCoverWhenItMayHaveBeenSent(until: Int, settles: Bool) async throws {
        let shop = try Workshop()
        let attempt = try await shop.doubted()
        try await shop.store.clockJumped(by: .seconds(3600), at: Self.at(shop, 3600))
        let statement = CarrierStatement(
            carrier: try Samples.carrier(),
            sim: try Samples.iccid(1),
            extent: CarrierStatement.Extent(
                from: Self.at(shop, -7200),
                until: Self.at(shop, until),
                sim: try Samples.iccid(1)
            ),
            lines: [],
            openNumbers: [],
            name: "november.csv",
            digest: [7]
        )
        let now = Self.at(shop, 9000)
        let report = try await shop.store.take(
            statement,
            people: ApprovalTerms(),
            by: Workshop.mei,
            at: now
        )
        #expect(report.notExecuted == (settles ? [attempt.job] : []))
    }

    /// A queue of version 7 had a repetition under way after the restart that is on record.
    @Test(arguments: [(true, 2100), (false, 1000)])
    func aRepetitionOutlivesTheUpgrade(isSent: Bool, deadAt: Int64) throws {
        let queue = try DatabaseQueue()
        let found = try queue.writeWithoutTransaction { db in
            for part in Schema.versions[0..<7].joined() { try db.execute(sql: part) }
            try db.execute(sql: "PRAGMA user_version = 7")
            let rows = [
                """
                INSERT INTO sim (id, iccid, port, carrier, state, seen_at)
                VALUES (1, '89860012340000000001', 'p1', 'simulated', 'enabled', 0)
                """,
                GuardedDatabase.insertJob(1), GuardedDatabase.move(1, to: .leased),
                GuardedDatabase.insertAttempt(),
                GuardedDatabase.move(1, to: .armed), GuardedDatabase.close("unknown"),
                GuardedDatabase.move(1, to: .unknown),
                "UPDATE attempt SET lives_until = 1000",
                """
                INSERT INTO inquiry (sim_id, attempt_id, kind, asked_at, fence_until,
                  redacted_digest)
                VALUES (1, 1, 'reconfirm', 1100, 2100, x'00')
                """,
                """
                UPDATE inquiry SET outcome = 'not_sent', outcome_at = 1101 WHERE NOT \(isSent)
                """,
            ]
            for row in rows { try db.execute(sql: row) }
            try Schema.migrate(db)
            return try Int64.fetchOne(db, sql: "SELECT \(Attempt.deadAtColumn) FROM attempt")
        }
        #expect(found == deadAt)
    }
}
