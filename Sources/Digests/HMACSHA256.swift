import Crypto

/// HMAC with SHA-256 (RFC 2104): a digest that only the holder of the key can make.
package enum HMACSHA256 {
    /// The 32 octets of the code for a message.
    package static func code(for message: [UInt8], key: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: key)))
    }

    /// Whether a code belongs to a message, compared in constant time.
    package static func isValid(_ code: [UInt8], for message: [UInt8], key: [UInt8]) -> Bool {
        HMAC<SHA256>.isValidAuthenticationCode(
            code,
            authenticating: message,
            using: SymmetricKey(data: key)
        )
    }
}
