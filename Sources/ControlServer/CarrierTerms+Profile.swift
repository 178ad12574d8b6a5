package import Carriers
package import Recharge

extension CarrierTerms {
    /// What of a carrier's profile matters to the socket.
    package init(_ profile: CarrierProfile, at now: Timestamp) {
        self.init(
            id: profile.id,
            name: profile.name,
            rules: BatchCarrier(profile, isVerified: profile.isSimulated, at: now),
            limits: profile.limits,
            usualDuration: CarrierTerms.usualDuration
        )
        edition = profile.edition
        isSimulated = profile.isSimulated
        zone = profile.zone
        uses = ClaimUses(
            sim: profile.simUse,
            number: profile.numberLimits,
            carrier: profile.carrierLimits
        )
        // A float settles a doubt only where the carrier's word on it is final.
        questions = Set(
            Inquiry.Kind.allCases.filter { kind in
                profile.operations[kind] != nil
                    && (kind != .balance || profile.doubt.unchangedBalanceProves)
            }
        )
        reversal = profile.operations.reverse.map { reverse in
            ReversalTerms(
                within: reverse.within,
                sameMonth: reverse.sameMonth,
                perMonth: reverse.perMonth
            )
        }
    }

    /// What a recharge by SMS usually takes, until jobs of the carrier tell better.
    private static let usualDuration = Duration.seconds(10)
}
