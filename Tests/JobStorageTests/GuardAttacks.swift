import Recharge
import Testing

@testable import JobStorage

private typealias SQL = GuardedDatabase

/// The attacks, by the table they are on.
enum GuardAttacks {
    static let onJobs: [Attack] =
        [
            "id = 9", "client = 'x'", "client_key = 'x'", "amount = 1", "currency = 'USD'",
            "number = '+8613800000002'", "number_as_submitted = 'x'", "carrier = 'x'",
            "reference = 'x'", "note = 'x'", "priority = 9", "not_before = 5", "deadline = 5",
            "created_at = 5", "terms_digest = zeroblob(16)",
        ].map {
            Attack(
                name: "job \($0)",
                attack: "UPDATE job SET \($0) WHERE id = 1",
                refusal: "the terms of a job are fixed"
            )
        } + [
            Attack(name: "delete a job", attack: "DELETE FROM job", refusal: "jobs are kept"),
            Attack(
                name: "replace a job by its id",
                state: .armed,
                attack: SQL.insertJob(verb: "INSERT OR REPLACE"),
                refusal: "jobs are kept"
            ),
            Attack(
                name: "replace a job by its key",
                state: .succeeded,
                attack: SQL.insertJob(2, verb: "INSERT OR REPLACE").replacing("'k2'", with: "'k1'"),
                refusal: "jobs are kept"
            ),
            Attack(
                name: "a second job in flight for one number",
                state: .unknown,
                before: [SQL.insertJob(2)],
                attack: SQL.move(2, to: .leased, sim: 2),
                refusal: "UNIQUE constraint failed: job.number"
            ),
            Attack(
                name: "replace a job in flight",
                state: .unknown,
                before: [SQL.insertJob(2)],
                attack: SQL.move(2, to: .leased, sim: 2)
                    .replacing("UPDATE job", with: "UPDATE OR REPLACE job"),
                refusal: "jobs are kept"
            ),
            Attack(
                name: "one key twice",
                attack: SQL.insertJob(2).replacing("'k2'", with: "'k1'"),
                refusal: "UNIQUE constraint failed: job.client, job.client_key"
            ),
            Attack(
                name: "armed without an attempt",
                state: .leased,
                attack: SQL.move(to: .armed),
                refusal: "armed without an open attempt on its SIM"
            ),
            Attack(
                name: "armed by another SIM",
                state: .leased,
                before: [SQL.insertAttempt()],
                attack: SQL.move(to: .armed, sim: 2),
                refusal: "armed without an open attempt on its SIM"
            ),
            Attack(
                name: "given back with an open attempt",
                state: .leased,
                before: [SQL.insertAttempt()],
                attack: SQL.move(to: .ready),
                refusal: "an attempt may still have been executed"
            ),
            Attack(
                name: "unknown without doubt",
                state: .armed,
                attack: SQL.move(to: .unknown),
                refusal: "unknown without an attempt in doubt"
            ),
            Attack(
                name: "success without proof",
                state: .armed,
                attack: SQL.move(to: .succeeded),
                refusal: "succeeded without a proved attempt"
            ),
            Attack(
                name: "doubt left by time alone",
                state: .unknown,
                attack: SQL.move(to: .scheduled),
                refusal: "an attempt may still have been executed"
            ),
            Attack(
                name: "armed made ready without proof",
                state: .armed,
                attack: SQL.move(to: .ready),
                refusal: "an attempt may still have been executed"
            ),
            Attack(
                name: "late success, then again",
                state: .ready,
                before: SQL.steps(.ready, .leased) + SQL.steps(.leased, .armed)
                    + SQL.steps(.armed, .ready) + [SQL.insertEvidence("success")],
                attack: SQL.move(to: .leased),
                refusal: "a success is on record for this job"
            ),
            Attack(
                name: "late success, held, released",
                state: .ready,
                before: SQL.steps(.ready, .leased) + SQL.steps(.leased, .armed)
                    + SQL.steps(.armed, .held) + [SQL.insertEvidence("success")],
                attack: SQL.move(to: .ready),
                refusal: "a success is on record for this job"
            ),
            Attack(
                name: "a serial number added later",
                state: .succeeded,
                attack: "UPDATE job SET serial = 'x'",
                refusal: "a final job is fixed"
            ),
            Attack(
                name: "attempts counted down",
                state: .unknown,
                attack: "UPDATE job SET attempts = 0",
                refusal: "attempts are counted when armed"
            ),
            Attack(
                name: "leased by a paused SIM",
                before: ["UPDATE sim SET state = 'paused'"],
                attack: SQL.move(to: .leased),
                refusal: "a lease needs an open lane and an enabled SIM"
            ),
            Attack(
                name: "claimed before its batch is open",
                before: [SQL.insertJob(2, number: "+8613800000002", lane: 2, line: "2")],
                attack: SQL.move(2, to: .leased),
                refusal: "a lease needs an open lane and an enabled SIM"
            ),
            Attack(
                name: "a row into a batch that is cancelled",
                before: ["UPDATE batch SET state = 'cancelled'"],
                attack: SQL.insertJob(2, lane: 2, line: "2"),
                refusal: "rows come only into a batch in staging"
            ),
        ]

