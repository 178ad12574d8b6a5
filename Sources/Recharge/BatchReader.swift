/// What one chunk of a batch file gave.
package struct BatchPortion: Hashable, Sendable {
    /// Good rows in the order of the file.
    package var orders: [NewJob] = []
    package var refused: [BatchRefusal] = []
}

/// A row that cannot be taken.
package struct BatchRefusal: Hashable, Sendable {
    package var line: Int
    /// The row as it stood in the file, without its line end.
    package var raw: [UInt8]
    package var mistakes: [BatchMistake]
}

/// The sums of what was read of a batch file so far.
package struct BatchTotals: Hashable, Sendable {
    /// Rows with anything on them, the header not counted.
    package var rows = 0
    package var accepted = 0
    /// Whether a row left its carrier to the default.
    package var usesStandardCarrier = false
    package var refused = 0
    /// Of the accepted rows; nil before the first one.
    package var sum: Amount?
    /// All of them, also those that are no longer listed.
    package var mistakes = 0
}

/// Reads a batch file (UTF-8) chunk by chunk into orders, and reports every row that is not one.
///
/// After a bad row it goes on. Only a bad header, a quote that is never closed and too many rows
/// end the reading (``isUnreadable``): then rows are missing that nobody saw, and the file must be
/// refused as a whole. Repeats are told within the file; between files the store tells them.
/// The format is documented in `etc/batches/README.md`.
package struct BatchReader: Sendable {
    /// How many mistakes are kept in ``mistakes``; the rest is only counted.
    package static let mistakesKeptMax = 1000
    /// The most rows of one file; it keeps the sum of amounts and the memory bounded.
    package static let rowsMax = 5_000_000

    package private(set) var totals = BatchTotals()
    /// The first mistakes of the file.
    package private(set) var mistakes: [BatchMistake] = []
    /// Whether part of the file could not be read at all.
    package private(set) var isUnreadable = false
    /// The header line as it stood in the file; nil before it was read.
    package private(set) var header: [UInt8]?

    private let context: BatchContext
    private var csv = CSVReader()
    private var rule: BatchRowRule?
    private var columnCount = 0
    private var repeats = BatchRepeats()
    private var currency: Currency?

    package init(_ context: BatchContext) {
        self.context = context
    }

    /// What separates the cells; a comma until the header was read.
    package var separator: UInt8 { csv.separator ?? 0x2C }

    /// Reads the next chunk.
    package mutating func consume(_ bytes: [UInt8]) -> BatchPortion {
        var portion = BatchPortion()
        var position = 0
        while !isUnreadable, csv.readRecord(bytes, &position) { take(csv.record, &portion) }
        return portion
    }

    /// Reads what is left after the last chunk, and says so when there was nothing to read.
    package mutating func finish() -> BatchPortion {
        var portion = BatchPortion()
        while !isUnreadable, csv.finish() { take(csv.record, &portion) }
        if header == nil {
            let flaw = BatchFlaw(
                .emptyFile,
                "the file is empty",
                cure: "begin it with a header line such as number,amount"
            )
            stop([BatchMistake(line: 1, flaw)])
        } else if totals.rows == 0, !isUnreadable {
            let flaw = BatchFlaw(
                .noRows,
                "the file has a header and no row",
                cure: "add a row for each order"
            )
            stop([BatchMistake(line: 1, flaw)])
        }
        return portion
    }

    private mutating func take(_ record: CSVRecord, _ portion: inout BatchPortion) {
        if record.isBlank { return }
        guard let rule else { return takeHeader(record) }
        totals.rows += 1
        guard totals.rows <= BatchReader.rowsMax else {
            let flaw = BatchFlaw(
                .tooManyRows,
                "the file has more than \(BatchReader.rowsMax) rows",
                cure: "split it into several files"
            )
            return stop([BatchMistake(line: record.line, flaw)])
        }
        if let mistakes = formMistakes(record) {
            if csv.isBroken { isUnreadable = true }
            return refuse(record, mistakes, &portion)
        }
        var row = rule.read(record)
        if row.isStandardCarrier { totals.usesStandardCarrier = true }
        findRepeats(&row, record, rule)
        if let order = row.order(key: context.key) {
            totals.accepted += 1
            let sum = totals.sum?.minorUnits ?? 0
            totals.sum = Amount(
                minorUnits: sum + order.amount.minorUnits,
                currency: order.amount.currency
            )
            portion.orders.append(order)
        } else {
            refuse(record, row.mistakes, &portion)
        }
    }

    private mutating func takeHeader(_ record: CSVRecord) {
        let header = BatchHeader(record, needsCarrier: context.defaultCarrier == nil)
        self.header = record.raw
        columnCount = record.count
        if header.mistakes.isEmpty {
            rule = BatchRowRule(header, context)
        } else {
            stop(header.mistakes)
        }
    }

    private mutating func stop(_ mistakes: [BatchMistake]) {
        isUnreadable = true
        keep(mistakes)
    }

    private mutating func refuse(
        _ record: CSVRecord,
        _ mistakes: [BatchMistake],
        _ portion: inout BatchPortion
    ) {
        totals.refused += 1
        keep(mistakes)
        portion.refused.append(
            BatchRefusal(line: record.line, raw: record.raw, mistakes: mistakes)
        )
    }

    private mutating func keep(_ mistakes: [BatchMistake]) {
        totals.mistakes += mistakes.count
        let room = BatchReader.mistakesKeptMax - self.mistakes.count
        self.mistakes.append(contentsOf: mistakes.prefix(max(0, room)))
    }
}

