import Recharge

extension Schema {
    /// What was used in each window that a limit looked at, and the limits that people set.
    ///
    /// A row of `use` is made when a limit first looks at its window, from the attempts armed in
    /// it, and kept up from then on; without limits there is none.
    static let limits = """
        CREATE TABLE use (
          scope TEXT NOT NULL CHECK (\(isOne("scope", of: UseScope.allCases.map(\.rawValue)))),
          subject TEXT NOT NULL,
          span TEXT NOT NULL CHECK (\(isOne("span", of: UseSpan.allCases.map(\.rawValue)))),
          began INTEGER NOT NULL, ends INTEGER NOT NULL CHECK (ends > began),
          count INTEGER NOT NULL CHECK (count >= 0),
          amount_sum INTEGER NOT NULL CHECK (amount_sum >= 0),
          PRIMARY KEY (scope, subject, span, began)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX use_ended ON use(ends);
        CREATE INDEX attempt_armed ON attempt(armed_at);

        CREATE TRIGGER use_fixed BEFORE UPDATE OF scope, subject, span, began, ends ON use
        BEGIN SELECT RAISE(ABORT, 'a window stays where it is'); END;

        CREATE TABLE use_limit (
          scope TEXT NOT NULL CHECK (\(isOne("scope", of: UseScope.allCases.map(\.rawValue)))),
          subject TEXT NOT NULL,
          span TEXT NOT NULL CHECK (\(isOne("span", of: UseSpan.allCases.map(\.rawValue)))),
          measure TEXT NOT NULL CHECK (measure = 'count' OR measure = 'sum'),
          value INTEGER CHECK (value >= 0),
          set_at INTEGER NOT NULL, set_by TEXT NOT NULL, reason TEXT NOT NULL,
          PRIMARY KEY (scope, subject, span, measure),
          CHECK (scope <> 'number' AND scope <> 'global' OR subject = '')
        ) STRICT, WITHOUT ROWID;

        ALTER TABLE job ADD COLUMN limits_waived INTEGER NOT NULL DEFAULT 0
          CHECK (limits_waived = 0 OR limits_waived = 1);

        DROP TRIGGER job_birth;
        CREATE TRIGGER job_birth BEFORE INSERT ON job
        BEGIN SELECT CASE
          WHEN NOT \(isOne("NEW.state", of: ["ready", "scheduled", "held"])) OR NEW.attempts <> 0
            OR NEW.limits_waived <> 0
          THEN RAISE(FAIL, 'a job is born held, scheduled or ready')
          WHEN NEW.lane_id <> 1 AND NOT EXISTS (
            SELECT 1 FROM lane JOIN batch ON batch.id = lane.batch_id
            WHERE lane.id = NEW.lane_id AND batch.state = 'staging')
          THEN RAISE(FAIL, 'rows come only into a batch in staging') END;
        END;

        CREATE TRIGGER job_waiver BEFORE UPDATE OF limits_waived ON job
        WHEN OLD.limits_waived IS NOT NEW.limits_waived
          AND (NEW.limits_waived = 0 OR OLD.hold_reason IS NOT 'over_limit')
        BEGIN SELECT RAISE(ABORT, 'limits are waived for a job that is held over one'); END;
        """
}
