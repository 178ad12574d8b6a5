import GRDB
import Recharge

extension WindowUse {
    /// What is kept up of a window that a claim looked at.
    static func kept(_ window: UseWindow, _ db: Database) throws -> DayUse? {
        let sql = """
            SELECT count, amount_sum FROM use
            WHERE scope = ? AND subject = ? AND span = ? AND began = ?
            """
        let arguments: StatementArguments = [
            window.scope.rawValue, window.subject, window.span.rawValue, window.bounds.lowerBound,
        ]
        return try Row.fetchOne(db.cachedStatement(sql: sql), arguments: arguments).map { row in
            DayUse(count: row[0], minorUnits: row[1])
        }
    }

    /// What the attempts say that was armed in a window and not proved to be refused.
    static func counted(_ window: UseWindow, _ db: Database) throws -> DayUse {
        let statement = try db.cachedStatement(sql: counted(window.scope))
        let arguments: StatementArguments = [
            window.bounds.lowerBound, window.bounds.upperBound, window.subject,
        ]
        guard let row = try Row.fetchOne(statement, arguments: arguments) else {
            return DayUse(count: 0, minorUnits: 0)
        }
        return DayUse(count: row[0], minorUnits: row[1])
    }

    /// Found by the moment of arming, but for a number by its few jobs.
    ///
    /// The plus keeps SQLite from the index of a SIM's attempts, which may be those of years.
    static func counted(_ scope: UseScope) -> String {
        let sum = "SELECT count(*), COALESCE(SUM(job.amount), 0)"
        let inWindow = """
            attempt.armed_at >= ?1 AND attempt.armed_at < ?2
            AND (attempt.outcome IS NULL OR attempt.outcome <> 'not_executed')
            AND job.kind = 'recharge'
            """
        let byTime =
            "\(sum) FROM attempt CROSS JOIN job ON job.id = attempt.job_id WHERE \(inWindow)"
        switch scope {
        case .sim:
            return "\(byTime) AND +attempt.sim_id = (SELECT id FROM sim WHERE iccid = ?3)"
        case .number:
            return """
                \(sum) FROM job CROSS JOIN attempt ON attempt.job_id = job.id
                WHERE \(Schema.numberKey) = CAST(?3 AS INTEGER) AND \(inWindow)
                """
        case .client: return "\(byTime) AND job.client = ?3"
        case .carrier: return "\(byTime) AND attempt.carrier = ?3"
        case .global: return "\(byTime) AND ?3 = ''"
        }
    }

    /// The scopes whose windows are kept up.
    static func scopes(_ db: Database) throws -> Set<UseScope> {
        let scopes = try UseScope.allCases.filter { scope in
            let sql = "SELECT 1 FROM use WHERE scope = ? LIMIT 1"
            return try Int.fetchOne(db, sql: sql, arguments: [scope.rawValue]) != nil
        }
        return Set(scopes)
    }

    /// How many windows of one scope are read at most.
    private static let readMax = 1000

    /// The windows that are open at a moment, of all scopes but numbers, which may be many.
    static func open(_ db: Database, at now: Timestamp) throws -> [WindowUse] {
        try UseScope.allCases.filter { $0 != .number }.flatMap { scope in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT scope, subject, span, began, ends, count, amount_sum FROM use
                    WHERE scope = ?1 AND began <= ?2 AND ends > ?2 ORDER BY subject, span LIMIT ?3
                    """,
                arguments: [scope.rawValue, now.milliseconds, readMax]
            ).map { try WindowUse(row: $0) }
        }
    }

    private init(row: Row) throws {
        var column = ColumnReader(row)
        self.init(
            scope: try column.parsed(UseScope.init(rawValue:)),
            subject: column.next(),
            span: try column.parsed(UseSpan.init(rawValue:)),
            began: column.time(),
            ends: column.time(),
            count: column.next(),
            minorUnits: column.next()
        )
    }
}

extension UseOverride {
    /// Every figure that a person set.
    static func all(_ db: Database) throws -> [UseOverride] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT scope, subject, span, measure, value, set_at, set_by, reason
                FROM use_limit ORDER BY scope, subject, span, measure
                """
        ).map { row in
            var column = ColumnReader(row)
            let scope = try column.parsed(UseScope.init(rawValue:))
            let subject: String = column.next()
            return UseOverride(
                figure: LimitFigure(
                    scope,
                    subject.isEmpty ? nil : subject,
                    try column.parsed(UseSpan.init(rawValue:)),
                    try column.parsed(UseMeasure.init(rawValue:))
                ),
                value: column.optional(),
                setAt: column.time(),
                setBy: column.next(),
                reason: column.next()
            )
        }
    }
}

extension LimitOverrides {
    /// What people set, as the database has it.
    static func load(_ db: Database) throws -> LimitOverrides {
        var overrides = LimitOverrides()
        for item in try UseOverride.all(db) {
            overrides.set(item.figure, item.value.map { .limit($0) } ?? .unlimited)
        }
        return overrides
    }
}
