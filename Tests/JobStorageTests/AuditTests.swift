import GRDB
import Recharge
import TestSupport
import Testing

@testable import JobStorage

/// The chain of events under attack by whoever may write the file, and the books at the start.
struct AuditTests {
    /// An attack with all triggers gone, and what is found of it.
    struct Tampering: CustomTestStringConvertible {
        var statement: String
        var finding: String

        var testDescription: String { statement }
    }

    private static func shop() async throws -> Workshop {
        let shop = try Workshop()
        for index in 1...8 { try await shop.submit(try Samples.order(index)) }
        return shop
    }

    private static func tamper(_ shop: Workshop, _ statement: String) async throws {
        try await shop.store.pool.writeWithoutTransaction { db in
            let triggers = "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
            for name in try String.fetchAll(db, sql: triggers) {
                try db.execute(sql: "DROP TRIGGER \(name)")
            }
            try db.execute(sql: statement)
        }
    }

    @Test(arguments: [
        Tampering(
            statement: "UPDATE event SET actor = 'x' WHERE seq = 3",
            finding: "event 3 was changed"
        ),
        Tampering(
            statement: "UPDATE event SET body = '{}' WHERE seq = 9",
            finding: "event 9 was changed"
        ),
        Tampering(
            statement: "UPDATE event SET at = at + 1 WHERE seq = 1",
            finding: "event 1 was changed"
        ),
        Tampering(statement: "DELETE FROM event WHERE seq = 4", finding: "event 4 is missing"),
        Tampering(
            statement: "DELETE FROM event WHERE seq BETWEEN 2 AND 5",
            finding: "events 2 to 5 are missing"
        ),
        Tampering(
            statement: "DELETE FROM event WHERE seq > 6",
            finding: "the end is cut off: events 7 to 9 are missing"
        ),
        Tampering(
            statement: "DELETE FROM event",
            finding: "the end is cut off: events 1 to 9 are missing"
        ),
        Tampering(
            statement: """
                INSERT INTO event SELECT seq + 1, at, kind, job_id, actor, body, hash, hash
                FROM event WHERE seq = 9
                """,
            finding: "event 10 was changed"
        ),
        Tampering(
            statement: """
                UPDATE event SET seq = -seq WHERE seq >= 5;
                UPDATE event SET seq = 1 - seq WHERE seq < 0;
                INSERT INTO event SELECT 5, at, kind, job_id, actor, body, hash, hash
                FROM event WHERE seq = 4
                """,
            finding: "event 5 was changed"
        ),
        Tampering(
            statement: "UPDATE chain_head SET seq = 7",
            finding: "the chain does not end where it was last written to (event 7)"
        ),
        Tampering(
            statement: "DELETE FROM chain_head",
            finding: "the chain does not end where it was last written to (event -1)"
        ),
    ])
    func whatIsDoneToEventsIsFound(_ tampering: Tampering) async throws {
        let shop = try await Self.shop()
        #expect(try await shop.store.verifyChain(against: nil).findings == [])
        try await Self.tamper(shop, tampering.statement)
        let findings = try await shop.store.verifyChain(against: nil).findings.map(\.text)
        #expect(findings.contains(tampering.finding), "\(findings)")
    }

    @Test func aHeadNotedElsewhereFindsAChainWrittenAnew() async throws {
        let shop = try await Self.shop()
        let noted = try await shop.store.verifyChain(against: nil).head
        #expect(noted.sequence == 9)
        try await shop.submit(try Samples.order(20))
        #expect(try await shop.store.verifyChain(against: noted).findings == [])
        let other = try await Self.shop()
        try await other.store.setHold(true, reason: "x", by: .gateway, at: other.start)
        var foreign = noted
        foreign.hash[0] ^= 1
        let findings = try await other.store.verifyChain(against: foreign).findings.map(\.text)
        #expect(findings == ["event 9 has not the hash that was noted"])
        foreign.sequence = 99
        let missing = try await other.store.verifyChain(against: foreign).findings.map(\.text)
        #expect(missing == ["event 99, which was noted, is missing"])
    }

    @Test func theHeadFollowsEveryEventThroughARestart() async throws {
        let shop = try await Self.shop()
        try shop.reopen()
        try await shop.submit(try Samples.order(30))
        let report = try await shop.store.verifyChain(against: nil)
        #expect(report.findings == [] && report.events == 11 && report.head.sequence == 11)
    }

