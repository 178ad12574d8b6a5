/// The serial number of a SIM card (ITU-T E.118), 18 to 22 digits: what a SIM is known by.
package struct ICCID: Hashable, Sendable, CustomStringConvertible {
    package let digits: String

    /// Takes digits; some carriers number with the letters A to F inside.
    package init?(_ text: String) {
        let isHex: (UInt8) -> Bool = { isDigit($0) || (0x41...0x46).contains($0) }
        guard (18...22).contains(text.utf8.count), text.utf8.allSatisfy(isHex) else { return nil }
        digits = text
    }

    package var description: String { digits }
}

/// The subscriber identity on a SIM (3GPP 23.003 §2.2), 6 to 15 digits.
package struct IMSI: Hashable, Sendable {
    package let digits: String

    package init?(_ text: String) {
        guard (6...15).contains(text.utf8.count), text.utf8.allSatisfy(isDigit) else { return nil }
        digits = text
    }
}

/// The identity of a transceiver (3GPP 23.003 §6.2), 14 to 16 digits: 16 are an IMEISV.
package struct IMEI: Hashable, Sendable, CustomStringConvertible {
    package let digits: String

    package init?(_ text: String) {
        guard (14...16).contains(text.utf8.count), text.utf8.allSatisfy(isDigit) else { return nil }
        digits = text
    }

    package var description: String { digits }
}

/// The name of a carrier profile, such as `cmcc`: lower-case letters, digits and hyphens.
package struct CarrierID: Hashable, Sendable, CustomStringConvertible {
    package let name: String

    package init?(_ text: String) {
        let isName: (UInt8) -> Bool = { isDigit($0) || $0 == 0x2D || (0x61...0x7A).contains($0) }
        guard (1...32).contains(text.utf8.count), text.utf8.allSatisfy(isName) else { return nil }
        name = text
    }

    package var description: String { name }
}

private func isDigit(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte)
}

/// The password of an agent SIM.
///
/// It shows itself to nobody who does not ask for ``revealed``.
package struct PIN: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    /// The secret itself: to be written into a request for the modem and nowhere else.
    package let revealed: String

    package init(_ secret: String) {
        revealed = secret
    }

    /// What stands in the place of a PIN in every trace, digest and row.
    package static let mask = "******"

    package var description: String { PIN.mask }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
