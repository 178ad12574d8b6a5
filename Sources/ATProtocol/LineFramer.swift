/// Cuts the bytes of a modem into lines and prompts.
///
/// CR, LF and Ctrl-Z end a line, in any number and order: Ctrl-Z because a modem that echoes
/// the payload may print the answer right behind it. Empty lines vanish, as do control bytes
/// and spaces around a line. Bytes that are not UTF-8 become U+FFFD, so they can never form a
/// result code.
struct LineFramer {
    enum Token: Hashable {
        case line(String)
        /// `>` at the start of a line, or right behind the echo of the command.
        case prompt
        /// A line passed `lineBytesMax`; the rest of it is dropped.
        case overlong
    }

    static let lineBytesMax = 2_048

    /// The echo that may stand before a prompt; nil while no prompt is awaited.
    ///
    /// Without it `>` is an ordinary character.
    var promptEcho: [UInt8]?

    private var buffer: [UInt8] = []
    private var isDroppingRest = false

    mutating func push(_ byte: UInt8) -> Token? {
        if byte == 0x0D || byte == 0x0A || byte == 0x1A { return endLine() }
        if isDroppingRest || (buffer.isEmpty && (byte <= 0x20 || byte == 0x7F)) { return nil }
        guard buffer.count < Self.lineBytesMax else {
            buffer.removeAll(keepingCapacity: true)
            isDroppingRest = true
            return .overlong
        }
        buffer.append(byte)
        if byte == UInt8(ascii: ">"), let promptEcho,
            buffer.count == 1 || buffer.dropLast().elementsEqual(promptEcho)
        {
            buffer.removeAll(keepingCapacity: true)
            return .prompt
        }
        return nil
    }

    private mutating func endLine() -> Token? {
        isDroppingRest = false
        while let last = buffer.last, last <= 0x20 || last == 0x7F { buffer.removeLast() }
        guard !buffer.isEmpty else { return nil }
        defer { buffer.removeAll(keepingCapacity: true) }
        return .line(String(decoding: buffer, as: UTF8.self))
    }
}
