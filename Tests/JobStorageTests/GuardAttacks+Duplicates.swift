import Recharge
import Testing

@testable import JobStorage

private typealias SQL = GuardedDatabase

extension GuardAttacks {
    private static func batch(rows: Int) -> String {
        """
        INSERT INTO batch (id, client, client_key, name, body_digest, state, row_count,
          amount_sum, currency, created_at, created_by, allows_duplicates)
        VALUES (2, 'other', 'b', 'b.csv', x'01', 'staging', \(rows), 0, 'CNY', 0, 'test', 1)
        """
    }

    private static let lane = "INSERT INTO lane (id, batch_id, stride, open) VALUES (3, 2, 8, 0)"

    static let onDuplicates: [Attack] =
        ["repeat = 2", "allows_duplicates = 1"].map {
            Attack(
                name: "job \($0)",
                state: .held,
                attack: "UPDATE job SET \($0)",
                refusal: "the terms of a job are fixed"
            )
        } + [
            Attack(
                name: "a batch that allows duplicates afterwards",
                attack: "UPDATE batch SET allows_duplicates = 1",
                refusal: "the terms of a batch are fixed"
            ),
            Attack(
                name: "one file as two batches",
                attack: """
                    INSERT INTO batch (client, client_key, name, body_digest, state, row_count,
                      amount_sum, currency, created_at, created_by)
                    VALUES ('other', 'b', 'b.csv', x'00', 'staging', 1, 1000, 'CNY', 0, 'test')
                    """,
                refusal: "a file is one batch"
            ),
        ]
        + [
            Attack(
                name: "a duplicate that nobody approved",
                state: .held,
                before: ["UPDATE job SET hold_reason = 'duplicate'"],
                attack: "UPDATE job SET state = 'ready', hold_reason = NULL",
                refusal: "a duplicate goes when it is approved"
            ),
            Attack(
                name: "a duplicate that is held for something else by now",
                state: .held,
                before: ["UPDATE job SET hold_reason = 'duplicate'"],
                attack: "UPDATE job SET hold_reason = 'no_sim'",
                refusal: "a duplicate goes when it is approved"
            ),
            Attack(
                name: "a batch with duplicates that nobody approved",
                before: [batch(rows: 0), lane, "UPDATE batch SET state = 'held' WHERE id = 2"],
                attack: "UPDATE batch SET state = 'open' WHERE id = 2",
                refusal: "a batch with duplicates opens when it is approved"
            ),
            Attack(
                name: "a batch that waits without its rows",
                before: [batch(rows: 1), lane],
                attack: "UPDATE batch SET state = 'held' WHERE id = 2",
                refusal: "a batch opens with all its rows"
            ),
            Attack(
                name: "the digest of a file forgotten without an erasure",
                before: [batch(rows: 0)],
                attack: "UPDATE batch SET body_digest = x'00' WHERE id = 2",
                refusal: "the terms of a batch are fixed"
            ),
        ]
        + ["1", "64", "-2"].map {
            Attack(
                name: "a repeat index of \($0)",
                attack: SQL.insertJob(2)
                    .replacing("created_at, updated_at)", with: "created_at, updated_at, repeat)")
                    .replacing("0, 0, 0, 0)", with: "0, 0, 0, 0, \($0))"),
                refusal: "CHECK constraint failed: repeat BETWEEN 2"
            )
        }
}
