extension Schema {
    /// How a job is born, and that it is kept for ever with the terms it was born with.
    ///
    /// Birth is one trigger, not two: each costs a row of a batch a frame of its own. It fails and
    /// does not abort: where a trigger may abort, SQLite keeps the old image of each page that a
    /// row touches, and before its insertion nothing is changed that would have to be undone.
    static let jobBirthGuards = """
        CREATE TRIGGER job_birth BEFORE INSERT ON job
        BEGIN SELECT CASE
          WHEN NOT \(isOne("NEW.state", of: ["ready", "scheduled", "held"])) OR NEW.attempts <> 0
          THEN RAISE(FAIL, 'a job is born held, scheduled or ready')
          WHEN NEW.lane_id <> 1 AND NOT EXISTS (
            SELECT 1 FROM lane JOIN batch ON batch.id = lane.batch_id
            WHERE lane.id = NEW.lane_id AND batch.state = 'staging')
          THEN RAISE(FAIL, 'rows come only into a batch in staging') END;
        END;

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
        BEGIN SELECT RAISE(ABORT, 'the terms of a job are fixed'); END;

        CREATE TRIGGER job_no_delete BEFORE DELETE ON job
        BEGIN SELECT RAISE(ABORT, 'jobs are kept'); END;
        """

    /// Only the arrows of `JobState/arrows`, and what each side of an arrow must be.
    static let jobArrowGuards = """
        CREATE TRIGGER job_arrows BEFORE UPDATE OF state ON job
        WHEN OLD.state <> NEW.state AND NOT CASE OLD.state
          WHEN 'held' THEN \(to("ready", "scheduled", "cancelled", "expired"))
          WHEN 'scheduled' THEN \(to("ready", "held", "cancelled", "expired"))
          WHEN 'ready' THEN \(to("leased", "held", "scheduled", "cancelled", "expired"))
          WHEN 'leased' THEN \(to("armed", "ready", "scheduled", "held"))
          WHEN 'armed' THEN
            \(to("succeeded", "ready", "scheduled", "held", "failed", "unknown"))
          WHEN 'unknown' THEN \(to("succeeded", "scheduled", "held", "failed"))
          ELSE 0 END
        BEGIN SELECT RAISE(ABORT, 'no such arrow between job states'); END;

        CREATE TRIGGER job_final BEFORE UPDATE ON job
        WHEN \(isOne("OLD.state", of: final))
          AND (OLD.serial IS NOT NEW.serial OR OLD.finished_at IS NOT NEW.finished_at)
        BEGIN SELECT RAISE(ABORT, 'a final job is fixed'); END;

        CREATE TRIGGER job_holder BEFORE UPDATE ON job
        WHEN OLD.sim_id IS NOT NULL AND NEW.sim_id IS NOT NULL AND OLD.sim_id <> NEW.sim_id
        BEGIN SELECT RAISE(ABORT, 'a job in hand stays with its SIM'); END;

        CREATE TRIGGER job_attempts BEFORE UPDATE ON job
        WHEN OLD.attempts <> NEW.attempts AND NOT (
          NEW.attempts = OLD.attempts + 1 AND OLD.state = 'leased' AND NEW.state = 'armed')
        BEGIN SELECT RAISE(ABORT, 'attempts are counted when armed'); END;

        CREATE TRIGGER job_lease_needs_dispatch BEFORE UPDATE OF state ON job
        WHEN NEW.state = 'leased' AND OLD.state <> 'leased' AND NOT EXISTS (
          SELECT 1 FROM lane, sim WHERE lane.id = NEW.lane_id AND lane.open = 1
          AND sim.id = NEW.sim_id AND sim.state = 'enabled')
        BEGIN SELECT RAISE(ABORT, 'a lease needs an open lane and an enabled SIM'); END;
        """

    /// State and attempts agree; doubt is left by proof; a success on record blocks for ever.
    static let jobProofGuards = """
        CREATE TRIGGER job_armed_needs_intent BEFORE UPDATE OF state ON job
        WHEN NEW.state = 'armed' AND OLD.state <> 'armed' AND NOT EXISTS (
          SELECT 1 FROM attempt
          WHERE job_id = NEW.id AND outcome IS NULL AND sim_id = NEW.sim_id)
        BEGIN SELECT RAISE(ABORT, 'armed without an open attempt on its SIM'); END;

        CREATE TRIGGER job_unknown_needs_doubt BEFORE UPDATE OF state ON job
        WHEN NEW.state = 'unknown' AND OLD.state <> 'unknown' AND NOT EXISTS (
          SELECT 1 FROM attempt WHERE job_id = NEW.id AND outcome = 'unknown')
        BEGIN SELECT RAISE(ABORT, 'unknown without an attempt in doubt'); END;

        CREATE TRIGGER job_success_needs_proof BEFORE UPDATE OF state ON job
        WHEN NEW.state = 'succeeded' AND OLD.state <> 'succeeded' AND NOT EXISTS (
          SELECT 1 FROM attempt a JOIN evidence e ON e.attempt_id = a.id
          WHERE a.job_id = NEW.id AND a.outcome = 'success' AND e.verdict = 'success')
        BEGIN SELECT RAISE(ABORT, 'succeeded without a proved attempt'); END;

        CREATE TRIGGER job_leaves_doubt_by_proof BEFORE UPDATE OF state ON job
        WHEN \(isOne("OLD.state", of: ["leased", "armed", "unknown"]))
          AND \(to("ready", "scheduled", "held", "failed")) AND EXISTS (
          SELECT 1 FROM attempt
          WHERE job_id = NEW.id AND (outcome IS NULL OR outcome <> 'not_executed'))
        BEGIN SELECT RAISE(ABORT, 'an attempt may still have been executed'); END;

        CREATE TRIGGER job_late_success_blocks BEFORE UPDATE OF state ON job
        WHEN \(to("ready", "scheduled", "leased", "armed")) AND OLD.state <> NEW.state
          AND EXISTS (SELECT 1 FROM attempt a JOIN evidence e ON e.attempt_id = a.id
          WHERE a.job_id = NEW.id AND e.verdict = 'success')
        BEGIN SELECT RAISE(ABORT, 'a success is on record for this job'); END;
        """

    private static func to(_ states: String...) -> String {
        isOne("NEW.state", of: states)
    }
}
