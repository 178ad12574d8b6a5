/// A TPDU with the service-centre address before it, as `AT+CMGS`, `+CMGR` and `+CMGL` carry it.
///
/// ```
/// SMSC length | type | digits… | TPDU          (3GPP 27.005 §3.1, <pdu>)
/// ```
package struct PDUFrame: Hashable, Sendable {
    /// Nil lets the mobile use the one stored on its SIM.
    package var serviceCentre: SMSAddress?
    package var tpdu: TPDU

    package init(serviceCentre: SMSAddress? = nil, tpdu: TPDU) {
        self.serviceCentre = serviceCentre
        self.tpdu = tpdu
    }

    /// Reads hexadecimal digits in either case; errors count octets from the SMSC length.
    package init(hex: String, direction: TPDU.Direction) throws(PDUError) {
        var reader = PDUReader(try Hexadecimal.octets(hex))
        serviceCentre = try SMSAddress.serviceCentre(decoding: &reader)
        tpdu = try TPDU(decoding: &reader, direction: direction)
    }

    /// The whole frame in upper-case hexadecimal digits.
    package var hex: String {
        var octets: [UInt8] = []
        octets.reserveCapacity(192)
        if let serviceCentre {
            serviceCentre.appendAsServiceCentre(to: &octets)
        } else {
            octets.append(0)
        }
        tpdu.append(to: &octets)
        return Hexadecimal.text(octets)
    }

    /// The octets without the SMSC part: the number in `AT+CMGS=n`.
    package var tpduLength: Int { tpdu.encoded().count }
}
