import Recharge

/// Version 3: the head of the chain of events, epochs, and erasure.
extension Schema {
    /// Where the chain of events ends, kept beside it: a tail that was cut off is missed.
    static let chainHead = """
        CREATE TABLE chain_head (
          id INTEGER PRIMARY KEY CHECK (id = 1),
          seq INTEGER NOT NULL, hash BLOB NOT NULL CHECK (length(hash) = 32)
        ) STRICT;
        INSERT INTO chain_head (id, seq, hash) VALUES (1,
          COALESCE((SELECT MAX(seq) FROM event), 0),
          COALESCE((SELECT hash FROM event ORDER BY seq DESC LIMIT 1), zeroblob(32)));

        CREATE TRIGGER chain_head_follows BEFORE UPDATE ON chain_head
        WHEN NEW.id IS NOT OLD.id OR NEW.seq IS NOT OLD.seq + 1 OR NOT EXISTS (
          SELECT 1 FROM event WHERE seq = NEW.seq AND hash = NEW.hash AND prev_hash = OLD.hash)
        BEGIN SELECT RAISE(ABORT, 'the head follows the last event'); END;

        CREATE TRIGGER chain_head_no_delete BEFORE DELETE ON chain_head
        BEGIN SELECT RAISE(ABORT, 'the head of the chain is kept'); END;

        CREATE TRIGGER event_moves_head AFTER INSERT ON event
        BEGIN UPDATE chain_head SET seq = NEW.seq, hash = NEW.hash WHERE id = 1; END;
        """

    /// Each restore from a backup begins an epoch, which a SIM enters when a person has compared
    /// its history.
    static let epochs = """
        ALTER TABLE sim ADD COLUMN epoch INTEGER NOT NULL DEFAULT 0;

        CREATE TRIGGER sim_epoch BEFORE UPDATE OF epoch ON sim
        WHEN NEW.epoch < OLD.epoch OR NEW.epoch > \(epoch)
        BEGIN SELECT RAISE(ABORT, 'a SIM enters the epoch that is, or none'); END;

        CREATE TRIGGER sim_birth BEFORE INSERT ON sim WHEN NEW.epoch <> 0
        BEGIN SELECT RAISE(ABORT, 'a SIM enters an epoch by a person''s word'); END;

        CREATE TRIGGER epoch_grows BEFORE UPDATE ON setting
        WHEN OLD.name = 'epoch' AND (NEW.name <> 'epoch'
          OR CAST(NEW.value AS INTEGER) <= CAST(OLD.value AS INTEGER))
        BEGIN SELECT RAISE(ABORT, 'epochs only grow'); END;

        CREATE TRIGGER epoch_no_delete BEFORE DELETE ON setting WHEN OLD.name = 'epoch'
        BEGIN SELECT RAISE(ABORT, 'epochs only grow'); END;

        CREATE TRIGGER job_lease_needs_epoch BEFORE UPDATE OF state ON job
        WHEN NEW.state = 'leased' AND OLD.state <> 'leased'
          AND (SELECT epoch FROM sim WHERE id = NEW.sim_id) <> \(epoch)
        BEGIN SELECT RAISE(ABORT, 'a SIM works once it is reconciled'); END;

        CREATE TRIGGER attempt_needs_epoch BEFORE INSERT ON attempt
        WHEN (SELECT epoch FROM sim WHERE id = NEW.sim_id) <> \(epoch)
        BEGIN SELECT RAISE(ABORT, 'a SIM works once it is reconciled'); END;
        """

    /// The epoch that is; 0 before the first restore.
    static let epoch = """
        CAST(COALESCE((SELECT value FROM setting WHERE name = 'epoch'), '0') AS INTEGER)
        """

