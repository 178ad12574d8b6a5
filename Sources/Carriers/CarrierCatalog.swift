package import Documents
package import Recharge

/// The profiles of all carriers, by id.
package struct CarrierCatalog: Hashable, Sendable {
    private let byID: [CarrierID: CarrierProfile]

    /// Reads the documents of a folder; throws the mistakes of all of them at once.
    ///
    /// Two profiles with one id are a mistake of the second. `zone` is as in
    /// `CarrierProfile/init(reading:zone:)`.
    package init(
        reading documents: [Document],
        zone: (String) -> CarrierZone?
    ) throws(DocumentError) {
        var byID: [CarrierID: CarrierProfile] = [:]
        var mistakes: [Mistake] = []
        for document in documents {
            do {
                let profile = try CarrierProfile(reading: document, zone: zone)
                guard let first = byID[profile.id] else {
                    byID[profile.id] = profile
                    continue
                }
                let what = "a profile with the id '\(profile.id)' exists already"
                let cure = "remove one of the two; the other is \(first.position.file)"
                mistakes.append(Mistake(at: profile.position, what, cure: cure))
            } catch {
                mistakes += error.mistakes
            }
        }
        guard mistakes.isEmpty else { throw DocumentError(mistakes) }
        self.byID = byID
    }

    package subscript(id: CarrierID) -> CarrierProfile? { byID[id] }

    /// In the order of their ids.
    package var profiles: [CarrierProfile] {
        byID.values.sorted { $0.id.name < $1.id.name }
    }
}
