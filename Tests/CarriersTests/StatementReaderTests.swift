import Carriers
import Recharge
import TestSupport
import Testing

/// What a carrier's statement is read as, and what of it is refused.
@Suite struct StatementReaderTests {
    private static let header = "号码,金额,流水号,时间,状态\n"

    private struct Reading {
        var lines: [StatementLine]
        var reader: StatementReader
    }

    private func read(_ text: String, chunk: Int = .max) throws -> Reading {
        var reader = try #require(StatementReader(try profile(wholeProfileText)))
        let bytes = Array(text.utf8)
        var lines: [StatementLine] = []
        for start in stride(from: 0, to: bytes.count, by: min(chunk, max(1, bytes.count))) {
            let end = min(bytes.count, start + min(chunk, bytes.count))
            lines += reader.consume(Array(bytes[start..<end]))
        }
        lines += reader.finish()
        return Reading(lines: lines, reader: reader)
    }

    @Test func chargedLinesAreReadAndOthersCounted() throws {
        let text =
            "\u{FEFF}序号,状态,时间,流水号,金额,号码\r\n1,成功,2026-11-23 09:30:00,S0001,50.00,13800138000\r\n"
            + "2,失败,2026-11-23 09:31:00,,50.00,13800138001\r\n\r\n"
            + "3, OK ,2026-11-23 09:32:00,'S0003,\"49.9\",8613800138002\r\n"
        for chunk in [Int.max, 1, 7] {
            let reading = try read(text, chunk: chunk)
            #expect(reading.reader.mistakes == [])
            #expect(reading.reader.skippedCount == 1)
            #expect(reading.reader.chargedCount == 2)
            #expect(!reading.reader.isUnreadable)
            let first = try #require(reading.lines.first)
            #expect(first.line == 2)
            #expect(first.number.e164 == "+8613800138000")
            #expect(first.amount.minorUnits == 5000)
            #expect(first.serial == "S0001")
            #expect(first.at == Timestamp("2026-11-23T09:30:00Z"))
            let last = try #require(reading.lines.last)
            #expect(last.line == 5)
            #expect(last.serial == "S0003")
            #expect(last.number.e164 == "+8613800138002")
            #expect(last.amount.minorUnits == 4990)
        }
    }

    @Test(arguments: [
        ("1.38E+10,50,S0001,2026-11-23 09:30:00,成功", "号码", "it is not a number of the"),
        ("\"=\"\"13800138000\"\"\",50,S0001,2026-11-23 09:30:00,成功", "号码", "it is not a number"),
        ("１３８００１３８０００,50,S0001,2026-11-23 09:30:00,成功", "号码", "it is not a number"),
        ("13800138000,-50,S0001,2026-11-23 09:30:00,成功", "金额", "it is not an amount above"),
        ("13800138000,0,S0001,2026-11-23 09:30:00,成功", "金额", "it is not an amount above"),
        ("13800138000,50元,S0001,2026-11-23 09:30:00,成功", "金额", "it is not an amount above"),
        ("13800138000,50.005,S0001,2026-11-23 09:30:00,成功", "金额", "it is not an amount above"),
        ("13800138000,50,=1+1,2026-11-23 09:30:00,成功", "流水号", "it is not 4 to 40 letters"),
        ("13800138000,50,,2026-11-23 09:30:00,成功", "流水号", "it is not 4 to 40 letters"),
        ("13800138000,50,S0001,2026-11-23 9:30:00,成功", "时间", "it is not a time as the"),
        ("13800138000,50,S0001,2026-11-31 09:30:00,成功", "时间", "it is not a time as the"),
        ("13800138000,50,S0001,2026-11-23 09:30:00Z,成功", "时间", "it is not a time as the"),
    ])
    func aBadCellIsNamedAndNeverGuessed(row: String, column: String, what: String) throws {
        let reading = try read(
            Self.header + row + "\n13800138000,50,S0009,2026-11-23 09:30:00,成功\n"
        )
        #expect(reading.reader.mistakes.count == 1)
        let mistake = try #require(reading.reader.mistakes.first)
        #expect(mistake.line == 2)
        #expect(mistake.column == column)
        #expect(mistake.what.hasPrefix(what))
        #expect(!mistake.description.contains("138"))
        #expect(reading.lines.map(\.serial) == ["S0009"])
    }

