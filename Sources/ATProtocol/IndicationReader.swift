/// Recognises indications line by line and joins those of several lines.
///
///     +CMT: ,28                     +CUSD: 0,"Balance 50
///     0791...                       Thank you",15
///
/// The line behind a header is its body whatever it says, unless it is a known indication:
/// were the modem left in text mode, a message that reads `OK` would otherwise end a command.
/// Losing a true `OK` that way costs a time-out; believing a false one could cost money.
struct IndicationReader {
    /// Lines that one USSD text may take before it is given up.
    static let ussdLinesMax = 16

    private var header: String?
    private var ussd: [String] = []

    /// Reads a line that may belong to an indication begun earlier; nil if none was begun.
    ///
    /// An empty answer means that the line was kept.
    mutating func continued(by line: String) -> [ATIndication]? {
        if !ussd.isEmpty {
            ussd.append(line)
            guard Self.quotesBalance(line) == false || ussd.count == Self.ussdLinesMax else {
                return []
            }
            return abandoned()
        }
        guard let header else { return nil }
        if let indication = ATIndication(line: line) { return [indication] }
        self.header = nil
        if Self.isHeader(line) {
            self.header = line
            return [.other(header)]
        }
        guard line.isHexOctets, let complete = Self.joined(header, line) else {
            return [.other(header), .other(line)]
        }
        return [complete]
    }

    /// Reads a line that may be or begin an indication; nil if it does neither.
    mutating func begun(by line: String) -> [ATIndication]? {
        if Self.isHeader(line) {
            header = line
            return []
        }
        if line.utf8.starts(with: "+CUSD:".utf8), !Self.quotesBalance(line) {
            ussd = [line]
            return []
        }
        return ATIndication(line: line).map { [$0] }
    }

    /// Gives up what was begun: its rest is not coming.
    mutating func abandoned() -> [ATIndication] {
        defer {
            ussd = []
            header = nil
        }
        if let header { return [.other(header)] }
        let text = ussd.joined(separator: "\n")
        guard !ussd.isEmpty else { return [] }
        return [ATIndication(line: text) ?? .other(text)]
    }

    private static func isHeader(_ line: String) -> Bool {
        IndicationTable.twoLinePrefixes.contains { line.utf8.starts(with: $0.utf8) }
    }

    private static func joined(_ header: String, _ pdu: String) -> ATIndication? {
        for prefix in IndicationTable.twoLinePrefixes {
            guard let fields = ResponseFields(header, prefix: prefix) else { continue }
            guard let length = fields.fields.last?.number else { return nil }
            switch prefix {
            case "+CMT:": return .message(pdu: pdu, length: length)
            case "+CDS:": return .statusReport(pdu: pdu, length: length)
            default: return .cellBroadcast(pdu: pdu, length: length)
            }
        }
        return nil
    }

    private static func quotesBalance(_ line: String) -> Bool {
        line.utf8.count { $0 == UInt8(ascii: "\"") }.isMultiple(of: 2)
    }
}
