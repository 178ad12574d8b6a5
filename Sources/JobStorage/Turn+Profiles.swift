import GRDB
import Recharge

extension Turn {
    /// Proposes that an edition of a profile may move money.
    mutating func verify(
        _ edition: ProfileEdition,
        reason: String,
        people: Int,
        by actor: Actor,
        at now: Timestamp
    ) throws -> Proposal {
        let proposal = NewProposal(
            kind: .profile,
            subject: edition.subject,
            body: "{}",
            attachment: nil,
            reason: reason,
            people: people
        )
        return try propose(proposal, by: actor, at: now)
    }

    /// The edition that a proposal verifies, if nobody has yet.
    func editionToVerify(_ proposal: Proposal) throws -> ProfileEdition {
        guard let edition = ProfileEdition(subject: proposal.subject) else {
            throw JobStoreError(.unusable, "a proposal has a subject that none can have")
        }
        let known = try ProfileVerification.all(
            of: edition.carrier,
            people: proposal.people,
            db
        )
        guard known.allSatisfy({ $0.edition != edition }) else {
            throw JobStoreError(
                .wrongState,
                "profile '\(edition.carrier)': is verified as it stands; nothing is left to do"
            )
        }
        return edition
    }
}

extension ProfileVerification {
    /// Those of one carrier's profile that took so many people, oldest first.
    ///
    /// The approved proposals are the record; there is no other that could differ from them.
    static func all(
        of carrier: CarrierID,
        people: Int,
        _ db: Database
    ) throws -> [ProfileVerification] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT subject, proposed_by, decided_by, decided_at FROM proposal
                WHERE kind = 'profile' AND state = 'approved'
                  AND people >= ?2 AND subject > ?1 || ' ' AND subject < ?1 || '!'
                ORDER BY decided_at, id
                """
        )
        return try Row.fetchAll(statement, arguments: [carrier.name, people]).map { row in
            guard let edition = ProfileEdition(subject: row[0]) else {
                throw JobStoreError(.unusable, "a proposal has a subject that none can have")
            }
            let people: [String] = row[1] == row[2] as String ? [row[1]] : [row[1], row[2]]
            return ProfileVerification(
                edition,
                by: people,
                at: Timestamp(milliseconds: row[3])
            )
        }
    }
}
