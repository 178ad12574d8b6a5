import Foundation
import GRDB
package import Recharge

extension SQLiteJobStore {
    package func resolve(
        _ verdict: HandVerdict,
        people: ApprovalTerms,
        by actor: Actor,
        at now: Timestamp
    ) async throws -> Proposal {
        try await queue.perform { turn in
            try turn.resolve(verdict, people: people, by: actor, at: now)
        }
    }

    package func reverse(
        _ job: Job.ID,
        _ terms: ReversalTerms,
        reason: String,
        people: Int,
        by actor: Actor,
        at now: Timestamp
    ) async throws -> Proposal {
        try await queue.perform { turn in
            try turn.reverse(job, terms, reason: reason, people: people, by: actor, at: now)
        }
    }

    package func vouch(
        for suspect: Suspect,
        reason: String,
        people: Int,
        by actor: Actor,
        at now: Timestamp
    ) async throws -> Proposal {
        try await queue.perform { turn in
            try turn.vouch(for: suspect, reason: reason, people: people, by: actor, at: now)
        }
    }

    package func enrol(
        _ sim: ICCID,
        reason: String,
        people: Int,
        by actor: Actor,
        at now: Timestamp
    ) async throws -> Proposal {
        try await queue.perform { turn in
            try turn.enrol(sim, reason: reason, people: people, by: actor, at: now)
        }
    }

    package func verify(
        _ edition: ProfileEdition,
        reason: String,
        people: Int,
        by actor: Actor,
        at now: Timestamp
    ) async throws -> Proposal {
        try await queue.perform { turn in
            try turn.verify(edition, reason: reason, people: people, by: actor, at: now)
        }
    }

    package func verifications(
        of carriers: [CarrierID],
        people: Int
    ) async throws -> [ProfileVerification] {
        try await pool.read { db in
            try carriers.flatMap { try ProfileVerification.all(of: $0, people: people, db) }
        }
    }

    package func propose(
        _ proposal: NewProposal,
        by actor: Actor,
        at now: Timestamp
    ) async throws -> Proposal {
        try await queue.perform { try $0.propose(proposal, by: actor, at: now) }
    }

    package func approve(
        _ proposal: Proposal.ID,
        reason: String,
        by actor: Actor,
        at now: Timestamp
    ) async throws -> Proposal {
        try await queue.perform { turn in
            try turn.approve(proposal, reason: reason, by: actor, at: now)
        }
    }

    package func take(_ key: NewJob.Key, at now: Timestamp) async throws -> Timestamp? {
        try await queue.perform { turn in
            let known = try turn.integer(
                "SELECT taken_at FROM order_key WHERE client = ? AND client_key = ?",
                key.client,
                key.key
            )
            if let known { return Timestamp(milliseconds: known) }
            try turn.run(
                "INSERT INTO order_key (client, client_key, taken_at) VALUES (?, ?, ?)",
                key.client,
                key.key,
                now.milliseconds
            )
            return nil
        }
    }

    package func giveBack(_ key: NewJob.Key) async throws {
        try await queue.perform { turn in
            try turn.run(
                "DELETE FROM order_key WHERE client = ? AND client_key = ?",
                key.client,
                key.key
            )
        }
    }

    package func reject(
        _ proposal: Proposal.ID,
        reason: String,
        by actor: Actor,
        at now: Timestamp
    ) async throws -> Proposal {
        try await queue.perform { turn in
            try turn.reject(proposal, reason: reason, by: actor, at: now)
        }
    }

    package func proposals(
        onlyOpen: Bool,
        after cursor: Int64?,
        limit: Int
    ) async throws -> Page<Proposal> {
        let found = try await pool.read { db in
            try Proposal.page(onlyOpen: onlyOpen, after: cursor, limit: limit, db)
        }
        return Page(elements: found, next: found.count == limit ? found.last?.id.rawValue : nil)
    }

    package func attachment(of proposal: Proposal.ID) async throws -> [UInt8]? {
        try await pool.read { db in
            let sql = "SELECT attachment FROM proposal WHERE id = ?"
            let statement = try db.cachedStatement(sql: sql)
            return try Data.fetchOne(statement, arguments: [proposal.rawValue]).map { Array($0) }
        }
    }

    package func take(
        _ statement: CarrierStatement,
        people: ApprovalTerms,
        by actor: Actor,
        at now: Timestamp
    ) async throws -> StatementReport {
        let isSeconded = try await pool.read { try statement.isSeconded(besides: actor, $0) }
        var pass = StatementPass(
            statement: statement,
            terms: people,
            isSeconded: isSeconded,
            actor: actor,
            now: now
        )
        var isDone = false
        while !isDone {
            let before = pass
            (pass, isDone) = try await queue.perform(.bulk) { turn in
                var pass = before
                let isDone = try turn.takeLines(of: &pass)
                return (pass, isDone)
            }
        }
        let taken = pass
        let missing = try await pool.read { try statement.missing($0) }
        return try await queue.perform { turn in
            var pass = taken
            try turn.takeAbsences(of: &pass)
            try turn.takeMissing(missing, &pass)
            try turn.conclude(pass)
            return pass.report
        }
    }

    package func dossier(of job: Job.ID) async throws -> Dossier? {
        try await pool.read { try Dossier.find(job, $0) }
    }

    package func dispute(_ id: Dispute.ID) async throws -> Dispute? {
        try await pool.read { try Dispute.find(id, $0) }
    }

    package func events(about job: Job.ID) async throws -> [ChainedEvent] {
        try await pool.read { try ChainedEvent.all(about: job, $0) }
    }
}