    static let onAttempts: [Attack] =
        [
            "id = 9", "job_id = 9", "n = 9", "sim_id = 2", "carrier = 'x'", "armed_at = 9",
            "fence_until = 9", "day_began = 9", "balance_before = 9", "redacted_digest = x'01'",
        ].map {
            Attack(
                name: "attempt \($0)",
                state: .armed,
                attack: "UPDATE attempt SET \($0)",
                refusal: "an attempt is fixed once made"
            )
        } + [
            Attack(
                name: "an attempt without a lease",
                attack: SQL.insertAttempt(),
                refusal: "an attempt needs the lease of its job on its SIM"
            ),
            Attack(
                name: "an attempt on another SIM's lease",
                state: .leased,
                attack: SQL.insertAttempt(sim: 2),
                refusal: "an attempt needs the lease of its job on its SIM"
            ),
            Attack(
                name: "an attempt born with an outcome",
                state: .leased,
                attack: SQL.insertAttempt().replacing(
                    "redacted_digest)",
                    with: "redacted_digest, outcome, outcome_at)"
                )
                .replacing("x'00')", with: "x'00', 'unknown', 0)"),
                refusal: "an attempt is born open"
            ),
            Attack(
                name: "a second open attempt",
                state: .leased,
                before: [SQL.insertAttempt()],
                attack: SQL.insertAttempt(2),
                refusal: "UNIQUE constraint failed: attempt."
            ),
            Attack(
                name: "an attempt beside one in doubt",
                state: .leased,
                before: [SQL.insertAttempt(), SQL.close("unknown")],
                attack: SQL.insertAttempt(2),
                refusal: "UNIQUE constraint failed: attempt.job_id"
            ),
            Attack(
                name: "a leased job handed over",
                state: .leased,
                attack: "UPDATE job SET sim_id = 2",
                refusal: "a job in hand stays with its SIM"
            ),
            Attack(
                name: "two open attempts on one SIM",
                state: .armed,
                before: [
                    SQL.insertJob(2, number: "+8613800000002"), SQL.move(2, to: .leased),
                ],
                attack: SQL.insertAttempt(1, job: 2),
                refusal: "UNIQUE constraint failed: attempt.sim_id"
            ),
            Attack(
                name: "success without evidence",
                state: .armed,
                attack: SQL.close("success"),
                refusal: "a verdict without evidence"
            ),
            Attack(
                name: "success by a balance alone",
                state: .armed,
                before: [SQL.insertEvidence("success", grade: 1, kind: "balance")],
                attack: SQL.close("success"),
                refusal: "a verdict without evidence"
            ),
            Attack(
                name: "refusal without evidence",
                state: .armed,
                before: [SQL.insertEvidence("inconclusive")],
                attack: SQL.close("not_executed"),
                refusal: "a verdict without evidence"
            ),
            Attack(
                name: "a success turned into a refusal",
                state: .succeeded,
                before: [SQL.insertEvidence("not_executed")],
                attack: SQL.close("not_executed"),
                refusal: "an outcome is final"
            ),
            Attack(
                name: "a refusal turned into a success",
                state: .failed,
                before: [SQL.insertEvidence("success")],
                attack: SQL.close("success"),
                refusal: "an outcome is final"
            ),
            Attack(
                name: "doubt forgotten",
                state: .unknown,
                attack: "UPDATE attempt SET outcome = NULL, outcome_at = NULL",
                refusal: "an outcome is final"
            ),
            Attack(
                name: "a serial number changed",
                state: .succeeded,
                attack: "UPDATE attempt SET serial = 'x'",
                refusal: "an outcome is final"
            ),
            Attack(
                name: "delete an attempt",
                state: .unknown,
                attack: "DELETE FROM attempt",
                refusal: "attempts are kept"
            ),
            Attack(
                name: "replace an attempt",
                state: .leased,
                before: [SQL.insertAttempt(), SQL.close("unknown")],
                attack: SQL.insertAttempt(2).replacing("INSERT", with: "INSERT OR REPLACE"),
                refusal: "attempts are kept"
            ),
        ]

