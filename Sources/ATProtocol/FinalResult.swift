/// A line that ends a command's answer.
///
/// Only a whole line counts: `OK. Recharge of 50` is a text, not a result (V.250 §5.7.1).
enum FinalResult: Hashable {
    case ok
    case error(ATError)
    /// The end of a call: a result for a command that dials, an indication for all others.
    case callEnded(String)

    init?(_ line: String) {
        // U+212A is canonically equal to K: only ASCII can be a result code.
        guard line.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        switch line {
        case "OK": self = .ok
        case "ERROR": self = .error(.unspecified)
        case "COMMAND NOT SUPPORT", "TOO MANY PARAMETERS": self = .error(.unsupported)
        case "ABORTED": self = .error(.worded(line))
        case "NO CARRIER", "NO ANSWER", "NO DIALTONE", "BUSY": self = .callEnded(line)
        default:
            if let reason = Self.reason(of: line, after: "+CMS ERROR:") {
                self = .error(Self.number(reason).map(ATError.messageService) ?? .worded(reason))
            } else if let reason = Self.reason(of: line, after: "+CME ERROR:") {
                self = .error(Self.number(reason).map(ATError.equipment) ?? .worded(reason))
            } else if let reason = Self.reason(of: line, after: "+EXT ERROR:")
                ?? Self.reason(of: line, after: "MODEM ERROR:")
            {
                self = .error(.worded(reason))
            } else {
                return nil
            }
        }
    }

    private static func reason(of line: String, after prefix: String) -> String? {
        guard line.utf8.starts(with: prefix.utf8) else { return nil }
        let reason = line.utf8.dropFirst(prefix.utf8.count).drop { $0 == 0x20 }
        return String(Substring(reason))
    }

    private static func number(_ text: String) -> Int? {
        text.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } ? Int(text) : nil
    }
}
