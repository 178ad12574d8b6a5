import GRDB
import Recharge

/// What is on file about a statement, and what it lacks.
extension CarrierStatement {
    /// What it is said to be complete for.
    var covers: String {
        let sims = sim.map { "SIM \($0)" } ?? "all SIMs"
        guard let extent else { return "nothing of \(sims)" }
        return "\(sims) from \(extent.from.rfc3339) to \(extent.until.rfc3339)"
    }

    /// Whether another person brought this very file and said the same of it.
    func isSeconded(besides actor: Actor, _ db: Database) throws -> Bool {
        let sql = """
            SELECT actor FROM event WHERE kind = ? AND json_extract(body, '$.sha256') = ?
              AND json_extract(body, '$.carrier') = ? AND json_extract(body, '$.covers') = ?
            """
        let arguments: StatementArguments = [
            EventKind.statementImported.rawValue, digest.hexadecimal, carrier.name, covers,
        ]
        return try String.fetchAll(db, sql: sql, arguments: arguments)
            .contains { Actor($0).person != actor.person }
    }

    /// Proved recharges within a statement's extent that none of its lines has.
    ///
    /// One that was reversed may be missing.
    func missing(_ db: Database) throws -> [Attempt.ID] {
        guard let extent else { return [] }
        let serials = Set(lines.map(\.serial))
        let sql = """
            SELECT attempt.id, attempt.serial FROM attempt
            JOIN job ON job.id = attempt.job_id JOIN sim ON sim.id = attempt.sim_id
            WHERE attempt.outcome = 'success' AND attempt.serial IS NOT NULL
              AND attempt.carrier = ? AND job.kind = 'recharge'
              AND (? IS NULL OR sim.iccid = ?) AND attempt.armed_at >= ? AND attempt.outcome_at < ?
              AND NOT EXISTS (SELECT 1 FROM job taken WHERE taken.reverses_id = job.id
                AND taken.reverses_id IS NOT NULL AND taken.state = 'succeeded')
            ORDER BY attempt.id
            """
        let arguments: StatementArguments = [
            carrier.name, extent.sim?.digits, extent.sim?.digits,
            extent.from.advanced(by: CarrierStatement.clockSkew).milliseconds,
            extent.until.advanced(by: .zero - CarrierStatement.clockSkew).milliseconds,
        ]
        var missing: [Attempt.ID] = []
        let rows = try Row.fetchCursor(db, sql: sql, arguments: arguments)
        while let row = try rows.next() {
            if !serials.contains(row[1] as String) { missing.append(Attempt.ID(row[0])) }
        }
        return missing
    }
}