    static let onRecords: [Attack] = [
        Attack(
            name: "evidence of another SIM",
            state: .armed,
            attack: SQL.insertEvidence("success", sim: 2),
            refusal: "evidence is of the SIM of its attempt"
        ),
        Attack(
            name: "change evidence",
            state: .succeeded,
            attack: "UPDATE evidence SET verdict = 'inconclusive'",
            refusal: "evidence is append-only"
        ),
        Attack(
            name: "delete evidence",
            state: .succeeded,
            attack: "DELETE FROM evidence",
            refusal: "evidence is append-only"
        ),
        Attack(
            name: "change a batch",
            attack: "UPDATE batch SET row_count = 9",
            refusal: "the terms of a batch are fixed"
        ),
        Attack(name: "delete a batch", attack: "DELETE FROM batch", refusal: "batches are kept"),
        Attack(
            name: "open a batch that lacks rows",
            attack: "UPDATE batch SET state = 'open'",
            refusal: "a batch opens with all its rows"
        ),
        Attack(
            name: "open a batch whose sum differs",
            before: [SQL.insertJob(2, lane: 2, line: "2", amount: 999)],
            attack: "UPDATE batch SET state = 'open'",
            refusal: "a batch opens with all its rows"
        ),
        Attack(
            name: "open a lane past its batch",
            attack: "UPDATE lane SET open = 1 WHERE id = 2",
            refusal: "a lane is open while its batch is"
        ),
        Attack(
            name: "close the walk-in lane",
            attack: "UPDATE lane SET open = 0 WHERE id = 1",
            refusal: "a lane is open while its batch is"
        ),
        Attack(name: "delete a lane", attack: "DELETE FROM lane", refusal: "lanes are kept"),
        Attack(
            name: "delete a count",
            attack: "DELETE FROM lane_count",
            refusal: "counts are kept"
        ),
        Attack(
            name: "another ICCID",
            attack: "UPDATE sim SET iccid = '1' WHERE id = 1",
            refusal: "a SIM is its ICCID"
        ),
        Attack(name: "delete a SIM", attack: "DELETE FROM sim", refusal: "SIMs are kept"),
        Attack(
            name: "change an event",
            before: [event()],
            attack: "UPDATE event SET kind = 'x'",
            refusal: "events are append-only"
        ),
        Attack(
            name: "delete an event",
            before: [event()],
            attack: "DELETE FROM event",
            refusal: "events are append-only"
        ),
        Attack(
            name: "replace an event",
            before: [event()],
            attack: event().replacing("INSERT", with: "INSERT OR REPLACE"),
            refusal: "an event follows the last one"
        ),
        Attack(
            name: "leave out an event",
            before: [event()],
            attack: event(3, after: "randomblob(32)"),
            refusal: "an event follows the last one"
        ),
        Attack(
            name: "an event on another chain",
            before: [event()],
            attack: event(2, after: "zeroblob(32)"),
            refusal: "an event follows the last one"
        ),
        Attack(
            name: "change a message",
            before: [message],
            attack: "UPDATE inbox SET text = 'x'",
            refusal: "a message is fixed once filed"
        ),
        Attack(
            name: "unread a message",
            before: [message],
            attack: "UPDATE inbox SET is_read = 0",
            refusal: "a message is fixed once filed"
        ),
        Attack(
            name: "delete a message",
            before: [message],
            attack: "DELETE FROM inbox",
            refusal: "messages are kept"
        ),
    ]

    private static func event(_ sequence: Int = 1, after hash: String = "zeroblob(32)") -> String {
        """
        INSERT INTO event (seq, at, kind, actor, body, prev_hash, hash)
        VALUES (\(sequence), 0, 'test', 'test', '{}', \(hash), x'\(String(repeating: "ab", count: 32))')
        """
    }

    private static let message = """
        INSERT INTO inbox (sim_id, pdu, pdu_digest, sender, text, filed_at, is_read)
        VALUES (1, '00', zeroblob(16), '10086', 'text', 0, 1)
        """
}
