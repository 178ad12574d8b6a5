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
        (
            """
            SELECT lane_id, state || ': ' || count || ' beside ' || found FROM (
              SELECT lane_count.lane_id, lane_count.state, lane_count.count, lane_count.amount_sum,
                COUNT(job.id) AS found, COALESCE(SUM(job.amount), 0) AS found_sum
              FROM lane_count LEFT JOIN job
                ON job.lane_id = lane_count.lane_id AND job.state = lane_count.state
              GROUP BY lane_count.lane_id, lane_count.state)
            WHERE count <> found OR amount_sum <> found_sum
            """,
            "the counts of a lane are not those of its jobs"
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
        return Books(
            findings: findings,
            sims: try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM sim") ?? 0,
            movements: try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM movement") ?? 0
        )
    }
}
