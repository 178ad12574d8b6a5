/// Splits `AT+CMEE=1;+CREG=2` and `ATE0V1` into commands.
struct ATCommandLine {
    private let bytes: [UInt8]
    private var position: Int

    /// Nil when the line does not begin with `AT` in either case.
    init?(_ line: [UInt8]) {
        let start = line.firstIndex { $0 > 0x20 } ?? line.endIndex
        guard line.endIndex - start >= 2, line[start] | 0x20 == UInt8(ascii: "a"),
            line[start + 1] | 0x20 == UInt8(ascii: "t")
        else { return nil }
        bytes = line
        position = start + 2
    }

    /// All commands of the line; nil when one is malformed.
    mutating func commands() -> [ParsedCommand]? {
        var commands: [ParsedCommand] = []
        while let byte = next {
            switch byte {
            case UInt8(ascii: ";"), UInt8(ascii: " "):
                position += 1
            case UInt8(ascii: "+"), UInt8(ascii: "^"), UInt8(ascii: "*"), UInt8(ascii: "$"),
                UInt8(ascii: "%"), UInt8(ascii: "#"):
                guard let command = extended() else { return nil }
                commands.append(command)
            default:
                guard let command = basic() else { return nil }
                commands.append(command)
            }
        }
        return commands
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func extended() -> ParsedCommand? {
        let end = bytes[position...].firstIndex { "=?;".utf8.contains($0) } ?? bytes.endIndex
        let name = String(decoding: bytes[position..<end], as: UTF8.self)
            .filter { $0 != " " }.uppercased()
        position = end
        guard name.utf8.count > 1 else { return nil }
        switch next {
        case UInt8(ascii: "?"):
            position += 1
            return ParsedCommand(name: name, operation: .read, arguments: [])
        case UInt8(ascii: "="):
            position += 1
            if next == UInt8(ascii: "?") {
                position += 1
                return ParsedCommand(name: name, operation: .test, arguments: [])
            }
            return ParsedCommand(name: name, operation: .set, arguments: arguments())
        default:
            return ParsedCommand(name: name, operation: .execute, arguments: [])
        }
    }

    /// Reads to the next semicolon outside quotes.
    private mutating func arguments() -> [String] {
        var arguments: [[UInt8]] = [[]]
        var isQuoted = false
        while let byte = next, isQuoted || byte != UInt8(ascii: ";") {
            position += 1
            if byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
            } else if byte == UInt8(ascii: ","), !isQuoted {
                arguments.append([])
            } else if isQuoted || byte != 0x20 {
                arguments[arguments.count - 1].append(byte)
            }
        }
        return arguments.map { String(decoding: $0, as: UTF8.self) }
    }

    /// A letter, after `&` or `\` perhaps, and a number; `S3=13`, `S3?` and a dialled number too.
    private mutating func basic() -> ParsedCommand? {
        var name = ""
        if let byte = next, byte == UInt8(ascii: "&") || byte == UInt8(ascii: "\\") {
            name.unicodeScalars.append(Unicode.Scalar(byte))
            position += 1
        }
        guard let letter = next, (0x41...0x5A).contains(letter & ~0x20) else { return nil }
        name.unicodeScalars.append(Unicode.Scalar(letter & ~0x20))
        position += 1
        if name == "D" {
            let rest = String(decoding: bytes[position...], as: UTF8.self)
            position = bytes.endIndex
            return ParsedCommand(name: name, operation: .execute, arguments: [rest])
        }
        let digits = digits()
        guard name == "S" else {
            return ParsedCommand(name: name, operation: .execute, arguments: [digits])
        }
        if next == UInt8(ascii: "?") {
            position += 1
            return ParsedCommand(name: "S", operation: .read, arguments: [digits])
        }
        guard next == UInt8(ascii: "=") else { return nil }
        position += 1
        return ParsedCommand(name: "S", operation: .set, arguments: [digits, self.digits()])
    }

    private mutating func digits() -> String {
        let end = bytes[position...].firstIndex { !(0x30...0x39).contains($0) } ?? bytes.endIndex
        defer { position = end }
        return String(decoding: bytes[position..<end], as: UTF8.self)
    }
}
