/// TP-Data-Coding-Scheme, kept as the octet that arrived (3GPP 23.038 §4).
///
/// Codings that the specification reserves are read as the GSM 7-bit default alphabet, as it asks.
package struct DataCodingScheme: Hashable, Sendable {
    package let octet: UInt8

    package init(octet: UInt8) {
        self.octet = octet
    }

    /// A scheme of the general group, uncompressed.
    package init(alphabet: SMSAlphabet, messageClass: MessageClass? = nil) {
        let coding: UInt8 =
            switch alphabet {
            case .gsm7: 0x00
            case .octets: 0x04
            case .ucs2: 0x08
            }
        octet = coding | (messageClass.map { 0x10 | $0.rawValue } ?? 0)
    }

    package var alphabet: SMSAlphabet {
        switch octet >> 4 {
        case 0x0...0x7:
            switch octet >> 2 & 0b11 {
            case 0b01: .octets
            case 0b10: .ucs2
            default: .gsm7
            }
        case 0xE: .ucs2
        case 0xF: octet & 0b100 == 0 ? .gsm7 : .octets
        default: .gsm7
        }
    }

    /// Whether the payload is compressed text (3GPP 23.042), which nobody sends and we never read.
    package var isCompressed: Bool { octet >> 7 == 0 && octet & 0x20 != 0 }

    /// Whether TP-User-Data-Length counts septets rather than octets.
    var countsSeptets: Bool { alphabet == .gsm7 && !isCompressed }

    package var messageClass: MessageClass? {
        guard octet >> 4 == 0xF || (octet >> 7 == 0 && octet & 0x10 != 0) else { return nil }
        return MessageClass(rawValue: octet & 0b11)
    }

    /// What a scheme of a message-waiting group says, nil for the other groups.
    package var messageWaiting: MessageWaiting? {
        guard (0xC...0xE).contains(octet >> 4) else { return nil }
        let subject: MessageWaiting.Subject =
            switch octet & 0b11 {
            case 0b00: .voicemail
            case 0b01: .fax
            case 0b10: .email
            default: .other
            }
        return MessageWaiting(
            subject: subject,
            isActive: octet & 0b1000 != 0,
            discardsText: octet >> 4 == 0xC
        )
    }

    /// Where a message goes; class 0 is shown at once and stored nowhere.
    package enum MessageClass: UInt8, Hashable, Sendable {
        case immediate = 0
        case mobileEquipment = 1
        case sim = 2
        case terminalEquipment = 3
    }

    /// A lamp for waiting voicemail and the like.
    package struct MessageWaiting: Hashable, Sendable {
        package let subject: Subject
        package let isActive: Bool
        package let discardsText: Bool

        /// What waits.
        package enum Subject: Hashable, Sendable {
            case voicemail
            case fax
            case email
            case other
        }
    }
}
