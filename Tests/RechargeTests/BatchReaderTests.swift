import Recharge
import TestSupport
import Testing

@Suite struct BatchReaderTests {
    @Test func aRowBecomesAnOrderWithItsLineAsKey() throws {
        let text = """
            reference,NOTE,Number,Amount,Carrier,Priority,Not Before,Deadline
            A-1," two
            lines",+8613800138000,49.9,sim,9,2026-11-24 08:00,2026-11-24T12:00:00+08:00
            ,,13900139000,50,,,,

            """
        let (reader, orders, refused) = BatchFixtures.read(text)
        #expect(reader.mistakes.map(\.description) == [])
        #expect(refused.isEmpty)
        let first = try #require(orders.first)
        #expect(first.key == NewJob.Key(client: "shop", key: "morning/2"))
        #expect(first.number.e164 == "+8613800138000")
        #expect(first.numberAsSubmitted == "+8613800138000")
        #expect(first.amount.description == "49.90 CNY")
        #expect(first.reference == "A-1")
        #expect(first.note == "two\nlines")
        #expect(first.priority == 9)
        #expect(first.notBefore?.rfc3339 == "2026-11-24T00:00:00.000Z")
        #expect(first.deadline?.rfc3339 == "2026-11-24T04:00:00.000Z")
        #expect(first.batchLine == 2)
        let second = try #require(orders.last)
        #expect(second.key.key == "morning/4")
        #expect(second.numberAsSubmitted == "13900139000")
        #expect(second.carrier == BatchFixtures.carrier("sim"))
        #expect(second.priority == NewJob.priorityNormal)
        #expect(second.reference == nil && second.note == nil && second.deadline == nil)
        #expect(reader.totals.rows == 2 && reader.totals.accepted == 2)
        #expect(reader.totals.sum?.description == "99.90 CNY")
    }

    @Test(arguments: [
        "号码,金额", "手机号,充值金额", "手机号码,面额", "充值号码,金额", " Number , AMOUNT ",
        "n_u-mber;Amount", "号码\t金额", "\"号码\";\"金额\"",
    ])
    func headersAreFoundByAnyOfTheirNames(header: String) {
        let separator = header.contains("\t") ? "\t" : header.contains(";") ? ";" : ","
        let (_, orders, _) = BatchFixtures.read("\(header)\n13800138000\(separator)50")
        #expect(orders.count == 1)
    }

    @Test func chineseHeadersCoverEveryColumn() throws {
        let text =
            "号码,金额,订单号,运营商,优先级,最早时间,截止时间,备注\n"
            + "13800138000,50,单1,sim,7,2026-12-01,2026-12-02,话费\n"
        let order = try #require(BatchFixtures.read(text).orders.first)
        #expect(order.reference == "单1" && order.priority == 7 && order.note == "话费")
        #expect(order.notBefore?.rfc3339 == "2026-11-30T16:00:00.000Z")
    }

    @Test(
        arguments: [
            ("", [BatchFlaw.Kind.emptyFile], nil),
            ("\n\n", [.emptyFile], nil),
            ("number,amount\n", [.noRows], nil),
            ("number,price\n1,2\n", [.unknownHeader, .missingHeader], 2),
            ("number,amount,\n1,2,\n", [.unknownHeader], 3),
            ("sep=\nnumber;amount\n", [.unknownHeader, .missingHeader, .missingHeader], 1),
            ("Sep=;\n1\n", [.unknownHeader, .unknownHeader, .missingHeader, .missingHeader], 1),
            ("number,amount,Amount\n1,2,3\n", [.duplicateHeader], 3),
            ("number,号码,foo,amount\n1,2,3,4\n", [.duplicateHeader, .unknownHeader], 2),
            (
                "13800138000,50\n",
                [.unknownHeader, .unknownHeader, .missingHeader, .missingHeader], 1
            ),
            ("number,amo\"unt\n1,2\n", [.quoteInUnquotedCell, .unknownHeader, .missingHeader], 2),
        ] as [(String, [BatchFlaw.Kind], Int?)]
    )
    func aFileThatCannotBeReadSaysAllThatIsWrong(
        text: String,
        kinds: [BatchFlaw.Kind],
        column: Int?
    ) {
        let (reader, orders, refused) = BatchFixtures.read(text)
        #expect(reader.mistakes.map(\.flaw.kind) == kinds)
        #expect(reader.mistakes.first?.column == column)
        #expect(reader.mistakes.allSatisfy { $0.line >= 1 && !$0.flaw.cure.isEmpty })
        #expect(reader.isUnreadable)
        #expect(orders.isEmpty && refused.isEmpty)
    }

