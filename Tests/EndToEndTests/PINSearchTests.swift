import SMSCodec
import Testing

/// A search that finds nothing proves something only if it finds what is there.
@Suite struct PINSearchTests {
    private static let pin = "48159263"
    /// On 2026-11-23.
    private static let noon: Int64 = 1_795_435_200_000
    private let search = PINSearch(pin)

    /// Every form of a text as a trace may hold it: octets, small and capital hex.
    private func spellings(_ octets: [UInt8]) -> [[UInt8]] {
        let hex = octets.map { octet in
            String(octet >> 4, radix: 16) + String(octet & 15, radix: 16)
        }.joined()
        return [octets, Array(hex.utf8), Array(hex.uppercased().utf8)]
    }

    /// The codec packs the septets here, and the search has its own notion of them.
    @Test(arguments: 0..<8)
    func aPackedPINIsFoundAtEachAlignment(lettersBefore: Int) throws {
        let text = String(repeating: "x", count: lettersBefore) + Self.pin + "zz"
        let deliver = SMSDeliver(
            from: try SMSAddress(number: "10086"),
            timestamp: try ServiceCentreTimestamp(utcMilliseconds: Self.noon, quarterHours: 0),
            userData: try UserData(text: text)
        )
        let pdu = PDUFrame(tpdu: .deliver(deliver)).hex
        let bit = lettersBefore * 7 % 8
        let octets = try #require(Self.octets(pdu))
        for (spelling, name) in zip(spellings(octets), ["", " in hex", " in capital hex"]) {
            #expect(search.found(in: spelling) == ["septets at bit \(bit)\(name)"])
        }
    }

    @Test func aPackedPINIsFoundBehindTheHeaderOfAPartOfALongMessage() throws {
        let text = String(repeating: "long ", count: 40) + Self.pin
        let delivers = try SMSSegmentation.delivers(
            text: text,
            from: try SMSAddress(number: "10086"),
            timestamp: try ServiceCentreTimestamp(utcMilliseconds: Self.noon, quarterHours: 0),
            reference: .narrow(1)
        )
        let found = delivers.map { search.found(in: PDUFrame(tpdu: .deliver($0)).hex) }
        #expect(found.count == 2)
        #expect(found[0].isEmpty)
        #expect(found[1].count == 1)
    }

    @Test func aPINInUCS2IsFound() throws {
        let text = "【充值】指令\(Self.pin)有误"
        let big = text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        let little = text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        for spelling in spellings(big) {
            #expect(search.found(in: spelling).contains { $0.hasPrefix("UCS2") })
        }
        for spelling in spellings(little) {
            #expect(search.found(in: spelling).contains { $0.hasPrefix("UTF-16LE") })
        }
        let pdu = try UserData(text: text).payload
        #expect(search.found(in: pdu) == ["UCS2"])
    }

    @Test func aPINInASCIIIsFoundAtBothEnds() {
        for text in ["x\(Self.pin)", "\(Self.pin)x", Self.pin] {
            for (spelling, name) in zip(
                spellings(Array(text.utf8)),
                ["ASCII", "ASCII in hex", "ASCII in capital hex"]
            ) {
                #expect(search.found(in: spelling).contains(name))
            }
        }
    }

    @Test func nothingIsFoundWhereNothingIs() {
        #expect(search.found(in: "").isEmpty)
        #expect(search.found(in: "4815926 3 and 13848159362").isEmpty)
        #expect(search.found(in: Array(repeating: 0x34, count: 10_000)).isEmpty)
    }

    private static func octets(_ hex: String) -> [UInt8]? {
        let digits = hex.compactMap(\.hexDigitValue)
        guard digits.count == hex.count else { return nil }
        return stride(from: 0, to: digits.count - 1, by: 2).map {
            UInt8(digits[$0] << 4 | digits[$0 + 1])
        }
    }
}
