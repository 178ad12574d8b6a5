import GRDB
package import Recharge

/// One figure of a limit and what a person makes of it.
package struct LimitChange: Hashable, Sendable {
    package var figure: LimitFigure
    package var setting: LimitSetting

    package init(_ figure: LimitFigure, _ setting: LimitSetting) {
        self.figure = figure
        self.setting = setting
    }
}

/// What the body of a proposed limit says.
private struct LimitBody: Codable {
    var scope: String
    var subject: String?
    var span: String
    var measure: String
    /// What it was when it was proposed, and what it shall be; see ``LimitSetting/word``.
    var before: String
    var after: String

    init(_ change: LimitChange, before: LimitSetting) {
        scope = change.figure.scope.rawValue
        subject = change.figure.subject
        span = change.figure.span.rawValue
        measure = change.figure.measure.rawValue
        self.before = before.word
        after = change.setting.word
    }

    var change: LimitChange? {
        guard let scope = UseScope(rawValue: scope), let span = UseSpan(rawValue: span),
            let measure = UseMeasure(rawValue: measure), let setting = LimitSetting(word: after)
        else { return nil }
        return LimitChange(LimitFigure(scope, subject, span, measure), setting)
    }
}

extension Turn {
    /// Sets a figure of a limit at once where that lowers it, and proposes it where that raises it.
    ///
    /// Returns the proposal, if it takes one.
    mutating func setLimit(
        _ change: LimitChange,
        configured: [Int64?],
        reason: String,
        people: Int,
        by actor: Actor,
        at now: Timestamp
    ) throws -> Proposal? {
        guard memory.overrides.isRaised(by: change, configured: configured) else {
            try set(change, reason: reason, by: actor, at: now)
            return nil
        }
        let before = memory.overrides.setting(of: change.figure)
        let proposal = NewProposal(
            kind: .limit,
            subject: change.figure.name,
            body: try Turn.json(LimitBody(change, before: before)),
            attachment: nil,
            reason: reason,
            people: people
        )
        return try propose(proposal, by: actor, at: now)
    }

    /// The limit that a proposal raises, if nobody changed it since.
    func limitToSet(_ proposal: Proposal) throws -> LimitChange {
        let body = try Turn.read(LimitBody.self, proposal.body)
        guard let change = body.change else {
            throw JobStoreError(.unusable, "a proposal has a limit that none can have")
        }
        guard memory.overrides.setting(of: change.figure).word == body.before else {
            throw JobStoreError(
                .wrongState,
                "proposal \(proposal.id): the limit was changed since: reject it and look again"
            )
        }
        return change
    }

    mutating func setLimit(_ proposal: Proposal, by actor: Actor, at now: Timestamp) throws {
        let reason = "\(proposal.reason) (approved by \(proposal.deciders))"
        try set(try limitToSet(proposal), reason: reason, by: actor, at: now)
    }

    /// In force from the next claim on.
    private mutating func set(
        _ change: LimitChange,
        reason: String,
        by actor: Actor,
        at now: Timestamp
    ) throws {
        let figure = change.figure
        let before = memory.overrides.setting(of: figure)
        try write(change, reason: reason, by: actor, at: now)
        memory.overrides.set(figure, change.setting)
        try record(
            .limitSet,
            by: actor,
            at: now,
            [
                ("scope", figure.scope.rawValue), ("subject", figure.subject ?? "each"),
                ("figure", figure.column), ("before", before.word),
                ("after", change.setting.word), ("reason", reason),
            ]
        )
        memory.roster.wakeAll()
    }

    private func write(
        _ change: LimitChange,
        reason: String,
        by actor: Actor,
        at now: Timestamp
    ) throws {
        let figure = change.figure
        let value: Int64?
        switch change.setting {
        case .limit(let limit): value = limit
        case .unlimited: value = nil
        case .configured:
            return try run(
                """
                DELETE FROM use_limit
                WHERE scope = ? AND subject = ? AND span = ? AND measure = ?
                """,
                figure.scope.rawValue,
                figure.subject ?? "",
                figure.span.rawValue,
                figure.measure.rawValue
            )
        }
        try run(
            """
            INSERT INTO use_limit (scope, subject, span, measure, value, set_at, set_by, reason)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (scope, subject, span, measure) DO UPDATE SET value = excluded.value,
              set_at = excluded.set_at, set_by = excluded.set_by, reason = excluded.reason
            """,
            figure.scope.rawValue,
            figure.subject ?? "",
            figure.span.rawValue,
            figure.measure.rawValue,
            value,
            now.milliseconds,
            actor.name,
            reason
        )
    }
}