extension BatchReader {
    /// What is wrong with the form of a row; its cells are not looked at then.
    private func formMistakes(_ record: CSVRecord) -> [BatchMistake]? {
        guard record.faults.isEmpty else {
            return record.faults.map { fault in
                BatchMistake(line: fault.line, column: fault.column, BatchFlaw(fault))
            }
        }
        if record.count != columnCount || record.raw.count == columnCount - 1 {
            return [BatchMistake(line: record.line, cellCountFlaw(record))]
        }
        return nil
    }

    private func cellCountFlaw(_ record: CSVRecord) -> BatchFlaw {
        let isEmpty: (Int) -> Bool = { record.cell($0).trimmed.isEmpty }
        let counts = "the row has \(record.count) cells where the header has \(columnCount)"
        if (0..<record.count).allSatisfy(isEmpty) {
            return BatchFlaw(.emptyRow, "the row has only empty cells", cure: "delete the row")
        }
        if record.count < columnCount {
            return BatchFlaw(
                .tooFewCells,
                counts,
                cure: "write a separator for each cell left empty"
            )
        }
        if (columnCount..<record.count).allSatisfy(isEmpty) {
            return BatchFlaw(
                .tooManyCells,
                counts,
                cure: "remove the separators at the end of the line"
            )
        }
        return BatchFlaw(
            .tooManyCells,
            counts,
            cure: "put a cell that holds the separator in quotes; write 1000, not 1,000"
        )
    }

    /// Finds what only the rows before can tell.
    ///
    /// Refused rows count as seen as well: once corrected they will be sent, too. Where the carrier
    /// has a window for duplicates, references do not tell two rows apart, only repeat indexes do:
    /// so the store holds no row of a file for another one of it.
    private mutating func findRepeats(
        _ row: inout BatchRow,
        _ record: CSVRecord,
        _ rule: BatchRowRule
    ) {
        if let reference = row.reference,
            let earlier = repeats.repeated(reference: reference, line: row.line)
        {
            let flaw = BatchFlaw(
                .duplicateReference,
                "line \(earlier) has the same reference",
                cure: "give each row a reference of its own"
            )
            row.mistakes.append(rule.mistake(flaw, record, rule.referenceIndex))
        }
        guard let amount = row.amount else { return }
        let expected = currency ?? amount.currency
        currency = expected
        guard amount.currency == expected else {
            let flaw = BatchFlaw(
                .mixedCurrencies,
                "the row is in \(amount.currency.code), the file in \(expected.code)",
                cure: "make one file for each currency"
            )
            return row.mistakes.append(BatchMistake(line: row.line, flaw))
        }
        guard let number = row.number,
            let earlier = repeats.repeated(
                number,
                amount,
                repeatIndex: row.repeatIndex,
                hasReference: row.reference != nil
                    && (row.duplicateWindow == .zero || context.allowsDuplicates),
                line: row.line
            )
        else { return }
        let flaw = BatchFlaw(
            .duplicateRow,
            "line \(earlier) has the same number and amount",
            cure: "delete one; if both are meant, number the others 2, 3 … in a column repeat"
        )
        row.mistakes.append(BatchMistake(line: row.line, flaw))
    }
}
