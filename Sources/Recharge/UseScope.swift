/// Whose use a limit counts.
package enum UseScope: String, Hashable, Sendable, CaseIterable {
    case sim
    case number
    case client
    case carrier
    /// Everything that the gateway does.
    case global
}

/// How long the window of a limit is.
package enum UseSpan: String, Hashable, Sendable, CaseIterable {
    case minute
    case hour
    case day
}

/// What a limit counts.
package enum UseMeasure: String, Hashable, Sendable, CaseIterable {
    case count
    /// Minor units, whatever their currency: where carriers differ in it, only theirs add up.
    case sum
}

extension UseLimits {
    package subscript(span: UseSpan) -> UseLimit {
        get {
            switch span {
            case .minute: perMinute
            case .hour: perHour
            case .day: perDay
            }
        }
        set {
            switch span {
            case .minute: perMinute = newValue
            case .hour: perHour = newValue
            case .day: perDay = newValue
            }
        }
    }
}

extension UseLimit {
    package subscript(measure: UseMeasure) -> Int64? {
        get {
            switch measure {
            case .count: count.map { Int64($0) }
            case .sum: minorUnits
            }
        }
        set {
            switch measure {
            case .count: count = newValue.map { Int(clamping: $0) }
            case .sum: minorUnits = newValue
            }
        }
    }
}

/// The limits that a claim is judged by, as profile and configuration have them.
package struct ClaimUses: Hashable, Sendable {
    package var sim: UseLimits
    package var number: UseLimits
    package var client: UseLimits
    package var carrier: UseLimits
    package var global: UseLimits

    package init(
        sim: UseLimits = .none,
        number: UseLimits = .none,
        client: UseLimits = .none,
        carrier: UseLimits = .none,
        global: UseLimits = .none
    ) {
        self.sim = sim
        self.number = number
        self.client = client
        self.carrier = carrier
        self.global = global
    }

    package static let none = ClaimUses()

    package subscript(scope: UseScope) -> UseLimits {
        switch scope {
        case .sim: sim
        case .number: number
        case .client: client
        case .carrier: carrier
        case .global: global
        }
    }
}
