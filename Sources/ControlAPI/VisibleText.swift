/// Foreign text made safe to show: nothing in it can move a cursor or turn a line around.
///
/// What carriers, modems and other people wrote is stored as it came. On its way out, control
/// characters become `\n`, `\t`, `\r` or `\u{1B}`, as do the invisible format characters that
/// reorder or hide text; octets that are not UTF-8 become `\xNN`. All other text stays as it is.
package struct VisibleText: Hashable, Sendable {
    package let text: String

    package init(_ foreign: String) {
        guard foreign.unicodeScalars.contains(where: VisibleText.isHidden) else {
            text = foreign
            return
        }
        var shown = ""
        for scalar in foreign.unicodeScalars {
            VisibleText.append(scalar, to: &shown)
        }
        text = shown
    }

    package init(octets: [UInt8]) {
        var shown = ""
        var decoder = Unicode.UTF8.ForwardParser()
        var position = octets.startIndex
        var iterator = octets.makeIterator()
        reading: while true {
            switch decoder.parseScalar(from: &iterator) {
            case .valid(let encoded):
                position += encoded.count
                VisibleText.append(Unicode.UTF8.decode(encoded), to: &shown)
            case .error(let length):
                for octet in octets[position..<position + length] {
                    shown += "\\x" + VisibleText.hex(UInt32(octet), width: 2)
                }
                position += length
            case .emptyInput: break reading
            }
        }
        text = shown
    }

    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }

    private static func append(_ scalar: Unicode.Scalar, to shown: inout String) {
        switch scalar {
        case "\n": shown += "\\n"
        case "\r": shown += "\\r"
        case "\t": shown += "\\t"
        default:
            guard isHidden(scalar) else {
                shown.unicodeScalars.append(scalar)
                return
            }
            shown += "\\u{" + hex(scalar.value, width: 2) + "}"
        }
    }

    private static func hex(_ value: UInt32, width: Int) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension String {
    /// This text with its control characters made visible.
    package var visible: String { VisibleText(self).text }
}
