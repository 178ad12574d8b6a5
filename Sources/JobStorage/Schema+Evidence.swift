import Recharge

/// Version 2: inquiries, the float of each SIM, disputes, and reversals as jobs of their own kind.
extension Schema {
    /// What jobs, attempts, evidence and SIMs gain.
    static let proofColumns = """
        ALTER TABLE job ADD COLUMN kind TEXT NOT NULL DEFAULT 'recharge'
          CHECK (kind IN ('recharge','reversal'));
        ALTER TABLE job ADD COLUMN reverses_id INTEGER REFERENCES job(id)
          CHECK ((kind = 'reversal') = (reverses_id IS NOT NULL));
        ALTER TABLE job ADD COLUMN only_sim_id INTEGER REFERENCES sim(id)
          CHECK ((kind = 'reversal') = (only_sim_id IS NOT NULL));
        CREATE UNIQUE INDEX job_one_reversal ON job(reverses_id)
          WHERE reverses_id IS NOT NULL AND state <> 'failed' AND state <> 'cancelled'
          AND state <> 'expired';

        ALTER TABLE attempt ADD COLUMN message_reference INTEGER;
        ALTER TABLE attempt ADD COLUMN balance_after INTEGER;
        ALTER TABLE attempt ADD COLUMN decided_by TEXT;

        ALTER TABLE evidence ADD COLUMN sent_at INTEGER;

        ALTER TABLE sim ADD COLUMN float_minor INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE sim ADD COLUMN float_currency TEXT;
        ALTER TABLE sim ADD COLUMN float_opened_at INTEGER;
        ALTER TABLE sim ADD COLUMN reported_minor INTEGER;
        ALTER TABLE sim ADD COLUMN reported_at INTEGER;
        ALTER TABLE sim ADD COLUMN drift_minor INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE sim ADD COLUMN float_low_minor INTEGER;
        ALTER TABLE sim ADD COLUMN drift_max_minor INTEGER;
        ALTER TABLE sim ADD COLUMN is_low INTEGER NOT NULL DEFAULT 0 CHECK (is_low IN (0, 1));
        """

    static let inquiries = """
        CREATE TABLE inquiry (
          id INTEGER PRIMARY KEY, sim_id INTEGER NOT NULL REFERENCES sim(id),
          attempt_id INTEGER REFERENCES attempt(id),
          kind TEXT NOT NULL CHECK (kind IN ('balance','history','reconfirm')),
          asked_at INTEGER NOT NULL, fence_until INTEGER NOT NULL,
          redacted_digest BLOB NOT NULL,
          outcome TEXT CHECK (outcome IN ('answered','silent','not_sent')), outcome_at INTEGER,
          CHECK ((outcome IS NULL) = (outcome_at IS NULL)),
          CHECK (kind = 'balance' OR attempt_id IS NOT NULL)
        ) STRICT;
        CREATE UNIQUE INDEX inquiry_one_open_per_sim ON inquiry(sim_id) WHERE outcome IS NULL;
        CREATE INDEX inquiry_attempt ON inquiry(attempt_id) WHERE attempt_id IS NOT NULL;

        CREATE TRIGGER inquiry_birth BEFORE INSERT ON inquiry
        WHEN NEW.outcome IS NOT NULL OR NEW.attempt_id IS NOT NULL AND NOT EXISTS (
          SELECT 1 FROM attempt WHERE id = NEW.attempt_id AND sim_id = NEW.sim_id
          AND outcome = 'unknown')
        BEGIN SELECT RAISE(ABORT, 'an inquiry is about an attempt in doubt on its SIM'); END;

        CREATE TRIGGER inquiry_fixed BEFORE UPDATE ON inquiry
        WHEN OLD.id IS NOT NEW.id OR OLD.sim_id IS NOT NEW.sim_id
          OR OLD.attempt_id IS NOT NEW.attempt_id OR OLD.kind IS NOT NEW.kind
          OR OLD.asked_at IS NOT NEW.asked_at OR OLD.fence_until IS NOT NEW.fence_until
          OR OLD.redacted_digest IS NOT NEW.redacted_digest
          OR OLD.outcome IS NOT NULL
            AND NOT (OLD.outcome = 'silent' AND NEW.outcome IS 'answered')
        BEGIN SELECT RAISE(ABORT, 'an inquiry is fixed once made'); END;

        CREATE TRIGGER inquiry_no_delete BEFORE DELETE ON inquiry
        BEGIN SELECT RAISE(ABORT, 'inquiries are kept'); END;
        """

