/// One thing wrong in a batch file: where, what, and how to put it right.
package struct BatchMistake: Hashable, Sendable {
    /// The line of the file where the row begins, or the quote that is never closed.
    package var line: Int
    /// The cell of the row, counted from 1; nil when the row or the file as a whole is meant.
    package var column: Int?
    /// The name of the column as the file's header has it.
    package var header: String?
    /// What stands in the cell, safe to show: cut, unseen characters visible, numbers masked.
    package var value: String?
    package var flaw: BatchFlaw

    package init(
        line: Int,
        column: Int? = nil,
        header: String? = nil,
        value: String? = nil,
        _ flaw: BatchFlaw
    ) {
        self.line = line
        self.column = column
        self.header = header
        self.value = value
        self.flaw = flaw
    }
}

extension BatchMistake: CustomStringConvertible {
    /// One line: `line 5, column 2 (amount) "-5": the amount is negative; write …`.
    package var description: String {
        var place = "line \(line)"
        if let column { place += ", column \(column)" }
        if let header, !header.isEmpty { place += " (\(header))" }
        if let value { place += " \"\(value)\"" }
        return "\(place): \(flaw.what); \(flaw.cure)"
    }
}

extension BatchMistake {
    /// How many characters of a cell are shown.
    private static let shownMax = 40

    /// A cell as it may be shown: cut, unseen characters visible, runs of 7 or more digits masked.
    ///
    /// In a number cell all digits count as one run, so that a hyphen does not give a number away.
    static func shown(_ cell: ArraySlice<UInt8>, isNumber: Bool) -> String {
        var scalars = Array(
            String(decoding: cell.prefix(4 * shownMax), as: UTF8.self).unicodeScalars
        )
        let isCut = scalars.count > shownMax || cell.count > 4 * shownMax
        scalars = Array(scalars.prefix(shownMax))
        let isDigit: (Int) -> Bool = { scalars[$0].properties.numericType == .decimal }
        var runs: [[Int]] = [[]]
        for index in scalars.indices {
            if isDigit(index) {
                runs[runs.count - 1].append(index)
            } else if !isNumber {
                runs.append([])
            }
        }
        for run in runs where run.count >= 7 {
            for index in run.dropLast(4).dropFirst(min(5, max(0, run.count - 8))) {
                scalars[index] = "*"
            }
        }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        return CSVText.visible(String(text)) + (isCut ? "…" : "")
    }
}
