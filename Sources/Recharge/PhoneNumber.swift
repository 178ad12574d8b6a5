/// A subscriber's number in E.164: a plus sign, the country code and the national number.
///
/// Its `description` is masked, because descriptions reach logs; ``e164`` is the number itself.
package struct PhoneNumber: Hashable, Sendable {
    package let e164: String

    /// Takes `+` and 7 to 15 ASCII digits, the first not zero; nil for anything else.
    package init?(e164: String) {
        let bytes = Array(e164.utf8)
        guard bytes.first == 0x2B, (8...16).contains(bytes.count), bytes[1] != 0x30,
            bytes.dropFirst().allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        self.e164 = e164
    }

    private init(reserved: String) {
        e164 = reserved
    }

    /// What stands in the place of a number that was erased.
    ///
    /// The country code 999 is assigned to nobody (ITU-T E.164 spare codes), so no carrier's plan
    /// takes it and no order can name it.
    package static let erased = PhoneNumber(reserved: "+999000000000")

    package var isErased: Bool { self == .erased }
}

extension PhoneNumber: CustomStringConvertible {
    /// The number with its middle hidden: `+86138****8000`.
    package var description: String {
        let hidden = min(4, e164.count - 5)
        return "\(e164.dropLast(4 + hidden))\(String(repeating: "*", count: hidden))"
            + e164.suffix(4)
    }
}

/// How one country writes its mobile numbers, as far as a carrier profile needs it.
package struct NumberPlan: Hashable, Sendable {
    /// The country code without its plus sign: `86`.
    package var countryCode: String
    /// How many digits a national number may have.
    package var nationalLength: ClosedRange<Int>
    /// What a national number must begin with, one of these; empty: anything.
    package var prefixes: [String]
    /// What people write before a national number at home: `0` in many countries.
    package var trunkPrefix: String?

    package init(
        countryCode: String,
        nationalLength: ClosedRange<Int>,
        prefixes: [String] = [],
        trunkPrefix: String? = nil
    ) {
        self.countryCode = countryCode
        self.nationalLength = nationalLength
        self.prefixes = prefixes
        self.trunkPrefix = trunkPrefix
    }

    /// Reads a number as submitted: national, with the trunk prefix, or with `+` or `00`.
    ///
    /// ASCII digits only. Nil when the number does not fit this plan; nothing is guessed.
    package func number(_ text: some StringProtocol) -> PhoneNumber? {
        var digits = Substring(text)
        if digits.hasPrefix("+") {
            digits = digits.dropFirst()
        } else if digits.hasPrefix("00") {
            digits = digits.dropFirst(2)
        } else {
            if let trunkPrefix, digits.hasPrefix(trunkPrefix) {
                digits = digits.dropFirst(trunkPrefix.count)
            }
            return number(national: digits)
        }
        guard digits.hasPrefix(countryCode) else { return nil }
        return number(national: digits.dropFirst(countryCode.count))
    }

    private func number(national digits: Substring) -> PhoneNumber? {
        guard nationalLength.contains(digits.utf8.count),
            prefixes.isEmpty || prefixes.contains(where: { digits.hasPrefix($0) })
        else { return nil }
        return PhoneNumber(e164: "+\(countryCode)\(digits)")
    }

    /// The number as it is dialled at home, without country code; nil for another country's number.
    package func national(_ number: PhoneNumber) -> String? {
        let digits = number.e164.dropFirst()
        return digits.hasPrefix(countryCode) ? String(digits.dropFirst(countryCode.count)) : nil
    }
}
