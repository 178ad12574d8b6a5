/// Version 5: what may have been executed though the state of its job does not show it.
extension Schema {
    /// Jobs and lanes that came back with a backup, and the serial numbers of late successes.
    ///
    /// A job that was not final in a backup may have been sent after it was made. The last attempt
    /// of the backup is kept by its ID, for clocks are set.
    static let possibleCharges = """
        ALTER TABLE job ADD COLUMN restored INTEGER NOT NULL DEFAULT 0
          CHECK (restored IN (0, 1));
        ALTER TABLE lane ADD COLUMN is_worked INTEGER NOT NULL DEFAULT 0
          CHECK (is_worked IN (0, 1));
        ALTER TABLE attempt ADD COLUMN late_serial TEXT
          CHECK (late_serial IS NULL OR outcome IS 'not_executed');
        CREATE INDEX attempt_late_serial ON attempt(carrier, late_serial)
          WHERE late_serial IS NOT NULL;

        INSERT INTO setting (name, value)
        SELECT 'restored_attempt', CAST(COALESCE((SELECT MAX(attempt.id) FROM attempt
          WHERE attempt.armed_at < CAST(setting.value AS INTEGER)), 0) AS TEXT)
        FROM setting WHERE setting.name = 'restored_at';
        UPDATE job SET restored = 1 WHERE created_at < \(restoredAt)
          AND (finished_at IS NULL OR finished_at >= \(restoredAt));
        UPDATE lane SET is_worked = 1 WHERE batch_id IS NOT NULL AND (
          id IN (SELECT lane_id FROM job WHERE restored = 1)
          OR id IN (SELECT job.lane_id FROM evidence
            JOIN attempt ON attempt.id = evidence.attempt_id
            JOIN job ON job.id = attempt.job_id WHERE evidence.verdict = 'success'));

        CREATE TRIGGER job_stays_restored BEFORE UPDATE OF restored ON job
        WHEN NEW.restored < OLD.restored
        BEGIN SELECT RAISE(ABORT, 'a job that came with a backup stays so'); END;

        CREATE TRIGGER lane_stays_worked BEFORE UPDATE OF is_worked ON lane
        WHEN NEW.is_worked < OLD.is_worked
        BEGIN SELECT RAISE(ABORT, 'a lane that was worked stays so'); END;

        CREATE TRIGGER attempt_late_serial_fixed BEFORE UPDATE OF late_serial ON attempt
        WHEN OLD.late_serial IS NOT NULL AND OLD.late_serial IS NOT NEW.late_serial
        BEGIN SELECT RAISE(ABORT, 'a late serial number is noted once'); END;

        CREATE TRIGGER evidence_marks_lane AFTER INSERT ON evidence WHEN NEW.verdict = 'success'
        BEGIN
          UPDATE lane SET is_worked = 1 WHERE is_worked = 0 AND batch_id IS NOT NULL
            AND id = (SELECT job.lane_id FROM attempt JOIN job ON job.id = attempt.job_id
              WHERE attempt.id = NEW.attempt_id);
        END;
        """

    private static let restoredAt = """
        (SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'restored_at')
        """
}
