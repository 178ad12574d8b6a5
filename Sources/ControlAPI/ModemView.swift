package import Recharge

/// A transceiver as clients see it.
package struct ModemView: Codable, Hashable, Sendable {
    /// How far its port has come.
    package enum Phase: String, Codable, Hashable, Sendable, CaseIterable {
        case opening
        case identifying
        case quarantined
        case working
        case failed
    }

    package var port: String
    package var phase: Phase
    /// Why it failed and what to do about it.
    package var reason: String?
    package var manufacturer: String?
    package var model: String?
    package var revision: String?
    package var imei: IMEI?
    package var iccid: ICCID?
    package var signalDbm: Int?
    package var isRegistered: Bool?
    package var since: Timestamp

    package init(port: String, phase: Phase, since: Timestamp) {
        self.port = port
        self.phase = phase
        self.since = since
    }
}
