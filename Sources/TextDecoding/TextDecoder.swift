/// Turns the bytes of a file into UTF-8, chunk by chunk, without ever losing or replacing a byte.
///
/// Where no encoding is named it is guessed from the first ``detectionBytes``: a byte order mark,
/// else valid UTF-8, else GB18030. Nothing is given out before that. When a guess turns out wrong
/// later, text may have gone out already: decoding then ends with an error that asks for the name.
/// A byte order mark is removed. How the bytes are cut into chunks makes no difference.
package struct TextDecoder: ~Copyable {
    /// How many bytes a guess is made from.
    package static let detectionBytes = 65_536

    /// What the bytes are taken for; nil as long as too few have come to tell.
    package private(set) var encoding: TextEncoding?
    /// Whether the encoding is a guess, rather than named.
    package let isGuessed: Bool

    private var converter: CharacterConverter?
    /// Bytes not yet decoded: all before the guess, then an unfinished sequence.
    private var carried: [UInt8] = []
    /// The place of the first carried byte in the file.
    private var offset = 0
    private var isAtStart = true

    /// Takes the name of the encoding, or nil to guess it.
    package init(_ encoding: TextEncoding? = nil) {
        self.encoding = encoding
        isGuessed = encoding == nil
    }

    /// Guesses the encoding of a file by its beginning.
    ///
    /// - Parameters:
    ///   - prefix: the first bytes of the file.
    ///   - isWhole: whether these are all of its bytes, so that none may be missing at the end.
    /// - Returns: what the bytes most likely are.
    package static func detect(prefix: [UInt8], isWhole: Bool) -> TextEncoding {
        for encoding in TextEncoding.allCases where prefix.starts(with: encoding.byteOrderMark) {
            return encoding
        }
        let valid = validUTF8Count(prefix)
        if valid == prefix.count { return .utf8 }
        // The prefix may end within a character: its first bytes are then all that is left.
        let isCut = !isWhole && isUnfinished(prefix[valid...])
        return isCut ? .utf8 : .gb18030
    }

    /// Decodes the next chunk; the answer may be empty, or hold text of chunks before.
    package mutating func decode(_ chunk: [UInt8]) throws(TextDecodingError) -> [UInt8] {
        if encoding == nil {
            carried += chunk
            guard carried.count >= TextDecoder.detectionBytes else { return [] }
            return try decodeCarried(isWhole: false)
        }
        if carried.isEmpty, !isAtStart { return try convert(chunk, isLast: false) }
        carried += chunk
        return try decodeCarried(isWhole: false)
    }

    /// Decodes what is left after the last chunk.
    package mutating func finish() throws(TextDecodingError) -> [UInt8] {
        try decodeCarried(isWhole: true)
    }

    private mutating func decodeCarried(isWhole: Bool) throws(TextDecodingError) -> [UInt8] {
        let chosen = encoding ?? TextDecoder.detect(prefix: carried, isWhole: isWhole)
        encoding = chosen
        if isAtStart {
            let mark = chosen.byteOrderMark
            // Too short to tell whether it is the mark.
            if !isWhole, carried.count < mark.count, mark.starts(with: carried) { return [] }
            isAtStart = false
            if carried.starts(with: mark) {
                carried.removeFirst(mark.count)
                offset += mark.count
            }
        }
        let bytes = carried
        carried = []
        return try convert(bytes, isLast: isWhole)
    }

    private mutating func convert(
        _ bytes: [UInt8],
        isLast: Bool
    ) throws(TextDecodingError) -> [UInt8] {
        guard let encoding else { return [] }
        if encoding == .utf8 { return try pass(bytes, isLast: isLast) }
        if converter == nil { converter = CharacterConverter(from: encoding) }
        guard let step = converter?.convert(bytes) else { throw error(.unavailable, encoding) }
        offset += step.consumed
        if step.isBad { throw error(.badSequence, encoding) }
        carried = Array(bytes[step.consumed...])
        if isLast, !carried.isEmpty { throw error(.cutOff, encoding) }
        return step.text
    }

    private mutating func pass(
        _ bytes: [UInt8],
        isLast: Bool
    ) throws(TextDecodingError) -> [UInt8] {
        let valid = TextDecoder.validUTF8Count(bytes)
        offset += valid
        if valid == bytes.count { return bytes }
        let rest = bytes[valid...]
        let isUnfinished = TextDecoder.isUnfinished(rest)
        if !isUnfinished { throw error(.badSequence, .utf8) }
        if isLast { throw error(.cutOff, .utf8) }
        carried = Array(rest)
        return Array(bytes[..<valid])
    }

    private func error(
        _ kind: TextDecodingError.Kind,
        _ encoding: TextEncoding
    )
        -> TextDecodingError
    {
        TextDecodingError(kind: kind, encoding: encoding, isGuessed: isGuessed, offset: offset)
    }
}

extension TextDecoder {
    /// How many bytes at the front are whole, valid UTF-8 (RFC 3629 §4).
    private static func validUTF8Count(_ bytes: [UInt8]) -> Int {
        var index = 0
        while index < bytes.count {
            if bytes[index] < 0x80 {
                index += 1
                continue
            }
            guard let length = sequenceLength(bytes[index...]), index + length <= bytes.count
            else { return index }
            index += length
        }
        return index
    }

    /// Whether the bytes are the beginning of a UTF-8 sequence that needs more bytes.
    private static func isUnfinished(_ bytes: ArraySlice<UInt8>) -> Bool {
        sequenceLength(bytes).map { bytes.count < $0 } ?? false
    }

    /// The length of the UTF-8 sequence that begins here; nil when what is there breaks the rules.
    private static func sequenceLength(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard let lead = bytes.first else { return nil }
        let second: ClosedRange<UInt8>
        let length: Int
        switch lead {
        case 0x00...0x7F: return 1
        case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: return nil
        }
        let rest = bytes.dropFirst().prefix(length - 1)
        if let first = rest.first, !second.contains(first) { return nil }
        return rest.dropFirst().allSatisfy { (0x80...0xBF).contains($0) } ? length : nil
    }
}
