/// The reference that the network gave a submitted message: `+CMGS: <mr>` (3GPP 27.005 §4.3).
///
/// It is the only proof that the modem handed the message over, and what a status report
/// names later. References repeat after 256 messages.
package struct MessageReference: Hashable, Sendable {
    package static let prefix = "+CMGS:"

    package var rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Reads one information line; nil if it is not a reference from 0 to 255.
    package init?(line: String) {
        guard let fields = ResponseFields(line, prefix: Self.prefix),
            let number = fields[0]?.number, let value = UInt8(exactly: number)
        else { return nil }
        rawValue = value
    }

    /// The one reference that all lines agree on; nil if there is none or they differ.
    package init?(lines: [String]) {
        let references = lines.map(Self.init(line:))
        guard let first = references.first, let first,
            references.allSatisfy({ $0 == first })
        else { return nil }
        self = first
    }
}
