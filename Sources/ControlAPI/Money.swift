package import Recharge

/// An amount on the wire: whole minor units and an ISO 4217 code.
package struct Money: Codable, Hashable, Sendable {
    package var amountMinor: Int64
    package var currency: String

    package init(_ amount: Amount) {
        amountMinor = amount.minorUnits
        currency = amount.currency.code
    }

    /// The amount itself; nil when the currency is not a code of three capital letters.
    package var amount: Amount? {
        Currency(code: currency).map { Amount(minorUnits: amountMinor, currency: $0) }
    }
}
