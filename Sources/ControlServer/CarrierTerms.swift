package import Carriers
import ControlAPI
package import Recharge

/// What the socket must know of a carrier to check an order and to forecast a batch.
package struct CarrierTerms: Hashable, Sendable {
    package var id: CarrierID
    package var name: String
    /// That its profile is verified stands here only where it needs nobody.
    package var rules: BatchCarrier
    package var limits: SIMLimits
    /// What of its profile people verify.
    package var edition: ProfileEdition?
    /// Whether no money is behind it.
    package var isSimulated = false
    /// How long one job usually takes on one SIM, limits aside.
    package var usualDuration: Duration
    /// What can be asked about a recharge in doubt.
    package var questions: Set<Inquiry.Kind> = []
    /// When it still takes a reversal, at the offset of ``zone``; nil: never.
    package var reversal: ReversalTerms?
    /// What its profile says that a SIM, a number and the carrier may use up.
    package var uses = ClaimUses.none
    /// Where its days and months begin.
    package var zone = CarrierZone.utc

    package init(
        id: CarrierID,
        name: String,
        rules: BatchCarrier,
        limits: SIMLimits,
        usualDuration: Duration
    ) {
        self.id = id
        self.name = name
        self.rules = rules
        self.limits = limits
        self.usualDuration = usualDuration
    }

    /// The terms of a reversal that is ordered now.
    func reversal(at now: Timestamp) -> ReversalTerms? {
        var terms = reversal
        terms?.offsetMinutes = Int64(zone.offsetMinutes(at: now))
        return terms
    }

    /// The seconds one SIM needs for a job: the slowest of dialogue, gap and rate.
    var secondsPerJob: Double {
        let dialogue = Double(usualDuration.wholeMilliseconds) / 1000
        let gap = Double(limits.gap.wholeMilliseconds) / 1000
        let rate = limits.perMinute.map { 60 / Double(max($0, 1)) } ?? 0
        return max(dialogue, gap, rate)
    }

    var view: ProfileView {
        var view = ProfileView(
            id: id,
            name: name,
            isVerified: rules.isVerified,
            currency: rules.currency.code,
            countryCode: rules.numbers.countryCode,
            limits: limits
        )
        view.isSimulated = isSimulated
        view.digest = edition?.digest
        return view
    }
}
