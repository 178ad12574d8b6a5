/// An encoding that batch files come in.
package enum TextEncoding: String, Hashable, Sendable, CaseIterable {
    case utf8 = "utf-8"
    case utf16LittleEndian = "utf-16le"
    case utf16BigEndian = "utf-16be"
    /// With GBK and GB2312, which are parts of it.
    case gb18030

    /// Finds an encoding by the name that people give it, such as `GBK`; nil when it is unknown.
    package init?(name: String) {
        let key = String(name.lowercased().unicodeScalars.filter { $0 != "-" && $0 != "_" })
        switch key {
        case "utf8": self = .utf8
        case "utf16le", "ucs2le", "utf16", "unicode": self = .utf16LittleEndian
        case "utf16be", "ucs2be": self = .utf16BigEndian
        case "gb18030", "gbk", "gb2312", "cp936": self = .gb18030
        default: return nil
        }
    }

    /// The mark that a file may begin with.
    ///
    /// It is no part of the text.
    var byteOrderMark: [UInt8] {
        switch self {
        case .utf8: [0xEF, 0xBB, 0xBF]
        case .utf16LittleEndian: [0xFF, 0xFE]
        case .utf16BigEndian: [0xFE, 0xFF]
        case .gb18030: [0x84, 0x31, 0x95, 0x33]
        }
    }
}
