/// Splits the bytes of a CSV file (RFC 4180, UTF-8) into records, chunk by chunk.
///
/// ```
/// while reader.readRecord(chunk, &position) { use(reader.record) }   // for each chunk
/// while reader.finish() { use(reader.record) }                       // after the last
/// ```
///
/// Lines end with CRLF, LF or CR, and lines inside quotes count too. The separator is the one of
/// `,` `;` and tab that the header line has most of. A fault is noted on its record and reading
/// goes on with the quotes respected, so that no line is taken for a record that is part of a
/// cell; after a quote that is never closed nothing can be read (``isBroken``). How the bytes are
/// cut into chunks makes no difference. Memory: one record.
package struct CSVReader: Sendable {
    /// Where the next byte falls.
    private enum Place {
        /// → unquoted, quoted, cellStart at a separator
        case cellStart
        /// → cellStart at a separator
        case unquoted
        /// → quoteInQuoted
        case quoted
        /// After a quote in a quoted cell: → quoted when it is doubled, unquoted after a fault,
        /// cellStart at a separator
        case quoteInQuoted
    }

    /// The longest record, quotes and separators included.
    package static let recordBytesMax = 65_536
    /// The most cells in a record.
    package static let columnsMax = 64

    /// The record read last.
    package private(set) var record = CSVRecord()
    /// Set once a quote turned out never to be closed; nothing more is read.
    package private(set) var isBroken = false
    /// Nil until the header line is complete.
    package private(set) var separator: UInt8?

    /// The header line, gathered until its separator is known, and how much of it was read.
    private var head: [UInt8] = []
    private var headPosition = 0
    private var headHasText = false
    private var headQuotes = 0

    private var place = Place.cellStart
    private var line = 1
    private var afterCarriageReturn = false
    private var isDelivered = false
    private var isOverlong = false
    private var cell = CSVRecord.Cell(start: 0, end: 0, hasPairs: false)
    /// Nil unless the cell is quoted.
    private var quoteLine: Int?

    package init() {}

    /// Reads on from a position in a chunk until a record is complete.
    ///
    /// - Parameters:
    ///   - bytes: the chunk; the same one until this returns false.
    ///   - position: where to read on; 0 for a new chunk.
    /// - Returns: true when ``record`` holds the next record, false when the chunk is used up.
    package mutating func readRecord(_ bytes: [UInt8], _ position: inout Int) -> Bool {
        if separator == nil, !gatherHead(bytes, &position) { return false }
        if scanHead() { return true }
        return scan(bytes, &position)
    }

    /// Reads what is left after the last chunk; to be called until it returns false.
    package mutating func finish() -> Bool {
        if separator == nil { chooseSeparator() }
        if scanHead() { return true }
        guard !isBroken else { return false }
        if isDelivered { beginRecord() }
        guard !record.raw.isEmpty else { return false }
        if place == .quoted { breakOff() } else { endCell() }
        isDelivered = true
        return true
    }

    // MARK: Header

    private mutating func gatherHead(_ bytes: [UInt8], _ position: inout Int) -> Bool {
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            head.append(byte)
            let isLineEnd = byte == 0x0A || byte == 0x0D
            if byte == 0x22 { headQuotes += 1 }
            if !isLineEnd { headHasText = true }
            let isWhole = isLineEnd && headHasText && headQuotes.isMultiple(of: 2)
            if isWhole || head.count > CSVReader.recordBytesMax {
                chooseSeparator()
                return true
            }
        }
        return false
    }

    private mutating func chooseSeparator() {
        if head.starts(with: [0xEF, 0xBB, 0xBF]) { head.removeFirst(3) }
        var counts: [UInt8: Int] = [:]
        var isQuoted = false
        for byte in head {
            if byte == 0x22 { isQuoted.toggle() }
            if !isQuoted { counts[byte, default: 0] += 1 }
        }
        let candidates: [UInt8] = [0x2C, 0x3B, 0x09]
        var chosen = candidates[0]
        for other in candidates where counts[other, default: 0] > counts[chosen, default: 0] {
            chosen = other
        }
        separator = chosen
    }

    private mutating func scanHead() -> Bool {
        guard headPosition < head.count else { return false }
        var position = headPosition
        let isComplete = scan(head, &position)
        headPosition = position
        return isComplete
    }

    // MARK: Records

    private mutating func scan(_ bytes: [UInt8], _ position: inout Int) -> Bool {
        guard !isBroken, position < bytes.count, let separator else { return false }
        if isDelivered { beginRecord() }
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if step(byte, separator) {
                isDelivered = true
                return true
            }
        }
        return false
    }

    private mutating func beginRecord() {
        record.raw.removeAll(keepingCapacity: true)
        record.cells.removeAll(keepingCapacity: true)
        record.faults.removeAll()
        record.line = line
        isDelivered = false
        isOverlong = false
        beginCell()
    }

    private mutating func beginCell() {
        let start = record.raw.count
        cell = CSVRecord.Cell(start: start, end: start, hasPairs: false)
        quoteLine = nil
        place = .cellStart
    }

    /// Takes one byte; true when it ends the record.
    private mutating func step(_ byte: UInt8, _ separator: UInt8) -> Bool {
        let wasCarriageReturn = afterCarriageReturn
        afterCarriageReturn = byte == 0x0D
        if place == .quoted {
            quotedStep(byte, wasCarriageReturn)
            return isBroken
        }
        if byte == 0x0A || byte == 0x0D {
            // The line feed of a CRLF whose carriage return ended the last record.
            if byte == 0x0A, wasCarriageReturn, record.raw.isEmpty { return false }
            endCell()
            line += 1
            return true
        }
        if byte == separator {
            endCell()
            store(byte)
            beginCell()
            return false
        }
        plainStep(byte)
        return false
    }

    private mutating func quotedStep(_ byte: UInt8, _ wasCarriageReturn: Bool) {
        if byte == 0x0D || byte == 0x0A && !wasCarriageReturn { line += 1 }
        if byte == 0x22 {
            place = .quoteInQuoted
            cell.end = record.raw.count
        }
        if byte == 0 { note(.nul) }
        if record.raw.count >= CSVReader.recordBytesMax { breakOff() }
        store(byte)
    }

    private mutating func plainStep(_ byte: UInt8) {
        switch place {
        case .cellStart where byte == 0x22:
            place = .quoted
            quoteLine = line
            store(byte)
            cell.start = record.raw.count
            return
        case .quoteInQuoted where byte == 0x22:
            place = .quoted
            cell.hasPairs = true
        case .quoteInQuoted:
            note(.textAfterQuote)
            place = .unquoted
        case .cellStart, .unquoted:
            place = .unquoted
            if byte == 0x22, quoteLine == nil { note(.quoteInUnquotedCell) }
        case .quoted:
            break
        }
        if byte == 0 { note(.nul) }
        store(byte)
    }

    private mutating func store(_ byte: UInt8) {
        if record.raw.count < CSVReader.recordBytesMax {
            record.raw.append(byte)
        } else if !isOverlong {
            isOverlong = true
            note(.recordTooLong)
        }
    }

    private mutating func endCell() {
        if quoteLine == nil { cell.end = record.raw.count }
        if record.cells.count < CSVReader.columnsMax {
            record.cells.append(cell)
        } else {
            note(.tooManyColumns)
        }
    }

    private mutating func note(_ kind: CSVFault.Kind) {
        guard !record.faults.contains(where: { $0.kind == kind }) else { return }
        record.faults.append(CSVFault(kind, line: line, column: record.cells.count + 1))
    }

    private mutating func breakOff() {
        let fault = CSVFault(
            .unterminatedQuote,
            line: quoteLine ?? line,
            column: record.cells.count + 1
        )
        record.faults.append(fault)
        isBroken = true
    }
}
