import Foundation
import GRDB
package import Recharge

/// A proposal about to be made.
package struct NewProposal: Sendable {
    package var kind: Proposal.Kind
    package var subject: String
    /// JSON that its kind knows.
    package var body: String
    package var attachment: [UInt8]?
    package var reason: String
    /// How many people it takes, one or two.
    package var people: Int
}

extension Turn {
    /// Files a proposal; one that a single person may decide is carried out in the same commit.
    mutating func propose(
        _ new: NewProposal,
        by actor: Actor,
        at now: Timestamp
    ) throws -> Proposal {
        let open = try integer(
            "SELECT id FROM proposal WHERE kind = ? AND subject = ? AND state = 'open'",
            new.kind.rawValue,
            new.subject
        )
        if let open {
            throw JobStoreError(
                .wrongState,
                "proposal \(open) about this is open: approve or reject it first"
            )
        }
        try requireRoom(for: "a proposal")
        try run(
            """
            INSERT INTO proposal (kind, subject, body, attachment, reason, people, state,
              proposed_at, proposed_by)
            VALUES (?, ?, ?, ?, ?, ?, 'open', ?, ?)
            """,
            new.kind.rawValue,
            new.subject,
            new.body,
            new.attachment.map { Data($0) },
            new.reason,
            new.people,
            now.milliseconds,
            actor.name
        )
        let proposal = try self.proposal(Proposal.ID(db.lastInsertedRowID))
        try check(proposal, at: now)
        guard new.people > 1 else {
            return try approve(proposal.id, reason: new.reason, by: actor, at: now)
        }
        try record(.proposalMade, proposal, by: actor, at: now, new.reason)
        return proposal
    }

    /// Approves a proposal and carries it out.
    mutating func approve(
        _ id: Proposal.ID,
        reason: String,
        by actor: Actor,
        at now: Timestamp
    ) throws -> Proposal {
        let open = try openProposal(id)
        guard open.people == 1 || Actor(open.proposedBy).person != actor.person else {
            throw JobStoreError(
                .samePerson,
                "proposal \(id): \(actor) proposed it; another person must approve it"
            )
        }
        let proposal = try decide(open, .approved, reason: reason, by: actor, at: now)
        try carryOut(proposal, by: actor, at: now)
        return proposal
    }

    /// Rejects a proposal; whoever made it may take it back so.
    mutating func reject(
        _ id: Proposal.ID,
        reason: String,
        by actor: Actor,
        at now: Timestamp
    ) throws -> Proposal {
        try decide(try openProposal(id), .rejected, reason: reason, by: actor, at: now)
    }

    // MARK: What each kind does

    /// Throws when a proposal could not be carried out as things stand.
    private func check(_ proposal: Proposal, at now: Timestamp) throws {
        switch proposal.kind {
        case .verdict: _ = try verdictToGive(proposal, at: now)
        case .reversal: _ = try reversalToOrder(proposal, at: now)
        case .duplicate: _ = try suspect(of: proposal)
        case .limit: _ = try limitToSet(proposal)
        case .enrolment: _ = try simToEnrol(proposal)
        case .profile: _ = try editionToVerify(proposal)
        }
    }

    /// Does what was approved, in the commit that approves it.
    private mutating func carryOut(
        _ proposal: Proposal,
        by actor: Actor,
        at now: Timestamp
    ) throws {
        switch proposal.kind {
        case .verdict: try giveVerdict(proposal, by: actor, at: now)
        case .reversal: try orderReversal(proposal, by: actor, at: now)
        case .duplicate: try letGo(proposal, by: actor, at: now)
        case .limit: try setLimit(proposal, by: actor, at: now)
        case .enrolment: try enrol(proposal, by: actor, at: now)
        // That it is approved is what a SIM's worker looks for.
        case .profile: break
        }
    }

    // MARK: Parts of a decision

    func proposal(_ id: Proposal.ID) throws -> Proposal {
        guard let proposal = try Proposal.find(id, db) else {
            throw JobStoreError(.notFound, "proposal \(id): there is no such proposal")
        }
        return proposal
    }

