/// One transfer-layer message: what lies between a mobile and its service centre.
package enum TPDU: Hashable, Sendable {
    case submit(SMSSubmit)
    case deliver(SMSDeliver)
    case statusReport(SMSStatusReport)

    /// Who sent it; the type bits mean different things in the two directions.
    package enum Direction: Hashable, Sendable {
        /// From the mobile: SUBMIT. What `AT+CMGS` sends, and `+CMGL` lists as sent or unsent.
        case mobileOriginated
        /// To the mobile: DELIVER and STATUS-REPORT.
        case mobileTerminated
    }

    /// Throws for a malformed message and for the types not known here (reports, commands).
    ///
    /// Octets after the end are an error in a SUBMIT. In the other direction they are ignored:
    /// SIM records are padded, and 3GPP 23.040 lets later releases extend a STATUS-REPORT.
    package init(decoding octets: [UInt8], direction: Direction) throws(PDUError) {
        var reader = PDUReader(octets)
        try self.init(decoding: &reader, direction: direction)
    }

    init(decoding reader: inout PDUReader, direction: Direction) throws(PDUError) {
        let start = reader.position
        let firstOctet = try reader.octet(.messageType)
        switch (direction, firstOctet & 0b11) {
        case (.mobileOriginated, 0b01):
            self = .submit(try SMSSubmit(decoding: &reader, firstOctet: firstOctet))
            guard reader.left == 0 else {
                throw .decoding(
                    .pdu,
                    at: reader.position,
                    .malformed("\(reader.left) octets after the end")
                )
            }
        case (.mobileTerminated, 0b00), (.mobileTerminated, 0b11):
            // The reserved type is read as a DELIVER, 3GPP 23.040 §9.2.3.1.
            self = .deliver(try SMSDeliver(decoding: &reader, firstOctet: firstOctet))
        case (.mobileTerminated, 0b10):
            self = .statusReport(try SMSStatusReport(decoding: &reader, firstOctet: firstOctet))
        case (.mobileOriginated, let type), (.mobileTerminated, let type):
            throw .decoding(
                .messageType,
                at: start,
                .malformed("type \(type) is not a SUBMIT, DELIVER or STATUS-REPORT")
            )
        }
    }

    package func encoded() -> [UInt8] {
        var octets: [UInt8] = []
        octets.reserveCapacity(180)
        append(to: &octets)
        return octets
    }

    func append(to octets: inout [UInt8]) {
        switch self {
        case .submit(let submit): submit.append(to: &octets)
        case .deliver(let deliver): deliver.append(to: &octets)
        case .statusReport(let report): report.append(to: &octets)
        }
    }
}
