import Recharge

/// The limits that one SIM's claim and arming are judged by.
struct UseTerms: Hashable, Sendable {
    private let uses: ClaimUses
    private let day: Range<Int64>
    private let ownDay: Range<Int64>

    init(_ request: ClaimRequest) {
        uses = request.uses
        day = request.dayBegan.milliseconds..<max(request.dayEnds, request.dayBegan).milliseconds
        ownDay =
            request.ownDay.map { $0.lowerBound.milliseconds..<$0.upperBound.milliseconds } ?? day
    }

    init(_ uses: ClaimUses, day: Range<Timestamp>, ownDay: Range<Timestamp>) {
        self.uses = uses
        self.day = day.lowerBound.milliseconds..<day.upperBound.milliseconds
        self.ownDay = ownDay.lowerBound.milliseconds..<ownDay.upperBound.milliseconds
    }

    /// The windows in which a limit holds for one owner.
    func windows(
        _ scope: UseScope,
        _ subject: String,
        _ overrides: LimitOverrides,
        at now: Timestamp
    ) -> [UseWindow] {
        UseSpan.allCases.compactMap { span in
            let limit = overrides.limit(uses[scope][span], scope, subject, span)
            guard limit != .none else { return nil }
            let bounds = bounds(of: span, for: scope, at: now.milliseconds)
            guard !bounds.isEmpty else { return nil }
            return UseWindow(
                scope: scope,
                subject: subject,
                span: span,
                bounds: bounds,
                limit: limit
            )
        }
    }

    private func bounds(of span: UseSpan, for scope: UseScope, at time: Int64) -> Range<Int64> {
        let length: Int64
        switch (span, scope) {
        case (.minute, _): length = 60_000
        case (.hour, _): length = 3_600_000
        case (.day, .sim), (.day, .number), (.day, .carrier): return day
        case (.day, .client), (.day, .global): return ownDay
        }
        let began = time - time % length
        return began..<began + length
    }
}

/// One window of one limit.
struct UseWindow: Hashable, Sendable {
    var scope: UseScope
    var subject: String
    var span: UseSpan
    var bounds: Range<Int64>
    var limit: UseLimit

    var ends: Timestamp { Timestamp(milliseconds: bounds.upperBound) }

    /// Whether an amount goes over the limit after what was used.
    func isPassed(by minorUnits: Int64, after used: DayUse) -> Bool {
        if let count = limit.count, used.count >= count { return true }
        guard let sum = limit.minorUnits else { return false }
        return used.minorUnits + minorUnits > sum
    }

    /// Whether an amount is larger than the limit itself, so that no window will ever hold it.
    func isTooNarrow(for minorUnits: Int64) -> Bool {
        limit.minorUnits.map { minorUnits > $0 } ?? false
    }

    /// What stands in the way of an amount, for people: the limit and the figures.
    func words(_ amount: Amount, after used: DayUse) -> String {
        let owner =
            switch scope {
            case .number: "its number"
            case .client, .carrier: "\(scope.rawValue) \(subject)"
            case .sim: "its SIM"
            case .global: "all together"
            }
        if let count = limit.count, used.count >= count {
            return "over the limit of \(owner) per \(span.rawValue): \(used.count) of \(count)"
                + " recharges are used"
        }
        let spent = Amount(minorUnits: used.minorUnits, currency: amount.currency)
        let sum = Amount(minorUnits: limit.minorUnits ?? 0, currency: amount.currency)
        return "over the limit of \(owner) per \(span.rawValue): \(spent.major) of \(sum) are"
            + " used, and this is \(amount.major)"
    }
}

/// The figures that people set in place of the configured ones.
struct LimitOverrides: Sendable {
    private var values: [LimitFigure: Int64?] = [:]

    var isEmpty: Bool { values.isEmpty }

    mutating func set(_ figure: LimitFigure, _ setting: LimitSetting) {
        switch setting {
        case .limit(let value): values[figure] = .some(value)
        case .unlimited: values[figure] = .some(nil)
        case .configured: values.removeValue(forKey: figure)
        }
    }

    func setting(of figure: LimitFigure) -> LimitSetting {
        guard let value = values[figure] else { return .configured }
        return value.map { .limit($0) } ?? .unlimited
    }

    /// Whether a change lets more through for any of those whose configured figures are given.
    ///
    /// It may, where none is: the profile is not there now, and may say a lower one when it is.
    func isRaised(by change: LimitChange, configured: [Int64?]) -> Bool {
        guard !configured.isEmpty else { return true }
        let figure = change.figure
        let all = LimitFigure(figure.scope, nil, figure.span, figure.measure)
        return configured.contains { configured in
            let fallback = figure.subject.flatMap { _ in values[all] } ?? configured
            let before = values[figure] ?? fallback
            let after: Int64? =
                switch change.setting {
                case .limit(let value): value
                case .unlimited: nil
                case .configured: fallback
                }
            guard let before else { return false }
            return after.map { $0 > before } ?? true
        }
    }

    /// What is in force for one owner: its own figure, or that of all its scope, or the configured.
    func limit(
        _ configured: UseLimit,
        _ scope: UseScope,
        _ subject: String,
        _ span: UseSpan
    ) -> UseLimit {
        guard !values.isEmpty else { return configured }
        var limit = configured
        for measure in UseMeasure.allCases {
            let own = LimitFigure(scope, subject, span, measure)
            let all = LimitFigure(scope, nil, span, measure)
            if let value = values[own] ?? values[all] { limit[measure] = value }
        }
        return limit
    }
}
