/// The header line of a batch file: which column stands where.
struct BatchHeader: Sendable {
    /// The names as the file has them, for messages.
    private(set) var names: [String] = []
    private var places: [BatchColumn: Int] = [:]
    /// Why the file cannot be read by this header; all reasons at once.
    private(set) var mistakes: [BatchMistake] = []

    /// Reads the header.
    ///
    /// - Parameters:
    ///   - record: the first line that is not blank.
    ///   - needsCarrier: true when there is no default carrier.
    init(_ record: CSVRecord, needsCarrier: Bool) {
        for fault in record.faults {
            mistakes.append(
                BatchMistake(line: fault.line, column: fault.column, BatchFlaw(fault))
            )
        }
        for index in 0..<record.count {
            let cell = record.cell(index).trimmed
            let name = String(decoding: cell, as: UTF8.self)
            names.append(BatchMistake.shown(cell, isNumber: false))
            if let flaw = place(name, at: index) {
                mistakes.append(
                    BatchMistake(line: record.line, column: index + 1, header: names[index], flaw)
                )
            }
        }
        let required: [BatchColumn] =
            needsCarrier ? [.number, .amount, .carrier] : [.number, .amount]
        for column in required where places[column] == nil {
            mistakes.append(BatchMistake(line: record.line, BatchHeader.missing(column)))
        }
    }

    /// Where a column stands, counted from 0.
    func index(of column: BatchColumn) -> Int? { places[column] }

    private mutating func place(_ name: String, at index: Int) -> BatchFlaw? {
        guard let column = BatchColumn(header: name) else { return BatchHeader.unknown(name) }
        if let first = places[column] {
            return BatchFlaw(
                .duplicateHeader,
                "column \(first + 1) is the \(column.rawValue) already",
                cure: "delete or rename one of the two"
            )
        }
        places[column] = index
        return nil
    }

    private static func unknown(_ name: String) -> BatchFlaw {
        let known = BatchColumn.allCases.map(\.rawValue).joined(separator: ", ")
        if name.isEmpty {
            return BatchFlaw(
                .unknownHeader,
                "the column has no name",
                cure: "delete it, or give it one of \(known)"
            )
        }
        if name.lowercased().hasPrefix("sep=") {
            return BatchFlaw(
                .unknownHeader,
                "the first line is a spreadsheet's hint, not the header",
                cure: "delete this line; the separator is found without it"
            )
        }
        return BatchFlaw(
            .unknownHeader,
            "there is no column of this name",
            cure: "delete it, or name it one of \(known)"
        )
    }

    private static func missing(_ column: BatchColumn) -> BatchFlaw {
        BatchFlaw(
            .missingHeader,
            "the header line has no column \(column.rawValue)",
            cure: column == .carrier
                ? "add it, or name a default carrier"
                : "begin the file with a header line such as number,amount"
        )
    }
}
