/// Seven octets exactly as a PDU carries them: a time stamp or an enhanced validity period.
///
/// Keeping them verbatim is what 3GPP 23.040 §9.2.3.11 asks of a receiver when a digit is not
/// decimal, and what makes a round trip lossless.
package struct SevenOctets: Hashable, Sendable {
    package static let count = 7
    private var bits: UInt64 = 0

    /// Takes the first seven octets; those that are missing are 0.
    package init(_ octets: some Sequence<UInt8>) {
        for (index, octet) in octets.prefix(Self.count).enumerated() {
            bits |= UInt64(octet) << (8 * UInt64(index))
        }
    }

    /// The octet at `index`, 0 for an index outside `0..<7`.
    package subscript(index: Int) -> UInt8 {
        guard (0..<Self.count).contains(index) else { return 0 }
        return UInt8(truncatingIfNeeded: bits >> (8 * UInt64(index)))
    }

    func append(to octets: inout [UInt8]) {
        for index in 0..<Self.count { octets.append(self[index]) }
    }
}
