import Engine
import Recharge
import SMSCodec

/// One transceiver's place in the simulated world.
///
/// The modem, and what the network holds for its SIM.
package struct Station: Sendable {
    package internal(set) var modem: SimulatedModem
    package internal(set) var plug = Plug.unplugged
    package internal(set) var faults: Faults
    /// What the network could not deliver yet, oldest first.
    var waiting: [TPDU] = []
    /// Answers that wait to be overtaken by another.
    var heldBack: [TimedAnswer] = []
    /// How soon it is put back after a fault pulled it out; nil: by hand only.
    var replugAfter: Duration?
    /// Draws the faults of the network, so that they do not depend on other stations.
    var random: SplitMix64
    /// Of concatenated answers.
    var concatenationReference: UInt8 = 0

    /// The SIM of another station and this one change places.
    mutating func exchangeCards(with other: inout Station) {
        modem.exchangeCards(with: &other.modem)
        swap(&waiting, &other.waiting)
        swap(&heldBack, &other.heldBack)
        swap(&concatenationReference, &other.concatenationReference)
    }

    package enum Plug: String, Hashable, Sendable {
        /// → opening, removed
        case unplugged
        /// Its tty is being made. → plugged, unplugged, removed
        case opening
        /// → unplugged, removed
        case plugged
        /// Taken away. Final.
        case removed
    }

    package var waitingCount: Int { waiting.count }

    init(index: Int, settings: SimulatedWorld.Settings, replugAfter: Duration?) {
        let identity = SimulatedIdentity(index: index, seed: settings.seed)
        var seeds = SplitMix64(seed: settings.seed &+ UInt64(index) &* 0x9E37_79B9)
        modem = SimulatedModem(
            identity: identity,
            manners: settings.manners,
            capacity: settings.storageCapacity,
            seed: seeds.next()
        )
        faults = settings.faults
        random = SplitMix64(seed: seeds.next())
        self.replugAfter = replugAfter
    }
}
