import Recharge
import Testing
import TextDecoding

@Suite struct TextDecoderTests {
    /// `号码,金额,备注` and a row, in GB18030.
    private static let gb18030: [UInt8] =
        [0xBA, 0xC5, 0xC2, 0xEB, 0x2C, 0xBD, 0xF0, 0xB6, 0xEE, 0x2C, 0xB1, 0xB8, 0xD7, 0xA2, 0x0A]
        + Array("13800138000,50,".utf8) + [0xBB, 0xB0, 0xB7, 0xD1, 0x0A]
    private static let text = "号码,金额,备注\n13800138000,50,话费\n"

    private static func utf16(_ text: String, isBig: Bool) -> [UInt8] {
        ("\u{FEFF}" + text).utf16.flatMap { unit in
            let bytes = [UInt8(unit >> 8), UInt8(unit & 0xFF)]
            return isBig ? bytes : bytes.reversed()
        }
    }

    private static func decode(
        _ bytes: [UInt8],
        as encoding: TextEncoding? = nil,
        chunk: Int = .max
    ) -> Result<[UInt8], TextDecodingError> {
        var decoder = TextDecoder(encoding)
        var text: [UInt8] = []
        do throws(TextDecodingError) {
            var start = 0
            while start < bytes.count {
                let end = start + min(chunk, bytes.count - start)
                text += try decoder.decode(Array(bytes[start..<end]))
                start = end
            }
            text += try decoder.finish()
        } catch {
            return .failure(error)
        }
        return .success(text)
    }

