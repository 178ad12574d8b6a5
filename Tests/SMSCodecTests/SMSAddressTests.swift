import Testing

@testable import SMSCodec

struct SMSAddressTests {
    private func encoded(_ address: SMSAddress) -> String {
        var octets: [UInt8] = []
        address.append(to: &octets)
        return Hexadecimal.text(octets)
    }

    private func decoded(_ hex: String) throws -> SMSAddress {
        var reader = PDUReader(try Hexadecimal.octets(hex))
        return try SMSAddress(decoding: &reader, field: .originator)
    }

    @Test(
        arguments: [
            ("+46708251358", "0B916407281553F8"), ("+8613800138000", "0D91683108108300F0"),
            ("10086", "05810180F6"), ("1008611", "0781018016F1"), ("10", "028101"), ("5", "0181F5"),
            ("*100#", "05811A00FB"), ("abc", "0381DCFE"),
            (
                "12345678901234567890",
                "148121436587092143658709"
            ),
        ] as [(String, String)]
    )
    func numbersRoundTripWithOddAndEvenLengths(number: String, hex: String) throws {
        let address = try SMSAddress(number: number)
        #expect(encoded(address) == hex)
        #expect(try decoded(hex) == address)
        #expect(address.display == number)
    }

    @Test func nationalAndUnknownPlansKeepTheirKind() throws {
        let national = try SMSAddress(
            kind: .init(.national, .telephone),
            digits: "13800138000"
        )
        #expect(encoded(national) == "0BA13108108300F0")
        #expect(try decoded("0BA13108108300F0") == national)
        let odd = try decoded("0BC87238880900F1")
        #expect(odd.kind == .init(.subscriber, .national))
        #expect(odd.value == "27838890001")
        #expect(encoded(odd) == "0BC87238880900F1")
    }

    @Test func eachTypeOfAddressOctetRoundTrips() throws {
        for octet in UInt8(0x80)...0xFF {
            #expect(SMSAddress.Kind(octet: octet).octet == octet)
        }
    }

    @Test func namesOfEachLengthRoundTrip() throws {
        for count in 0...11 {
            let name = String("Carrier{}Name".prefix(count).filter { $0 != "{" && $0 != "}" })
            let address = try SMSAddress(alphanumeric: name)
            #expect(try decoded(encoded(address)) == address)
            #expect(address.display == name)
        }
        let full = try SMSAddress(alphanumeric: "Hello World")
        #expect(encoded(full) == "14D0C8329BFD065DDF723619")
        #expect(try SMSAddress(alphanumeric: "a€[").display == "a€[")
    }

    @Test func namesOfServiceCentresRoundTripThoughCountedInOctets() throws {
        for count in 0...11 {
            let name = String("CarrierName".prefix(count))
            let address = try SMSAddress(alphanumeric: name)
            var octets: [UInt8] = []
            address.appendAsServiceCentre(to: &octets)
            var reader = PDUReader(octets)
            #expect(try SMSAddress.serviceCentre(decoding: &reader) == address)
        }
    }

    /// Nine septets, of which the escape and what follows it are one letter: eight with a last `@`.
    @Test func aNameOfAServiceCentreWithAnEscapeRoundTrips() throws {
        var reader = PDUReader([9, 0xDF, 0xDF, 0xDF, 0x26, 0, 0, 0, 0, 0])
        let address = try #require(try SMSAddress.serviceCentre(decoding: &reader))
        var octets: [UInt8] = []
        address.appendAsServiceCentre(to: &octets)
        var again = PDUReader(octets)
        #expect(try SMSAddress.serviceCentre(decoding: &again) == address)
    }

    @Test(arguments: ["", "+", "12a4x", "+86 138", "１０", "123456789012345678901", "++1", "D"])
    func whatIsNoNumberIsRefused(number: String) {
        #expect(throws: PDUError.self) { try SMSAddress(number: number) }
    }

    @Test(arguments: ["twelve chars", "{{{{{{", "中国移动"])
    func whatIsNoNameIsRefused(name: String) {
        #expect(throws: PDUError.self) { try SMSAddress(alphanumeric: name) }
    }

    @Test func fillersMayEndADigitStringButNotBreakIt() throws {
        #expect(try decoded("068121F3FF").value == "123")
        let error = PDUError.decoding(
            .originator,
            at: 4,
            .malformed("a digit after the filler")
        )
        #expect(throws: error) { try decoded("068121F355") }
    }

    @Test func addressLongerThanTheFieldIsRefused() {
        let error = PDUError.decoding(
            .originator,
            at: 0,
            .tooLong(21, limit: 20, unit: .semiOctets)
        )
        #expect(throws: error) { try decoded("1581" + String(repeating: "1", count: 22)) }
    }

    @Test func serviceCentreCountsOctetsAndMayBeAbsent() throws {
        let frame = try PDUFrame(hex: Samples.helloDeliver, direction: .mobileTerminated)
        #expect(frame.serviceCentre?.display == "+27381000015")
        let without = try PDUFrame(hex: Samples.helloSubmit, direction: .mobileOriginated)
        #expect(without.serviceCentre == nil)
        #expect(throws: PDUError.self) {
            try PDUFrame(hex: "0D91683108200505F0000000000000", direction: .mobileTerminated)
        }
    }

    @Test func descriptionHidesSubscribersButNotCarriers() throws {
        #expect("\(try SMSAddress(number: "+8613800138000"))" == "…8000")
        #expect("\(try SMSAddress(number: "10086"))" == "10086")
        #expect("\(try SMSAddress(alphanumeric: "CarrierName"))" == "CarrierName")
    }
}
