import Recharge
import Testing

/// A bad row and the one mistake it must be reported with.
struct BadRow: Sendable, CustomTestStringConvertible {
    var header: String
    var row: String
    var kind: BatchFlaw.Kind
    var column: Int?
    /// A piece of the cure.
    var cure: String

    init(_ kind: BatchFlaw.Kind, _ header: String, _ row: String, column: Int?, cure: String) {
        self.header = header
        self.row = row
        self.kind = kind
        self.column = column
        self.cure = cure
    }

    static func number(_ kind: BatchFlaw.Kind, _ text: String, _ cure: String) -> BadRow {
        BadRow(kind, "number,amount", "\(text),50", column: 1, cure: cure)
    }

    static func amount(_ kind: BatchFlaw.Kind, _ text: String, _ cure: String) -> BadRow {
        BadRow(kind, "number,amount", "13800138000,\(text)", column: 2, cure: cure)
    }

    static func third(
        _ kind: BatchFlaw.Kind,
        _ header: String,
        _ text: String,
        _ cure: String
    ) -> BadRow {
        BadRow(
            kind,
            "number,amount,\(header)",
            "13800138000,50,\(text)",
            column: 3,
            cure: cure
        )
    }

    var testDescription: String { "\(kind.rawValue): \(row.debugDescription)" }
}

private let badNumbers: [BadRow] = [
    .number(.emptyNumber, "", "delete the row"),
    .number(.lettersInNumber, "1380013800O", "digits only"),
    .number(.lettersInNumber, "139+0013800", "digits only"),
    .number(.lettersInNumber, "١٣٨٠٠١٣٨٠٠٠", "digits only"),
    .number(.numberTooShort, "1380013800", "missing digits"),
    .number(.numberTooLong, "138001380001", "does not belong"),
    .number(.unknownPrefix, "12345678901", "another carrier"),
    .number(.unknownPrefix, "+8612345678901", "another carrier"),
    .number(.scientificNotation, "1.38E+10", "as text"),
    .number(.scientificNotation, "1.38001e10", "as text"),
    .number(.decimalTail, "13800138000.0", "remove the point"),
    .number(.decimalTail, "13800138000.", "remove the point"),
    .number(.fullWidthDigits, "１３８００１３８０００", "0 to 9"),
    .number(.separatorsInNumber, "138\u{A0}0013\u{A0}8000", "unseen"),
    .number(.separatorsInNumber, "138 0013 8000", "remove them"),
    .number(.separatorsInNumber, "138-0013-8000", "remove them"),
    .number(.separatorsInNumber, "\u{202D}13800138000\u{202C}", "unseen"),
    .number(.leadingApostrophe, "'13800138000", "remove it"),
    .number(.lostPlus, "8613800138000", "+86"),
    .number(.otherCountry, "+6281123456789", "that country"),
    .number(.otherCountry, "006281123456789", "that country"),
]

private let badAmounts: [BadRow] = [
    .amount(.emptyAmount, "", "delete the row"),
    .amount(.notAnAmount, "fifty", "digits"),
    .amount(.notAnAmount, "5.", "digits"),
    .amount(.notAnAmount, ".5", "digits"),
    .amount(.notAnAmount, "+50", "digits"),
    .amount(.notAnAmount, "1.2.3.x", "digits"),
    .amount(.negativeAmount, "-50", "above zero"),
    .amount(.zeroAmount, "0.00", "delete the row"),
    .amount(.tooManyDecimals, "49.999", "at most 2"),
    .amount(.thousandsSeparator, "\"1,000\"", "1000"),
    .amount(.thousandsSeparator, "\"1,000.50\"", "1000"),
    .amount(.thousandsSeparator, "1 000", "1000"),
    .amount(.decimalComma, "\"49,90\"", "49.90"),
    .amount(.currencySign, "¥50", "bare amount"),
    .amount(.currencySign, "50元", "bare amount"),
    .amount(.currencySign, "50 CNY", "bare amount"),
    .amount(.scientificNotation, "1E+2", "100"),
    .amount(.fullWidthDigits, "５０", "0 to 9"),
    .amount(.leadingApostrophe, "'50", "remove it"),
    .amount(.belowMinimum, "0.99", "at least 1.00"),
    .amount(.aboveMaximum, "500.01", "at most 500.00"),
    .amount(.aboveMaximum, "99999999999999999999999", "at most 500.00"),
]

