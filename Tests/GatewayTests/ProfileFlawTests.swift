import Carriers
import ConfigurationFiles
import Gateway
import Recharge
import TestSupport
import Testing

/// By which profiles money may move, and where.
struct ProfileFlawTests {
    private static let etc =
        #filePath.split(
            separator: "/",
            omittingEmptySubsequences: false
        ).dropLast(3).joined(separator: "/") + "/etc"

    private func profile(_ name: String) throws -> CarrierProfile {
        try CarrierProfile(
            reading: YAMLFile.readWithDigest("\(Self.etc)/carriers/\(name).yaml"),
            zone: { _ in .utc }
        )
    }

    @Test func aSimulatedOneWorksOnSimulatedLinesAlone() throws {
        let profile = try profile("simulated")
        #expect(profile.flaw(onSimulatedLine: true, []) == nil)
        let edition = try #require(profile.edition)
        let verified = ProfileVerification(edition, by: ["mei", "lan"], at: Samples.midnight)
        #expect(profile.flaw(onSimulatedLine: false, [verified])?.contains("simulated") == true)
    }

    @Test(arguments: [true, false])
    func aRealOneWorksWhenPeopleStandForItsFile(onSimulatedLine: Bool) throws {
        let profile = try profile("cmcc")
        let edition = try #require(profile.edition)
        let other = ProfileEdition(profile.id, digest: Array(repeating: 1, count: 32))
        let people = ["mei", "lan"]
        let earlier = ProfileVerification(other, by: people, at: Samples.midnight)
        let verified = ProfileVerification(edition, by: people, at: Samples.midnight)
        func flaw(_ known: [ProfileVerification]) -> String? {
            profile.flaw(onSimulatedLine: onSimulatedLine, known)
        }
        #expect(flaw([])?.contains("is not verified;") == true)
        #expect(flaw([earlier])?.contains("since its file changed") == true)
        #expect(flaw([verified]) == nil)
        #expect(flaw([verified, earlier]) == nil)
    }
}
