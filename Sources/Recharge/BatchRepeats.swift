/// Remembers which rows of one file were seen, to find the ones that repeat an earlier row.
///
/// A million rows take about 30 MB, with references 55 MB: each entry is a 16-byte integer that
/// holds key and line together.
struct BatchRepeats: Sendable {
    /// Number (50 bits: 15 digits, none leading zero), amount (40 bits) and repeat index (6 bits),
    /// exactly.
    private var orders = BatchLineTable()
    /// References by 95 bits of a keyed hash.
    ///
    /// That two different ones of a million rows meet has a probability of 10⁻¹⁷.
    private var references = BatchLineTable()

    /// The line of an earlier row with this number, amount and repeat index.
    ///
    /// Nil when both rows have references that tell them apart.
    mutating func repeated(
        _ number: PhoneNumber,
        _ amount: Amount,
        repeatIndex: Int?,
        hasReference: Bool,
        line: Int
    )
        -> Int?
    {
        let digits = number.e164.utf8.dropFirst().reduce(UInt64(0)) {
            $0 &* 10 &+ UInt64($1 & 0x0F)
        }
        let order = UInt128(digits) << 40 | UInt128(UInt64(bitPattern: amount.minorUnits))
        let key = order << 6 | UInt128(repeatIndex ?? 0)
        let mark = UInt32(truncatingIfNeeded: line) << 1 | (hasReference ? 1 : 0)
        guard let earlier = orders.insert(key, mark: mark) else { return nil }
        return hasReference && earlier & 1 == 1 ? nil : Int(earlier >> 1)
    }

    /// The line of an earlier row with this reference.
    mutating func repeated(reference: ArraySlice<UInt8>, line: Int) -> Int? {
        let high = UInt32(truncatingIfNeeded: hash(reference, domain: 1))
        let low = UInt64(bitPattern: Int64(hash(reference, domain: 2))) | 1
        let key = UInt128(high) << 64 | UInt128(low)
        return references.insert(key, mark: UInt32(truncatingIfNeeded: line)).map { Int($0) }
    }

    private func hash(_ bytes: ArraySlice<UInt8>, domain: UInt8) -> Int {
        var hasher = Hasher()
        hasher.combine(domain)
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
        return hasher.finalize()
    }
}

/// A set of 96-bit keys, each with a 32-bit mark, in one integer a slot: open addressing.
///
/// It grows segment by segment, so that growing never holds two copies of the whole.
struct BatchLineTable: Sendable {
    private struct Segment {
        var slots = [UInt128](repeating: 0, count: 16)
        var count = 0
    }

    private static let segmentBits = 6
    private var segments = [Segment](repeating: Segment(), count: 1 << segmentBits)
    private let seed: UInt64

    init() {
        // Keyed by the process's own hash seed: no file can be made to fill one segment.
        seed = UInt64(bitPattern: Int64("BatchLineTable".hashValue))
    }

    /// Adds a key above zero; the mark it has already, when it was there.
    mutating func insert(_ key: UInt128, mark: UInt32) -> UInt32? {
        let hash = hash(of: key)
        let index = Int(hash >> (64 - UInt64(BatchLineTable.segmentBits)))
        let slot = find(key, hash, in: segments[index].slots)
        let found = segments[index].slots[slot]
        if found != 0 { return UInt32(truncatingIfNeeded: found) }
        segments[index].slots[slot] = key << 32 | UInt128(mark)
        segments[index].count += 1
        if segments[index].count * 5 > segments[index].slots.count * 4 { grow(index) }
        return nil
    }

    private func find(_ key: UInt128, _ hash: UInt64, in slots: [UInt128]) -> Int {
        let spread = hash << UInt64(BatchLineTable.segmentBits)
        var slot = Int(spread.multipliedFullWidth(by: UInt64(slots.count)).high)
        while slots[slot] != 0, slots[slot] >> 32 != key {
            slot += 1
            if slot == slots.count { slot = 0 }
        }
        return slot
    }

    private mutating func grow(_ index: Int) {
        let old = segments[index].slots
        var slots = [UInt128](repeating: 0, count: old.count + old.count / 4)
        for entry in old where entry != 0 {
            slots[find(entry >> 32, hash(of: entry >> 32), in: slots)] = entry
        }
        segments[index].slots = slots
    }

    /// Mixes the key's halves with the seed (the finaliser of MurmurHash3).
    private func hash(of key: UInt128) -> UInt64 {
        var hash = UInt64(truncatingIfNeeded: key) ^ seed
        for half in [0, UInt64(truncatingIfNeeded: key >> 64)] {
            hash ^= half
            hash = (hash ^ hash >> 33) &* 0xFF51_AFD7_ED55_8CCD
            hash = (hash ^ hash >> 33) &* 0xC4CE_B9FE_1A85_EC53
            hash ^= hash >> 33
        }
        return hash
    }
}