private let badOthers: [BadRow] = [
    .third(.unknownCarrier, "carrier", "nobody", "cards, draft, idn, sim, steps"),
    .third(.unknownCarrier, "carrier", "SIM", "small letters"),
    .third(.unverifiedCarrier, "carrier", "draft", "verified"),
    .third(.badPriority, "priority", "10", "0 (last) to 9"),
    .third(.badPriority, "priority", "high", "0 (last) to 9"),
    .third(.badDate, "not_before", "2026/11/24", "2026-11-23 17:30"),
    .third(.badDate, "deadline", "2026-02-30", "2026-11-23 17:30"),
    .third(.deadlinePassed, "deadline", "2026-11-23", "later"),
    .third(.deadlinePassed, "deadline", "2026-11-23 20:00", "later"),
    .third(.textTooLong, "reference", String(repeating: "é", count: 65), "shorten"),
    .third(.controlCharacter, "reference", "a\u{7}b", "remove"),
    .third(.controlCharacter, "reference", "\"a\nb\"", "remove"),
    .third(.textTooLong, "note", String(repeating: "é", count: 201), "shorten"),
    .third(.controlCharacter, "note", "a\u{1B}[31m", "remove"),
    BadRow(
        .notAMultiple,
        "number,amount,carrier",
        "13800138000,55,steps",
        column: 2,
        cure: "multiple of 10.00"
    ),
    BadRow(
        .notADenomination,
        "number,amount,carrier",
        "13800138000,40,cards",
        column: 2,
        cure: "30.00, 50.00, 100.00"
    ),
    BadRow(
        .deadlineTooEarly,
        "number,amount,not_before,deadline",
        "13800138000,50,2026-12-01 10:00,2026-12-01",
        column: 4,
        cure: "leaves time"
    ),
    BadRow(.tooFewCells, "number,amount,note", "13800138000,50", column: nil, cure: "separator"),
    BadRow(.tooManyCells, "number,amount", "13800138000,1,000", column: nil, cure: "1000"),
    BadRow(
        .tooManyCells,
        "number,amount",
        "13800138000,50,,",
        column: nil,
        cure: "end of the line"
    ),
    BadRow(.emptyRow, "number,amount", ",", column: nil, cure: "delete"),
    BadRow(.emptyRow, "number,amount,note", ",,,,", column: nil, cure: "delete"),
    BadRow(.textAfterQuote, "number,amount", "\"13800138000\"0,50", column: 1, cure: "twice"),
    BadRow(
        .quoteInUnquotedCell,
        "number,amount,note",
        "13800138000,50,5\" tape",
        column: 3,
        cure: "twice"
    ),
    BadRow(
        .badRepeat,
        "number,amount,repeat",
        "13800138000,50,1",
        column: 3,
        cure: "leave the first empty"
    ),
    BadRow(.badRepeat, "number,amount,repeat", "13800138000,50,64", column: 3, cure: "write 2"),
    BadRow(.badRepeat, "number,amount,repeat", "13800138000,50,-2", column: 3, cure: "write 2"),
    BadRow(.badRepeat, "number,amount,repeat", "13800138000,50,002", column: 3, cure: "write 2"),
    BadRow(.nul, "number,amount", "1\u{0}3800138000,50", column: 1, cure: "UTF-8"),
    BadRow(
        .tooManyColumns,
        "number,amount",
        String(repeating: ",", count: 70),
        column: 65,
        cure: "line end"
    ),
    BadRow(
        .recordTooLong,
        "number,amount",
        String(repeating: "1", count: 70_000),
        column: 1,
        cure: "line end"
    ),
]

