import Foundation
import Recharge

private typealias SQL = GuardedDatabase

/// Attacks on births and arrows, and on what may be there once only.
extension GuardAttacks {
    private static let batch = """
        INSERT INTO batch (id, client, client_key, name, body_digest, state, row_count,
          amount_sum, currency, created_at, created_by)
        VALUES (2, 'c', 'b2', 'b.csv', x'01', 'open', 1, 1000, 'CNY', 0, 'test')
        """

    private static let lane = """
        \(batch.replacingOccurrences(of: "'open'", with: "'staging'"));
        INSERT INTO lane (id, batch_id, stride, open) VALUES (3, 2, 8, 0)
        """
    /// What takes job 1 from armed to a success that can be reversed.
    private static let proved = [
        SQL.insertEvidence("success"),
        "UPDATE attempt SET outcome = 'success', outcome_at = 1, serial = 's'",
        SQL.insertMovement(), SQL.move(to: .succeeded),
    ]

    static let onOrders: [Attack] = [
        Attack(
            name: "an arrow that was never drawn",
            state: .held,
            attack: SQL.move(to: .leased),
            refusal: "no such arrow between job states"
        ),
        Attack(
            name: "a batch opened again",
            before: ["UPDATE batch SET state = 'cancelled'"],
            attack: "UPDATE batch SET state = 'held'",
            refusal: "no such arrow between batch states"
        ),
        Attack(
            name: "a SIM back from retirement",
            before: ["UPDATE sim SET state = 'retired' WHERE id = 2"],
            attack: "UPDATE sim SET state = 'enabled' WHERE id = 2",
            refusal: "no such arrow between SIM states"
        ),
        Attack(
            name: "a batch born open",
            attack: batch,
            refusal: "a batch is born in staging"
        ),
        Attack(
            name: "a lane born open",
            before: [batch.replacingOccurrences(of: "'open'", with: "'staging'")],
            attack: "INSERT INTO lane (id, batch_id, stride, open) VALUES (3, 2, 8, 1)",
            refusal: "a lane is opened by its batch"
        ),
        Attack(
            name: "delete a batch that has no lane",
            before: [batch.replacingOccurrences(of: "'open'", with: "'staging'")],
            attack: "DELETE FROM batch WHERE id = 2",
            refusal: "batches are kept"
        ),
        Attack(
            name: "delete a lane that has no jobs",
            before: [lane],
            attack: "DELETE FROM lane WHERE id = 3",
            refusal: "lanes are kept"
        ),
        Attack(
            name: "what is noted of an attempt, noted again",
            state: .armed,
            before: ["UPDATE attempt SET message_reference = 5"],
            attack: "UPDATE attempt SET message_reference = 6",
            refusal: "what is noted of an attempt stays"
        ),
        Attack(
            name: "a recharge taken back twice",
            state: .armed,
            before: proved + [SQL.insertReversal()],
            attack: SQL.insertReversal()
                .replacingOccurrences(of: "(9, 'c', 'k9'", with: "(10, 'c', 'k10'"),
            refusal: "UNIQUE constraint failed: job.reverses_id"
        ),
        Attack(
            name: "a reversal on another SIM",
            state: .armed,
            before: proved + [SQL.insertReversal()],
            attack: SQL.move(9, to: .leased, sim: 2),
            refusal: "a reversal goes out on the SIM that recharged"
        ),
        Attack(
            name: "one line of a batch twice",
            before: [SQL.insertJob(2, number: "+8613800000002", lane: 2, line: "2")],
            attack: SQL.insertJob(3, number: "+8613800000003", lane: 2, line: "2"),
            refusal: "UNIQUE constraint failed: job.lane_id, job.batch_line"
        ),
        Attack(
            name: "one serial number for two attempts",
            state: .armed,
            before: proved + [
                SQL.insertJob(2, number: "+8613800000002"), SQL.move(2, to: .leased, sim: 2),
                SQL.insertAttempt(1, job: 2, sim: 2),
                SQL.insertEvidence("success", attempt: 2, sim: 2),
            ],
            attack: """
                UPDATE attempt SET outcome = 'success', outcome_at = 1, serial = 's' WHERE id = 2
                """,
            refusal: "UNIQUE constraint failed: attempt.carrier, attempt.serial"
        ),
    ]
}
