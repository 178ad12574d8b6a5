extension Schema {
    /// Changes that people propose, and who decided them.
    ///
    /// An actor stands for a person up to the name in parentheses, which changes hands.
    static let approvals = """
        CREATE TABLE proposal (
          id INTEGER PRIMARY KEY,
          kind TEXT NOT NULL CHECK (\(isOne("kind", of: [
            "verdict", "reversal", "limit", "profile", "duplicate", "enrolment",
          ]))),
          subject TEXT NOT NULL, body TEXT NOT NULL, attachment BLOB, reason TEXT NOT NULL,
          people INTEGER NOT NULL CHECK (people = 1 OR people = 2),
          state TEXT NOT NULL CHECK (\(isOne("state", of: ["open", "approved", "rejected"]))),
          proposed_at INTEGER NOT NULL, proposed_by TEXT NOT NULL,
          decided_at INTEGER, decided_by TEXT, decision TEXT,
          CHECK ((state = 'open') = (decided_at IS NULL)),
          CHECK ((decided_at IS NULL) = (decided_by IS NULL)),
          CHECK ((decided_at IS NULL) = (decision IS NULL)),
          CHECK (proposed_by <> 'gateway'),
          CHECK (state <> 'approved' OR decided_by <> 'gateway' AND (people = 1
            OR \(person("decided_by")) <> \(person("proposed_by"))))
        ) STRICT;
        CREATE UNIQUE INDEX proposal_one_open ON proposal(kind, subject) WHERE state = 'open';
        CREATE INDEX proposal_subject ON proposal(subject);

        CREATE TRIGGER proposal_birth BEFORE INSERT ON proposal WHEN NEW.state <> 'open'
        BEGIN SELECT RAISE(ABORT, 'a proposal is born open'); END;

        CREATE TRIGGER proposal_fixed BEFORE UPDATE ON proposal
        WHEN OLD.state <> 'open' OR OLD.id IS NOT NEW.id OR OLD.kind IS NOT NEW.kind
          OR OLD.subject IS NOT NEW.subject OR OLD.body IS NOT NEW.body
          OR OLD.attachment IS NOT NEW.attachment OR OLD.reason IS NOT NEW.reason
          OR OLD.people IS NOT NEW.people OR OLD.proposed_at IS NOT NEW.proposed_at
          OR OLD.proposed_by IS NOT NEW.proposed_by
        BEGIN SELECT RAISE(ABORT, 'a proposal is only ever decided'); END;

        CREATE TRIGGER proposal_no_delete BEFORE DELETE ON proposal
        BEGIN SELECT RAISE(ABORT, 'proposals are kept'); END;

        CREATE INDEX event_job ON event(job_id) WHERE job_id IS NOT NULL;
        CREATE INDEX job_reversals ON job(only_sim_id) WHERE only_sim_id IS NOT NULL;
        """

    private static func person(_ column: String) -> String {
        "substr(\(column), 1, instr(\(column) || '(', '(') - 1)"
    }

    /// Version 7: the keys of what people ordered, for ever: an old one lifts no new hold.
    static let orderKeys = """
        CREATE TABLE order_key (
          client TEXT NOT NULL, client_key TEXT NOT NULL, taken_at INTEGER NOT NULL,
          PRIMARY KEY (client, client_key)
        ) STRICT, WITHOUT ROWID;

        CREATE TRIGGER order_key_fixed BEFORE UPDATE ON order_key
        BEGIN SELECT RAISE(ABORT, 'a key is taken once'); END;
        """
}
