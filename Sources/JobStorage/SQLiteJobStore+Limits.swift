import GRDB
package import Recharge

/// Limits of use.
extension SQLiteJobStore {
    package func setLimits(
        _ changes: [LimitChange],
        reason: String,
        by actor: Actor,
        at now: Timestamp
    ) async throws {
        try await queue.perform { try $0.set(changes, reason: reason, by: actor, at: now) }
    }

    package func limitOverrides() async throws -> [UseOverride] {
        try await pool.read { try UseOverride.all($0) }
    }

    package func uses(at now: Timestamp) async throws -> [WindowUse] {
        try await pool.read { try WindowUse.open($0, at: now) }
    }

    package func uses(of number: PhoneNumber, at now: Timestamp) async throws -> [WindowUse] {
        try await pool.read { try WindowUse.open(ofNumber: number.e164, $0, at: now) }
    }
}
