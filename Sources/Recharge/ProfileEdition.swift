/// One content of a carrier's profile: what people verify, and what works.
///
/// Whoever changes the file, be it a comment, has another edition that nobody has verified yet.
package struct ProfileEdition: Hashable, Sendable {
    package let carrier: CarrierID
    /// The SHA-256 of the file in 64 small hexadecimal digits.
    package let digest: String

    /// From the 32 octets of a digest.
    package init(_ carrier: CarrierID, digest: [UInt8]) {
        self.carrier = carrier
        self.digest = digest.hexadecimal
    }

    /// What a proposal to mark it verified names.
    package init?(subject: String) {
        let parts = subject.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 2, let carrier = CarrierID(String(parts[0])) else { return nil }
        self.carrier = carrier
        digest = String(parts[1])
    }

    package var subject: String { "\(carrier) \(digest)" }
}

/// That people stand for an edition of a profile.
package struct ProfileVerification: Hashable, Sendable {
    package let edition: ProfileEdition
    /// Who proposed it and who approved it.
    package let people: [String]
    package let at: Timestamp

    package init(_ edition: ProfileEdition, by people: [String], at time: Timestamp) {
        self.edition = edition
        self.people = people
        at = time
    }
}
