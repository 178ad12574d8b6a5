/// How texts stand in CSV files and messages that people open.
package enum CSVText {
    /// A text as one cell: quoted where it holds a separator, a quote or a line end.
    package static func cell(_ text: String) -> String {
        let needsQuotes: (UInt8) -> Bool = {
            $0 == 0x22 || $0 == 0x2C || $0 == 0x3B || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D
        }
        return text.utf8.contains(where: needsQuotes) ? quoted(text) : text
    }

    /// A text as one cell in quotes.
    package static func quoted(_ text: String) -> String {
        var cell: [UInt8] = [0x22]
        // Byte by byte: with a mark that combines after it, a quote is another Character.
        for byte in text.utf8 {
            if byte == 0x22 { cell.append(byte) }
            cell.append(byte)
        }
        cell.append(0x22)
        return String(decoding: cell, as: UTF8.self)
    }

    /// A foreign text that no spreadsheet takes for a formula and no terminal for a command.
    ///
    /// An apostrophe goes before one that begins with `=`, `+`, `-`, `@`, tab or carriage return.
    package static func harmless(_ text: String) -> String {
        let starters: [Unicode.Scalar] = ["=", "+", "-", "@", "\t", "\r"]
        guard let first = text.unicodeScalars.first, starters.contains(first) else {
            return visible(text)
        }
        return "'" + visible(text)
    }

    /// A text whose control and formatting characters are written as `\u{A}`.
    package static func visible(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isUnseen) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if isUnseen(scalar) {
                result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// Whether a character shows nothing of itself: controls, line and paragraph separators, and
    /// the marks that turn the direction of writing or join nothing.
    package static func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x1F, 0x7F...0xA0, 0xAD, 0x061C, 0x180E, 0x200B...0x200F, 0x2028...0x202F,
            0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB, 0xE0000...0xE007F:
            true
        default: false
        }
    }
}
