import GRDB
import Recharge

/// Whether the sums agree that the queue keeps in two places.
package struct Books: Hashable, Sendable {
    /// What does not agree, a sentence each; empty when all is well.
    package var findings: [String]
    package var sims: Int
    package var movements: Int

    /// What must be empty, and what it means when it is not.
    private static let checks: [(sql: String, meaning: String)] = [
        (
            """
            SELECT iccid, float_minor || ' beside '
              || COALESCE((SELECT SUM(amount) FROM movement WHERE sim_id = sim.id), 0)
            FROM sim WHERE float_minor
              <> COALESCE((SELECT SUM(amount) FROM movement WHERE sim_id = sim.id), 0)
            """,
            "the float of a SIM is not the sum of its movements"
        ),
        (
            """
            SELECT attempt.id, 'job ' || attempt.job_id FROM attempt
            WHERE outcome = 'success'
              AND NOT EXISTS (SELECT 1 FROM movement WHERE movement.attempt_id = attempt.id)
            """,
            "a proved attempt moved no money"
        ),
        (
            """
            SELECT movement.id, 'attempt ' || attempt.id FROM movement
            JOIN attempt ON attempt.id = movement.attempt_id
            JOIN job ON job.id = attempt.job_id
            WHERE attempt.outcome IS NOT 'success' OR attempt.sim_id <> movement.sim_id
              OR ABS(movement.amount) <> job.amount
            """,
            "a movement is not that of its attempt"
        ),
        (
            """
            SELECT job.id, job.state FROM job WHERE state = 'succeeded'
              AND (SELECT COUNT(*) FROM attempt
                WHERE job_id = job.id AND outcome = 'success') <> 1
            """,
            "a succeeded job has not one proved attempt"
        ),
    ]

    /// Adds everything up; at most ten findings of each kind are told.
    static func verified(_ db: Database) throws -> Books {
        var findings: [String] = []
        for check in checks {
            for row in try Row.fetchAll(db, sql: "\(check.sql) LIMIT 10") {
                let subject = row[0] as DatabaseValue
                findings.append("\(check.meaning): \(subject.description) (\(row[1] as String))")
            }
        }
        findings += try laneFindings(db)
        return Books(
            findings: findings,
            sims: try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM sim") ?? 0,
            movements: try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM movement") ?? 0
        )
    }

    private struct LaneState: Hashable {
        var lane: Int64
        var state: String
    }

    private struct LaneSum: Hashable {
        var count: Int64 = 0
        var amount: Int64 = 0
    }

    /// Holds the counts of the lanes against their jobs, in one pass.
    ///
    /// SQLite would build an index of all jobs in memory to join the two.
    private static func laneFindings(_ db: Database) throws -> [String] {
        var sums: [LaneState: LaneSum] = [:]
        let jobs = try Row.fetchCursor(db, sql: "SELECT lane_id, state, amount FROM job")
        while let row = try jobs.next() {
            let amount: Int64 = row[2]
            sums[LaneState(lane: row[0], state: row[1]), default: LaneSum()].count += 1
            sums[LaneState(lane: row[0], state: row[1]), default: LaneSum()].amount += amount
        }
        let sql = "SELECT lane_id, state, count, amount_sum FROM lane_count"
        return try Row.fetchAll(db, sql: sql).compactMap { row -> String? in
            let key = LaneState(lane: row[0], state: row[1])
            let kept = LaneSum(count: row[2], amount: row[3])
            let found = sums[key] ?? LaneSum()
            guard kept != found else { return nil }
            return "the counts of a lane are not those of its jobs: \(key.lane) "
                + "(\(key.state): \(kept.count) beside \(found.count))"
        }.prefix(10).map { $0 }
    }
}