    /// What moved the float of each SIM; the sum is kept beside the SIM.
    ///
    /// A success before this version had no movement: it gets one, so that the sums agree.
    static let floatLedger = """
        CREATE TABLE movement (
          id INTEGER PRIMARY KEY, sim_id INTEGER NOT NULL REFERENCES sim(id),
          at INTEGER NOT NULL,
          kind TEXT NOT NULL CHECK (\(isOne("kind", of: [
            "capture", "opening", "top_up", "reversal", "adjustment",
          ]))),
          amount INTEGER NOT NULL, currency TEXT NOT NULL,
          attempt_id INTEGER REFERENCES attempt(id), reason TEXT NOT NULL, actor TEXT NOT NULL,
          CHECK ((kind = 'capture' OR kind = 'reversal') = (attempt_id IS NOT NULL)),
          CHECK (kind <> 'capture' OR amount < 0),
          CHECK ((kind <> 'top_up' AND kind <> 'reversal') OR amount > 0)
        ) STRICT;
        CREATE INDEX movement_sim ON movement(sim_id, id);
        CREATE UNIQUE INDEX movement_one_per_attempt ON movement(attempt_id)
          WHERE attempt_id IS NOT NULL;
        CREATE UNIQUE INDEX movement_one_opening ON movement(sim_id) WHERE kind = 'opening';

        INSERT INTO movement (sim_id, at, kind, amount, currency, attempt_id, reason, actor)
        SELECT attempt.sim_id, attempt.outcome_at, 'capture', -job.amount, job.currency,
          attempt.id, 'succeeded before floats were kept', 'gateway'
        FROM attempt JOIN job ON job.id = attempt.job_id WHERE attempt.outcome = 'success'
        ORDER BY attempt.outcome_at;
        UPDATE sim SET
          float_minor = COALESCE((SELECT SUM(amount) FROM movement WHERE sim_id = sim.id), 0),
          float_currency = (SELECT currency FROM movement WHERE sim_id = sim.id LIMIT 1);

        CREATE TRIGGER movement_proved BEFORE INSERT ON movement
        WHEN NEW.attempt_id IS NOT NULL AND NOT EXISTS (
          SELECT 1 FROM attempt JOIN job ON job.id = attempt.job_id
          WHERE attempt.id = NEW.attempt_id AND attempt.sim_id = NEW.sim_id
          AND attempt.outcome = 'success' AND job.currency = NEW.currency
          AND (NEW.kind = 'capture' AND job.kind = 'recharge' AND job.amount = -NEW.amount
            OR NEW.kind = 'reversal' AND job.kind = 'reversal' AND job.amount = NEW.amount))
        BEGIN SELECT RAISE(ABORT, 'money moves with a proved attempt'); END;

        CREATE TRIGGER movement_currency BEFORE INSERT ON movement
        WHEN NEW.currency IS NOT (SELECT COALESCE(float_currency, NEW.currency) FROM sim
          WHERE id = NEW.sim_id)
        BEGIN SELECT RAISE(ABORT, 'a float has one currency'); END;

        CREATE TRIGGER movement_summed AFTER INSERT ON movement BEGIN
          UPDATE sim SET float_minor = float_minor + NEW.amount, float_currency = NEW.currency,
            float_opened_at =
              CASE NEW.kind WHEN 'opening' THEN NEW.at ELSE float_opened_at END
          WHERE id = NEW.sim_id;
        END;

        CREATE TRIGGER movement_no_update BEFORE UPDATE ON movement
        BEGIN SELECT RAISE(ABORT, 'movements are append-only'); END;

        CREATE TRIGGER movement_no_delete BEFORE DELETE ON movement
        BEGIN SELECT RAISE(ABORT, 'movements are append-only'); END;

        CREATE TRIGGER job_success_moves_money BEFORE UPDATE OF state ON job
        WHEN NEW.state = 'succeeded' AND OLD.state <> 'succeeded' AND EXISTS (
          SELECT 1 FROM attempt a WHERE a.job_id = NEW.id AND a.outcome = 'success'
          AND NOT EXISTS (SELECT 1 FROM movement m WHERE m.attempt_id = a.id))
        BEGIN SELECT RAISE(ABORT, 'succeeded without its movement of money'); END;
        """

