package import Recharge

/// Why a profile cannot serve an order; found when it is taken in, long before a SIM is asked.
package enum OrderRefusal: Hashable, Sendable {
    case numberNotInPlan
    case currencyDiffers(expected: Currency)
    case amountBelow(Amount)
    case amountAbove(Amount)
    case amountNotMultiple(of: Amount)
    case amountNotOffered([Amount])
}

extension OrderRefusal: CustomStringConvertible {
    package var description: String {
        switch self {
        case .numberNotInPlan: "the number is not one of the carrier's country"
        case .currencyDiffers(let expected): "the carrier takes \(expected.code) only"
        case .amountBelow(let least): "the amount is below the least, \(least)"
        case .amountAbove(let most): "the amount is above the most, \(most)"
        case .amountNotMultiple(let unit): "the amount is not a multiple of \(unit)"
        case .amountNotOffered(let amounts):
            "the amount is none of: \(amounts.map(\.description).joined(separator: ", "))"
        }
    }
}

extension CarrierProfile {
    /// Every reason why the carrier cannot serve an order; empty when it can.
    package func check(number: PhoneNumber, amount: Amount) -> [OrderRefusal] {
        var refusals: [OrderRefusal] = []
        if numbers.number(number.e164) == nil { refusals.append(.numberNotInPlan) }
        guard amount.currency == currency else {
            return refusals + [.currencyDiffers(expected: currency)]
        }
        if amount.minorUnits < amounts.min.minorUnits { refusals.append(.amountBelow(amounts.min)) }
        if amount.minorUnits > amounts.max.minorUnits { refusals.append(.amountAbove(amounts.max)) }
        switch amounts.step {
        case .any: break
        case .multiple(let unit):
            if amount.minorUnits % unit.minorUnits != 0 {
                refusals.append(.amountNotMultiple(of: unit))
            }
        case .denominations(let offered):
            if !offered.contains(amount) { refusals.append(.amountNotOffered(offered)) }
        }
        return refusals
    }
}
