import Carriers
import ConfigurationFiles
import Documents
import Gateway
import Recharge

extension SIMLimits {
    /// Limits for every SIM in place of its profile's; what is left out is not limited.
    ///
    /// Nil without any of their keys: then those of the profile hold.
    static func read(_ fields: Fields) -> SIMLimits? {
        let perMinute = fields.optional("per_minute")
        let burst = fields.optional("burst")
        let gap = fields.optional("gap")
        let perDayCount = fields.optional("per_day_count")
        let perDaySum = fields.optional("per_day_sum_minor")
        guard [perMinute, burst, gap, perDayCount, perDaySum].contains(where: { $0 != nil }) else {
            return nil
        }
        return SIMLimits(
            perMinute: perMinute?.integer(in: 1...600),
            burst: burst?.integer(in: 1...100) ?? 1,
            gap: gap?.duration(in: .zero ... .seconds(86_400)) ?? .zero,
            perDayCount: perDayCount?.integer(in: 1...1_000_000),
            perDayMinorUnits: perDaySum?.integer(in: 1...Int.max).map(Int64.init)
        )
    }
}

extension OwnLimits {
    /// What each client, and all together, may use up, and where their days begin.
    static func read(_ fields: Fields) -> OwnLimits {
        let zone = fields.optional("zone")?.parsed(
            expected: "a zone such as Asia/Shanghai, +08:00 or UTC",
            CarrierZone.init(named:)
        )
        return OwnLimits(
            client: fields.optional("client")?.fields(UseLimits.read) ?? .none,
            global: fields.optional("global")?.fields(UseLimits.read) ?? .none,
            zone: zone ?? .utc
        )
    }
}

extension UseLimits {
    fileprivate static func read(_ fields: Fields) -> UseLimits? {
        var limits = UseLimits.none
        for span in UseSpan.allCases {
            limits[span] = fields.optional("per_\(span.rawValue)")?.fields(UseLimit.read) ?? .none
        }
        return limits
    }
}

extension UseLimit {
    /// Sums are in minor units, as they are for SIMs here: a client's carriers may differ in
    /// currency.
    fileprivate static func read(_ fields: Fields) -> UseLimit? {
        let count = fields.optional("count")
        let sum = fields.optional("sum_minor")
        guard count != nil || sum != nil else {
            return fields.refuse("limits nothing", cure: "write 'count', 'sum_minor' or both")
        }
        return UseLimit(
            count: count?.integer(in: 1...1_000_000_000),
            minorUnits: sum?.integer(in: 1...Int.max).map(Int64.init)
        )
    }
}

extension CarrierZone {
    /// A zone by its name, such as `Asia/Shanghai` or `+08:00`; nil for an unknown one.
    init?(named name: String) {
        guard let zone = ZoneOffsets(zone: name) else { return nil }
        self.init(
            offsetMinutes: zone.offsetMinutes,
            changes: zone.changes.map { ($0.fromMilliseconds, $0.offsetMinutes) }
        )
    }
}
