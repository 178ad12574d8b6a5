import Recharge
import TestSupport
import Testing

@Suite struct TimestampTests {
    @Test(
        arguments: [
            ("1970-01-01", 0, 0),
            ("1970-01-01T00:00:00.001Z", 0, 1),
            ("2026-11-23T12:00:00Z", 0, 1_795_435_200_000),
            ("2026-11-23 20:00", 480, 1_795_435_200_000),
            ("2026-11-23T20:00:00+08:00", 0, 1_795_435_200_000),
            ("2026-11-23T06:30:00-05:30", 0, 1_795_435_200_000),
            ("2026-11-23T12:00:00Z", 480, 1_795_435_200_000),
            ("2024-02-29", 0, 1_709_164_800_000),
            ("2000-02-29T23:59:59.999Z", 0, 951_868_799_999),
        ] as [(String, Int64, Int64)]
    )
    func aDateIsReadInItsZone(text: String, offset: Int64, milliseconds: Int64) {
        #expect(Timestamp(text, offsetMinutes: offset)?.milliseconds == milliseconds)
    }

    @Test(arguments: [
        "", "2026", "2026-11", "2026-13-01", "2026-00-01", "2026-02-29", "2100-02-29", "2026-04-31",
        "2026-11-23T", "2026-11-23T24:00", "2026-11-23T12:60", "2026-11-23T12:00:60",
        "2026-11-23T12:00:00.25Z", "2026-11-23T12:00:00+8", "2026-11-23T12:00:00+08:60",
        "2026-11-23T12:00:00+19:00", "2026-11-23T12:00Zx", "2026/11/23", "23.11.2026",
        " 2026-11-23",
        "1969-12-31", "1970-01-01T00:00+00:01", "9999-12-31T23:59:59-00:01", "２０２６-11-23",
    ])
    func anythingElseIsNoDate(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test func whatIsWrittenIsReadBack() {
        var random = SplitMix64(seed: 1)
        for _ in 0..<2000 {
            let moment = Timestamp(
                milliseconds: Int64.random(in: 0...253_402_300_799_999, using: &random)
            )
            #expect(Timestamp(moment.rfc3339) == moment)
            #expect(moment.rfc3339.utf8.count == 24)
        }
    }

    @Test func momentsBeforeTheEpochAreWrittenToo() {
        #expect(Timestamp(milliseconds: -1).rfc3339 == "1969-12-31T23:59:59.999Z")
    }

    @Test func durationsAreCutToMilliseconds() {
        let start = Timestamp(milliseconds: 1000)
        #expect(start.advanced(by: .microseconds(1999)).milliseconds == 1001)
        #expect(start.advanced(by: .seconds(-2)).milliseconds == -1000)
        #expect(start.duration(to: Timestamp(milliseconds: 250)) == .milliseconds(-750))
        #expect(Duration.microseconds(-1999).wholeMilliseconds == -1)
        #expect(start < start.advanced(by: .milliseconds(1)))
    }
}
