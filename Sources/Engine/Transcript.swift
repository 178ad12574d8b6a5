import ATProtocol

/// What was said on the wire for one attempt, secrets replaced, as evidence.
///
/// The payload is never noted as octets: it holds the PIN in packed form. The redacted text stands
/// in its place. Of what the modem says only result codes and message references are taken: any
/// other line may be a broken echo of the payload.
struct Transcript: Hashable, Sendable {
    private(set) var lines: [String] = []

    /// Bounds what a talkative modem can add.
    private static let linesMax = 64

    mutating func sent(_ text: String) {
        note("> \(text)")
    }

    /// Notes words of ours about what came, or the description of a result.
    mutating func received(_ text: String) {
        note("< \(text)")
    }

    /// Notes a line of the modem.
    mutating func received(line: String, isLate: Bool = false) {
        let words = MessageReference(lines: [line]).map { "+CMGS: \($0.rawValue)" }
        note("<\(isLate ? " late:" : "") \(words ?? Transcript.shown(line))")
    }

    mutating func note(_ text: String) {
        guard lines.count < Transcript.linesMax else { return }
        lines.append(text)
    }

    var bytes: [UInt8] {
        Array(lines.joined(separator: "\n").utf8)
    }

    private static func shown(_ line: String) -> String {
        if line == "OK" || line == "ERROR" { return line }
        let isNumbered = ["+CMS ERROR: ", "+CME ERROR: "].contains { prefix in
            let number = line.dropFirst(prefix.utf8.count)
            return line.utf8.starts(with: prefix.utf8) && (1...4).contains(number.utf8.count)
                && number.utf8.allSatisfy { (0x30...0x39).contains($0) }
        }
        return isNumbered ? line : "a line of \(line.utf8.count) bytes"
    }
}
