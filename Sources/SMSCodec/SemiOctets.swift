/// Digits in pairs, the first of a pair in the low half of its octet (3GPP 23.040 §9.1.2.3).
enum SemiOctets {
    static let filler: UInt8 = 0xF
    private static let characters: [UInt8] = Array("0123456789*#abc".utf8)

    /// The semi-octet of an ASCII character, nil for anything that is no address digit.
    static func value(of character: UInt8) -> UInt8? {
        switch character {
        case 0x30...0x39: character - 0x30
        case UInt8(ascii: "*"): 10
        case UInt8(ascii: "#"): 11
        case UInt8(ascii: "a")...UInt8(ascii: "c"): character - UInt8(ascii: "a") + 12
        default: nil
        }
    }

    static func append(_ digits: String, to octets: inout [UInt8]) {
        var low: UInt8?
        for character in digits.utf8 {
            let digit = value(of: character) ?? filler
            if let first = low {
                octets.append(digit << 4 | first)
                low = nil
            } else {
                low = digit
            }
        }
        if let last = low { octets.append(filler << 4 | last) }
    }

    /// The first `count` digits; fillers may only end them.
    static func digits(
        _ octets: ArraySlice<UInt8>,
        count: Int,
        field: PDUError.Field
    ) throws(PDUError) -> String {
        var digits: [UInt8] = []
        digits.reserveCapacity(count)
        let characters = characters
        var isFilled = false
        for index in 0..<count {
            let place = octets.startIndex + index / 2
            let digit = index.isMultiple(of: 2) ? octets[place] & 0x0F : octets[place] >> 4
            if digit == filler {
                isFilled = true
            } else if isFilled {
                throw .decoding(field, at: place, .malformed("a digit after the filler"))
            } else {
                digits.append(characters[Int(digit)])
            }
        }
        return String(decoding: digits, as: UTF8.self)
    }
}
