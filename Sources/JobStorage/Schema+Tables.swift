extension Schema {
    /// SIMs, the transceiver each is enrolled in, and what they used of their day limits.
    static let simTables = """
        CREATE TABLE sim (
          id INTEGER PRIMARY KEY, iccid TEXT NOT NULL UNIQUE, imsi TEXT, imei TEXT,
          port TEXT NOT NULL, carrier TEXT NOT NULL, label TEXT,
          state TEXT NOT NULL
            CHECK (\(isOne("state", of: ["quarantined", "enabled", "paused", "retired"]))),
          state_reason TEXT,
          balance_minor INTEGER, balance_currency TEXT, balance_at INTEGER,
          tokens REAL NOT NULL DEFAULT 0, tokens_at INTEGER NOT NULL DEFAULT 0,
          last_armed_at INTEGER, day_began INTEGER NOT NULL DEFAULT 0, fenced_until INTEGER,
          seen_at INTEGER NOT NULL,
          CHECK ((balance_minor IS NULL) = (balance_currency IS NULL))
        ) STRICT;

        CREATE TABLE sim_day (
          sim_id INTEGER NOT NULL REFERENCES sim(id), day_began INTEGER NOT NULL,
          count INTEGER NOT NULL DEFAULT 0 CHECK (count >= 0),
          amount_sum INTEGER NOT NULL DEFAULT 0 CHECK (amount_sum >= 0),
          PRIMARY KEY (sim_id, day_began)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE enrolment (
          sim_id INTEGER PRIMARY KEY REFERENCES sim(id), imei TEXT NOT NULL,
          enrolled_at INTEGER NOT NULL, enrolled_by TEXT NOT NULL
        ) STRICT;

        CREATE TABLE setting (
          name TEXT PRIMARY KEY, value TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        """

    /// Batches, lanes and jobs.
    ///
    /// A lane is a batch, or the walk-in lane (1). Fair shares: the lane with the smallest pass
    /// goes next and its pass grows by its stride. `rank` is `due_at` less a weight times the
    /// priority, which is ageing without updates.
    ///
    /// An insertion into `job` keeps no old images of the pages that it touches, which would double
    /// its cost: so its foreign keys are looked at when the transaction ends, and its constraints
    /// and triggers call no function and do not abort but fail.
    static let orderTables = """
        CREATE TABLE batch (
          id INTEGER PRIMARY KEY, client TEXT NOT NULL, client_key TEXT NOT NULL,
          name TEXT NOT NULL, body_digest BLOB NOT NULL,
          state TEXT NOT NULL
            CHECK (\(isOne("state", of: ["staging", "held", "open", "closed", "cancelled"]))),
          row_count INTEGER NOT NULL CHECK (row_count >= 0),
          amount_sum INTEGER NOT NULL CHECK (amount_sum >= 0), currency TEXT NOT NULL,
          created_at INTEGER NOT NULL, created_by TEXT NOT NULL,
          UNIQUE (client, client_key)
        ) STRICT;

        CREATE TABLE lane (
          id INTEGER PRIMARY KEY, batch_id INTEGER UNIQUE REFERENCES batch(id),
          stride INTEGER NOT NULL CHECK (stride > 0), pass INTEGER NOT NULL DEFAULT 0,
          open INTEGER NOT NULL CHECK (open IN (0, 1)),
          CHECK ((batch_id IS NULL) = (id = 1))
        ) STRICT;

        CREATE TABLE lane_count (
          lane_id INTEGER NOT NULL REFERENCES lane(id), state TEXT NOT NULL,
          count INTEGER NOT NULL CHECK (count >= 0), amount_sum INTEGER NOT NULL,
          PRIMARY KEY (lane_id, state)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE job (
          id INTEGER PRIMARY KEY, client TEXT NOT NULL, client_key TEXT NOT NULL,
          terms_digest BLOB NOT NULL CHECK (terms_digest <> x''),
          lane_id INTEGER NOT NULL REFERENCES lane(id) DEFERRABLE INITIALLY DEFERRED,
          batch_line INTEGER,
          carrier TEXT NOT NULL, number TEXT NOT NULL, number_as_submitted TEXT NOT NULL,
          amount INTEGER NOT NULL CHECK (amount > 0), currency TEXT NOT NULL,
          reference TEXT, note TEXT,
          priority INTEGER NOT NULL CHECK (priority BETWEEN 0 AND 9),
          not_before INTEGER, deadline INTEGER,
          state TEXT NOT NULL CHECK (\(isOne("state", of: [
            "ready", "scheduled", "held", "leased", "armed", "succeeded", "unknown", "failed",
            "cancelled", "expired",
          ]))),
          hold_reason TEXT, reason TEXT,
          due_at INTEGER NOT NULL, rank INTEGER NOT NULL,
          attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
          sim_id INTEGER REFERENCES sim(id) DEFERRABLE INITIALLY DEFERRED, lease_until INTEGER,
          avoid_sim_id INTEGER REFERENCES sim(id) DEFERRABLE INITIALLY DEFERRED,
          avoid_until INTEGER, serial TEXT,
          created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, finished_at INTEGER,
          UNIQUE (client, client_key),
          CHECK ((lane_id = 1) = (batch_line IS NULL)),
          CHECK ((state = 'held') = (hold_reason IS NOT NULL)),
          CHECK ((state IN ('leased','armed')) = (sim_id IS NOT NULL)),
          CHECK ((sim_id IS NULL) = (lease_until IS NULL)),
          CHECK ((avoid_sim_id IS NULL) = (avoid_until IS NULL)),
          CHECK (serial IS NULL OR state = 'succeeded'),
          CHECK (\(isOne("state", of: final)) = (finished_at IS NOT NULL))
        ) STRICT;
        """

    /// The lane of orders that come one by one, born under the guards.
    static let walkInLane = "INSERT INTO lane (id, stride, open) VALUES (1, 1, 1)"

    /// Attempts, evidence, messages and events.
    static let recordTables = """
        CREATE TABLE attempt (
          id INTEGER PRIMARY KEY, job_id INTEGER NOT NULL REFERENCES job(id),
          n INTEGER NOT NULL CHECK (n > 0),
          sim_id INTEGER NOT NULL REFERENCES sim(id), carrier TEXT NOT NULL,
          armed_at INTEGER NOT NULL, fence_until INTEGER NOT NULL, day_began INTEGER NOT NULL,
          balance_before INTEGER, redacted_digest BLOB NOT NULL,
          outcome TEXT CHECK (\(isOne("outcome", of: ["success", "not_executed", "unknown"]))),
          outcome_at INTEGER, serial TEXT,
          UNIQUE (job_id, n),
          CHECK ((outcome IS NULL) = (outcome_at IS NULL)),
          CHECK (serial IS NULL OR outcome = 'success')
        ) STRICT;
        CREATE UNIQUE INDEX attempt_one_live_per_job ON attempt(job_id)
          WHERE outcome IS NULL OR outcome IN ('success','unknown');
        CREATE UNIQUE INDEX attempt_one_open_per_sim ON attempt(sim_id) WHERE outcome IS NULL;
        CREATE UNIQUE INDEX attempt_one_serial ON attempt(carrier, serial)
          WHERE serial IS NOT NULL;
        CREATE INDEX attempt_unresolved ON attempt(sim_id)
          WHERE outcome IS NULL OR outcome = 'unknown';
        CREATE INDEX attempt_sim ON attempt(sim_id, id);

        CREATE TABLE evidence (
          id INTEGER PRIMARY KEY, attempt_id INTEGER NOT NULL REFERENCES attempt(id),
          sim_id INTEGER NOT NULL REFERENCES sim(id), at INTEGER NOT NULL,
          kind TEXT NOT NULL CHECK (\(isOne("kind", of: [
            "sms", "trace", "ussd", "stk", "status_report", "balance", "history", "statement",
            "person",
          ]))),
          raw BLOB NOT NULL, parsed TEXT NOT NULL,
          grade INTEGER NOT NULL CHECK (grade BETWEEN 0 AND 4),
          verdict TEXT NOT NULL
            CHECK (\(isOne("verdict", of: ["success", "not_executed", "inconclusive"])))
        ) STRICT;
        CREATE INDEX evidence_attempt ON evidence(attempt_id);

        CREATE TABLE inbox (
          id INTEGER PRIMARY KEY, sim_id INTEGER NOT NULL REFERENCES sim(id),
          pdu TEXT NOT NULL, pdu_digest BLOB NOT NULL CHECK (length(pdu_digest) = 16),
          sender TEXT NOT NULL, text TEXT NOT NULL, sent_at INTEGER, filed_at INTEGER NOT NULL,
          is_read INTEGER NOT NULL CHECK (is_read IN (0, 1)),
          attempt_id INTEGER REFERENCES attempt(id),
          UNIQUE (sim_id, pdu_digest)
        ) STRICT;
        CREATE INDEX inbox_unfinished ON inbox(sim_id, id) WHERE is_read = 0;
        CREATE INDEX inbox_unsettling ON inbox(id) WHERE attempt_id IS NULL;

        CREATE TABLE event (
          seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL,
          job_id INTEGER REFERENCES job(id), actor TEXT NOT NULL,
          body TEXT NOT NULL,
          prev_hash BLOB NOT NULL CHECK (length(prev_hash) = 32),
          hash BLOB NOT NULL CHECK (length(hash) = 32)
        ) STRICT;
        """

    /// What each list and each claim is found by; no claim sorts or scans.
    ///
    /// A query uses a partial index only when it repeats the index's condition word for word.
    static let orderIndexes = """
        CREATE INDEX batch_withdrawn ON batch(id) WHERE state = 'cancelled';
        CREATE INDEX lane_order ON lane(pass, id) WHERE open = 1;
        CREATE INDEX job_ready ON job(carrier, lane_id, rank, id) WHERE state = 'ready';
        CREATE INDEX job_due ON job(state, due_at) WHERE \(waiting);
        CREATE INDEX job_few ON job(state) WHERE \(few);
        CREATE INDEX job_deadline ON job(deadline) WHERE deadline IS NOT NULL AND \(unstarted);
        CREATE INDEX job_avoid ON job(avoid_until) WHERE avoid_until IS NOT NULL;
        CREATE INDEX job_number ON job(\(numberKey));
        CREATE INDEX job_reference ON job(reference) WHERE reference IS NOT NULL;
        CREATE UNIQUE INDEX job_line ON job(lane_id, batch_line) WHERE batch_line IS NOT NULL;
        CREATE UNIQUE INDEX job_one_in_flight_per_number ON job(number)
          WHERE \(inFlight);
        """

    /// Jobs that wait for their time or for a SIM.
    static let waiting = "state IN ('ready','scheduled')"
    /// Jobs that a deadline may end.
    static let unstarted = isOne("state", of: ["held", "scheduled", "ready"])
    /// States that few jobs stand in at a time; lists by these states are found by index.
    static let few = "state <> 'ready' AND state <> 'scheduled' AND state <> 'succeeded'"
    /// A number as an integer, which makes the index of numbers half as large.
    ///
    /// There the rows of a batch land anywhere, and each costs the writing of a page.
    static let numberKey = "CAST(number AS INTEGER)"
    /// Jobs whose number is blocked for other jobs.
    static let inFlight = isOne("state", of: ["leased", "armed", "unknown"])
    /// States that a job never leaves.
    static let final = ["succeeded", "failed", "cancelled", "expired"]

    /// A condition that a column holds one of some names, tested in place.
    ///
    /// For `IN` with more than two names SQLite builds a table in memory each time, and guards and
    /// the conditions of indexes are tested for every row written.
    static func isOne(_ column: String, of names: [String]) -> String {
        "(" + names.map { "\(column) = '\($0)'" }.joined(separator: " OR ") + ")"
    }
}
