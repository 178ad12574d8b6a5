import GRDB
package import Recharge

/// Limits of use.
extension SQLiteJobStore {
    package func setLimit(
        _ change: LimitChange,
        configured: [Int64?],
        reason: String,
        people: Int,
        by actor: Actor,
        at now: Timestamp
    ) async throws -> Proposal? {
        try await queue.perform { turn in
            try turn.setLimit(
                change,
                configured: configured,
                reason: reason,
                people: people,
                by: actor,
                at: now
            )
        }
    }

    package func limitOverrides() async throws -> [UseOverride] {
        try await pool.read { try UseOverride.all($0) }
    }

    package func uses(at now: Timestamp) async throws -> [WindowUse] {
        try await pool.read { try WindowUse.open($0, at: now) }
    }

    package func wait(
        of job: Job.ID,
        _ uses: ClaimUses,
        day: Range<Timestamp>,
        ownDay: Range<Timestamp>,
        at now: Timestamp
    ) async throws -> LimitWait? {
        let terms = UseTerms(uses, day: day, ownDay: ownDay)
        return try await pool.read { try LimitWait.find(job, terms, $0, at: now) }
    }
}