@Suite struct BatchMistakeTests {
    @Test(arguments: badNumbers + badAmounts + badOthers)
    func aBadRowIsReportedByLineColumnAndCure(bad: BadRow) throws {
        let tail = String(repeating: ",", count: bad.header.split(separator: ",").count - 2)
        let text = "\(bad.header)\n\(bad.row)\n13900139000,50\(tail)\n"
        let (reader, orders, refused) = BatchFixtures.read(text)
        let mistake = try #require(reader.mistakes.first)
        #expect(reader.mistakes.count == 1)
        #expect(mistake.line == 2)
        #expect(mistake.column == bad.column)
        #expect(mistake.flaw.kind == bad.kind)
        #expect(mistake.flaw.cure.contains(bad.cure), "\(mistake)")
        if let column = bad.column, bad.kind != .tooManyColumns, mistake.header != nil {
            let names = bad.header.split(separator: ",").map { String($0) }
            #expect(mistake.header == names[column - 1])
        }
        // The row after it is read all the same.
        #expect(orders.map(\.number.e164) == ["+8613900139000"])
        #expect(refused.map(\.line) == [2])
        #expect(!reader.isUnreadable)
    }

    @Test(arguments: [0, 1, 2])
    func invalidUTF8IsReportedInItsCell(column: Int) throws {
        var cells: [[UInt8]] = [Array("13800138000".utf8), Array("50".utf8), Array("ok".utf8)]
        cells[column].append(0xFF)
        let row = Array(cells.joined(separator: [0x2C]))
        let (reader, orders, _) = BatchFixtures.read(
            Array("number,amount,note\n".utf8) + row + [0x0A]
        )
        #expect(orders.isEmpty)
        #expect(reader.mistakes.map(\.flaw.kind) == [.invalidUTF8])
        #expect(reader.mistakes.first?.column == column + 1)
    }

    @Test func everyMistakeOfARowIsListed() {
        let text = "number,amount,priority,deadline\n138,-1,x,never\n"
        let (reader, _, refused) = BatchFixtures.read(text)
        let kinds: [BatchFlaw.Kind] = [.numberTooShort, .negativeAmount, .badPriority, .badDate]
        #expect(reader.mistakes.map(\.flaw.kind) == kinds)
        #expect(reader.mistakes.map(\.column) == [1, 2, 3, 4])
        #expect(refused.count == 1)
        #expect(reader.totals.mistakes == 4)
    }

    @Test func everyKindOfMistakeIsReached() {
        var reached = Set((badNumbers + badAmounts + badOthers).map(\.kind))
        reached.formUnion([.invalidUTF8])
        // These need more than one row: BatchReaderTests. Five million rows are left out.
        let elsewhere: Set<BatchFlaw.Kind> = [
            .emptyFile, .noRows, .unknownHeader, .duplicateHeader, .missingHeader,
            .unterminatedQuote, .duplicateRow, .duplicateReference, .mixedCurrencies,
            .missingCarrier, .tooManyRows,
        ]
        #expect(reached.union(elsewhere) == Set(BatchFlaw.Kind.allCases))
        #expect(reached.isDisjoint(with: elsewhere))
    }

    @Test(arguments: [
        ("number,amount\n138001380001234,50\n", "13800*"),
        ("number,amount\n138-0013-80001,50\n", "138-0*"),
        ("number,amount\n１３８００１３８０００,50\n", "１３８*"),
        ("amount,number\n13800138000,50\n", "138****8000"),
        ("number,amount,note\n13800138000,50,\u{1B}13800138000\n", "138****8000"),
    ])
    func noMistakeShowsAWholeNumber(text: String, shown: String) {
        let (reader, _, _) = BatchFixtures.read(text)
        let messages = reader.mistakes.map(\.description).joined(separator: "\n")
        #expect(messages.contains(shown), "\(messages)")
        #expect(!messages.contains("0013800"))
        #expect(!messages.contains("\u{1B}"))
    }

    @Test func aMistakeReadsAsOneLine() throws {
        let (reader, _, _) = BatchFixtures.read("Number;Amount\n13800138000;-5\n")
        let mistake = try #require(reader.mistakes.first)
        #expect(
            mistake.description
                == "line 2, column 2 (Amount) \"-5\": the amount is negative; "
                + "write an amount above zero, without a sign"
        )
    }
}
