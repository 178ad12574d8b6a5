package import Recharge

/// One thing wrong in a statement.
///
/// It does not repeat what stands in the file.
package struct StatementMistake: Hashable, Sendable, CustomStringConvertible {
    package var line: Int
    /// The column as the layout names it; nil where the line or the file as a whole is meant.
    package var column: String?
    package var what: String

    package var description: String {
        "line \(line)\(column.map { ", '\($0)'" } ?? ""): \(what)"
    }
}

/// Reads a carrier's statement (CSV in UTF-8) chunk by chunk.
///
/// After a bad line it goes on; only a header that the layout does not know, or a quote that is
/// never closed, ends it (``isUnreadable``). Cells are taken without white space at their ends and
/// without the apostrophe that keeps a spreadsheet from taking them for formulas; a cell that *is*
/// a formula, or a number that a spreadsheet has made into `1.38E+10`, is a mistake and never
/// guessed at. Whoever takes evidence from a statement with mistakes must say so.
package struct StatementReader: Sendable {
    /// How many mistakes are kept in ``mistakes``; the rest is only counted.
    package static let mistakesKeptMax = 1000

    /// The first mistakes of the file.
    package private(set) var mistakes: [StatementMistake] = []
    package private(set) var mistakeCount = 0
    /// Lines whose status does not say that something was charged.
    package private(set) var skippedCount = 0
    /// The numbers of those whose status does not say either that nothing was.
    package private(set) var openNumbers: Set<PhoneNumber> = []
    package private(set) var chargedCount = 0
    /// Whether part of the file could not be read at all.
    package private(set) var isUnreadable = false

    private let profile: CarrierProfile
    private let layout: StatementLayout
    private var csv = CSVReader()
    private var places: [StatementLayout.Column: Int]?
    private var columnCount = 0
    /// The line of each serial, to see one that stands twice.
    private var serials: [String: Int] = [:]

    /// Nil where the profile has no layout.
    package init?(_ profile: CarrierProfile) {
        guard let layout = profile.statement else { return nil }
        self.profile = profile
        self.layout = layout
    }

    /// Reads the next chunk; gives the lines that were charged.
    package mutating func consume(_ bytes: [UInt8]) -> [StatementLine] {
        var lines: [StatementLine] = []
        var position = 0
        while !isUnreadable, csv.readRecord(bytes, &position) { take(csv.record, &lines) }
        return lines
    }

    /// Reads what is left after the last chunk.
    package mutating func finish() -> [StatementLine] {
        var lines: [StatementLine] = []
        while !isUnreadable, csv.finish() { take(csv.record, &lines) }
        if places == nil, !isUnreadable { stop(1, "the file is empty") }
        return lines
    }

    private mutating func take(_ record: CSVRecord, _ lines: inout [StatementLine]) {
        if record.isBlank { return }
        for fault in record.faults { note(fault.line, nil, fault.what) }
        if csv.isBroken { isUnreadable = true }
        guard let places else { return takeHeader(record) }
        guard record.faults.isEmpty else { return }
        guard record.count == columnCount else {
            return note(
                record.line,
                nil,
                "it has \(record.count) cells and the header \(columnCount)"
            )
        }
        let cells = places.mapValues { Self.plain(record.cell($0)) }
        if let status = cells[.status], !layout.succeeded.contains(status) {
            skippedCount += 1
            guard !layout.failed.contains(status) else { return }
            guard let number = cells[.number].flatMap(profile.subscriber) else {
                return note(record.line, layout.columns[.number], Self.noNumber)
            }
            openNumbers.insert(number)
            return
        }
        if let line = line(cells, at: record.line) {
            chargedCount += 1
            lines.append(line)
        }
    }

    private mutating func takeHeader(_ record: CSVRecord) {
        guard record.faults.isEmpty else {
            isUnreadable = true
            return
        }
        let names = (0..<record.count).map { Self.plain(record.cell($0)) }
        var places: [StatementLayout.Column: Int] = [:]
        for column in StatementLayout.Column.allCases {
            guard let name = layout.columns[column] else { continue }
            switch names.count(where: { $0 == name }) {
            case 0: note(record.line, name, "the header has no such column")
            case 1: places[column] = names.firstIndex(of: name)
            default: note(record.line, name, "the header has the column more than once")
            }
        }
        self.places = places
        columnCount = record.count
        if places.count < layout.columns.count { isUnreadable = true }
    }

    private static let noNumber = "it is not a number of the carrier's country"

    /// The line, if every cell of it is good; each that is not is noted.
    private mutating func line(
        _ cells: [StatementLayout.Column: String],
        at line: Int
    ) -> StatementLine? {
        let number = cells[.number].flatMap(profile.subscriber)
        let amount = cells[.amount].flatMap(amount)
        let serial = cells[.serial].flatMap { isSerial($0) ? $0 : nil }
        let at = cells[.time].flatMap(layout.time.local).flatMap(profile.zone.moment(local:))
        let problems: [(column: StatementLayout.Column, isGood: Bool, what: String)] = [
            (.number, number != nil, Self.noNumber),
            (.amount, amount != nil, "it is not an amount above zero in \(profile.currency.code)"),
            (.serial, serial != nil, "it is not 4 to 40 letters, digits and hyphens"),
            (.time, at != nil, "it is not a time as the profile says that it is written"),
        ]
        for problem in problems where !problem.isGood {
            note(line, layout.columns[problem.column], problem.what)
        }
        guard let number, let amount, let serial, let at else { return nil }
        if let first = serials.updateValue(line, forKey: serial) {
            serials[serial] = first
            note(line, layout.columns[.serial], "the same serial stands in line \(first)")
            return nil
        }
        return StatementLine(line: line, number: number, amount: amount, serial: serial, at: at)
    }

    /// An amount in the profile's notation, without a sign or a unit.
    private func amount(_ text: String) -> Amount? {
        let scanned = ReplyTemplate.amount(text, profile.notation)
        let amount = scanned.flatMap { Amount(major: $0, currency: profile.currency) }
        return amount.flatMap { $0.minorUnits > 0 ? $0 : nil }
    }

    private mutating func stop(_ line: Int, _ what: String) {
        note(line, nil, what)
        isUnreadable = true
    }

    private mutating func note(_ line: Int, _ column: String?, _ what: String) {
        mistakeCount += 1
        guard mistakes.count < Self.mistakesKeptMax else { return }
        mistakes.append(StatementMistake(line: line, column: column, what: what))
    }

    /// A cell without white space at its ends and without a spreadsheet's apostrophe.
    private static func plain(_ cell: ArraySlice<UInt8>) -> String {
        let scalars = String(decoding: cell, as: UTF8.self).unicodeScalars
        let isSpace: (Unicode.Scalar) -> Bool = { $0.properties.isWhitespace }
        var kept = scalars.drop(while: isSpace)
        while let last = kept.last, isSpace(last) { kept.removeLast() }
        if kept.first == "'" { kept.removeFirst() }
        return String(kept)
    }
}

extension CSVFault {
    fileprivate var what: String {
        switch kind {
        case .unterminatedQuote: "a quote is opened and never closed"
        case .textAfterQuote: "text follows a closing quote"
        case .quoteInUnquotedCell: "a quote stands inside a cell without quotes"
        case .nul: "it holds a NUL byte"
        case .recordTooLong: "it is longer than \(CSVReader.recordBytesMax) bytes"
        case .tooManyColumns: "it has more than \(CSVReader.columnsMax) cells"
        }
    }
}
