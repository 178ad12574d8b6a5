import Testing

@testable import Engine

@Suite struct TranscriptTests {
    @Test(arguments: [
        ("OK", "< OK"), ("+CMS ERROR: 38", "< +CMS ERROR: 38"), ("+CMGS: 7", "< +CMGS: 7"),
        ("0011000B91683108", "< a line of 16 bytes"), ("+CMS ERROR: 12345", "< a line of 17 bytes"),
        ("+CMGS: 7,\"0011000B\"", "< +CMGS: 7"),
    ])
    func onlyResultCodesAndReferencesAreShown(line: String, shown: String) {
        var transcript = Transcript()
        transcript.received(line: line)
        #expect(transcript.lines == [shown])
    }

    @Test func itIsBounded() {
        var transcript = Transcript()
        for _ in 0..<1000 { transcript.received(line: "OK") }
        #expect(transcript.bytes.count < 1000)
    }
}
