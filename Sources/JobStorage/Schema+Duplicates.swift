import Recharge

extension Schema {
    /// What tells a second order from a repeat of the first, and who vouched for it.
    static let duplicates = """
        ALTER TABLE job ADD COLUMN repeat INTEGER
          CHECK (repeat BETWEEN \(NewJob.repeatIndexes.lowerBound)
            AND \(NewJob.repeatIndexes.upperBound));
        ALTER TABLE job ADD COLUMN allows_duplicates INTEGER NOT NULL DEFAULT 0
          CHECK (allows_duplicates = 0 OR allows_duplicates = 1);
        ALTER TABLE batch ADD COLUMN allows_duplicates INTEGER NOT NULL DEFAULT 0
          CHECK (allows_duplicates = 0 OR allows_duplicates = 1);
        CREATE INDEX batch_file ON batch(body_digest);

        CREATE TRIGGER job_duplicate_terms BEFORE UPDATE OF repeat, allows_duplicates ON job
        WHEN OLD.repeat IS NOT NEW.repeat OR OLD.allows_duplicates IS NOT NEW.allows_duplicates
        BEGIN SELECT RAISE(ABORT, 'the terms of a job are fixed'); END;

        CREATE TRIGGER batch_duplicate_terms BEFORE UPDATE OF allows_duplicates ON batch
        WHEN OLD.allows_duplicates IS NOT NEW.allows_duplicates
        BEGIN SELECT RAISE(ABORT, 'the terms of a batch are fixed'); END;

        CREATE TRIGGER job_duplicate_vouched BEFORE UPDATE OF state, hold_reason ON job
        WHEN OLD.hold_reason = 'duplicate' AND NEW.hold_reason IS NOT 'duplicate'
          AND NEW.state <> 'cancelled' AND NEW.state <> 'expired'
          AND NOT \(isVouched("CAST(OLD.id AS TEXT)"))
        BEGIN SELECT RAISE(ABORT, 'a duplicate goes when it is approved'); END;

        CREATE TRIGGER batch_duplicates_vouched BEFORE UPDATE OF state ON batch
        WHEN NEW.state = 'open' AND NEW.allows_duplicates = 1
          AND NOT \(isVouched("'batch ' || NEW.id"))
        BEGIN SELECT RAISE(ABORT, 'a batch with duplicates opens when it is approved'); END;

        CREATE TRIGGER batch_once_per_file BEFORE INSERT ON batch
        WHEN NEW.allows_duplicates = 0 AND EXISTS (
          SELECT 1 FROM batch WHERE body_digest = NEW.body_digest AND state <> 'cancelled')
        BEGIN SELECT RAISE(ABORT, 'a file is one batch'); END;
        """

    /// Whether a batch counts when its file comes again: unless it was withdrawn before anything of
    /// it was sent, or may have been.
    static let isWorked = """
        (batch.state <> 'cancelled' OR EXISTS (SELECT 1 FROM lane
          WHERE lane.batch_id = batch.id AND (lane.is_worked = 1 OR EXISTS (
            SELECT 1 FROM lane_count WHERE lane_count.lane_id = lane.id AND lane_count.count > 0
            AND lane_count.state IN ('armed','unknown','succeeded')))))
        """

    /// Version 5: a cancelled batch whose rows were sent, or may have been, still counts.
    static let cancelledFiles = """
        DROP TRIGGER batch_once_per_file;
        CREATE TRIGGER batch_once_per_file BEFORE INSERT ON batch
        WHEN NEW.allows_duplicates = 0 AND EXISTS (
          SELECT 1 FROM batch WHERE body_digest = NEW.body_digest AND \(isWorked))
        BEGIN SELECT RAISE(ABORT, 'a file is one batch'); END;
        """

    private static func isVouched(_ subject: String) -> String {
        """
        EXISTS (SELECT 1 FROM proposal
          WHERE kind = 'duplicate' AND subject = \(subject) AND state = 'approved')
        """
    }
}
