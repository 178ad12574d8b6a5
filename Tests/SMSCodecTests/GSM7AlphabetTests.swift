import TestSupport
import Testing

@testable import SMSCodec

struct GSM7AlphabetTests {
    @Test func hellohelloPacksAsInTheSpecification() throws {
        var packed: [UInt8] = []
        Septets.pack(Array("hellohello".utf8), into: &packed)
        #expect(Hexadecimal.text(packed) == "E8329BFD4697D9EC37")
        let unpacked = Septets.unpack(packed[...], firstBit: 0, count: 10)
        #expect(GSM7Alphabet.text(unpacked) == "hellohello")
    }

    @Test func each128CodesButTheEscapeIsOneCharacterBothWays() throws {
        var seen: Set<String> = []
        for code in UInt8(0)..<128 where code != GSM7Alphabet.escape {
            let text = GSM7Alphabet.text([code])
            #expect(text.unicodeScalars.count == 1)
            #expect(GSM7Alphabet.septets(text) == [code])
            seen.insert(text)
        }
        #expect(seen.count == 127)
    }

    @Test(
        arguments: [
            (0x00, "@"), (0x02, "$"), (0x09, "Ç"), (0x0A, "\n"), (0x0D, "\r"), (0x10, "Δ"),
            (0x11, "_"),
            (0x1A, "Ξ"), (0x1C, "Æ"), (0x1F, "É"), (0x20, " "), (0x24, "¤"), (0x30, "0"),
            (0x39, "9"),
            (0x40, "¡"), (0x41, "A"), (0x5A, "Z"), (0x5F, "§"), (0x60, "¿"), (0x61, "a"),
            (0x7A, "z"),
            (0x7F, "à"),
        ] as [(Int, String)]
    )
    func defaultTableHasItsCharactersInPlace(code: Int, character: String) {
        #expect(GSM7Alphabet.text([UInt8(code)]) == character)
    }

    @Test(
        arguments: [
            (0x0A, "\u{0C}"), (0x14, "^"), (0x28, "{"), (0x29, "}"), (0x2F, "\\"), (0x3C, "["),
            (0x3D, "~"), (0x3E, "]"), (0x40, "|"), (0x65, "€"),
        ] as [(Int, String)]
    )
    func extensionTableTakesTwoSeptetsBothWays(code: Int, character: String) {
        let septets = [GSM7Alphabet.escape, UInt8(code)]
        #expect(GSM7Alphabet.text(septets) == character)
        #expect(GSM7Alphabet.septets(character) == septets)
    }

    @Test func unknownEscapesShowTheDefaultCharacterOrASpace() {
        #expect(GSM7Alphabet.text([0x1B, 0x41, 0x42]) == "AB")
        #expect(GSM7Alphabet.text([0x1B, 0x1B, 0x41]) == " A")
        #expect(GSM7Alphabet.text([0x41, 0x1B]) == "A ")
    }

    @Test(arguments: ["ç", "\u{1B}", "充", "😀", "e\u{301}", "`", "α", "\u{100}"])
    func charactersOutsideTheAlphabetNeedUCS2(text: String) {
        #expect(GSM7Alphabet.septets(text) == nil)
        #expect(SMSText.smallestAlphabet(for: text) == .ucs2)
    }

    @Test func alphabetIsTheSmallestThatFits() {
        #expect(SMSText.smallestAlphabet(for: "") == .gsm7)
        #expect(SMSText.smallestAlphabet(for: "PIN 1234 €5 {a}\r\nΩ") == .gsm7)
        #expect(SMSText.smallestAlphabet(for: "余额 5.00") == .ucs2)
    }

    @Test func packingRoundTripsForEachLengthAndFill() {
        var random = SplitMix64(seed: 1)
        for count in 0...160 {
            for fill in 0..<7 {
                let septets = (0..<count).map { _ in UInt8.random(in: 0..<128, using: &random) }
                var packed: [UInt8] = []
                Septets.pack(septets, fillBits: fill, into: &packed)
                let unpacked = Septets.unpack(packed[...], firstBit: fill, count: count)
                if packed.count != (count * 7 + fill + 7) / 8 || unpacked != septets {
                    Issue.record("\(count) septets after \(fill) bits")
                }
            }
        }
    }

    @Test func unpackingStopsWhereTheOctetsEnd() {
        #expect(Septets.unpack([0xFF], firstBit: 0, count: 9).count == 1)
        #expect(Septets.unpack([], firstBit: 14, count: 3).isEmpty)
    }
}
