package import Recharge

/// Whether and how fast the SIMs of one carrier can do their share of a batch.
package struct CarrierForecast: Codable, Hashable, Sendable {
    /// Whether the known balances of the carrier's SIMs cover the sum.
    package enum FloatCover: String, Codable, Hashable, Sendable, CaseIterable {
        case enough
        case short
        /// The known balances do not suffice, and not all are known.
        case unknown
    }

    package var carrier: CarrierID
    package var rows: Int
    package var sum: Money
    /// SIMs that may work now.
    package var sims: Int
    /// The sum of the balances that are known.
    package var floatKnownMinor: Int64
    /// Of how many SIMs the balance is not known.
    package var floatUnknownSims: Int
    package var floatCover: FloatCover
    /// Rows over SIMs, times the seconds one SIM needs for a job; absent without a SIM.
    ///
    /// An estimate: jobs already waiting, failures and day limits are not in it.
    package var expectedSeconds: Double?

    package init(
        carrier: CarrierID,
        rows: Int,
        sum: Money,
        sims: Int,
        floatKnownMinor: Int64,
        floatUnknownSims: Int,
        secondsPerJob: Double
    ) {
        self.carrier = carrier
        self.rows = rows
        self.sum = sum
        self.sims = sims
        self.floatKnownMinor = floatKnownMinor
        self.floatUnknownSims = floatUnknownSims
        floatCover =
            floatKnownMinor >= sum.amountMinor
            ? .enough : floatUnknownSims > 0 ? .unknown : .short
        expectedSeconds =
            sims > 0 ? (Double(rows) / Double(sims)).rounded(.up) * secondsPerJob : nil
    }
}
