/// One row of a batch file as read: what of it is good, and all that is not.
struct BatchRow: Sendable {
    var line: Int
    var carrier: CarrierID?
    /// Whether that is the default and not the row's own word.
    var isStandardCarrier = true
    var number: PhoneNumber?
    var numberAsSubmitted = ""
    var amount: Amount?
    var reference: ArraySlice<UInt8>?
    var priority = NewJob.priorityNormal
    var notBefore: Timestamp?
    var deadline: Timestamp?
    var note: String?
    var repeatIndex: Int?
    /// The carrier's; see ``NewJob/duplicateWindow``.
    var duplicateWindow = Duration.zero
    var mistakes: [BatchMistake] = []

    /// The order that the row is; nil when it has a mistake.
    func order(key: NewJob.Key) -> NewJob? {
        guard mistakes.isEmpty, let carrier, let number, let amount else { return nil }
        var order = NewJob(
            key: NewJob.Key(client: key.client, key: "\(key.key)/\(line)"),
            carrier: carrier,
            number: number,
            numberAsSubmitted: numberAsSubmitted,
            amount: amount
        )
        order.reference = reference.map { String(decoding: $0, as: UTF8.self) }
        order.priority = priority
        order.notBefore = notBefore
        order.deadline = deadline
        order.note = note
        order.repeatIndex = repeatIndex
        order.duplicateWindow = duplicateWindow
        order.batchLine = line
        return order
    }
}

/// Reads rows by a header and a context, each row for itself.
///
/// ASCII spaces and tabs around a cell do not count; nothing else is guessed or put right.
struct BatchRowRule: Sendable {
    private struct CarrierRule: Sendable {
        var id: CarrierID
        var carrier: BatchCarrier
        var number: BatchNumberRule
        var amount: BatchAmountRule
    }

    /// The longest texts, in characters.
    static let referenceMax = 64
    static let noteMax = 200

    private let header: BatchHeader
    private let now: Timestamp
    private let carriers: [CarrierID: CarrierRule]
    private let standard: CarrierRule?
    private let number: Int?
    private let amount: Int?
    private let carrier: Int?
    /// Where the reference stands, counted from 0.
    let referenceIndex: Int?
    private let priority: Int?
    private let notBefore: Int?
    private let deadline: Int?
    private let note: Int?
    private let repeatIndex: Int?

    init(_ header: BatchHeader, _ context: BatchContext) {
        self.header = header
        now = context.now
        var rules: [CarrierID: CarrierRule] = [:]
        for (id, carrier) in context.carriers {
            rules[id] = CarrierRule(
                id: id,
                carrier: carrier,
                number: BatchNumberRule(carrier.numbers),
                amount: BatchAmountRule(carrier)
            )
        }
        carriers = rules
        standard = context.defaultCarrier.flatMap { rules[$0] }
        number = header.index(of: .number)
        amount = header.index(of: .amount)
        carrier = header.index(of: .carrier)
        referenceIndex = header.index(of: .reference)
        priority = header.index(of: .priority)
        notBefore = header.index(of: .notBefore)
        deadline = header.index(of: .deadline)
        note = header.index(of: .note)
        repeatIndex = header.index(of: .repeatIndex)
    }

    /// Reads a row that has as many cells as the header, and no fault in its form.
    func read(_ record: CSVRecord) -> BatchRow {
        var row = BatchRow(line: record.line)
        let rule = carrierRule(record, &row)
        readNumber(record, rule, &row)
        readAmount(record, rule, &row)
        readReference(record, &row)
        readPriority(record, &row)
        readRepeatIndex(record, &row)
        readDates(record, rule, &row)
        if let text = text(record, note, max: BatchRowRule.noteMax, isMultiline: true, &row) {
            row.note = text
        }
        return row
    }

    /// A mistake in a cell.
    func mistake(_ flaw: BatchFlaw, _ record: CSVRecord, _ index: Int?) -> BatchMistake {
        guard let index else { return BatchMistake(line: record.line, flaw) }
        let cell = record.cell(index).trimmed
        return BatchMistake(
            line: record.line,
            column: index + 1,
            header: header.names[index],
            value: cell.isEmpty ? nil : BatchMistake.shown(cell, isNumber: index == number),
            flaw
        )
    }

    private func carrierRule(_ record: CSVRecord, _ row: inout BatchRow) -> CarrierRule? {
        var found = standard
        if let cell = cell(record, carrier) {
            row.isStandardCarrier = false
            found = CarrierID(String(decoding: cell, as: UTF8.self)).flatMap { carriers[$0] }
            if found == nil {
                let known = carriers.keys.map(\.name).sorted().joined(separator: ", ")
                let flaw = BatchFlaw(
                    .unknownCarrier,
                    "there is no such carrier",
                    cure: "write one of \(known), in small letters"
                )
                row.mistakes.append(mistake(flaw, record, carrier))
            }
        } else if found == nil {
            let flaw = BatchFlaw(
                .missingCarrier,
                "the row names no carrier and there is no default",
                cure: "name the carrier"
            )
            row.mistakes.append(mistake(flaw, record, carrier))
        }
        if let found, !found.carrier.isVerified {
            let flaw = BatchFlaw(
                .unverifiedCarrier,
                "the profile of carrier \(found.id) is not verified",
                cure: "two people mark it verified (profile verify), or name another carrier"
            )
            row.mistakes.append(mistake(flaw, record, carrier))
        }
        row.carrier = found?.id
        row.duplicateWindow = found?.carrier.duplicateWindow ?? .zero
        return found
    }

