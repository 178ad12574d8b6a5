import Documents
import Recharge

/// The `limits` of a profile's document: amounts of one order, and the use of one SIM, one number
/// and the carrier.
struct CarrierLimits {
    let amounts: CarrierProfile.Amounts
    let limits: SIMLimits
    let simUse: UseLimits
    let numberLimits: UseLimits
    let carrierLimits: UseLimits

    static func read(_ fields: Fields, currency: Currency) -> CarrierLimits? {
        let min = fields.required("min")?.amount(currency)
        let max = fields.required("max")?.amount(currency)
        if let min, let max, min.minorUnits > max.minorUnits {
            fields.refuse("'min' is above 'max'", cure: "exchange them")
        }
        let step = readStep(fields, currency: currency, min: min, max: max)
        let perMinute = fields.optional("per_minute")?.integer(in: 1...600)
        let burst = fields.optional("burst")?.integer(in: 1...100) ?? 1
        let gap = fields.optional("gap")?.duration(in: .zero ... .seconds(86_400)) ?? .zero
        let perDayCount = fields.optional("per_day_count")?.integer(in: 1...1_000_000)
        let perDaySum = fields.optional("per_day_sum")?.amount(currency)
        let use = ["sim", "number", "carrier"].map { key in
            fields.optional(key).map { value in
                value.fields { UseLimits.read($0, currency: currency, least: min) }
            } ?? UseLimits.none
        }
        guard let min, let max, let step, let simUse = use[0], let numberLimits = use[1],
            let carrierLimits = use[2]
        else { return nil }
        let limits = SIMLimits(
            perMinute: perMinute,
            burst: burst,
            gap: gap,
            perDayCount: perDayCount,
            perDayMinorUnits: perDaySum?.minorUnits
        )
        return CarrierLimits(
            amounts: CarrierProfile.Amounts(min: min, max: max, step: step),
            limits: limits,
            simUse: simUse,
            numberLimits: numberLimits,
            carrierLimits: carrierLimits
        )
    }

    private static func readStep(
        _ fields: Fields,
        currency: Currency,
        min: Amount?,
        max: Amount?
    ) -> CarrierProfile.Amounts.Step? {
        let unit = fields.optional("multiple")
        let offered = fields.optional("denominations")
        if let offered, unit != nil {
            return offered.refuse("stands beside 'multiple'", cure: "keep one of the two")
        }
        if let unit { return unit.amount(currency).map { .multiple($0) } }
        guard let offered else { return .any }
        let amounts = offered.list(count: 1...100) { item -> Amount? in
            guard let amount = item.amount(currency) else { return nil }
            if let min, let max, amount.minorUnits < min.minorUnits || max < amount {
                return item.refuse("lies outside 'min' and 'max'")
            }
            return amount
        }
        return amounts.map { .denominations($0) }
    }
}

extension UseLimits {
    /// Reads the windows of one owner; `least` is the smallest order, which a sum must allow.
    fileprivate static func read(
        _ fields: Fields,
        currency: Currency,
        least: Amount?
    ) -> UseLimits? {
        let windows = ["per_minute", "per_hour", "per_day"].map { key in
            fields.optional(key).map { value in
                value.fields { readLimit($0, currency: currency, least: least) }
            } ?? UseLimit.none
        }
        guard let perMinute = windows[0], let perHour = windows[1], let perDay = windows[2] else {
            return nil
        }
        return UseLimits(perMinute: perMinute, perHour: perHour, perDay: perDay)
    }

    private static func readLimit(
        _ fields: Fields,
        currency: Currency,
        least: Amount?
    ) -> UseLimit? {
        let countValue = fields.optional("count")
        let sumValue = fields.optional("sum")
        let count = countValue?.integer(in: 1...1_000_000)
        let sum = sumValue?.amount(currency)
        guard countValue != nil || sumValue != nil else {
            return fields.refuse("limits nothing", cure: "write 'count', 'sum' or both")
        }
        if let sum, let least, sum < least {
            return sumValue?.refuse("is below 'min': no order would ever pass")
        }
        guard (countValue == nil) == (count == nil), (sumValue == nil) == (sum == nil) else {
            return nil
        }
        return UseLimit(count: count, minorUnits: sum?.minorUnits)
    }
}

/// Amounts of one currency by size; used where the currency is the profile's throughout.
private func < (left: Amount, right: Amount) -> Bool {
    left.minorUnits < right.minorUnits
}

extension CarrierTiming {
    static func read(_ fields: Fields) -> CarrierTiming? {
        let second = Duration.seconds(1)
        let hour = Duration.seconds(3600)
        let prompt = fields.optional("prompt")?.duration(in: second ... .seconds(120))
        let answerWithin = fields.required("answer_within")?.duration(in: second...hour)
        let validity = readValidity(fields)
        let lateWithin =
            fields.optional("late_within")?.duration(in: .zero...(hour * 24)) ?? .seconds(600)
        let retry = fields.optional("retry").map { $0.fields(CarrierRetry.read) } ?? .standard
        guard let answerWithin, let validity, let retry else { return nil }
        return CarrierTiming(
            prompt: prompt,
            answerWithin: answerWithin,
            validity: validity,
            lateWithin: lateWithin,
            retry: retry
        )
    }

    /// Networks count in steps of five minutes up to 12 hours; the enhanced format has seconds too,
    /// up to 255.
    private static func readValidity(_ fields: Fields) -> Duration? {
        let step = Duration.seconds(300)
        guard let value = fields.optional("validity") else { return step }
        let range = Duration.seconds(1) ... .seconds(12 * 3600)
        guard let validity = value.duration(in: range) else { return nil }
        let unit = validity <= .seconds(255) ? Duration.seconds(1) : step
        guard validity.wholeMilliseconds % unit.wholeMilliseconds == 0 else {
            return value.refuse(
                "is not a period that networks know",
                cure: "steps of 5min up to 12h; simulated carriers know 1s to 255s too"
            )
        }
        return validity
    }
}

extension CarrierRetry {
    static let standard = CarrierRetry(first: .seconds(30), max: .seconds(600), attemptsMax: 3)

    static func read(_ fields: Fields) -> CarrierRetry? {
        let range = Duration.zero...Duration.seconds(86_400)
        let first = fields.optional("first")?.duration(in: range) ?? standard.first
        let max = fields.optional("max")?.duration(in: range) ?? standard.max
        let count = fields.optional("attempts_max")?.integer(in: 1...20) ?? standard.attemptsMax
        guard first <= max else {
            return fields.refuse("'first' is longer than 'max'", cure: "exchange them")
        }
        return CarrierRetry(first: first, max: max, attemptsMax: count)
    }
}
