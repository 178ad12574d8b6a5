/// Text to units and back: septets for `gsm7`, octets for the other alphabets.
package enum SMSText {
    /// The alphabet that carries the text in the fewest octets: `gsm7` when it can, else `ucs2`.
    package static func smallestAlphabet(for text: String) -> SMSAlphabet {
        GSM7Alphabet.contains(text) ? .gsm7 : .ucs2
    }

    /// The units of a text, not yet packed.
    ///
    /// Throws when the alphabet lacks one of the characters; nothing is replaced silently.
    static func units(of text: String, in alphabet: SMSAlphabet) throws(PDUError) -> [UInt8] {
        switch alphabet {
        case .gsm7:
            guard let septets = GSM7Alphabet.septets(text) else {
                throw .encoding(
                    .userData,
                    .malformed("a character outside the GSM 7-bit alphabet; use UCS2")
                )
            }
            return septets
        case .octets:
            let octets = text.unicodeScalars.compactMap { UInt8(exactly: $0.value) }
            guard octets.count == text.unicodeScalars.count else {
                throw .encoding(
                    .userData,
                    .malformed("a character that is not one octet; use UCS2")
                )
            }
            return octets
        case .ucs2:
            var octets: [UInt8] = []
            octets.reserveCapacity(text.utf8.count * 2)
            for unit in text.utf16 {
                octets.append(UInt8(truncatingIfNeeded: unit >> 8))
                octets.append(UInt8(truncatingIfNeeded: unit))
            }
            return octets
        }
    }

    /// The text of units; half a surrogate pair becomes U+FFFD.
    static func string(of units: [UInt8], in alphabet: SMSAlphabet) throws(PDUError) -> String {
        switch alphabet {
        case .gsm7:
            return GSM7Alphabet.text(units)
        case .octets:
            var text = ""
            text.unicodeScalars.append(contentsOf: units.lazy.map { Unicode.Scalar($0) })
            return text
        case .ucs2:
            guard units.count.isMultiple(of: 2) else {
                throw .reading(
                    .userData,
                    .malformed("UCS2 text of an odd number of octets, \(units.count)")
                )
            }
            return String(
                decoding: stride(from: 0, to: units.count, by: 2).map { index in
                    UInt16(units[index]) << 8 | UInt16(units[index + 1])
                },
                as: UTF16.self
            )
        }
    }
}