    private func readNumber(_ record: CSVRecord, _ rule: CarrierRule?, _ row: inout BatchRow) {
        guard let rule, let number else { return }
        let cell = record.cell(number).trimmed
        switch rule.number.read(cell) {
        case .success(let value):
            row.number = value
            row.numberAsSubmitted = String(decoding: cell, as: UTF8.self)
        case .failure(let flaw): row.mistakes.append(mistake(flaw, record, number))
        }
    }

    private func readAmount(_ record: CSVRecord, _ rule: CarrierRule?, _ row: inout BatchRow) {
        guard let rule, let amount else { return }
        switch rule.amount.read(record.cell(amount).trimmed) {
        case .success(let value): row.amount = value
        case .failure(let flaw): row.mistakes.append(mistake(flaw, record, amount))
        }
    }
}

extension BatchRowRule {
    /// The trimmed content of an optional cell; nil when it is empty or the column is missing.
    private func cell(_ record: CSVRecord, _ index: Int?) -> ArraySlice<UInt8>? {
        guard let index else { return nil }
        let cell = record.cell(index).trimmed
        return cell.isEmpty ? nil : cell
    }

    private func readReference(_ record: CSVRecord, _ row: inout BatchRow) {
        let max = BatchRowRule.referenceMax
        guard text(record, referenceIndex, max: max, isMultiline: false, &row) != nil else {
            return
        }
        row.reference = cell(record, referenceIndex)
    }

    private func text(
        _ record: CSVRecord,
        _ index: Int?,
        max: Int,
        isMultiline: Bool,
        _ row: inout BatchRow
    ) -> String? {
        guard let cell = cell(record, index) else { return nil }
        guard let text = String(validating: cell, as: UTF8.self) else {
            row.mistakes.append(mistake(.invalidUTF8, record, index))
            return nil
        }
        let breaks: [Unicode.Scalar] = isMultiline ? ["\n", "\r", "\t"] : []
        if text.unicodeScalars.contains(where: { CSVText.isUnseen($0) && !breaks.contains($0) }) {
            let flaw = BatchFlaw(
                .controlCharacter,
                "the text has control or unseen characters",
                cure: "remove them; they are shown here as \\u{…}"
            )
            row.mistakes.append(mistake(flaw, record, index))
            return nil
        }
        if cell.count > max, text.unicodeScalars.count > max {
            let flaw = BatchFlaw(
                .textTooLong,
                "the text is longer than \(max) characters",
                cure: "shorten it"
            )
            row.mistakes.append(mistake(flaw, record, index))
            return nil
        }
        return text
    }

    private func readPriority(_ record: CSVRecord, _ row: inout BatchRow) {
        guard let cell = cell(record, priority) else { return }
        if cell.count == 1, let digit = cell.first, digit.isASCIIDigit {
            row.priority = Int(digit & 0x0F)
        } else {
            let flaw = BatchFlaw(
                .badPriority,
                "the priority is not a digit from 0 to 9",
                cure: "write 0 (last) to 9 (first), or leave it empty for \(NewJob.priorityNormal)"
            )
            row.mistakes.append(mistake(flaw, record, priority))
        }
    }

    private func readRepeatIndex(_ record: CSVRecord, _ row: inout BatchRow) {
        guard let cell = cell(record, repeatIndex) else { return }
        let range = NewJob.repeatIndexes
        if cell.count <= 2, cell.allSatisfy(\.isASCIIDigit) {
            let number = cell.reduce(0) { $0 * 10 + Int($1 & 0x0F) }
            if range.contains(number) {
                row.repeatIndex = number
                return
            }
        }
        let flaw = BatchFlaw(
            .badRepeat,
            "the repeat index is no whole number from \(range.lowerBound) to \(range.upperBound)",
            cure: "write 2 for the second recharge of one number and amount; leave the first empty"
        )
        row.mistakes.append(mistake(flaw, record, repeatIndex))
    }

    private func readDates(_ record: CSVRecord, _ rule: CarrierRule?, _ row: inout BatchRow) {
        let zone = rule?.carrier.zoneOffsetMinutes ?? 0
        row.notBefore = date(record, notBefore, zone, &row)
        row.deadline = date(record, deadline, zone, &row)
        guard let end = row.deadline else { return }
        if end <= now {
            let flaw = BatchFlaw(
                .deadlinePassed,
                "the deadline has passed",
                cure: "write a later one, with its time: a bare date means its first minute"
            )
            row.mistakes.append(mistake(flaw, record, deadline))
        } else if let begin = row.notBefore, end <= begin {
            let flaw = BatchFlaw(
                .deadlineTooEarly,
                "the deadline is not after the earliest time",
                cure: "write a deadline that leaves time, or an earlier start"
            )
            row.mistakes.append(mistake(flaw, record, deadline))
        }
    }

    private func date(
        _ record: CSVRecord,
        _ index: Int?,
        _ zone: Int64,
        _ row: inout BatchRow
    ) -> Timestamp? {
        guard let cell = cell(record, index) else { return nil }
        let text = String(decoding: cell, as: UTF8.self)
        if let date = Timestamp(text, offsetMinutes: zone) { return date }
        let flaw = BatchFlaw(
            .badDate,
            "this is not a date",
            cure: "write 2026-11-23 17:30, or with a zone 2026-11-23T17:30:00+08:00"
        )
        row.mistakes.append(mistake(flaw, record, index))
        return nil
    }
}
