package import Carriers
import ConfigurationFiles
package import Recharge

/// The carrier that simulated gateways work for: the profile that the house ships, and one PIN.
package enum SimulatedCarrier {
    /// Letters, so that it cannot occur in a number, a serial or a hex string by chance.
    package static let pin = PIN("Zq7Xw9")

    private static let read = Result {
        try CarrierProfile(
            reading: YAMLFile.read(folder + "/etc/carriers/simulated.yaml"),
            zone: { _ in CarrierZone(offsetMinutes: 480) }
        )
    }

    private static var folder: String {
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
            .joined(separator: "/")
    }

    package static func profile() throws -> CarrierProfile {
        try read.get()
    }
}