    private func openProposal(_ id: Proposal.ID) throws -> Proposal {
        let proposal = try proposal(id)
        guard proposal.state == .open else {
            throw JobStoreError(
                .wrongState,
                "proposal \(id): was \(proposal.state.rawValue) already"
            )
        }
        return proposal
    }

    private mutating func decide(
        _ open: Proposal,
        _ state: Proposal.State,
        reason: String,
        by actor: Actor,
        at now: Timestamp
    ) throws -> Proposal {
        try run(
            """
            UPDATE proposal SET state = ?, decided_at = ?, decided_by = ?, decision = ?
            WHERE id = ?
            """,
            state.rawValue,
            now.milliseconds,
            actor.name,
            reason,
            open.id.rawValue
        )
        let decided = try proposal(open.id)
        let kind: EventKind = state == .approved ? .proposalApproved : .proposalRejected
        try record(kind, decided, by: actor, at: now, reason)
        return decided
    }

    private mutating func record(
        _ kind: EventKind,
        _ proposal: Proposal,
        by actor: Actor,
        at now: Timestamp,
        _ reason: String
    ) throws {
        var details = [
            ("proposal", proposal.id.description), ("kind", proposal.kind.rawValue),
            ("subject", proposal.subject), ("after", proposal.state.rawValue),
            ("reason", reason),
        ]
        if kind != .proposalMade {
            details += [
                ("before", Proposal.State.open.rawValue), ("proposed_by", proposal.proposedBy),
            ]
        }
        try record(kind, job: proposal.job, by: actor, at: now, details)
    }
}

extension Actor {
    /// The person: without the name, which changes hands.
    var person: Substring { name.prefix { $0 != "(" } }
}

extension Proposal {
    /// Who decided, for the record of what was decided: both people where it took two.
    var deciders: String {
        guard let decidedBy, decidedBy != proposedBy else { return proposedBy }
        return "\(proposedBy) and \(decidedBy)"
    }

    private static let columns = """
        id, kind, subject, body, reason, people, state, proposed_at, proposed_by, decided_at,
        decided_by, decision
        """

    private init(row: Row) throws {
        var column = ColumnReader(row)
        self.init(
            id: ID(column.next()),
            kind: try column.parsed(Kind.init(rawValue:)),
            subject: column.next(),
            body: column.next(),
            reason: column.next(),
            people: column.next(),
            state: try column.parsed(State.init(rawValue:)),
            proposedAt: column.time(),
            proposedBy: column.next()
        )
        decidedAt = column.optionalTime()
        decidedBy = column.optional()
        decision = column.optional()
    }

    static func find(_ id: ID, _ db: Database) throws -> Proposal? {
        let statement = try db.cachedStatement(sql: "SELECT \(columns) FROM proposal WHERE id = ?")
        return try Row.fetchOne(statement, arguments: [id.rawValue]).map(Proposal.init(row:))
    }

    /// What was proposed about a job, oldest first.
    static func all(about job: Job.ID, _ db: Database) throws -> [Proposal] {
        let kinds = Kind.allCases.filter(\.isAboutJob).map { "'\($0.rawValue)'" }
        let sql = """
            SELECT \(columns) FROM proposal
            WHERE subject = ? AND kind IN (\(kinds.joined(separator: ","))) ORDER BY id
            """
        return try Row.fetchAll(db, sql: sql, arguments: [job.description])
            .map(Proposal.init(row:))
    }

    /// Proposals newest first; the open ones alone, or all.
    static func page(
        onlyOpen: Bool,
        after cursor: Int64?,
        limit: Int,
        _ db: Database
    ) throws -> [Proposal] {
        let open = onlyOpen ? "AND state = 'open'" : ""
        let sql = "SELECT \(columns) FROM proposal WHERE id < ? \(open) ORDER BY id DESC LIMIT ?"
        let arguments: StatementArguments = [cursor ?? .max, limit]
        return try Row.fetchAll(db, sql: sql, arguments: arguments).map(Proposal.init(row:))
    }
}