    /// What was written of whom is erased only under a row of `erasure`, which no transaction can
    /// leave behind: it refers to a row that cannot be.
    static let erasures = """
        ALTER TABLE inbox ADD COLUMN is_listed INTEGER NOT NULL DEFAULT 1
          CHECK (is_listed IN (0, 1));
        ALTER TABLE inbox ADD COLUMN blanked_at INTEGER;
        CREATE INDEX inbox_unlisted ON inbox(filed_at)
          WHERE is_listed = 0 AND blanked_at IS NULL;
        ALTER TABLE movement ADD COLUMN client_key TEXT;
        CREATE UNIQUE INDEX movement_once ON movement(client_key) WHERE client_key IS NOT NULL;

        CREATE TABLE erasure_end (id INTEGER PRIMARY KEY, CHECK (0)) STRICT;
        CREATE TABLE erasure (
          id INTEGER PRIMARY KEY CHECK (id = 1),
          number TEXT, national TEXT,
          jobs_before INTEGER, messages_before INTEGER, unlisted_before INTEGER,
          ends INTEGER NOT NULL DEFAULT 1
            REFERENCES erasure_end(id) DEFERRABLE INITIALLY DEFERRED,
          CHECK ((number IS NULL) = (national IS NULL)),
          CHECK (national IS NULL OR length(national) > 5)
        ) STRICT;

        DROP TRIGGER job_terms;
        CREATE TRIGGER job_terms BEFORE UPDATE ON job
        WHEN OLD.id IS NOT NEW.id OR OLD.client IS NOT NEW.client
          OR OLD.client_key IS NOT NEW.client_key OR OLD.carrier IS NOT NEW.carrier
          OR OLD.amount IS NOT NEW.amount OR OLD.currency IS NOT NEW.currency
          OR OLD.lane_id IS NOT NEW.lane_id OR OLD.batch_line IS NOT NEW.batch_line
          OR OLD.priority IS NOT NEW.priority OR OLD.not_before IS NOT NEW.not_before
          OR OLD.deadline IS NOT NEW.deadline OR OLD.created_at IS NOT NEW.created_at
          OR OLD.kind IS NOT NEW.kind OR OLD.reverses_id IS NOT NEW.reverses_id
          OR OLD.only_sim_id IS NOT NEW.only_sim_id
          OR (OLD.terms_digest IS NOT NEW.terms_digest OR OLD.number IS NOT NEW.number
            OR OLD.number_as_submitted IS NOT NEW.number_as_submitted
            OR OLD.reference IS NOT NEW.reference OR OLD.note IS NOT NEW.note)
          AND NOT (\(isOne("OLD.state", of: final)) AND OLD.state = NEW.state
            AND NEW.terms_digest = x'00' AND NEW.number = '\(PhoneNumber.erased.e164)'
            AND NEW.number_as_submitted = '\(erased)'
            AND NEW.reference IS NULL AND NEW.note IS NULL
            AND EXISTS (SELECT 1 FROM erasure
              WHERE number = OLD.number OR OLD.finished_at < jobs_before)
            AND NOT EXISTS (SELECT 1 FROM dispute WHERE job_id = OLD.id AND state = 'open'))
        BEGIN SELECT RAISE(ABORT, 'the terms of a job are fixed'); END;

        DROP TRIGGER batch_terms;
        CREATE TRIGGER batch_terms BEFORE UPDATE ON batch
        WHEN OLD.id IS NOT NEW.id OR OLD.client IS NOT NEW.client
          OR OLD.client_key IS NOT NEW.client_key OR OLD.name IS NOT NEW.name
          OR OLD.row_count IS NOT NEW.row_count
          OR OLD.amount_sum IS NOT NEW.amount_sum OR OLD.currency IS NOT NEW.currency
          OR OLD.created_at IS NOT NEW.created_at OR OLD.created_by IS NOT NEW.created_by
          OR OLD.body_digest IS NOT NEW.body_digest
          AND NOT (NEW.body_digest = x'00' AND EXISTS (SELECT 1 FROM erasure)
            AND EXISTS (SELECT 1 FROM lane JOIN job ON job.lane_id = lane.id
              WHERE lane.batch_id = OLD.id AND job.batch_line IS NOT NULL
              AND job.number = '\(PhoneNumber.erased.e164)'))
        BEGIN SELECT RAISE(ABORT, 'the terms of a batch are fixed'); END;

        DROP TRIGGER attempt_fixed;
        CREATE TRIGGER attempt_fixed BEFORE UPDATE ON attempt
        WHEN OLD.id IS NOT NEW.id OR OLD.job_id IS NOT NEW.job_id OR OLD.n IS NOT NEW.n
          OR OLD.sim_id IS NOT NEW.sim_id OR OLD.carrier IS NOT NEW.carrier
          OR OLD.armed_at IS NOT NEW.armed_at OR OLD.fence_until IS NOT NEW.fence_until
          OR OLD.day_began IS NOT NEW.day_began OR OLD.balance_before IS NOT NEW.balance_before
          OR OLD.redacted_digest IS NOT NEW.redacted_digest
            AND NOT (NEW.redacted_digest = x'00' AND \(erasing("OLD.id")))
        BEGIN SELECT RAISE(ABORT, 'an attempt is fixed once made'); END;

        DROP TRIGGER inquiry_fixed;
        CREATE TRIGGER inquiry_fixed BEFORE UPDATE ON inquiry
        WHEN OLD.id IS NOT NEW.id OR OLD.sim_id IS NOT NEW.sim_id
          OR OLD.attempt_id IS NOT NEW.attempt_id OR OLD.kind IS NOT NEW.kind
          OR OLD.asked_at IS NOT NEW.asked_at OR OLD.fence_until IS NOT NEW.fence_until
          OR OLD.redacted_digest IS NOT NEW.redacted_digest
            AND NOT (NEW.redacted_digest = x'00' AND \(erasing("OLD.attempt_id")))
          OR OLD.outcome IS NOT NULL AND (OLD.outcome IS NOT NEW.outcome
              OR OLD.outcome_at IS NOT NEW.outcome_at)
            AND NOT (OLD.outcome = 'silent' AND NEW.outcome IS 'answered')
        BEGIN SELECT RAISE(ABORT, 'an inquiry is fixed once made'); END;

        DROP TRIGGER evidence_no_update;
        CREATE TRIGGER evidence_no_update BEFORE UPDATE ON evidence
        WHEN OLD.id IS NOT NEW.id OR OLD.attempt_id IS NOT NEW.attempt_id
          OR OLD.sim_id IS NOT NEW.sim_id OR OLD.at IS NOT NEW.at OR OLD.kind IS NOT NEW.kind
          OR OLD.grade IS NOT NEW.grade OR OLD.verdict IS NOT NEW.verdict
          OR OLD.sent_at IS NOT NEW.sent_at
          OR NEW.raw <> x'' OR NEW.parsed <> '\(erased)' OR NOT \(erasing("OLD.attempt_id"))
        BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;

        DROP TRIGGER inbox_fixed;
        CREATE TRIGGER inbox_fixed BEFORE UPDATE ON inbox
        WHEN OLD.id IS NOT NEW.id OR OLD.sim_id IS NOT NEW.sim_id
          OR OLD.pdu_digest IS NOT NEW.pdu_digest OR OLD.sent_at IS NOT NEW.sent_at
          OR OLD.filed_at IS NOT NEW.filed_at OR NEW.is_read < OLD.is_read
          OR NEW.is_listed > OLD.is_listed
          OR OLD.attempt_id IS NOT NULL AND OLD.attempt_id IS NOT NEW.attempt_id
          OR (OLD.pdu IS NOT NEW.pdu OR OLD.text IS NOT NEW.text OR OLD.sender IS NOT NEW.sender
            OR OLD.blanked_at IS NOT NEW.blanked_at)
          AND NOT (OLD.blanked_at IS NULL AND NEW.blanked_at IS NOT NULL
            AND OLD.is_read = 1 AND NEW.pdu = '' AND NEW.text = ''
            AND EXISTS (SELECT 1 FROM erasure WHERE NEW.sender = OLD.sender AND (
                OLD.attempt_id IS NULL AND OLD.is_listed = 0 AND OLD.filed_at < unlisted_before
                OR OLD.attempt_id IS NULL AND OLD.filed_at < messages_before
                OR \(erasing("OLD.attempt_id")))
              OR NEW.sender = '' AND instr(OLD.sender, national)
              OR NEW.sender = OLD.sender AND instr(OLD.text, national)))
        BEGIN SELECT RAISE(ABORT, 'a message is fixed once filed'); END;
        """

    /// What stands where a text was erased.
    static let erased = "erased"

    /// A condition that the job of an attempt is erased and an erasure is under way.
    private static func erasing(_ attempt: String) -> String {
        """
        EXISTS (SELECT 1 FROM erasure, attempt AS a JOIN job ON job.id = a.job_id
          WHERE a.id = \(attempt) AND job.number = '\(PhoneNumber.erased.e164)')
        """
    }
}
