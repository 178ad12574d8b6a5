/// What a batch file is read against: who sends it, when, and what its carriers take.
package struct BatchContext: Hashable, Sendable {
    /// The client and the key of the batch; a row's own key is `<batch key>/<line>`.
    package var key: NewJob.Key
    /// When the file is read: deadlines must lie after it.
    package var now: Timestamp
    /// The carrier of rows that name none; nil when each row must name one.
    package var defaultCarrier: CarrierID?
    package var carriers: [CarrierID: BatchCarrier]
    /// Whether rows that look like duplicates are said to be meant.
    package var allowsDuplicates = false

    package init(
        key: NewJob.Key,
        now: Timestamp,
        defaultCarrier: CarrierID?,
        carriers: [CarrierID: BatchCarrier]
    ) {
        self.key = key
        self.now = now
        self.defaultCarrier = defaultCarrier
        self.carriers = carriers
    }
}

/// What one carrier takes, as far as a row can be checked without asking it.
package struct BatchCarrier: Hashable, Sendable {
    package var numbers: NumberPlan
    package var currency: Currency
    /// In minor units, both ends included.
    package var amounts: ClosedRange<Int64>
    /// In minor units; amounts must be whole multiples of it.
    package var multiple: Int64?
    /// In minor units; empty: any amount within the range.
    package var denominations: [Int64]
    /// Whether people verified its profile, or it is simulated; orders for others are refused.
    package var isVerified: Bool
    /// The zone of dates that name none, in minutes east of UTC.
    package var zoneOffsetMinutes: Int64
    /// How near another order for the same number and amount makes a row a suspected duplicate.
    package var duplicateWindow: Duration = .zero

    package init(
        numbers: NumberPlan,
        currency: Currency,
        amounts: ClosedRange<Int64> = 1...Amount.minorUnitsMax,
        multiple: Int64? = nil,
        denominations: [Int64] = [],
        isVerified: Bool = true,
        zoneOffsetMinutes: Int64 = 0
    ) {
        self.numbers = numbers
        self.currency = currency
        self.amounts = amounts
        self.multiple = multiple
        self.denominations = denominations
        self.isVerified = isVerified
        self.zoneOffsetMinutes = zoneOffsetMinutes
    }
}
