/// Seven-bit units packed into octets, least significant bit first.
///
/// ```
/// septets   aaaaaaa bbbbbbb ccccccc …
/// octets    baaaaaaa ccbbbbbb …          (3GPP 23.038 §6.1.2.1.1)
/// ```
enum Septets {
    /// Appends the septets, with `fillBits` zero bits before the first, even when there is none.
    static func pack(_ septets: [UInt8], fillBits: Int = 0, into octets: inout [UInt8]) {
        var accumulator: UInt32 = 0
        var bits = fillBits
        for septet in septets {
            accumulator |= UInt32(septet & 0x7F) << UInt32(bits)
            bits += 7
            while bits >= 8 {
                octets.append(UInt8(truncatingIfNeeded: accumulator))
                accumulator >>= 8
                bits -= 8
            }
        }
        if bits > 0 { octets.append(UInt8(truncatingIfNeeded: accumulator)) }
    }

    /// Takes `count` septets that start `firstBit` bits into `octets`, or as many as are there.
    static func unpack(_ octets: ArraySlice<UInt8>, firstBit: Int, count: Int) -> [UInt8] {
        var septets: [UInt8] = []
        septets.reserveCapacity(count)
        var accumulator: UInt32 = 0
        var bits = 0
        var unread = octets.dropFirst(firstBit / 8)
        if let first = unread.popFirst() {
            accumulator = UInt32(first) >> UInt32(firstBit % 8)
            bits = 8 - firstBit % 8
        }
        while septets.count < count {
            if bits < 7 {
                guard let next = unread.popFirst() else { break }
                accumulator |= UInt32(next) << UInt32(bits)
                bits += 8
            }
            septets.append(UInt8(truncatingIfNeeded: accumulator & 0x7F))
            accumulator >>= 7
            bits -= 7
        }
        return septets
    }
}
