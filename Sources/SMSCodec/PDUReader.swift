/// A cursor over the octets of a PDU that names the field when they run out.
///
/// Slices keep the indices of the whole PDU, so an index into one is the octet of an error.
struct PDUReader {
    private let octets: [UInt8]
    private(set) var position = 0

    init(_ octets: [UInt8]) {
        self.octets = octets
    }

    var left: Int { octets.count - position }

    mutating func octet(_ field: PDUError.Field) throws(PDUError) -> UInt8 {
        guard position < octets.count else {
            throw .decoding(field, at: position, .truncated(announced: 1, left: 0))
        }
        defer { position += 1 }
        return octets[position]
    }

    mutating func octets(
        _ count: Int,
        _ field: PDUError.Field
    ) throws(PDUError) -> ArraySlice<UInt8> {
        guard count <= left else {
            throw .decoding(field, at: position, .truncated(announced: count, left: left))
        }
        defer { position += count }
        return octets[position..<position + count]
    }

    mutating func sevenOctets(_ field: PDUError.Field) throws(PDUError) -> SevenOctets {
        SevenOctets(try octets(SevenOctets.count, field))
    }
}
