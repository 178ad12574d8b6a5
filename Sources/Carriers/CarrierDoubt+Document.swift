import Documents
import Recharge

extension CarrierDoubt {
    static func read(_ fields: Fields) -> CarrierDoubt? {
        let day = Duration.seconds(86_400)
        let second = Duration.seconds(1)
        let firstAfter = fields.optional("first_after").map { $0.duration(in: .zero...day) }
        let interval = fields.optional("interval").map { $0.duration(in: second...day) }
        let count = fields.optional("inquiries_max").map { $0.integer(in: 0...1000) }
        let unchanged = fields.optional("unchanged_balance").map { $0.oneOf(Unchanged.self) }
        guard let firstAfter = firstAfter ?? standard.firstAfter,
            let interval = interval ?? standard.interval,
            let count = count ?? standard.inquiriesMax,
            let unchanged = unchanged ?? Unchanged.tells
        else { return nil }
        return CarrierDoubt(
            firstAfter: firstAfter,
            interval: interval,
            inquiriesMax: count,
            unchangedBalanceProves: unchanged == .proves
        )
    }

    /// What a float that is as it was means for an attempt in doubt.
    private enum Unchanged: String, CaseIterable {
        case proves
        case tells
    }
}

extension FloatTerms {
    static func read(_ fields: Fields, currency: Currency) -> FloatTerms? {
        let low = fields.optional("low").map { $0.amount(currency) }
        let driftMax = fields.optional("drift_max").map { $0.anyAmount(currency) }
        guard low != .some(nil), driftMax != .some(nil) else { return nil }
        return FloatTerms(low: low ?? nil, driftMax: driftMax ?? nil)
    }
}
