package import Carriers
package import JobStorage
package import ModemDiscovery
package import Recharge
package import SerialPorts

/// What the gateway works with, read from the configuration and checked.
package struct GatewayConfiguration: Sendable {
    /// What a SIM needs to work: whose it is, and its password.
    package struct Credential: Sendable {
        package var carrier: CarrierID
        package var pin: PIN

        package init(carrier: CarrierID, pin: PIN) {
            self.carrier = carrier
            self.pin = pin
        }
    }

    package var ports: [PortSource]
    package var serial: SerialSettings
    package var enrolment: Enrolment
    package var simsMax: Int
    package var profiles: [CarrierID: CarrierProfile]
    package var credentials: [ICCID: Credential]
    /// For SIMs without an entry of their own; only practice has one.
    package var credentialOtherwise: Credential?
    /// Replaces the limits of all profiles; only benchmarks have it.
    package var limitsOtherwise: SIMLimits?
    /// How long armed jobs may take to end when the gateway stops.
    package var stopGrace: Duration

    package init(
        ports: [PortSource],
        profiles: [CarrierID: CarrierProfile],
        credentials: [ICCID: Credential]
    ) {
        self.ports = ports
        self.profiles = profiles
        self.credentials = credentials
        serial = SerialSettings()
        enrolment = .required
        simsMax = 8
        stopGrace = .seconds(150)
    }
}