    @Test func everyMistakeIsListedWithItsLine() throws {
        let reading = try read(
            Self.header + "x,y,z,t,成功\n13800138000,50,S0001,2026-11-23 09:30:00\n"
                + "13800138000,50,S0002,2026-11-23 09:30:00,成功\n"
                + "13800138000,60,S0002,2026-11-23 09:30:00,成功\na\"b,50,S0003,,成功\n"
        )
        #expect(
            reading.reader.mistakes.map { "\($0.line) \($0.column ?? "-")" }
                == ["2 号码", "2 金额", "2 流水号", "2 时间", "3 -", "5 流水号", "6 -"]
        )
        #expect(reading.reader.mistakeCount == 7)
        #expect(reading.lines.map(\.line) == [4])
    }

    @Test(arguments: [
        ("", "line 1: the file is empty"),
        ("号码,金额,流水号,状态\n", "line 1, '时间': the header has no such column"),
        ("号码,金额,流水号,时间,状态,金额\n", "line 1, '金额': the header has the column more than once"),
        ("号码,金额,流水号,时间,\"状态\n", "line 1: a quote is opened and never closed"),
    ])
    func aFileThatTheLayoutDoesNotKnowIsNotRead(text: String, mistake: String) throws {
        let reading = try read(text + "13800138000,50,S0001,2026-11-23 09:30:00,成功\n")
        guard text.isEmpty else {
            #expect(reading.reader.mistakes.map(\.description) == [mistake])
            #expect(reading.reader.isUnreadable)
            #expect(reading.lines == [])
            return
        }
        #expect(try read("").reader.mistakes.map(\.description) == [mistake])
    }

    @Test func aQuoteThatIsNeverClosedEndsTheReading() throws {
        let reading = try read(
            Self.header + "13800138000,50,S0001,2026-11-23 09:30:00,成功\n"
                + "\"13800138000,50,S0002,2026-11-23 09:30:00,成功\n"
        )
        #expect(reading.reader.isUnreadable)
        #expect(reading.lines.map(\.serial) == ["S0001"])
        #expect(reading.reader.mistakes.map(\.line) == [3])
    }

    @Test func withoutAStatusEveryLineWasCharged() throws {
        let text = wholeProfileText.replacing(", status: 状态", with: "")
            .replacing("  succeeded: [成功, OK]\n", with: "")
            .replacing("YYYY-MM-DD hh:mm:ss", with: "DD/MM/YYYY hh.mm")
        var reader = try #require(StatementReader(try profile(text)))
        let file = "号码;金额;流水号;时间\n13800138000;50;S0001;23/11/2026 09.30\n"
        let lines = reader.consume(Array(file.utf8)) + reader.finish()
        #expect(lines.map(\.at) == [Timestamp("2026-11-23T09:30:00Z")])
        #expect(StatementReader(try profile(profileText)) == nil)
    }

    @Test func randomBytesNeverTrap() throws {
        var random = SplitMix64(seed: 7)
        let pieces = [
            "号码", ",", "\"", "\n", "\r", "13800138000", "50", "S0001", "=", "'", "\u{0}", "成功",
        ]
        for _ in 0..<2000 {
            let count = random.next(below: 40)
            let noise = (0..<count).map { _ in pieces[random.next(below: pieces.count)] }.joined()
            let reading = try read((random.next(below: 2) == 0 ? Self.header : "") + noise)
            for line in reading.lines { #expect(noise.contains(line.serial)) }
        }
    }
}
