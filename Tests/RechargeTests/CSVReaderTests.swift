import Recharge
import TestSupport
import Testing

/// Everything the reader says of some bytes.
private struct Reading: Equatable {
    var rows: [[String]] = []
    var lines: [Int] = []
    var faults: [[CSVFault]] = []
    var isBroken = false

    init(_ bytes: [UInt8], cuts: [Int] = []) {
        var reader = CSVReader()
        var start = 0
        for end in cuts.sorted() + [bytes.count] {
            let chunk = Array(bytes[start..<end])
            var position = 0
            while reader.readRecord(chunk, &position) { add(reader.record) }
            start = end
        }
        while reader.finish() { add(reader.record) }
        isBroken = reader.isBroken
    }

    init(_ text: String) {
        self.init(Array(text.utf8))
    }

    private mutating func add(_ record: CSVRecord) {
        rows.append(
            (0..<record.count).map { String(decoding: record.cell($0), as: UTF8.self) }
        )
        lines.append(record.line)
        faults.append(record.faults)
    }
}

@Suite struct CSVReaderTests {
    @Test(arguments: [
        ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
        ("a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]),
        ("a,b\r1,2\r", [["a", "b"], ["1", "2"]]),
        ("a,b\n1,2", [["a", "b"], ["1", "2"]]),
        ("\u{FEFF}a,b\n1,2", [["a", "b"], ["1", "2"]]),
        ("a;b\n1,5;2", [["a", "b"], ["1,5", "2"]]),
        ("a\tb\n1;2\t3", [["a", "b"], ["1;2", "3"]]),
        ("\"a\";\"b\"\n1;2", [["a", "b"], ["1", "2"]]),
        ("\"a,a,a\";b\n1;2", [["a,a,a", "b"], ["1", "2"]]),
        ("a\n\"1,\"\"2\"\"\"\n", [["a"], ["1,\"2\""]]),
        ("a,b\n\"1\r\n2\",3\n", [["a", "b"], ["1\r\n2", "3"]]),
        ("a,b\n,\n", [["a", "b"], ["", ""]]),
        ("a,b\n\"\",\"\"\n", [["a", "b"], ["", ""]]),
        ("a,b\n1,\n", [["a", "b"], ["1", ""]]),
        ("a\n\n1\n", [["a"], [""], ["1"]]),
        ("a\n\"\"\"\"", [["a"], ["\""]]),
        ("", []),
    ])
    func recordsAreSplitAsRFC4180Says(text: String, rows: [[String]]) {
        let reading = Reading(text)
        #expect(reading.rows == rows)
        #expect(reading.faults.allSatisfy { $0.isEmpty })
    }

    @Test func linesInsideQuotesCountWhateverEndsThem() {
        let reading = Reading("a\r\n\"1\n2\r3\r\n4\"\r\nx\ry\n\nz")
        #expect(reading.rows.map(\.first) == ["a", "1\n2\r3\r\n4", "x", "y", "", "z"])
        #expect(reading.lines == [1, 2, 6, 7, 8, 9])
    }

    @Test(arguments: [
        ("a,b\n\"1\"x,2\n", CSVFault(.textAfterQuote, line: 2, column: 1)),
        ("a,b\n1,2\"\n", CSVFault(.quoteInUnquotedCell, line: 2, column: 2)),
        ("a,b\n1,\u{0}2\n", CSVFault(.nul, line: 2, column: 2)),
        ("a,b\n1,\"\u{0}\"\n", CSVFault(.nul, line: 2, column: 2)),
        (
            "a,b\n" + String(repeating: "9", count: 70_000) + ",2\n",
            CSVFault(.recordTooLong, line: 2, column: 1)
        ),
        (
            "a,b\n" + String(repeating: ",", count: 64) + "\n",
            CSVFault(.tooManyColumns, line: 2, column: 65)
        ),
    ])
    func aFaultIsPlacedAndTheNextRecordIsRead(text: String, fault: CSVFault) {
        let reading = Reading(text + "3,4\n")
        #expect(reading.faults == [[], [fault], []])
        #expect(reading.rows.last == ["3", "4"])
        #expect(reading.lines == [1, 2, 3])
        #expect(!reading.isBroken)
    }

    @Test func aLineInsideQuotesIsNoRecordEvenAfterAFault() {
        let reading = Reading("a,b\n\"1\"x,\"\n13800138000,50\n\"\n3,4\n")
        #expect(reading.rows.count == 3)
        #expect(reading.rows.last == ["3", "4"])
    }

    @Test func anUnterminatedQuoteNamesTheLineWhereItWasOpened() {
        let reading = Reading("a,b\n1,2\n3,\"4\n5,6\n7,8\n")
        #expect(reading.faults.last == [CSVFault(.unterminatedQuote, line: 3, column: 2)])
        #expect(reading.isBroken)
        #expect(reading.rows.count == 3)
    }

    @Test func aQuoteOpenForTooLongEndsTheReading() {
        let reading = Reading("a\n\"" + String(repeating: "1,2\n", count: 20_000) + "\"\nx\n")
        #expect(reading.faults.last?.first == CSVFault(.unterminatedQuote, line: 2, column: 1))
        #expect(reading.isBroken)
        #expect(reading.rows.count == 2)
    }

    @Test func theRawRecordIsTheFileWithoutItsLineEnd() {
        var reader = CSVReader()
        let bytes = Array("a,b\r\n\"1\"\"\",\"x\ny\"\r\n".utf8)
        var position = 0
        var raws: [String] = []
        while reader.readRecord(bytes, &position) {
            raws.append(String(decoding: reader.record.raw, as: UTF8.self))
        }
        #expect(raws == ["a,b", "\"1\"\"\",\"x\ny\""])
    }

    @Test(arguments: 0..<300)
    func chunksMakeNoDifference(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let alphabet = Array("\"\"\"\n\n\r,,;\t12ab\u{0}é ".utf8)
        let count = Int.random(in: 0...120, using: &random)
        let bytes = (0..<count).map { _ in
            alphabet.randomElement(using: &random) ?? 0
        }
        let whole = Reading(bytes)
        #expect(Reading(bytes, cuts: Array(0...bytes.count)) == whole)
        let cuts = (0..<5).map { _ in Int.random(in: 0...bytes.count, using: &random) }
        #expect(Reading(bytes, cuts: cuts) == whole)
    }

    @Test(arguments: 0..<50)
    func randomBytesAreReadWithoutATrap(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let bytes = (0..<5000).map { _ in UInt8.random(in: 0...255, using: &random) }
        let reading = Reading(bytes)
        #expect(reading.rows.count == reading.lines.count)
    }

    @Test func cellsWrittenAreReadBackAsTheyWere() {
        let texts = [
            "a", "a,b", "\"", "a\"b\"", "x\r\ny", "", " ", "a;b", "=1", "\t", "\"\u{FE2D}.",
        ]
        let line = texts.map(CSVText.cell).joined(separator: ",") + "\n"
        let header = (0..<texts.count).map { "c\($0)" }.joined(separator: ",") + "\n"
        #expect(Reading(header + line).rows.last == texts)
    }
}