    @Test func anUnterminatedQuoteMakesTheFileUnreadable() {
        let text = "number,amount,note\n13800138000,50,a\n13900139000,50,\"b\n13700137000,50,c\n"
        let (reader, orders, refused) = BatchFixtures.read(text)
        #expect(orders.count == 1)
        #expect(reader.isUnreadable)
        #expect(reader.mistakes.map(\.flaw.kind) == [.unterminatedQuote])
        #expect(reader.mistakes.first?.line == 3)
        #expect(refused.map(\.line) == [3])
    }

    @Test func theSameNumberAndAmountTwiceNeedsTwoReferences() {
        let text = """
            number,amount,reference
            13800138000,50,A
            13800138000,50.00,B
            +8613800138000,50,
            13800138000,60,
            13900139000,50,
            008613900139000,50,C
            13700137000,10,A
            """
        let (reader, orders, _) = BatchFixtures.read(text)
        #expect(orders.map(\.batchLine) == [2, 3, 5, 6])
        #expect(
            reader.mistakes.map(\.flaw.kind) == [.duplicateRow, .duplicateRow, .duplicateReference]
        )
        #expect(reader.mistakes.map(\.line) == [4, 7, 8])
        #expect(reader.mistakes.map { $0.flaw.what.prefix(6) } == ["line 2", "line 6", "line 2"])
        #expect(reader.mistakes.last?.column == 3)
    }

    @Test func aRepeatIndexTellsRowsOfOneNumberAndAmountApart() {
        let text = """
            number,amount,Repeat
            13800138000,50,
            13800138000,50,2
            13800138000,50, 63
            13800138000,50,2
            13900139000,50,2
            """
        let (reader, orders, _) = BatchFixtures.read(text)
        #expect(orders.map(\.repeatIndex) == [nil, 2, 63, 2])
        #expect(orders.map(\.batchLine) == [2, 3, 4, 6])
        #expect(reader.mistakes.map(\.line) == [5])
        #expect(reader.mistakes.first?.flaw.kind == .duplicateRow)
        #expect(Set(orders.map(\.canonicalTerms)).count == 4)
    }

    @Test func whereACarrierHasAWindowReferencesDoNotTellRowsApart() {
        var context = BatchFixtures.context
        for id in context.carriers.keys {
            context.carriers[id]?.duplicateWindow = .seconds(600)
        }
        let text = "number,amount,reference\n13800138000,50,A\n13800138000,50,B\n"
        let bytes = Array(text.utf8)
        #expect(BatchFixtures.read(bytes, context: context).reader.mistakes.count == 1)
        context.allowsDuplicates = true
        let (reader, orders, _) = BatchFixtures.read(bytes, context: context)
        #expect(reader.mistakes.isEmpty)
        #expect(orders.map(\.duplicateWindow) == [.seconds(600), .seconds(600)])
    }

    @Test func aRefusedRowCountsAsSeen() {
        let text = "number,amount,priority\n13800138000,50,x\n13800138000,50,1\n"
        let (reader, orders, _) = BatchFixtures.read(text)
        #expect(orders.isEmpty)
        #expect(reader.mistakes.map(\.flaw.kind) == [.badPriority, .duplicateRow])
    }

    @Test func oneFileHasOneCurrency() {
        let text = "number,amount,carrier\n13800138000,50,sim\n081123456789,5000,idn\n"
        let (reader, orders, _) = BatchFixtures.read(text)
        #expect(orders.count == 1)
        #expect(reader.mistakes.map(\.flaw.kind) == [.mixedCurrencies])
    }

    @Test func withoutADefaultEachRowNamesItsCarrier() {
        var context = BatchFixtures.context
        context.defaultCarrier = nil
        let rows = Array("number,amount,carrier\n13800138000,50,sim\n13900139000,50,\n".utf8)
        let (reader, orders, _) = BatchFixtures.read(rows, context: context)
        #expect(orders.count == 1)
        #expect(reader.mistakes.map(\.flaw.kind) == [.missingCarrier])
        let bare = BatchFixtures.read(Array("number,amount\n".utf8), context: context)
        #expect(bare.reader.mistakes.map(\.flaw.kind) == [.missingHeader])
    }

    @Test func mistakesBeyondTheListAreCounted() {
        let rows = String(repeating: "1,x\n", count: 1500)
        let (reader, _, refused) = BatchFixtures.read("number,amount\n" + rows)
        #expect(reader.mistakes.count == BatchReader.mistakesKeptMax)
        #expect(reader.totals.mistakes == 3000)
        #expect(reader.totals.refused == 1500 && refused.count == 1500)
    }

    @Test func ofManyRowsExactlyTheRepeatedOnesAreRefused() {
        var text = "number,amount,reference\n"
        for index in 0..<20_000 { text += "138\(10_000_000 + index),50,R\(index)\n" }
        for index in 0..<100 { text += "138\(10_000_000 + index * 7),50,\n" }
        for index in 0..<100 { text += "138\(10_000_000 + index * 7),60,R\(index * 3)\n" }
        let (reader, orders, _) = BatchFixtures.read(text)
        #expect(orders.count == 20_000)
        let expected =
            (0..<100).map { "line \($0 * 7 + 2) " } + (0..<100).map { "line \($0 * 3 + 2) " }
        #expect(reader.mistakes.count == 200)
        for (mistake, start) in zip(reader.mistakes, expected) {
            #expect(mistake.flaw.what.hasPrefix(start))
        }
    }

    @Test(arguments: 0..<60)
    func chunksMakeNoDifference(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let pieces = [
            "13800138000", "50", ",", ",", "\n", "\r\n", "\"", "x", "-1", "13900139000,20\n",
            "ref", "\u{A0}", "é", "\u{0}", "13800138000,50,a\n",
        ]
        var text = "number,amount,reference\r\n"
        for _ in 0..<80 { text += pieces.randomElement(using: &random) ?? "" }
        let bytes = Array(text.utf8)
        let whole = BatchFixtures.read(bytes)
        let chunk = Int.random(in: 1...9, using: &random)
        let parts = BatchFixtures.read(bytes, chunk: chunk)
        #expect(parts.orders == whole.orders)
        #expect(parts.refused == whole.refused)
        #expect(parts.reader.mistakes == whole.reader.mistakes)
        #expect(parts.reader.totals == whole.reader.totals)
        #expect(whole.orders.count + whole.refused.count == whole.reader.totals.rows)
    }

    @Test(arguments: 0..<60)
    func randomBytesAreReadWithoutATrap(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let noise = (0..<3000).map { _ in UInt8.random(in: 0...255, using: &random) }
        let header = Array("number,amount,carrier,priority,deadline,note\n".utf8)
        let commas = noise.map { $0 < 60 ? UInt8(0x2C) : $0 < 70 ? 0x0A : $0 }
        #expect(BatchFixtures.read(header + commas).orders.isEmpty)
        #expect(BatchFixtures.read(noise).orders.isEmpty)
    }

    @Test func theRefusedFileCanBeCorrectedAndSentAgain() throws {
        let text = "number;amount;note\n13800138000;50;a\n13900139000;-5;\"b;c\"\n"
        let (reader, _, refused) = BatchFixtures.read(text)
        let file = try #require(BatchRefusedFile(reader))
        let bytes = file.header + refused.flatMap(file.row)
        let written = String(decoding: bytes, as: UTF8.self)
        #expect(written.hasPrefix("number;amount;note;mistakes\n13900139000;-5;\"b;c\";\"line 3,"))
        let corrected = written.split(separator: "\n").map {
            $0.hasPrefix("139") ? "13900139000;5;\"b;c\";fixed" : String($0)
        }
        let again = BatchFixtures.read(corrected.joined(separator: "\n"))
        #expect(again.orders.map(\.note) == ["b;c"])
        #expect(BatchRefusedFile(again.reader)?.header == file.header)
    }
}
