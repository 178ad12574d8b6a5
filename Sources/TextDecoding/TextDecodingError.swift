/// Why the bytes of a file are no text.
package struct TextDecodingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    package enum Kind: String, Hashable, Sendable {
        /// Bytes that the encoding does not have.
        case badSequence = "bad_sequence"
        /// The file ends in the middle of a character.
        case cutOff = "cut_off"
        /// The system's iconv does not know the encoding.
        case unavailable
    }

    package var kind: Kind
    package var encoding: TextEncoding
    /// Whether the encoding was guessed rather than named.
    package var isGuessed: Bool
    /// Where the bad sequence begins, counted from 0 at the first byte of the file.
    package var offset: Int

    package init(kind: Kind, encoding: TextEncoding, isGuessed: Bool, offset: Int) {
        self.kind = kind
        self.encoding = encoding
        self.isGuessed = isGuessed
        self.offset = offset
    }

    package var description: String {
        let name = encoding.rawValue
        let guess = isGuessed ? ", which its beginning suggested" : ""
        switch kind {
        case .badSequence, .cutOff:
            let what = kind == .cutOff ? "ends in the middle of a character" : "is not valid"
            let cure =
                isGuessed
                ? "name the file's encoding (--encoding), or save it as UTF-8"
                : "save the file as UTF-8, or name its true encoding (--encoding)"
            return "byte \(offset) of the file: the text \(what) in \(name)\(guess); \(cure)"
        case .unavailable:
            return "iconv of this system cannot read \(name); save the file as UTF-8"
        }
    }
}
