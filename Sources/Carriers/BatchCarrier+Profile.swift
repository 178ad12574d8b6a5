package import Recharge

extension BatchCarrier {
    /// What of a profile an order can be checked by.
    ///
    /// Dates without a zone are read with the offset in force at `now`. Whether people verified the
    /// profile is not in the profile.
    package init(_ profile: CarrierProfile, isVerified: Bool, at now: Timestamp) {
        self.init(
            numbers: profile.numbers,
            currency: profile.currency,
            amounts: profile.amounts.min.minorUnits...profile.amounts.max.minorUnits,
            isVerified: isVerified,
            zoneOffsetMinutes: Int64(profile.zone.offsetMinutes(at: now))
        )
        duplicateWindow = profile.duplicateWindow
        switch profile.amounts.step {
        case .any: break
        case .multiple(let unit): multiple = unit.minorUnits
        case .denominations(let offered): denominations = offered.map(\.minorUnits)
        }
    }
}
