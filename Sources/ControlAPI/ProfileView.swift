package import Recharge

/// A carrier profile as clients see it.
package struct ProfileView: Codable, Hashable, Sendable {
    package var id: CarrierID
    package var name: String
    /// A profile that is not verified is refused for work.
    package var isVerified: Bool
    /// Whether no money is behind it: it needs nobody's word.
    package var isSimulated = false
    /// The SHA-256 of its file, in hexadecimal.
    package var digest: String?
    /// Who stands for the file as it is, and since when.
    package var verifiedBy: String?
    package var verifiedAt: Timestamp?
    /// When the file was verified last, where it has changed since.
    package var earlierVerifiedAt: Timestamp?
    package var currency: String
    package var countryCode: String
    package var perMinute: Int?
    package var burst: Int
    package var gapMilliseconds: Int64
    package var perDayCount: Int?
    package var perDayMinor: Int64?

    package init(
        id: CarrierID,
        name: String,
        isVerified: Bool,
        currency: String,
        countryCode: String,
        limits: SIMLimits
    ) {
        self.id = id
        self.name = name.visible
        self.isVerified = isVerified
        self.currency = currency
        self.countryCode = countryCode
        perMinute = limits.perMinute
        burst = limits.burst
        gapMilliseconds = limits.gap.wholeMilliseconds
        perDayCount = limits.perDayCount
        perDayMinor = limits.perDayMinorUnits
    }
}
