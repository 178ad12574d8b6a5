import GRDB
package import Recharge

/// Which events to list, newest first.
package struct AuditQuery: Hashable, Sendable {
    /// As events name it, or without the name behind it: `uid:1000`.
    package var actor: String?
    package var job: Job.ID?
    /// A kind such as `sim.paused`, or all of a family such as `sim`.
    package var kind: String?
    package var since: Timestamp?
    /// Where the page before ended: its `Page/next`.
    package var after: Int64?
    package var limit = 100

    package init() {}

    func page(_ db: Database) throws -> Page<StoredEvent> {
        let sql = """
            SELECT seq, at, actor, kind, job_id, body FROM event
            WHERE seq < ?1 AND (?2 IS NULL OR actor = ?2
              OR substr(actor, 1, length(?2) + 1) = ?2 || '(') AND (?3 IS NULL OR job_id = ?3)
            AND (?4 IS NULL OR kind = ?4 OR substr(kind, 1, length(?4) + 1) = ?4 || '.')
            AND (?5 IS NULL OR at >= ?5)
            ORDER BY seq DESC LIMIT ?6
            """
        let arguments: StatementArguments = [
            after ?? .max, actor, job?.rawValue, kind, since?.milliseconds, limit,
        ]
        let rows = try Row.fetchAll(db, sql: sql, arguments: arguments)
        let events = try rows.map { try StoredEvent(row: $0, db) }
        return Page(
            elements: events,
            next: events.count == limit ? events.last?.sequence : nil
        )
    }
}
