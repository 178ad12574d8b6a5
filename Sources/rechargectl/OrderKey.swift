/// Idempotency keys: what tells a repeated order from a second one.
enum OrderKey {
    /// A key for an order that is meant once.
    static func random() -> String {
        hex(UInt128.random(in: 0...UInt128.max))
    }

    /// The key of a batch file, the same for the same content and default carrier.
    ///
    /// Not a cryptographic digest, and need not be one: the daemon compares the content itself, so
    /// that two files with one key are a conflict and never taken for each other.
    static func batch(_ digest: ContentDigest, carrier: String?) -> String {
        var digest = digest
        if let carrier { digest.update(Array("\u{0}\(carrier)".utf8)) }
        return "file-\(hex(digest.value))"
    }

    private static func hex(_ value: UInt128) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 32 - digits.count) + digits
    }
}

/// The 128-bit FNV-1a of octets that come in pieces.
struct ContentDigest: Hashable, Sendable {
    private(set) var value: UInt128 = 0x6C62_272E_07BB_0142_62B8_2175_6295_C58D

    mutating func update(_ bytes: [UInt8]) {
        for byte in bytes {
            value = (value ^ UInt128(byte)) &* 0x0000_0000_0100_0000_0000_0000_0000_013B
        }
    }
}
