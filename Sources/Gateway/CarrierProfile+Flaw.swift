package import Carriers
package import Recharge

extension CarrierProfile {
    /// Why no money may move by the profile; nil: it may.
    ///
    /// A file that changed since people stood for it is another one. A simulated profile needs
    /// nobody, and works where no real transceiver can be.
    package func flaw(
        onSimulatedLine isSimulatedLine: Bool,
        _ verifications: [ProfileVerification]
    ) -> String? {
        if isSimulated {
            return isSimulatedLine
                ? nil
                : "profile '\(id)' is simulated: it works on simulated transceivers, and this is a "
                    + "real one; give the SIM its carrier's profile in the secrets file"
        }
        guard !verifications.contains(where: { $0.edition == edition }) else { return nil }
        let standing =
            verifications.isEmpty ? "is not verified" : "is not verified since its file changed"
        return "profile '\(id)' \(standing); try it in a phone, then: rechargectl profile verify "
            + "\(id), which a second person approves"
    }
}
