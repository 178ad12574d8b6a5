import Recharge

/// Version 6: how long requests in doubt live when clocks are set, and what a verdict stood on.
extension Schema {
    /// How long a request may still be under way once nobody knows how long ago it was sent.
    ///
    /// Until `lives_until` it can arrive (version 8 says how that and its fence go together); the
    /// moment of its arming may be wrong by `clock_error` milliseconds.
    static let lives = """
        ALTER TABLE attempt ADD COLUMN lives_until INTEGER;
        ALTER TABLE attempt ADD COLUMN clock_error INTEGER NOT NULL DEFAULT 0
          CHECK (clock_error >= 0);

        CREATE TRIGGER attempt_lives_longer BEFORE UPDATE OF lives_until, clock_error ON attempt
        WHEN OLD.lives_until IS NOT NULL AND (NEW.lives_until IS NULL
            OR NEW.lives_until < OLD.lives_until)
          OR NEW.clock_error < OLD.clock_error
        BEGIN SELECT RAISE(ABORT, 'no request in doubt dies earlier than was said'); END;
        """

    /// Version 8: after a clock was set, `lives_until` says alone until when a request can arrive.
    ///
    /// It was sent before, so it is as good as new then and no better, whichever way the clock
    /// went: what a clock that was ahead had said holds no SIM until that time comes.
    static let setClocks = """
        UPDATE attempt SET lives_until = MAX(lives_until, COALESCE((SELECT MAX(fence_until)
            FROM inquiry WHERE inquiry.attempt_id = attempt.id AND inquiry.kind = 'reconfirm'
            AND inquiry.outcome IS NOT 'not_sent'), 0), fence_until)
          WHERE lives_until IS NOT NULL;
        DROP TRIGGER attempt_lives_longer;
        CREATE TRIGGER attempt_lives_longer BEFORE UPDATE OF lives_until, clock_error ON attempt
        WHEN NEW.clock_error < OLD.clock_error
          OR OLD.lives_until IS NOT NULL AND NEW.lives_until IS NULL
          OR NEW.clock_error = OLD.clock_error
            AND NEW.lives_until < COALESCE(OLD.lives_until, OLD.fence_until)
        BEGIN SELECT RAISE(ABORT, 'no request in doubt dies earlier than was said'); END;
        """

    /// Version 8: what moved a float and was no attempt, which each answer with a float looks for.
    static let otherMovements = """
        CREATE INDEX movement_other ON movement(sim_id, at) WHERE attempt_id IS NULL;
        """

    /// The file of a decided verdict goes with the number of its job: it may name that.
    static let erasedAttachments = """
        DROP TRIGGER proposal_fixed;
        CREATE TRIGGER proposal_fixed BEFORE UPDATE ON proposal
        WHEN (OLD.state <> 'open' OR OLD.attachment IS NOT NEW.attachment)
            AND NOT (OLD.state <> 'open' AND NEW.state = OLD.state AND OLD.kind = 'verdict'
              AND NEW.attachment = x'' AND NEW.decided_at IS OLD.decided_at
              AND NEW.decided_by IS OLD.decided_by AND NEW.decision IS OLD.decision
              AND EXISTS (SELECT 1 FROM erasure)
              AND EXISTS (SELECT 1 FROM job WHERE job.id = CAST(OLD.subject AS INTEGER)
                AND job.number = '\(PhoneNumber.erased.e164)'))
          OR OLD.id IS NOT NEW.id OR OLD.kind IS NOT NEW.kind
          OR OLD.subject IS NOT NEW.subject OR OLD.body IS NOT NEW.body
          OR OLD.reason IS NOT NEW.reason OR OLD.people IS NOT NEW.people
          OR OLD.proposed_at IS NOT NEW.proposed_at OR OLD.proposed_by IS NOT NEW.proposed_by
        BEGIN SELECT RAISE(ABORT, 'a proposal is only ever decided'); END;
        """
}
