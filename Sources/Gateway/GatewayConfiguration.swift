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
    /// What clients, and all together, may use up.
    package var ownLimits: OwnLimits
    /// How many people stand for a profile.
    package var approvals = ApprovalTerms()
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
        ownLimits = OwnLimits()
        stopGrace = .seconds(150)
    }
}

/// The limits that belong to the gateway itself and not to a carrier.
package struct OwnLimits: Hashable, Sendable {
    package var client: UseLimits
    package var global: UseLimits
    /// Where their days begin.
    package var zone: CarrierZone

    package init(
        client: UseLimits = .none,
        global: UseLimits = .none,
        zone: CarrierZone = .utc
    ) {
        self.client = client
        self.global = global
        self.zone = zone
    }

    /// These limits alone.
    package var uses: ClaimUses { ClaimUses(client: client, global: global) }

    /// All limits that a SIM of a carrier is judged by.
    package func uses(with profile: CarrierProfile) -> ClaimUses {
        ClaimUses(
            sim: profile.simUse,
            number: profile.numberLimits,
            client: client,
            carrier: profile.carrierLimits,
            global: global
        )
    }
}
