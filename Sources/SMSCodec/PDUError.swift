/// A PDU that cannot be read, or a value that no PDU can carry.
///
/// Holds no digits, no text and no payload octets, so its description may be logged as it is:
/// "decoding TP-User-Data at octet 17: 12 octets announced, 3 left".
package struct PDUError: Error, Hashable, Sendable {
    package let attempt: Attempt
    package let field: Field
    package let fault: Fault

    /// What was tried.
    ///
    /// The octet counts from 0 at the first octet handed to the decoder: the SMSC length for a
    /// `PDUFrame`, the first TPDU octet for a `TPDU`. `reading` is taking the text out of user
    /// data that decoded well.
    package enum Attempt: Hashable, Sendable {
        case decoding(octet: Int)
        case reading
        case encoding
    }

    /// The names that 3GPP 23.040 gives to the parts of a PDU.
    package enum Field: String, Hashable, Sendable {
        case pdu = "PDU"
        case serviceCentre = "SMSC-Address"
        /// An address not yet in a field.
        case address = "Address"
        case messageType = "TP-Message-Type-Indicator"
        case messageReference = "TP-Message-Reference"
        case destination = "TP-Destination-Address"
        case originator = "TP-Originating-Address"
        case recipient = "TP-Recipient-Address"
        case protocolIdentifier = "TP-Protocol-Identifier"
        case codingScheme = "TP-Data-Coding-Scheme"
        case validityPeriod = "TP-Validity-Period"
        case serviceCentreTimestamp = "TP-Service-Centre-Time-Stamp"
        case dischargeTime = "TP-Discharge-Time"
        case status = "TP-Status"
        case parameterIndicator = "TP-Parameter-Indicator"
        case userDataLength = "TP-User-Data-Length"
        case userDataHeader = "TP-User-Data-Header"
        case userData = "TP-User-Data"
    }

    /// What is wrong with the field.
    package enum Fault: Hashable, Sendable {
        case truncated(announced: Int, left: Int)
        case tooLong(Int, limit: Int, unit: Unit)
        case malformed(String)
    }

    /// What a length counts.
    package enum Unit: String, Hashable, Sendable {
        case octets
        case septets
        case semiOctets = "semi-octets"
        case parts
    }
}

extension PDUError: CustomStringConvertible {
    package var description: String {
        switch attempt {
        case .decoding(let octet): "decoding \(field.rawValue) at octet \(octet): \(fault)"
        case .reading: "reading \(field.rawValue): \(fault)"
        case .encoding: "encoding \(field.rawValue): \(fault)"
        }
    }
}

extension PDUError.Fault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .truncated(let announced, let left):
            "\(announced) \(announced == 1 ? "octet" : "octets") announced, \(left) left"
        case .tooLong(let length, let limit, let unit):
            "\(length) \(unit.rawValue), at most \(limit) fit"
        case .malformed(let reason): reason
        }
    }
}

extension PDUError {
    static func decoding(_ field: Field, at octet: Int, _ fault: Fault) -> PDUError {
        PDUError(attempt: .decoding(octet: octet), field: field, fault: fault)
    }

    static func encoding(_ field: Field, _ fault: Fault) -> PDUError {
        PDUError(attempt: .encoding, field: field, fault: fault)
    }

    static func reading(_ field: Field, _ fault: Fault) -> PDUError {
        PDUError(attempt: .reading, field: field, fault: fault)
    }
}