    @Test(arguments: [
        (Array(text.utf8), TextEncoding.utf8), (Array(("\u{FEFF}" + text).utf8), .utf8),
        (utf16(text, isBig: false), .utf16LittleEndian),
        (utf16(text, isBig: true), .utf16BigEndian),
        (gb18030, .gb18030), ([0x84, 0x31, 0x95, 0x33] + gb18030, .gb18030),
    ])
    func everyEncodingGivesTheSameTextHoweverItIsCut(bytes: [UInt8], encoding: TextEncoding) {
        #expect(TextDecoder.detect(prefix: bytes, isWhole: true) == encoding)
        for chunk in [1, 2, 3, 5, 7, .max] {
            #expect(Self.decode(bytes, chunk: chunk) == .success(Array(Self.text.utf8)))
            #expect(
                Self.decode(bytes, as: encoding, chunk: chunk) == .success(Array(Self.text.utf8))
            )
        }
    }

    @Test func everyCharacterOfUnicodeSurvives() {
        var text = ""
        for value in stride(from: UInt32(0x20), through: 0x10FFFF, by: 61) {
            if let scalar = Unicode.Scalar(value), value != 0xFEFF {
                text.unicodeScalars.append(scalar)
            }
        }
        let expected = Array(text.utf8)
        #expect(Self.decode(expected, as: .utf8, chunk: 1000) == .success(expected))
        for isBig in [false, true] {
            let bytes = Self.utf16(text, isBig: isBig)
            #expect(Self.decode(bytes, chunk: 999) == .success(expected))
        }
    }

    @Test(
        arguments: [
            ([0x61, 0xFF, 0x61], TextEncoding.utf8, 1), ([0xC0, 0x80], .utf8, 0),
            ([0x61, 0x62, 0xED, 0xA0, 0x80], .utf8, 2), ([0xF4, 0x90, 0x80, 0x80], .utf8, 0),
            ([0xE5, 0x8F, 0x61], .utf8, 0), ([0xEF, 0xBB, 0xBF, 0x61, 0x80], .utf8, 4),
            ([0xBA, 0xC5, 0x61, 0xFF], .gb18030, 3), ([0x61, 0x80], .gb18030, 1),
            ([0x61, 0x00, 0x00, 0xDC, 0x61, 0x00], .utf16LittleEndian, 2),
            ([0xFF, 0xFE, 0x61, 0x00, 0x00, 0xD8, 0x61, 0x00], .utf16LittleEndian, 4),
        ] as [([UInt8], TextEncoding, Int)]
    )
    func aBadSequenceIsNamedByItsByte(bytes: [UInt8], encoding: TextEncoding, offset: Int) {
        for chunk in [1, 2, .max] {
            let error = TextDecodingError(
                kind: .badSequence,
                encoding: encoding,
                isGuessed: false,
                offset: offset
            )
            #expect(Self.decode(bytes, as: encoding, chunk: chunk) == .failure(error))
        }
    }

    @Test(
        arguments: [
            ([0x61, 0xE5, 0x8F], TextEncoding.utf8, 1), ([0x61, 0xBA], .gb18030, 1),
            ([0x61, 0x00, 0x62], .utf16LittleEndian, 2),
            ([0x61, 0x00, 0x00, 0xD8], .utf16LittleEndian, 2),
            ([0xEF], .utf8, 0),
        ] as [([UInt8], TextEncoding, Int)]
    )
    func aFileCutWithinACharacterSaysSo(bytes: [UInt8], encoding: TextEncoding, offset: Int) {
        for chunk in [1, .max] {
            let error = TextDecodingError(
                kind: .cutOff,
                encoding: encoding,
                isGuessed: false,
                offset: offset
            )
            #expect(Self.decode(bytes, as: encoding, chunk: chunk) == .failure(error))
        }
    }

    @Test func aGuessThatTurnsOutWrongAsksForTheName() throws {
        let plain = Array(String(repeating: "13800138000,50\n", count: 5000).utf8)
        let result = Self.decode(plain + Self.gb18030, chunk: 4096)
        guard case .failure(let error) = result else {
            Issue.record("GB18030 passed as UTF-8")
            return
        }
        #expect(error.isGuessed && error.encoding == .utf8 && error.offset == plain.count)
        #expect(error.description.contains("--encoding"))
        let named = Self.decode(plain + Self.gb18030, as: .gb18030, chunk: 4096)
        #expect(named == .success(plain + Array(Self.text.utf8)))
    }

    @Test func aCharacterAcrossTheEndOfTheDetectedPartIsStillUTF8() {
        for shift in 0..<3 {
            let plain = [UInt8](repeating: 0x61, count: TextDecoder.detectionBytes - 1 - shift)
            let bytes = plain + Array("号".utf8) + Array("码".utf8)
            #expect(
                TextDecoder.detect(
                    prefix: Array(bytes.prefix(TextDecoder.detectionBytes)),
                    isWhole: false
                )
                    == .utf8
            )
            #expect(Self.decode(bytes, chunk: TextDecoder.detectionBytes) == .success(bytes))
        }
    }

    @Test func anEmptyFileIsEmptyText() {
        #expect(Self.decode([]) == .success([]))
        #expect(Self.decode([0xEF, 0xBB, 0xBF]) == .success([]))
        #expect(Self.decode([0xFF, 0xFE]) == .success([]))
    }

    @Test(
        arguments: [
            ("UTF-8", TextEncoding.utf8), ("utf8", .utf8), ("GBK", .gb18030), ("gb2312", .gb18030),
            ("GB-18030", .gb18030), ("utf-16le", .utf16LittleEndian), ("UTF_16BE", .utf16BigEndian),
            ("latin1", nil), ("", nil),
        ] as [(String, TextEncoding?)]
    )
    func anEncodingIsFoundByTheNamesPeopleUse(name: String, encoding: TextEncoding?) {
        #expect(TextEncoding(name: name) == encoding)
    }

    @Test(arguments: 0..<100)
    func randomBytesAreDecodedAlikeHoweverTheyAreCut(seed: UInt64) {
        var state = seed &* 2_862_933_555_777_941_757 &+ 3_037_000_493
        let bytes = (0..<200).map { _ -> UInt8 in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 56)
        }
        for encoding in TextEncoding.allCases {
            let whole = Self.decode(bytes, as: encoding)
            #expect(Self.decode(bytes, as: encoding, chunk: 1) == whole)
            #expect(Self.decode(bytes, as: encoding, chunk: 7) == whole)
        }
    }

    @Test func aBatchFromAChineseSpreadsheetIsRead() throws {
        guard case .success(let text) = Self.decode(Self.gb18030, chunk: 4) else {
            Issue.record("GB18030 was not decoded")
            return
        }
        let carrier = try #require(CarrierID("sim"))
        let currency = try #require(Currency(code: "CNY"))
        let plan = NumberPlan(countryCode: "86", nationalLength: 11...11)
        var reader = BatchReader(
            BatchContext(
                key: NewJob.Key(client: "shop", key: "b"),
                now: Timestamp(milliseconds: 0),
                defaultCarrier: carrier,
                carriers: [carrier: BatchCarrier(numbers: plan, currency: currency)]
            )
        )
        let orders = reader.consume(text).orders + reader.finish().orders
        #expect(orders.map(\.note) == ["话费"])
        #expect(reader.mistakes.isEmpty)
    }
}
