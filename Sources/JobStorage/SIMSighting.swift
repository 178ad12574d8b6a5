package import Recharge

/// A SIM seen in a transceiver.
package struct SIMSighting: Hashable, Sendable {
    package var iccid: ICCID
    package var imsi: IMSI?
    package var imei: IMEI?
    package var carrier: CarrierID
    /// The port it was seen at, for people.
    package var port: String
    /// What its carrier counts in; nil where that is not known.
    package var currency: Currency?
    /// Below this float the SIM gets no new order; nil: no limit.
    package var floatLow: Amount?
    /// A larger difference between its books and the carrier's word stops it; nil: none does.
    package var driftMax: Amount?

    package init(iccid: ICCID, imsi: IMSI?, imei: IMEI?, carrier: CarrierID, port: String) {
        self.iccid = iccid
        self.imsi = imsi
        self.imei = imei
        self.carrier = carrier
        self.port = port
    }
}

/// Whether a new SIM, or one in another transceiver than before, may work without a person's word.
package enum Enrolment: String, Hashable, Sendable, CaseIterable {
    case required
    case open
}
