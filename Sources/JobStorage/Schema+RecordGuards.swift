extension Schema {
    /// Attempts: born open under a lease; only the outcome moves, and only forward, by evidence.
    static let attemptGuards = """
        CREATE TRIGGER attempt_birth BEFORE INSERT ON attempt WHEN NEW.outcome IS NOT NULL
        BEGIN SELECT RAISE(ABORT, 'an attempt is born open'); END;

        CREATE TRIGGER attempt_needs_lease BEFORE INSERT ON attempt
        WHEN NOT EXISTS (SELECT 1 FROM job
          WHERE id = NEW.job_id AND state = 'leased' AND sim_id = NEW.sim_id
          AND carrier = NEW.carrier)
        BEGIN SELECT RAISE(ABORT, 'an attempt needs the lease of its job on its SIM'); END;

        CREATE TRIGGER attempt_fixed BEFORE UPDATE ON attempt
        WHEN OLD.id IS NOT NEW.id OR OLD.job_id IS NOT NEW.job_id OR OLD.n IS NOT NEW.n
          OR OLD.sim_id IS NOT NEW.sim_id OR OLD.carrier IS NOT NEW.carrier
          OR OLD.armed_at IS NOT NEW.armed_at OR OLD.fence_until IS NOT NEW.fence_until
          OR OLD.day_began IS NOT NEW.day_began OR OLD.balance_before IS NOT NEW.balance_before
          OR OLD.redacted_digest IS NOT NEW.redacted_digest
        BEGIN SELECT RAISE(ABORT, 'an attempt is fixed once made'); END;

        CREATE TRIGGER attempt_final BEFORE UPDATE ON attempt
        WHEN OLD.outcome IN ('success','not_executed') AND (NEW.outcome IS NOT OLD.outcome
            OR NEW.serial IS NOT OLD.serial OR NEW.outcome_at IS NOT OLD.outcome_at)
          OR OLD.outcome = 'unknown' AND NEW.outcome IS NULL
        BEGIN SELECT RAISE(ABORT, 'an outcome is final'); END;

        CREATE TRIGGER attempt_no_delete BEFORE DELETE ON attempt
        BEGIN SELECT RAISE(ABORT, 'attempts are kept'); END;

        CREATE TRIGGER attempt_verdict_needs_proof BEFORE UPDATE OF outcome ON attempt
        WHEN NEW.outcome IN ('success','not_executed') AND OLD.outcome IS NOT NEW.outcome
          AND NOT EXISTS (SELECT 1 FROM evidence WHERE attempt_id = NEW.id
          AND verdict = NEW.outcome
          AND (NEW.outcome = 'not_executed' OR grade >= 2 OR kind = 'person'))
        BEGIN SELECT RAISE(ABORT, 'a verdict without evidence'); END;
        """

    /// Batches, lanes and SIMs: their arrows, their fixed terms, and that they are kept.
    static let orderGuards = """
        CREATE TRIGGER batch_birth BEFORE INSERT ON batch WHEN NEW.state <> 'staging'
        BEGIN SELECT RAISE(ABORT, 'a batch is born in staging'); END;

        CREATE TRIGGER batch_arrows BEFORE UPDATE OF state ON batch
        WHEN OLD.state <> NEW.state AND NOT instr(
          ' staging>open staging>held staging>cancelled held>open held>cancelled' ||
          ' open>held open>closed open>cancelled ',
          ' ' || OLD.state || '>' || NEW.state || ' ')
        BEGIN SELECT RAISE(ABORT, 'no such arrow between batch states'); END;

        CREATE TRIGGER batch_opens_whole BEFORE UPDATE OF state ON batch
        WHEN OLD.state = 'staging' AND (NEW.state = 'open' OR NEW.state = 'held') AND NOT EXISTS (
          SELECT 1 FROM lane WHERE batch_id = NEW.id AND NEW.row_count =
            (SELECT COALESCE(SUM(count), 0) FROM lane_count WHERE lane_id = lane.id)
          AND NEW.amount_sum =
            (SELECT COALESCE(SUM(amount_sum), 0) FROM lane_count WHERE lane_id = lane.id))
        BEGIN SELECT RAISE(ABORT, 'a batch opens with all its rows'); END;

        CREATE TRIGGER batch_terms BEFORE UPDATE ON batch
        WHEN OLD.id IS NOT NEW.id OR OLD.client IS NOT NEW.client
          OR OLD.client_key IS NOT NEW.client_key OR OLD.name IS NOT NEW.name
          OR OLD.body_digest IS NOT NEW.body_digest OR OLD.row_count IS NOT NEW.row_count
          OR OLD.amount_sum IS NOT NEW.amount_sum OR OLD.currency IS NOT NEW.currency
          OR OLD.created_at IS NOT NEW.created_at OR OLD.created_by IS NOT NEW.created_by
        BEGIN SELECT RAISE(ABORT, 'the terms of a batch are fixed'); END;

        CREATE TRIGGER batch_no_delete BEFORE DELETE ON batch
        BEGIN SELECT RAISE(ABORT, 'batches are kept'); END;

        CREATE TRIGGER batch_moves_lane AFTER UPDATE OF state ON batch
        BEGIN UPDATE lane SET open = (NEW.state = 'open') WHERE batch_id = NEW.id; END;

        CREATE TRIGGER lane_agrees BEFORE UPDATE ON lane
        WHEN OLD.id IS NOT NEW.id OR OLD.batch_id IS NOT NEW.batch_id
          OR OLD.open <> NEW.open AND NEW.open IS NOT
            (SELECT state = 'open' FROM batch WHERE id = NEW.batch_id)
        BEGIN SELECT RAISE(ABORT, 'a lane is open while its batch is'); END;

        CREATE TRIGGER lane_birth BEFORE INSERT ON lane WHEN NEW.open <> (NEW.id IS 1)
        BEGIN SELECT RAISE(ABORT, 'a lane is opened by its batch'); END;

        CREATE TRIGGER lane_no_delete BEFORE DELETE ON lane
        BEGIN SELECT RAISE(ABORT, 'lanes are kept'); END;

        CREATE TRIGGER sim_arrows BEFORE UPDATE OF state ON sim
        WHEN OLD.state <> NEW.state AND NOT instr(
          ' quarantined>enabled quarantined>retired enabled>paused' ||
          ' enabled>quarantined enabled>retired paused>enabled paused>quarantined' ||
          ' paused>retired ',
          ' ' || OLD.state || '>' || NEW.state || ' ')
        BEGIN SELECT RAISE(ABORT, 'no such arrow between SIM states'); END;

        CREATE TRIGGER sim_identity BEFORE UPDATE ON sim
        WHEN OLD.id IS NOT NEW.id OR OLD.iccid IS NOT NEW.iccid
        BEGIN SELECT RAISE(ABORT, 'a SIM is its ICCID'); END;

        CREATE TRIGGER sim_no_delete BEFORE DELETE ON sim
        BEGIN SELECT RAISE(ABORT, 'SIMs are kept'); END;
        """

    /// Evidence and events only grow, messages are only marked as read, events are chained.
    static let recordGuards = """
        CREATE TRIGGER evidence_sim BEFORE INSERT ON evidence
        WHEN NEW.sim_id IS NOT (SELECT sim_id FROM attempt WHERE id = NEW.attempt_id)
        BEGIN SELECT RAISE(ABORT, 'evidence is of the SIM of its attempt'); END;

        CREATE TRIGGER evidence_no_update BEFORE UPDATE ON evidence
        BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;

        CREATE TRIGGER evidence_no_delete BEFORE DELETE ON evidence
        BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;

        CREATE TRIGGER inbox_fixed BEFORE UPDATE ON inbox
        WHEN OLD.id IS NOT NEW.id OR OLD.sim_id IS NOT NEW.sim_id OR OLD.pdu IS NOT NEW.pdu
          OR OLD.pdu_digest IS NOT NEW.pdu_digest OR OLD.sender IS NOT NEW.sender
          OR OLD.text IS NOT NEW.text OR OLD.sent_at IS NOT NEW.sent_at
          OR OLD.filed_at IS NOT NEW.filed_at OR NEW.is_read < OLD.is_read
          OR OLD.attempt_id IS NOT NULL AND OLD.attempt_id IS NOT NEW.attempt_id
        BEGIN SELECT RAISE(ABORT, 'a message is fixed once filed'); END;

        CREATE TRIGGER inbox_no_delete BEFORE DELETE ON inbox
        BEGIN SELECT RAISE(ABORT, 'messages are kept'); END;

        CREATE TRIGGER event_chain BEFORE INSERT ON event
        WHEN NEW.seq IS NOT (SELECT COALESCE(MAX(seq), 0) + 1 FROM event)
          OR NEW.prev_hash IS NOT COALESCE(
            (SELECT hash FROM event ORDER BY seq DESC LIMIT 1), zeroblob(32))
        BEGIN SELECT RAISE(ABORT, 'an event follows the last one'); END;

        CREATE TRIGGER event_no_update BEFORE UPDATE ON event
        BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;

        CREATE TRIGGER event_no_delete BEFORE DELETE ON event
        BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
        """

    /// How many jobs of each lane stand in each state, and their sum.
    ///
    /// Kept by triggers, because a progress bar asks four times a second and counting a million
    /// index entries takes longer than a claim.
    static let counters = """
        CREATE TRIGGER lane_counted AFTER INSERT ON lane BEGIN
          INSERT INTO lane_count (lane_id, state, count, amount_sum) VALUES
            (NEW.id, 'held', 0, 0), (NEW.id, 'scheduled', 0, 0), (NEW.id, 'ready', 0, 0),
            (NEW.id, 'leased', 0, 0), (NEW.id, 'armed', 0, 0), (NEW.id, 'unknown', 0, 0),
            (NEW.id, 'succeeded', 0, 0), (NEW.id, 'failed', 0, 0), (NEW.id, 'cancelled', 0, 0),
            (NEW.id, 'expired', 0, 0);
        END;

        CREATE TRIGGER lane_count_no_delete BEFORE DELETE ON lane_count
        BEGIN SELECT RAISE(ABORT, 'counts are kept'); END;

        CREATE TRIGGER job_counted AFTER INSERT ON job BEGIN
          UPDATE lane_count SET count = count + 1, amount_sum = amount_sum + NEW.amount
          WHERE lane_id = NEW.lane_id AND state = NEW.state;
        END;

        CREATE TRIGGER job_recounted AFTER UPDATE OF state ON job WHEN OLD.state <> NEW.state BEGIN
          UPDATE lane_count SET count = count - 1, amount_sum = amount_sum - OLD.amount
          WHERE lane_id = OLD.lane_id AND state = OLD.state;
          UPDATE lane_count SET count = count + 1, amount_sum = amount_sum + NEW.amount
          WHERE lane_id = NEW.lane_id AND state = NEW.state;
        END;
        """
}