    static let disputes = """
        CREATE TABLE dispute (
          id INTEGER PRIMARY KEY, job_id INTEGER NOT NULL REFERENCES job(id),
          attempt_id INTEGER REFERENCES attempt(id),
          other_job_id INTEGER REFERENCES job(id),
          evidence_id INTEGER REFERENCES evidence(id),
          cause TEXT NOT NULL CHECK (\(isOne("cause", of: [
            "contradiction", "late_success", "duplicate_serial", "complaint",
          ]))),
          state TEXT NOT NULL
            CHECK (\(isOne("state", of: ["open", "upheld", "rejected", "corrected"]))),
          reason TEXT NOT NULL, opened_at INTEGER NOT NULL, opened_by TEXT NOT NULL,
          due_at INTEGER NOT NULL, closed_at INTEGER, closed_by TEXT, closing TEXT,
          CHECK ((state = 'open') = (closed_at IS NULL)),
          CHECK ((closed_at IS NULL) = (closed_by IS NULL)),
          CHECK ((closed_at IS NULL) = (closing IS NULL))
        ) STRICT;
        CREATE UNIQUE INDEX dispute_one_open_per_cause ON dispute(job_id, cause)
          WHERE state = 'open';
        CREATE INDEX dispute_open ON dispute(due_at) WHERE state = 'open';
        CREATE INDEX dispute_job ON dispute(job_id);

        CREATE TRIGGER dispute_fixed BEFORE UPDATE ON dispute
        WHEN OLD.state <> 'open' OR OLD.id IS NOT NEW.id OR OLD.job_id IS NOT NEW.job_id
          OR OLD.attempt_id IS NOT NEW.attempt_id OR OLD.other_job_id IS NOT NEW.other_job_id
          OR OLD.evidence_id IS NOT NEW.evidence_id OR OLD.cause IS NOT NEW.cause
          OR OLD.reason IS NOT NEW.reason OR OLD.opened_at IS NOT NEW.opened_at
          OR OLD.opened_by IS NOT NEW.opened_by OR OLD.due_at IS NOT NEW.due_at
        BEGIN SELECT RAISE(ABORT, 'a dispute is only ever closed'); END;

        CREATE TRIGGER dispute_birth BEFORE INSERT ON dispute WHEN NEW.state <> 'open'
        BEGIN SELECT RAISE(ABORT, 'a dispute is born open'); END;

        CREATE TRIGGER dispute_no_delete BEFORE DELETE ON dispute
        BEGIN SELECT RAISE(ABORT, 'disputes are kept'); END;
        """

    /// Guards of version 1 that this version makes stricter.
    static let proofGuards = """
        DROP TRIGGER job_terms;
        CREATE TRIGGER job_terms BEFORE UPDATE ON job
        WHEN OLD.id IS NOT NEW.id OR OLD.client IS NOT NEW.client
          OR OLD.client_key IS NOT NEW.client_key OR OLD.terms_digest IS NOT NEW.terms_digest
          OR OLD.number IS NOT NEW.number OR OLD.number_as_submitted IS NOT NEW.number_as_submitted
          OR OLD.carrier IS NOT NEW.carrier
          OR OLD.amount IS NOT NEW.amount OR OLD.currency IS NOT NEW.currency
          OR OLD.lane_id IS NOT NEW.lane_id OR OLD.batch_line IS NOT NEW.batch_line
          OR OLD.reference IS NOT NEW.reference OR OLD.note IS NOT NEW.note
          OR OLD.priority IS NOT NEW.priority OR OLD.not_before IS NOT NEW.not_before
          OR OLD.deadline IS NOT NEW.deadline OR OLD.created_at IS NOT NEW.created_at
          OR OLD.kind IS NOT NEW.kind OR OLD.reverses_id IS NOT NEW.reverses_id
          OR OLD.only_sim_id IS NOT NEW.only_sim_id
        BEGIN SELECT RAISE(ABORT, 'the terms of a job are fixed'); END;

        CREATE TRIGGER job_reversal_birth BEFORE INSERT ON job
        WHEN NEW.kind = 'reversal' AND NOT EXISTS (
          SELECT 1 FROM job target JOIN attempt ON attempt.job_id = target.id
          WHERE target.id = NEW.reverses_id AND target.kind = 'recharge'
          AND target.state = 'succeeded' AND target.number = NEW.number
          AND target.amount = NEW.amount AND target.currency = NEW.currency
          AND attempt.outcome = 'success' AND attempt.serial IS NOT NULL
          AND attempt.sim_id = NEW.only_sim_id)
        BEGIN SELECT RAISE(FAIL, 'a reversal takes back a whole proved recharge'); END;

        CREATE TRIGGER job_only_sim BEFORE UPDATE OF state ON job
        WHEN NEW.state = 'leased' AND NEW.only_sim_id IS NOT NULL
          AND NEW.sim_id IS NOT NEW.only_sim_id
        BEGIN SELECT RAISE(ABORT, 'a reversal goes out on the SIM that recharged'); END;

        DROP TRIGGER attempt_verdict_needs_proof;
        CREATE TRIGGER attempt_verdict_needs_proof BEFORE UPDATE OF outcome ON attempt
        WHEN NEW.outcome IN ('success','not_executed') AND OLD.outcome IS NOT NEW.outcome
          AND NOT EXISTS (SELECT 1 FROM evidence WHERE attempt_id = NEW.id
          AND verdict = NEW.outcome
          AND (NEW.outcome = 'not_executed' OR grade >= 2 OR kind = 'person'))
        BEGIN SELECT RAISE(ABORT, 'a verdict without evidence'); END;

        CREATE TRIGGER attempt_refusal_out_of_doubt BEFORE UPDATE OF outcome ON attempt
        WHEN OLD.outcome = 'unknown' AND NEW.outcome = 'not_executed' AND NOT EXISTS (
          SELECT 1 FROM evidence WHERE attempt_id = NEW.id AND verdict = 'not_executed'
          AND (grade >= 3 OR kind = 'person'))
          AND (SELECT COUNT(*) FROM evidence WHERE attempt_id = NEW.id
            AND verdict = 'not_executed' AND kind = 'balance' AND grade = 1) < 2
        BEGIN SELECT RAISE(ABORT, 'doubt is left by proof of its grade'); END;

        CREATE TRIGGER attempt_notes_fixed BEFORE UPDATE ON attempt
        WHEN OLD.message_reference IS NOT NULL
            AND OLD.message_reference IS NOT NEW.message_reference
          OR OLD.balance_after IS NOT NULL AND OLD.balance_after IS NOT NEW.balance_after
          OR OLD.decided_by IS NOT NULL AND OLD.decided_by IS NOT NEW.decided_by
        BEGIN SELECT RAISE(ABORT, 'what is noted of an attempt stays'); END;
        """

