/// The place of a part in a long message (3GPP 23.040 §9.2.3.24.1 and §9.2.3.24.8).
package struct Concatenation: Hashable, Sendable {
    package let reference: ConcatenationReference
    package let total: UInt8
    /// From 1 to `total`.
    package let number: UInt8

    /// Nil unless `1 <= number <= total`.
    package init?(reference: ConcatenationReference, total: UInt8, number: UInt8) {
        guard number >= 1, number <= total else { return nil }
        self.reference = reference
        self.total = total
        self.number = number
    }

    /// Nil when the element is another one, or one that the specification says to ignore.
    init?(_ element: HeaderElement) {
        let content = element.content
        switch (element.identifier, content.count) {
        case (Self.narrowIdentifier, 3):
            self.init(reference: .narrow(content[0]), total: content[1], number: content[2])
        case (Self.wideIdentifier, 4):
            let reference = UInt16(content[0]) << 8 | UInt16(content[1])
            self.init(reference: .wide(reference), total: content[2], number: content[3])
        default:
            return nil
        }
    }

    package var element: HeaderElement {
        switch reference {
        case .narrow(let value):
            HeaderElement(identifier: Self.narrowIdentifier, content: [value, total, number])
        case .wide(let value):
            HeaderElement(
                identifier: Self.wideIdentifier,
                content: [
                    UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value),
                    total, number,
                ]
            )
        }
    }

    private static let narrowIdentifier: UInt8 = 0x00
    private static let wideIdentifier: UInt8 = 0x08
}

/// The number that the parts of one message share, in 8 or in 16 bits.
///
/// References of different widths are different, whatever their values.
package enum ConcatenationReference: Hashable, Sendable {
    case narrow(UInt8)
    case wide(UInt16)
}
