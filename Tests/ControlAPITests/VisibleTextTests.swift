import ControlAPI
import Testing

struct VisibleTextTests {
    @Test(arguments: [
        ("充值成功 49.90", "充值成功 49.90"),
        ("a\u{1B}[31mred", "a\\u{1B}[31mred"),
        ("one\r\ntwo\tthree", "one\\r\\ntwo\\tthree"),
        ("\u{9B}2J", "\\u{9B}2J"),
        ("pay\u{202E}001", "pay\\u{202E}001"),
        ("zero\u{200B}width", "zero\\u{200B}width"),
        ("\u{2028}", "\\u{2028}"),
        ("", ""),
    ])
    func nothingThatMovesACursorIsShown(foreign: String, shown: String) {
        #expect(foreign.visible == shown)
    }

    @Test func octetsThatAreNoTextAreShownAsSuch() {
        let octets: [UInt8] = [0x41, 0xFF, 0xC3, 0x28, 0x00, 0xE5, 0x85, 0x85]
        #expect(VisibleText(octets: octets).text == "A\\xFF\\xC3(\\u{00}充")
    }

    @Test func noScalarOfControlOrFormatSurvives() {
        for value in UInt32(0)...0x2_FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let shown = String(scalar).visible
            let hidden = shown.unicodeScalars.contains { scalar in
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator: true
                default: false
                }
            }
            #expect(!hidden, "U+\(String(value, radix: 16))")
        }
    }
}
