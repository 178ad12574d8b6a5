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

extension Turn {
    /// Sets figures of limits in place of the configured ones; in force from the next claim on.
    mutating func set(
        _ changes: [LimitChange],
        reason: String,
        by actor: Actor,
        at now: Timestamp
    ) throws {
        for change in changes {
            let before = memory.overrides.setting(of: change.figure)
            try write(change, reason: reason, by: actor, at: now)
            memory.overrides.set(change.figure, change.setting)
            try record(
                .limitSet,
                by: actor,
                at: now,
                Turn.details(change, before: before) + [("reason", reason)]
            )
        }
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

    /// What the event tells; a number is named by its end only, because numbers may be erased.
    private static func details(
        _ change: LimitChange,
        before: LimitSetting
    ) -> [(String, String)] {
        let figure = change.figure
        let subject = figure.subject.map { subject in
            figure.scope == .number ? "…\(subject.suffix(4))" : subject
        }
        return [
            ("scope", figure.scope.rawValue), ("subject", subject ?? "each"),
            ("figure", "per_\(figure.span.rawValue)_\(figure.measure.rawValue)"),
            ("before", before.word), ("after", change.setting.word),
        ]
    }
}
