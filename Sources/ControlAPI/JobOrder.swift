package import Recharge

/// The body of `POST /v1/jobs`: one order.
///
/// The amount comes either as ``amount``, in major units as people write it (`49.90`), or as
/// ``amountMinor`` with ``currency``. Without ``currency`` the carrier's is meant; without
/// ``carrier`` the one profile whose number plan fits.
package struct JobOrder: Codable, Hashable, Sendable {
    package var number: String
    package var amount: String?
    package var amountMinor: Int64?
    package var currency: String?
    package var carrier: String?
    package var reference: String?
    /// 0 to 9; higher goes first; 4 when absent.
    package var priority: Int?
    package var notBefore: Timestamp?
    package var deadline: Timestamp?
    package var note: String?
    /// Which of several recharges of one number and amount it is, from 2 on.
    package var `repeat`: Int?

    package init(number: String, amount: String, carrier: String? = nil) {
        self.number = number
        self.amount = amount
        self.carrier = carrier
    }

    package init(number: String, amount: Amount, carrier: String? = nil) {
        self.number = number
        amountMinor = amount.minorUnits
        currency = amount.currency.code
        self.carrier = carrier
    }
}
