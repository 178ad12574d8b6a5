package import Recharge

/// What a transceiver and the SIM in it say of themselves.
package struct Transceiver: Hashable, Sendable {
    package var manufacturer: String?
    package var model: String?
    package var revision: String?
    package var imei: IMEI?
    package var imsi: IMSI?
    package var iccid: ICCID

    package init(iccid: ICCID, imsi: IMSI? = nil, imei: IMEI? = nil) {
        self.iccid = iccid
        self.imsi = imsi
        self.imei = imei
    }
}
