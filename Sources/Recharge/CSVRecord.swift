/// One record of a CSV file: its bytes as they stood in the file, and where its cells lie in them.
///
/// No cell is copied until someone asks for it, which is what keeps a million rows cheap.
package struct CSVRecord: Hashable, Sendable {
    /// Where one cell lies in ``CSVRecord/raw``, without its quotes.
    struct Cell: Hashable, Sendable {
        var start: Int
        var end: Int
        /// Whether its content holds doubled quotes that stand for one.
        var hasPairs: Bool
    }

    /// The line of the file where it begins; 1 is the first.
    package internal(set) var line = 1
    /// The bytes of the record as they came, without the line end.
    package internal(set) var raw: [UInt8] = []
    /// What is wrong with its form.
    ///
    /// Its cells are not to be trusted then.
    package internal(set) var faults: [CSVFault] = []
    var cells: [Cell] = []

    package var count: Int { cells.count }

    /// Whether nothing stands on its line.
    package var isBlank: Bool { raw.isEmpty }

    /// The content of a cell, counted from 0, with quotes removed and doubled quotes made single.
    package func cell(_ index: Int) -> ArraySlice<UInt8> {
        let cell = cells[index]
        let content = raw[cell.start..<cell.end]
        guard cell.hasPairs else { return content }
        var single: [UInt8] = []
        var isSecond = false
        for byte in content {
            isSecond = byte == 0x22 && !isSecond
            if !isSecond { single.append(byte) }
        }
        return single[...]
    }
}

/// A fault in the form of a CSV file, RFC 4180.
package struct CSVFault: Hashable, Sendable {
    /// What it is.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// A quote was opened and never closed: what follows cannot be read.
        case unterminatedQuote = "unterminated_quote"
        case textAfterQuote = "text_after_quote"
        case quoteInUnquotedCell = "quote_in_unquoted_cell"
        case nul
        case recordTooLong = "record_too_long"
        case tooManyColumns = "too_many_columns"
    }

    package var kind: Kind
    /// The line of the file; for an unterminated quote, the one where it was opened.
    package var line: Int
    /// The cell of the record, counted from 1.
    package var column: Int

    package init(_ kind: Kind, line: Int, column: Int) {
        self.kind = kind
        self.line = line
        self.column = column
    }
}
