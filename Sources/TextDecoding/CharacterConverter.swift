import Glibc

/// One conversion descriptor of iconv, from an encoding to UTF-8.
struct CharacterConverter: ~Copyable {
    /// How far one conversion came.
    struct Step {
        /// How many bytes of the input were converted.
        var consumed: Int
        var text: [UInt8]
        /// Whether the byte after them begins a sequence that the encoding does not have.
        var isBad: Bool
    }

    private let descriptor: iconv_t

    /// Opens the conversion; nil when the system does not have it.
    init?(from encoding: TextEncoding) {
        let opened = iconv_open("UTF-8", encoding.rawValue)
        // iconv_open gives (iconv_t)-1 on error.
        guard let opened, Int(bitPattern: opened) != -1 else { return nil }
        descriptor = opened
    }

    deinit {
        iconv_close(descriptor)
    }

    /// Converts what is whole of the input; an unfinished sequence at its end is not consumed.
    mutating func convert(_ input: [UInt8]) -> Step {
        // No character of these encodings grows to more than three times its bytes in UTF-8.
        let capacity = input.count * 3 + 16
        var source = input
        var consumed = 0
        var isBad = false
        let text = [UInt8](unsafeUninitializedCapacity: capacity) { target, written in
            source.withUnsafeMutableBytes { bytes in
                var next = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
                var left = bytes.count
                var free = capacity
                target.withMemoryRebound(to: CChar.self) { room in
                    var out = room.baseAddress
                    let result = iconv(descriptor, &next, &left, &out, &free)
                    // EINVAL is an unfinished sequence at the end; more than 0 is a lossy change.
                    isBad = result == -1 ? errno != EINVAL : result > 0
                }
                consumed = bytes.count - left
                written = capacity - free
            }
        }
        return Step(consumed: consumed, text: text, isBad: isBad)
    }
}
