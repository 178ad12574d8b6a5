/// How many recharges, and how much in all, one window of time may hold.
///
/// Nil: no limit.
package struct UseLimit: Hashable, Sendable {
    package var count: Int?
    package var minorUnits: Int64?

    package init(count: Int? = nil, minorUnits: Int64? = nil) {
        self.count = count
        self.minorUnits = minorUnits
    }

    package static let none = UseLimit()
}

/// What one SIM, number, client or carrier, or all of them together, may use up.
///
/// Minutes and hours are those of UTC, days those of the zone that the limit's owner names.
package struct UseLimits: Hashable, Sendable {
    package var perMinute: UseLimit
    package var perHour: UseLimit
    package var perDay: UseLimit

    package init(
        perMinute: UseLimit = .none,
        perHour: UseLimit = .none,
        perDay: UseLimit = .none
    ) {
        self.perMinute = perMinute
        self.perHour = perHour
        self.perDay = perDay
    }

    package static let none = UseLimits()
}