    @Test func changesOfPeopleNameWhatWasBeforeAndWhatIsNow() async throws {
        let shop = try Workshop()
        let mei = Actor("uid:1000(mei)")
        let sim = try Samples.iccid(1)
        try await shop.admit(1)
        let job = try await shop.submit(try Samples.order(1))
        let store = shop.store
        try await store.setHold(true, reason: "count", by: mei, at: shop.start)
        try await store.setHold(false, reason: "counted", by: mei, at: shop.start)
        try await store.setState(of: sim, to: .paused, reason: "p", by: mei, at: shop.start)
        try await store.topUp(
            sim,
            try Samples.yuan(50),
            key: nil,
            reason: "t",
            by: mei,
            at: shop.start
        )
        _ = try await store.cancel(job.id, reason: "c", by: mei, at: shop.start)
        var query = AuditQuery()
        query.actor = mei.name
        let events = try await store.audit(query).elements
        query.actor = "uid:1000"
        #expect(try await store.audit(query).elements == events)
        query.actor = "uid:100"
        #expect(try await store.audit(query).elements.isEmpty)
        query.actor = mei.name
        #expect(
            events.map(\.event.kind) == [
                "job.cancelled", "float.moved", "sim.paused", "gateway.released", "gateway.held",
            ]
        )
        for event in events {
            let keys = Set(event.event.details.map(\.key))
            #expect(keys.isSuperset(of: ["before", "after", "reason"]), "\(event)")
        }
        query.kind = "gateway"
        #expect(try await store.audit(query).elements.count == 2)
        query = AuditQuery()
        query.job = job.id
        query.limit = 1
        let page = try await store.audit(query)
        #expect(page.elements.map(\.event.kind) == ["job.cancelled"])
        query.after = page.next
        #expect(try await store.audit(query).elements.map(\.event.kind) == ["job.submitted"])
    }

    @Test func booksThatDoNotAgreeHoldDispatch() async throws {
        let shop = try Workshop()
        try await shop.admit(1)
        try await shop.report(1, try Samples.yuan(100))
        #expect(try await shop.store.auditBooks(at: shop.start).findings == [])
        #expect(try await shop.store.stats(at: shop.start).hold == nil)
        try await shop.store.pool.writeWithoutTransaction { db in
            try db.execute(sql: "UPDATE sim SET float_minor = float_minor + 1")
        }
        _ = try await shop.store.auditBooks(at: shop.start)
        let hold = try #require(try await shop.store.stats(at: shop.start).hold)
        #expect(hold.contains("the float of a SIM is not the sum of its movements"))
        let last = try await shop.store.audit(AuditQuery()).elements.prefix(2)
        #expect(last.map(\.event.kind) == ["gateway.held", "books.verified"])
    }

    @Test func aSecondReasonToHoldStandsBesideTheFirst() async throws {
        let shop = try Workshop()
        for reason in ["one", "two", "one", "on"] {
            try await shop.store.setHold(true, reason: reason, by: .gateway, at: shop.start)
        }
        #expect(try await shop.store.stats(at: shop.start).hold == "one; two; on")
        // Whoever says it, it is written down that he did.
        try await shop.store.setHold(true, reason: "two", by: Workshop.mei, at: shop.start)
        let holds = try await shop.store.audit(AuditQuery()).elements.filter {
            $0.event.kind == EventKind.gatewayHeld.rawValue
        }
        #expect(
            holds.map(\.actor) == [Workshop.mei.name] + .init(repeating: "gateway", count: 3)
        )
        try shop.reopen()
        #expect(shop.store.recovery.hold == "one; two; on")
    }

    @Test func aKeyBooksOneTopUpAlsoAfterARestart() async throws {
        let shop = try Workshop()
        try await shop.admit(1)
        let key = NewJob.Key(client: Samples.client, key: "transfer 4711")
        func topUp(_ yuan: Int64) async throws {
            try await shop.store.topUp(
                try Samples.iccid(1),
                try Samples.yuan(yuan),
                key: key,
                reason: "paid in",
                by: .gateway,
                at: shop.start
            )
        }
        try await topUp(50)
        try shop.reopen()
        try await topUp(50)
        #expect(try await shop.store.floats().first?.confirmed == (try Samples.yuan(50)))
        let refusal = await #expect(throws: JobStoreError.self) { try await topUp(60) }
        #expect(refusal?.code == .conflict)
    }
}
