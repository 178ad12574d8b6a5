/// One figure of one limit: what `rechargectl limit set` changes.
package struct LimitFigure: Hashable, Sendable {
    package var scope: UseScope
    /// The one it is about, such as a client's name; nil: each one of the scope for itself.
    ///
    /// A number has none of its own: what names it would outlive the number's erasure.
    package var subject: String?
    package var span: UseSpan
    package var measure: UseMeasure

    package init(_ scope: UseScope, _ subject: String?, _ span: UseSpan, _ measure: UseMeasure) {
        self.scope = scope
        self.subject = subject
        self.span = span
        self.measure = measure
    }

    /// How events and proposals name it, such as `client uid:1000 per_day_sum`.
    package var name: String { "\(scope.rawValue) \(subject ?? "each") \(column)" }

    /// Which of its owner's figures it is, such as `per_day_sum`.
    package var column: String { "per_\(span.rawValue)_\(measure.rawValue)" }
}

/// What a person makes of a figure.
package enum LimitSetting: Hashable, Sendable {
    case limit(Int64)
    /// No limit, whatever profile and configuration say.
    case unlimited
    /// What profile and configuration say.
    case configured

    private static let none = "none"
    private static let asConfigured = "configured"

    /// Reads what ``word`` writes.
    package init?(word: String) {
        switch word {
        case LimitSetting.none: self = .unlimited
        case LimitSetting.asConfigured: self = .configured
        default:
            guard let value = Int64(word), value >= 0 else { return nil }
            self = .limit(value)
        }
    }

    /// How it is written: a whole number, `none` or `configured`.
    package var word: String {
        switch self {
        case .limit(let value): String(value)
        case .unlimited: LimitSetting.none
        case .configured: LimitSetting.asConfigured
        }
    }
}

/// A figure that a person set in place of the configured one.
package struct UseOverride: Hashable, Sendable {
    package var figure: LimitFigure
    /// Nil: no limit.
    package var value: Int64?
    package var setAt: Timestamp
    package var setBy: String
    package var reason: String

    package init(
        figure: LimitFigure,
        value: Int64?,
        setAt: Timestamp,
        setBy: String,
        reason: String
    ) {
        self.figure = figure
        self.value = value
        self.setAt = setAt
        self.setBy = setBy
        self.reason = reason
    }
}

/// What one owner of a limit used up in the window that is open now.
package struct WindowUse: Hashable, Sendable {
    package var scope: UseScope
    package var subject: String
    package var span: UseSpan
    package var began: Timestamp
    package var ends: Timestamp
    package var count: Int
    package var minorUnits: Int64

    package init(
        scope: UseScope,
        subject: String,
        span: UseSpan,
        began: Timestamp,
        ends: Timestamp,
        count: Int,
        minorUnits: Int64
    ) {
        self.scope = scope
        self.subject = subject
        self.span = span
        self.began = began
        self.ends = ends
        self.count = count
        self.minorUnits = minorUnits
    }
}
