/// The comma-separated values of an information line.
///
/// A comma inside quotes does not separate; quotes and spaces around a value are dropped.
/// Nothing is an error here: absent and malformed values are nil to the caller.
struct ResponseFields {
    struct Field: Hashable {
        var text: String
        var isQuoted: Bool

        /// The value of an unquoted decimal number of at most nine digits.
        var number: Int? {
            guard !isQuoted, !text.isEmpty, text.utf8.count <= 9, text.isDecimalDigits else {
                return nil
            }
            return Int(text)
        }
    }

    let fields: [Field]

    /// The values behind the prefix; nil if the line starts otherwise.
    init?(_ line: String, prefix: String) {
        guard line.utf8.starts(with: prefix.utf8) else { return nil }
        var fields: [Field] = []
        var text: [UInt8] = []
        var isInside = false
        var isQuoted = false
        for byte in line.utf8.dropFirst(prefix.utf8.count) {
            switch byte {
            case UInt8(ascii: "\""):
                isInside.toggle()
                isQuoted = true
            case UInt8(ascii: ",") where !isInside:
                fields.append(Self.field(text, isQuoted))
                text.removeAll(keepingCapacity: true)
                isQuoted = false
            case UInt8(ascii: " ") where !isInside && (text.isEmpty || isQuoted):
                break
            default:
                text.append(byte)
            }
        }
        fields.append(Self.field(text, isQuoted))
        self.fields = fields
    }

    /// The field at a position; nil behind the last.
    subscript(position: Int) -> Field? {
        fields.indices.contains(position) ? fields[position] : nil
    }

    private static func field(_ text: [UInt8], _ isQuoted: Bool) -> Field {
        var text = text
        while !isQuoted, text.last == 0x20 { text.removeLast() }
        return Field(text: String(decoding: text, as: UTF8.self), isQuoted: isQuoted)
    }
}

extension String {
    var isDecimalDigits: Bool { utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } }

    /// Whether the text is whole octets in hex, at least one.
    var isHexOctets: Bool {
        !isEmpty && utf8.count.isMultiple(of: 2) && utf8.allSatisfy(\.isHexDigit)
    }
}

extension UInt8 {
    fileprivate var isHexDigit: Bool {
        (self >= 0x30 && self <= 0x39) || (self >= 0x41 && self <= 0x46)
            || (self >= 0x61 && self <= 0x66)
    }
}
