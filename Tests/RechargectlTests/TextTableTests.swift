import Testing

@testable import rechargectl

@Suite struct TextTableTests {
    @Test func wideCharactersCountAsTwoColumns() {
        var table = TextTable(["NAME", "SUM#", "STATE"])
        table.add([Cell("中国移动"), Cell("50.00"), Cell("ok")])
        table.add([Cell("plain"), Cell("1000.00"), Cell("bad")])
        #expect(
            table.lines(hasColor: false) == [
                "NAME          SUM  STATE",
                "中国移动    50.00  ok",
                "plain     1000.00  bad",
            ]
        )
    }

    @Test(arguments: [
        ("abc", 3), ("中文", 4), ("ｶﾅ", 2), ("カナ", 4), ("１２", 4),
        ("e\u{301}", 1), ("한글", 4),
        ("😀", 2), ("█", 1),
    ])
    func aTextTakesItsColumns(_ text: String, _ count: Int) {
        #expect(text.columnCount == count)
    }

    @Test func controlCharactersAreMadeVisible() {
        var table = TextTable(["TEXT"])
        table.add([Cell("a\u{1B}[2Jb\nc\u{202E}d")])
        #expect(table.lines(hasColor: true).last == "a\\u{1B}[2Jb\\nc\\u{202E}d")
    }

    @Test func coloursDoNotShiftColumns() {
        var table = TextTable(["STATE", "SIM"])
        table.add([Cell("failed", .bad), Cell("1")])
        table.add([Cell("ok"), Cell("2")])
        let lines = table.lines(hasColor: true)
        #expect(lines[1] == "\u{1B}[31mfailed\u{1B}[0m  1")
        #expect(lines[2] == "ok      2")
    }

    @Test func fieldsWithoutAValueAreLeftOut() {
        let table = TextTable.fields([("one", Cell("1")), ("none", nil), ("empty", Cell(""))])
        #expect(table.lines(hasColor: false) == ["one  1"])
    }

    @Test func cuttingNeverSplitsAWideCharacter() {
        #expect("中文字".prefix(columns: 5) == "中文")
    }
}
