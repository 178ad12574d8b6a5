/// Octets as pairs of hexadecimal digits.
package enum Hexadecimal {
    private static let digits: [UInt8] = Array("0123456789ABCDEF".utf8)

    /// Accepts upper and lower case, and nothing between the digits.
    package static func octets(_ text: String) throws(PDUError) -> [UInt8] {
        var octets: [UInt8] = []
        octets.reserveCapacity(text.utf8.count / 2)
        var high: UInt8?
        for character in text.utf8 {
            guard let digit = value(character) else {
                throw .decoding(.pdu, at: octets.count, .malformed("not a hexadecimal digit"))
            }
            if let first = high {
                octets.append(first << 4 | digit)
                high = nil
            } else {
                high = digit
            }
        }
        guard high == nil else {
            throw .decoding(.pdu, at: octets.count, .malformed("half an octet at the end"))
        }
        return octets
    }

    package static func text(_ octets: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(octets.count * 2)
        let digits = digits
        for octet in octets {
            text.append(digits[Int(octet >> 4)])
            text.append(digits[Int(octet & 0x0F)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func value(_ character: UInt8) -> UInt8? {
        switch character {
        case 0x30...0x39: character - 0x30
        case 0x41...0x46: character - 0x37
        case 0x61...0x66: character - 0x57
        default: nil
        }
    }
}