    /// Version 4: an unchanged float proves what it does only where the books expect it.
    ///
    /// What was paid in since the carrier stated the float before could hide a charge, and an
    /// answer that names the attempt speaks for one. The SIM did nothing else since either.
    static let unchangedFloat = """
        DROP TRIGGER attempt_refusal_out_of_doubt;
        CREATE TRIGGER attempt_refusal_out_of_doubt BEFORE UPDATE OF outcome ON attempt
        WHEN OLD.outcome = 'unknown' AND NEW.outcome = 'not_executed' AND NOT EXISTS (
          SELECT 1 FROM evidence WHERE attempt_id = NEW.id AND verdict = 'not_executed'
          AND (grade >= 3 OR kind = 'person'))
          AND ((SELECT COUNT(*) FROM evidence WHERE attempt_id = NEW.id
              AND verdict = 'not_executed' AND kind = 'balance' AND grade = 1) < 2
            OR NOT EXISTS (SELECT 1 FROM sim WHERE sim.id = NEW.sim_id
              AND float_opened_at IS NOT NULL AND float_minor = NEW.balance_before)
            OR \(hidesCharge("NEW"))
            OR EXISTS (SELECT 1 FROM attempt later
              WHERE later.sim_id = NEW.sim_id AND later.id > NEW.id))
        BEGIN SELECT RAISE(ABORT, 'doubt is left by proof of its grade'); END;
        """

    /// Version 7: what is not there proves nothing against an answer that says otherwise.
    ///
    /// The carrier's record may be of today only, and may lack what waits in a queue of its own.
    static let answersOverAbsence = """
        CREATE TRIGGER attempt_absence_against_answer BEFORE UPDATE OF outcome ON attempt
        WHEN OLD.outcome = 'unknown' AND NEW.outcome = 'not_executed'
          AND \(speaksForCharge("NEW.id", isStatement: """
            EXISTS (SELECT 1 FROM evidence WHERE attempt_id = NEW.id
              AND verdict = 'not_executed' AND kind = 'statement')
            """))
          AND NOT EXISTS (SELECT 1 FROM evidence WHERE attempt_id = NEW.id
            AND verdict = 'not_executed'
            AND NOT (\(isOne("kind", of: Evidence.Kind.ofAbsence.map(\.rawValue)))))
        BEGIN SELECT RAISE(ABORT, 'an answer says otherwise'); END;
        """

    /// Whether an answer says that an attempt was executed, or that the carrier has it in hand,
    /// which counts only against what is no statement.
    static func speaksForCharge(_ attempt: String, isStatement: String) -> String {
        """
        EXISTS (SELECT 1 FROM evidence WHERE evidence.attempt_id = \(attempt)
          AND evidence.kind = 'sms' AND (evidence.verdict = 'success'
            OR evidence.verdict = 'inconclusive' AND evidence.grade > 0
              AND NOT \(isStatement)))
        """
    }

    /// Whether money moved on the SIM of an attempt since it was armed, or an answer names it.
    static func hidesCharge(_ attempt: String) -> String {
        """
        (EXISTS (SELECT 1 FROM movement WHERE movement.sim_id = \(attempt).sim_id
            AND movement.kind <> 'opening' AND movement.at >= \(attempt).armed_at)
          OR EXISTS (SELECT 1 FROM evidence WHERE evidence.attempt_id = \(attempt).id
            AND evidence.kind = 'sms'))
        """
    }
}
