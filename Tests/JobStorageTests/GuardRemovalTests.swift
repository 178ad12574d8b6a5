import Foundation
import GRDB
import Recharge
import Testing

@testable import JobStorage

private typealias SQL = GuardedDatabase

/// Each guard removed in turn: a guard that no attack misses is one that nothing proves.
struct GuardRemovalTests {
    /// A trigger or a unique index, dropped right after opening.
    struct Guard: CustomTestStringConvertible, Sendable {
        var name: String
        var kind: String
        var sql: String

        var testDescription: String { name }
        var removal: String { "DROP \(kind) \(name)" }

        /// Whether it may be what refused an attack.
        func speaks(_ words: String) -> Bool {
            if kind == "TRIGGER" {
                return sql.replacingOccurrences(of: "''", with: "'").contains("'\(words)'")
            }
            guard let table = sql.firstMatch(of: /ON (\w+)\(([^)]*)\)/) else { return false }
            let columns = table.2.split(separator: ", ").map { "\(table.1).\($0)" }
            let message = "UNIQUE constraint failed: \(columns.joined(separator: ", "))"
            return message.hasPrefix(words)
        }
    }

    static let guards: [Guard] = {
        do {
            return try GuardedDatabase().queue.read { db in
                try Row.fetchAll(
                    db,
                    sql: """
                        SELECT name, type, sql FROM sqlite_schema WHERE sql IS NOT NULL
                        AND (type = 'trigger' OR sql LIKE 'CREATE UNIQUE INDEX%') ORDER BY name
                        """
                ).map { row in
                    Guard(
                        name: row["name"],
                        kind: (row["type"] as String).uppercased(),
                        sql: row["sql"]
                    )
                }
            }
        } catch {
            Issue.record("\(error)")
            return []
        }
    }()

    private static let attacks =
        GuardAttacks.onJobs + GuardAttacks.onAttempts + GuardAttacks.onRecords
        + GuardAttacks.onMoney + GuardAttacks.onFloats + GuardAttacks.onApprovals
        + GuardAttacks.onOperations
        + GuardAttacks.onLimits + GuardAttacks.onOrders + GuardAttacks.onDuplicates

    /// Guards that would stop the same attacks as another one: they go together.
    ///
    /// The head of the chain can only follow an event that follows the last. A lane has counts,
    /// which are kept and refer to it.
    private static let doubled = [
        "event_chain": "chain_head_follows", "lane_no_delete": "lane_counted",
    ]

    @Test(arguments: guards)
    func someAttackIsStoppedByThisGuardAlone(removed: Guard) throws {
        guard removed.sql.contains("RAISE(") || removed.kind == "INDEX" else {
            return try theBooksMissIt(removed)
        }
        let passed = try Self.attacks.contains { attack in
            guard removed.speaks(attack.refusal) else { return false }
            let guarded = try GuardedDatabase()
            try guarded.run(removed.removal)
            if let other = Self.doubled[removed.name] { try guarded.run("DROP TRIGGER \(other)") }
            try guarded.place(attack.state)
            for statement in attack.before { try guarded.run(statement) }
            return guarded.refusal(attack.attack) == nil
        }
        #expect(passed, "no attack misses \(removed.name)")
    }

    /// A trigger that refuses nothing keeps something: without it two places disagree.
    private func theBooksMissIt(_ removed: Guard) throws {
        for isRemoved in [false, true] {
            let guarded = try GuardedDatabase()
            if isRemoved { try guarded.run(removed.removal) }
            let refusal = Self.refusal {
                try guarded.place(.succeeded)
                try guarded.run(Self.day)
            }
            let disagreements = try guarded.queue.read { db in
                try Int.fetchOne(db, sql: Self.disagreements) ?? 0
            }
            #expect((refusal != nil || disagreements > 0) == isRemoved, "\(refusal ?? "passed")")
        }
    }

    private static func refusal(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch {
            return "\(error)"
        }
    }

    /// A little of everything that is kept in two places.
    private static let day = """
        INSERT INTO event (seq, at, kind, actor, body, prev_hash, hash)
        VALUES (1, 0, 'k', 'a', '{}', zeroblob(32), randomblob(32));
        \(SQL.insertJob(2, number: "+8613800000002", lane: 2, line: "2"));
        UPDATE batch SET state = 'open';
        \(SQL.move(2, to: .leased, sim: 2));
        \(SQL.insertAttempt(job: 2, sim: 2));
        \(SQL.insertEvidence("success", attempt: 2, sim: 2));
        INSERT INTO batch (id, client, client_key, name, body_digest, state, row_count,
          amount_sum, currency, created_at, created_by)
        VALUES (2, 'c', 'b2', 'b.csv', x'01', 'staging', 1, 1000, 'CNY', 0, 'test');
        INSERT INTO lane (id, batch_id, stride, open) VALUES (3, 2, 8, 0)
        """

    private static let disagreements = """
        SELECT (SELECT seq FROM chain_head) <> (SELECT MAX(seq) FROM event)
          + (SELECT COUNT(*) FROM lane JOIN batch ON batch.id = lane.batch_id
            WHERE lane.open <> (batch.state = 'open'))
          + (SELECT COUNT(*) FROM sim WHERE float_minor <> COALESCE(
            (SELECT SUM(amount) FROM movement WHERE sim_id = sim.id), 0))
          + (SELECT COUNT(*) FROM lane_count WHERE count <> (SELECT COUNT(*) FROM job
            WHERE job.lane_id = lane_count.lane_id AND job.state = lane_count.state))
          + (SELECT COUNT(*) FROM lane WHERE is_worked <> (id = 2))
          + (SELECT COUNT(*) FROM lane WHERE 10 <>
            (SELECT COUNT(*) FROM lane_count WHERE lane_id = lane.id))
        """

    @Test func thereAreAsManyGuardsAsThisTestShouldMeet() {
        #expect(Self.guards.count > 80)
    }
}
