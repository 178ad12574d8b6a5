import Recharge

private typealias SQL = GuardedDatabase

/// Attacks on the guards of the chain's head, of epochs and of erasure.
extension GuardAttacks {
    private static let event = """
        INSERT INTO event (seq, at, kind, actor, body, prev_hash, hash)
        VALUES (1, 0, 'k', 'a', '{}', zeroblob(32), randomblob(32))
        """
    private static let restored = "INSERT INTO setting (name, value) VALUES ('epoch', '1')"
    private static let message = """
        INSERT INTO inbox (sim_id, pdu, pdu_digest, sender, text, filed_at, is_read, is_listed)
        VALUES (1, '0A', zeroblob(16), '10086', 'text', 100, 1, 0)
        """
    private static let blank = "UPDATE inbox SET pdu = '', text = '', blanked_at = 500"
    private static let eraseJob = """
        UPDATE job SET number = '\(PhoneNumber.erased.e164)', number_as_submitted = 'erased',
          terms_digest = x'00', reference = NULL, note = NULL
        """

    /// A statement under an erasure that is open, all in one transaction.
    private static func erasing(_ columns: String, _ statement: String) -> String {
        """
        BEGIN; INSERT INTO erasure (id, \(columns.split(separator: "=")[0])) VALUES
          (1, \(columns.split(separator: "=")[1])); \(statement); DELETE FROM erasure; COMMIT
        """
    }

