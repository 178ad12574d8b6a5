/// When a carrier still takes the reversal (冲正) of a recharge.
package struct ReversalTerms: Hashable, Sendable {
    /// How long after the charge.
    package var within: Duration
    /// Whether the month of the charge must not be over.
    package var sameMonth: Bool
    /// How many reversals one SIM has in a month; nil: any number.
    package var perMonth: Int?
    /// Where the carrier's month begins, in minutes east of UTC.
    package var offsetMinutes: Int64

    package init(
        within: Duration,
        sameMonth: Bool,
        perMonth: Int?,
        offsetMinutes: Int64 = 0
    ) {
        self.within = within
        self.sameMonth = sameMonth
        self.perMonth = perMonth
        self.offsetMinutes = offsetMinutes
    }

    /// Until when the carrier takes the reversal of a charge.
    ///
    /// The charge counts from the moment of arming, which it cannot have been before.
    package func deadline(chargedAt: Timestamp) -> Timestamp {
        let end = chargedAt.advanced(by: within)
        return sameMonth ? min(end, month(of: chargedAt).ends) : end
    }

    /// The carrier's month that a moment lies in.
    package func month(of moment: Timestamp) -> (began: Timestamp, ends: Timestamp) {
        let began = monthBegan(moment)
        // The longest month has 31 days, so that 32 from its first lie in the next.
        return (began, monthBegan(began.advanced(by: .seconds(32 * 86_400))))
    }

    private func monthBegan(_ moment: Timestamp) -> Timestamp {
        let local = moment.advanced(by: .seconds(offsetMinutes * 60))
        let first = "\(local.rfc3339.prefix(7))-01"
        return Timestamp(first, offsetMinutes: offsetMinutes) ?? moment
    }
}
