/// A number that stands for all that happened in a run, in its order: the same run, the same number.
package struct TraceDigest: Hashable, Sendable {
    package private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ word: UInt64) {
        value = (value ^ word) &* 0x0000_0100_0000_01B3
        value ^= value >> 29
    }

    mutating func add(_ number: Int64) { add(UInt64(bitPattern: number)) }

    mutating func add(_ octets: some Sequence<UInt8>) {
        for octet in octets { add(UInt64(octet)) }
    }
}
