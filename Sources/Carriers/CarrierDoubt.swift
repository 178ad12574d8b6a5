package import Recharge

/// How an attempt whose outcome is unknown is worked off.
package struct CarrierDoubt: Hashable, Sendable {
    /// From when the doubt arose to the first inquiry.
    package let firstAfter: Duration
    /// Between two inquiries of one SIM.
    package let interval: Duration
    /// How many inquiries one attempt is worth; then it waits for a person.
    package let inquiriesMax: Int
    /// Whether an unchanged float, stated twice after the request could no longer arrive, proves
    /// that nothing was executed.
    package let unchangedBalanceProves: Bool

    package static let standard = CarrierDoubt(
        firstAfter: .seconds(10),
        interval: .seconds(60),
        inquiriesMax: 20,
        unchangedBalanceProves: false
    )
}

/// How a SIM's float is watched.
package struct FloatTerms: Hashable, Sendable {
    /// Below it the SIM is given no new order; nil: only the order's own amount counts.
    package let low: Amount?
    /// A larger difference between the expected and the reported float stops the SIM; nil: none
    /// does.
    package let driftMax: Amount?

    package static let none = FloatTerms(low: nil, driftMax: nil)
}