    static let onOperations: [Attack] = [
        Attack(
            name: "let a request in doubt die earlier",
            state: .armed,
            before: ["UPDATE attempt SET lives_until = 500"],
            attack: "UPDATE attempt SET lives_until = 499",
            refusal: "no request in doubt dies earlier than was said"
        ),
        Attack(
            name: "let a request in doubt die before its fence",
            state: .armed,
            attack: "UPDATE attempt SET lives_until = fence_until - 1",
            refusal: "no request in doubt dies earlier than was said"
        ),
        Attack(
            name: "forget that a clock was wrong",
            state: .armed,
            before: ["UPDATE attempt SET clock_error = 500"],
            attack: "UPDATE attempt SET clock_error = 0",
            refusal: "no request in doubt dies earlier than was said"
        ),
        Attack(
            name: "move the head of the chain",
            before: [event],
            attack: "UPDATE chain_head SET seq = 0, hash = zeroblob(32)",
            refusal: "the head follows the last event"
        ),
        Attack(
            name: "delete the head of the chain",
            attack: "DELETE FROM chain_head",
            refusal: "the head of the chain is kept"
        ),
        Attack(
            name: "another head",
            attack: "INSERT OR REPLACE INTO chain_head VALUES (1, 0, zeroblob(32))",
            refusal: "the head of the chain is kept"
        ),
        Attack(
            name: "claim on a SIM that is not reconciled",
            before: [restored],
            attack: SQL.move(to: .leased),
            refusal: "a SIM works once it is reconciled"
        ),
        Attack(
            name: "arm on a SIM that is not reconciled",
            state: .leased,
            before: [restored],
            attack: SQL.insertAttempt(),
            refusal: "a SIM works once it is reconciled"
        ),
        Attack(
            name: "enter an epoch that is to come",
            before: [restored],
            attack: "UPDATE sim SET epoch = 2",
            refusal: "a SIM enters the epoch that is, or none"
        ),
        Attack(
            name: "a new SIM in the epoch",
            before: [restored],
            attack: """
                INSERT INTO sim (iccid, port, carrier, state, seen_at, epoch)
                VALUES ('3', 'p', 'simulated', 'enabled', 0, 1)
                """,
            refusal: "a SIM enters an epoch by a person's word"
        ),
        Attack(
            name: "take an epoch back",
            before: [restored],
            attack: "UPDATE setting SET value = '0' WHERE name = 'epoch'",
            refusal: "epochs only grow"
        ),
        Attack(
            name: "forget an epoch",
            before: [restored],
            attack: "DELETE FROM setting",
            refusal: "epochs only grow"
        ),
        Attack(
            name: "forget that a job came with a backup",
            before: ["UPDATE job SET restored = 1"],
            attack: "UPDATE job SET restored = 0",
            refusal: "a job that came with a backup stays so"
        ),
        Attack(
            name: "forget that a batch was worked",
            before: ["UPDATE lane SET is_worked = 1"],
            attack: "UPDATE lane SET is_worked = 0",
            refusal: "a lane that was worked stays so"
        ),
        Attack(
            name: "another late serial number",
            state: .failed,
            before: ["UPDATE attempt SET late_serial = 's'"],
            attack: "UPDATE attempt SET late_serial = 't'",
            refusal: "a late serial number is noted once"
        ),
        Attack(
            name: "a late serial number of a success",
            state: .succeeded,
            attack: "UPDATE attempt SET late_serial = 's'",
            refusal: "CHECK constraint failed: late_serial IS NULL"
        ),
        Attack(
            name: "a late serial number of an attempt under way",
            state: .armed,
            attack: "UPDATE attempt SET late_serial = 's'",
            refusal: "CHECK constraint failed: late_serial IS NULL"
        ),
        Attack(
            name: "erase without an erasure",
            state: .failed,
            attack: eraseJob,
            refusal: "the terms of a job are fixed"
        ),
        Attack(
            name: "erase a job that is not final",
            state: .unknown,
            attack: erasing("jobs_before=999", eraseJob),
            refusal: "the terms of a job are fixed"
        ),
        Attack(
            name: "erase another number than was asked for",
            state: .failed,
            attack: erasing("number, national='+8613800000002', '13800000002'", eraseJob),
            refusal: "the terms of a job are fixed"
        ),
        Attack(
            name: "another number in the place of an erased one",
            state: .failed,
            attack: erasing("jobs_before=999", "UPDATE job SET number = '+8613800000002'"),
            refusal: "the terms of a job are fixed"
        ),
        Attack(
            name: "another amount while a number is erased",
            state: .failed,
            attack: erasing("jobs_before=999", "\(eraseJob), amount = 1"),
            refusal: "the terms of a job are fixed"
        ),
        Attack(
            name: "erase evidence of a job that is not erased",
            state: .failed,
            attack: erasing("jobs_before=999", "UPDATE evidence SET raw = x'', parsed = 'erased'"),
            refusal: "evidence is append-only"
        ),
        Attack(
            name: "another verdict while evidence is erased",
            state: .failed,
            attack: erasing(
                "jobs_before=999",
                "\(eraseJob); UPDATE evidence SET raw = x'', parsed = 'erased', verdict = 'success'"
            ),
            refusal: "evidence is append-only"
        ),
        Attack(
            name: "blank a text without an erasure",
            before: [message],
            attack: blank,
            refusal: "a message is fixed once filed"
        ),
        Attack(
            name: "blank a text before its time",
            before: [message],
            attack: erasing("unlisted_before=100", blank),
            refusal: "a message is fixed once filed"
        ),
        Attack(
            name: "blank the text of a listed sender with those of strangers",
            before: [message.replacing("1, 0)", with: "1, 1)")],
            attack: erasing("unlisted_before=999", blank),
            refusal: "a message is fixed once filed"
        ),
        Attack(
            name: "another text in the place of a blanked one",
            before: [message],
            attack: erasing("unlisted_before=999", "\(blank), text = 'paid'"),
            refusal: "a message is fixed once filed"
        ),
        Attack(
            name: "list a sender afterwards",
            before: [message],
            attack: "UPDATE inbox SET is_listed = 1",
            refusal: "a message is fixed once filed"
        ),
        Attack(
            name: "an erasure that stays open",
            attack: "INSERT INTO erasure (id, jobs_before) VALUES (1, 0)",
            refusal: "FOREIGN KEY constraint failed"
        ),
    ]
}
