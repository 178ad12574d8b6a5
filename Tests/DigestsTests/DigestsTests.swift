import Digests
import Testing

/// Vectors of FIPS 180-4 and RFC 4231.
struct DigestsTests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func aMessageHasItsPublishedDigest(message: String, digest: String) {
        #expect(hex(SHA256Digest.of(message.utf8)) == digest)
    }

    @Test func piecesGiveTheDigestOfTheWhole() {
        let whole = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
        var digest = SHA256Digest()
        for start in stride(from: 0, to: 1000, by: 7) {
            digest.update(whole[start..<min(start + 7, 1000)])
        }
        #expect(digest.finish() == SHA256Digest.of(whole))
        #expect(digest.finish() == SHA256Digest.of(whole))
    }

    @Test func octetsThatAreNotContiguousCountTheSame() {
        #expect(SHA256Digest.of((0..<9).lazy.map { UInt8($0) }) == SHA256Digest.of(Array(0..<9)))
    }

    @Test(arguments: [
        (
            [UInt8](repeating: 0x0B, count: 20), "Hi There",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            Array("Jefe".utf8), "what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
    ])
    func aCodeIsThePublishedOne(key: [UInt8], message: String, code: String) {
        #expect(hex(HMACSHA256.code(for: Array(message.utf8), key: key)) == code)
    }

    @Test func onlyTheRightCodeIsValid() {
        let message: [UInt8] = [1, 2, 3]
        var code = HMACSHA256.code(for: message, key: [9])
        #expect(HMACSHA256.isValid(code, for: message, key: [9]))
        #expect(!HMACSHA256.isValid(code, for: message, key: [8]))
        code[31] ^= 1
        #expect(!HMACSHA256.isValid(code, for: message, key: [9]))
    }
}

private func hex(_ bytes: [UInt8]) -> String {
    bytes.map { byte in
        let digits = String(byte, radix: 16)
        return digits.count == 1 ? "0\(digits)" : digits
    }.joined()
}
