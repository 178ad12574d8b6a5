import Recharge

/// A sender from whom a carrier's answers come: a number, the beginning of one, or a name.
///
/// Numbers compare without `+` and country code, or `00` and country code, of the profile's plan:
/// `+8610086` is `10086`. Names compare exactly. A message shows a name and a number alike, so a
/// list that consists of numbers does not by itself keep out a sender who calls himself `10086`.
package struct SenderPattern: Hashable, Sendable {
    private let text: String
    private let isPrefix: Bool

    /// Takes 3 to 15 digits, with `*` behind them for any more, or a name of 1 to 11 letters.
    init?(_ pattern: String, countryCode: String) {
        let isPrefix = pattern.hasSuffix("*")
        let text = isPrefix ? String(pattern.dropLast()) : pattern
        let number = Self.home(text, countryCode: countryCode)
        if number.utf8.allSatisfy(isDigitByte) {
            guard (3...15).contains(number.utf8.count) else { return nil }
        } else {
            guard !isPrefix, (1...11).contains(text.unicodeScalars.count), !text.hasPrefix("+"),
                !text.contains("*"), !text.unicodeScalars.contains(where: { $0.value < 0x20 })
            else { return nil }
        }
        self.text = number
        self.isPrefix = isPrefix
    }

    func matches(_ sender: String, countryCode: String) -> Bool {
        let sender = Self.home(sender, countryCode: countryCode)
        guard isPrefix else { return sender == text }
        return sender.hasPrefix(text) && sender.utf8.count <= 20
            && sender.utf8.allSatisfy(isDigitByte)
    }

    /// The sender as it is dialled at home; unchanged where it is not of this country.
    private static func home(_ sender: String, countryCode: String) -> String {
        for prefix in ["+", "00"] where sender.hasPrefix(prefix + countryCode) {
            return String(sender.dropFirst(prefix.count + countryCode.count))
        }
        return sender
    }
}

private func isDigitByte(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte)
}
