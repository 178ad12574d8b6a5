import Recharge

/// How the carrier's CSV of what it charged is laid out.
package struct StatementLayout: Hashable, Sendable {
    /// What a column holds.
    package enum Column: String, Hashable, Sendable, CaseIterable {
        case number
        case amount
        case serial
        case time
        /// Whether the line was charged; without it every line was.
        case status
    }

    /// The name of each column in the header of the file.
    package let columns: [Column: String]
    /// The values of the status that mean charged; empty without such a column.
    package let succeeded: Set<String>
    /// The values that mean that nothing was charged.
    ///
    /// A line with any other one does not say what became of its number: nothing is absent there.
    package let failed: Set<String>
    let time: TimePattern
}

/// How a statement writes times: `YYYY-MM-DD hh:mm:ss`, with anything between the fields.
struct TimePattern: Hashable, Sendable {
    enum Field: String, Hashable, Sendable, CaseIterable {
        case year = "YYYY"
        case month = "MM"
        case day = "DD"
        case hour = "hh"
        case minute = "mm"
        case second = "ss"
    }

    enum Piece: Hashable, Sendable {
        case literal(Unicode.Scalar)
        case field(Field)
    }

    let pieces: [Piece]

    /// Every field must stand in it exactly once; only the seconds may be missing.
    init(_ pattern: String) throws(TemplateError) {
        var pieces: [Piece] = []
        var seen: Set<Field> = []
        var rest = Substring(pattern).unicodeScalars
        while let first = rest.first {
            let text = String(Substring(rest))
            guard let field = Field.allCases.first(where: { text.hasPrefix($0.rawValue) }) else {
                guard !isDigit(first), first.value >= 0x20 else {
                    throw TemplateError("has a digit or a control character", cure: Self.cure)
                }
                pieces.append(.literal(first))
                rest.removeFirst()
                continue
            }
            guard seen.insert(field).inserted else {
                throw TemplateError("names \(field.rawValue) twice", cure: Self.cure)
            }
            pieces.append(.field(field))
            rest.removeFirst(field.rawValue.unicodeScalars.count)
        }
        for field in Field.allCases where field != .second && !seen.contains(field) {
            throw TemplateError("lacks \(field.rawValue)", cure: Self.cure)
        }
        self.pieces = pieces
    }

    private static let cure = "write it like YYYY-MM-DD hh:mm:ss"

    /// The time that a text shows, as if it were UTC; nil unless it is written exactly so.
    func local(_ text: String) -> Timestamp? {
        var rest = Substring(text).unicodeScalars
        var values: [Field: Int64] = [:]
        for piece in pieces {
            switch piece {
            case .literal(let literal):
                guard rest.popFirst() == literal else { return nil }
            case .field(let field):
                let digits = rest.prefix(field.rawValue.utf8.count)
                guard digits.count == field.rawValue.utf8.count, digits.allSatisfy(isDigit) else {
                    return nil
                }
                values[field] = digits.reduce(0) { $0 * 10 + Int64($1.value - 0x30) }
                rest.removeFirst(digits.count)
            }
        }
        guard rest.isEmpty, let year = values[.year], let month = values[.month],
            let day = values[.day], let hour = values[.hour], let minute = values[.minute]
        else { return nil }
        return Timestamp(fields: (year, month, day, hour, minute, values[.second] ?? 0))
    }
}
