import Crypto

/// The SHA-256 of octets that come in pieces (FIPS 180-4).
///
/// One value for one message: ``finish()`` does not disturb it, so a running digest may be read.
package struct SHA256Digest: Sendable {
    private var hash = SHA256()

    package init() {}

    /// Takes the next octets of the message.
    package mutating func update(_ bytes: some Collection<UInt8>) {
        let isContiguous: Void? = bytes.withContiguousStorageIfAvailable { octets in
            hash.update(bufferPointer: UnsafeRawBufferPointer(octets))
        }
        if isContiguous == nil { hash.update(data: Array(bytes)) }
    }

    /// The 32 octets of the digest of all octets so far.
    package func finish() -> [UInt8] {
        Array(hash.finalize())
    }

    /// The digest of one message at hand.
    package static func of(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var digest = SHA256Digest()
        digest.update(bytes)
        return digest.finish()
    }
}
