import Testing

@testable import SMSCodec

struct UserDataTests {
    private func encoded(_ userData: UserData) -> String {
        var octets: [UInt8] = []
        userData.append(to: &octets)
        return Hexadecimal.text(octets)
    }

    private func decoded(_ hex: String, dcs: UInt8 = 0, hasHeader: Bool = true) throws -> UserData {
        var reader = PDUReader(try Hexadecimal.octets(hex))
        return try UserData(
            decoding: &reader,
            codingScheme: DataCodingScheme(octet: dcs),
            hasHeader: hasHeader
        )
    }

    @Test func gsm7AfterAHeaderStartsOnASeptetBoundary() throws {
        let place = try #require(Concatenation(reference: .narrow(0xCC), total: 2, number: 1))
        let part = try UserData(
            codingScheme: DataCodingScheme(alphabet: .gsm7),
            header: [place.element],
            payload: Array("Hi".utf8)
        )
        #expect(encoded(part) == "09050003CC0201" + "9069")
        #expect(try decoded("09050003CC02019069") == part)
    }

    @Test func headerWithoutTextStillCountsItsFillBits() throws {
        let element = HeaderElement(identifier: 0x70, content: [1, 2, 3])
        let empty = try UserData(
            codingScheme: DataCodingScheme(alphabet: .gsm7),
            header: [element],
            payload: []
        )
        #expect(encoded(empty) == "0705700301020300")
        #expect(try decoded(encoded(empty)) == empty)
    }

    @Test func unknownElementsAreKeptVerbatimAndInOrder() throws {
        let hex = "0C0A" + "7F00" + "24012A" + "0003AA0301" + "41"
        let userData = try decoded(hex, dcs: 0x04)
        #expect(
            userData.header == [
                HeaderElement(identifier: 0x7F, content: []),
                HeaderElement(identifier: 0x24, content: [0x2A]),
                HeaderElement(identifier: 0x00, content: [0xAA, 3, 1]),
            ]
        )
        #expect(userData.concatenation?.reference == .narrow(0xAA))
        #expect(encoded(userData) == hex)
    }

    @Test func wideReferencesAreSixteenBits() throws {
        let userData = try decoded("070608041234FF02", dcs: 0x08)
        let place = try #require(userData.concatenation)
        #expect(place.reference == .wide(0x1234))
        #expect(place.total == 255 && place.number == 2)
        #expect(encoded(userData) == "070608041234FF02")
    }

    @Test(arguments: ["0003AA0000", "0003AA0200", "0003AA0203", "0002AA01"])
    func impossiblePlacesAreNoConcatenation(element: String) throws {
        let count = element.utf8.count / 2
        let hex = Hexadecimal.text([UInt8(count + 1), UInt8(count)]) + element
        #expect(try decoded(hex, dcs: 0x04).concatenation == nil)
    }

    @Test func lastOfSeveralConcatenationsCounts() throws {
        let userData = try decoded("0B0A0003AA02010003BB0201", dcs: 0x04)
        #expect(userData.concatenation?.reference == .narrow(0xBB))
    }

    @Test(
        arguments: [
            ("", PDUError.Field.userDataLength, 0), ("05", .userData, 1), ("0241", .userData, 1),
            ("00", .userDataHeader, 1), ("0105", .userDataHeader, 2),
            ("020100", .userDataHeader, 3),
            ("0403000301", .userDataHeader, 4), ("8D", .userDataLength, 0),
        ] as [(String, PDUError.Field, Int)]
    )
    func malformedHeadersNameFieldAndOctet(
        hex: String,
        field: PDUError.Field,
        octet: Int
    ) throws {
        let error = #expect(throws: PDUError.self) { try decoded(hex, dcs: 0x04) }
        #expect(error?.field == field)
        #expect(error?.attempt == .decoding(octet: octet))
    }

    @Test func headerLongerThanItsSeptetsIsAnError() {
        let error = #expect(throws: PDUError.self) { try decoded("060570030102030000") }
        #expect(error?.field == .userDataLength)
    }

    @Test func moreThan140OctetsAreRefused() throws {
        let gsm7 = DataCodingScheme(alphabet: .gsm7)
        let octets = DataCodingScheme(alphabet: .octets)
        let element = HeaderElement(identifier: 1, content: [0])
        _ = try UserData(codingScheme: gsm7, payload: .init(repeating: 0x41, count: 160))
        _ = try UserData(codingScheme: octets, payload: .init(repeating: 0x41, count: 140))
        for (scheme, count) in [(gsm7, 161), (octets, 141)] {
            #expect(throws: PDUError.self) {
                try UserData(codingScheme: scheme, payload: .init(repeating: 1, count: count))
            }
            #expect(throws: PDUError.self) {
                try UserData(
                    codingScheme: scheme,
                    header: [element],
                    payload: .init(repeating: 1, count: count - 1)
                )
            }
        }
        #expect(throws: PDUError.self) { try UserData(codingScheme: gsm7, payload: [0x80]) }
        #expect(throws: PDUError.self) {
            try UserData(
                codingScheme: octets,
                header: [HeaderElement(identifier: 1, content: .init(repeating: 0, count: 300))],
                payload: []
            )
        }
    }

    @Test(arguments: [SMSAlphabet.gsm7, .octets, .ucs2])
    func textRoundTripsInEachAlphabet(alphabet: SMSAlphabet) throws {
        let text = "PIN 1234, £5"
        #expect(try UserData(text: text, alphabet: alphabet).text() == text)
    }

    @Test func charactersAreNeverReplacedSilently() {
        #expect(throws: PDUError.self) { try UserData(text: "充值", alphabet: .gsm7) }
        #expect(throws: PDUError.self) { try UserData(text: "充值", alphabet: .octets) }
        #expect(throws: PDUError.self) { try UserData(text: String(repeating: "a", count: 161)) }
    }

    @Test func oddUCS2IsAnErrorAndHalfAPairIsMarked() throws {
        let ucs2 = DataCodingScheme(alphabet: .ucs2)
        #expect(throws: PDUError.self) {
            try UserData(codingScheme: ucs2, payload: [0x51, 0x45, 0x50]).text()
        }
        #expect(try UserData(codingScheme: ucs2, payload: [0xD8, 0x3D]).text() == "\u{FFFD}")
        #expect(
            try UserData(codingScheme: ucs2, payload: [0xD8, 0x3D, 0xDE, 0x00]).text() == "😀"
        )
    }

    @Test func descriptionsHideTextAndNumbers() throws {
        let submit = SMSSubmit(
            to: try SMSAddress(number: "+8613912345678"),
            userData: try UserData(text: "PIN 739182"),
            validity: nil
        )
        let shown = "\(PDUFrame(tpdu: .submit(submit)))"
        #expect(!shown.contains("739182") && !shown.contains("13912345678"))
        #expect(!shown.contains("57, 51"))
    }
}
