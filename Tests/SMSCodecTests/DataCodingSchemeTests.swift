import Testing

@testable import SMSCodec

struct DataCodingSchemeTests {
    @Test(
        arguments: [
            (0x00, SMSAlphabet.gsm7), (0x04, .octets), (0x08, .ucs2), (0x0C, .gsm7), (0x11, .gsm7),
            (0x18, .ucs2), (0x44, .octets), (0x48, .ucs2), (0x80, .gsm7), (0xB8, .gsm7),
            (0xC8, .gsm7),
            (0xD8, .gsm7), (0xE8, .ucs2), (0xF0, .gsm7), (0xF4, .octets), (0xF5, .octets),
            (0xF8, .gsm7),
        ] as [(Int, SMSAlphabet)]
    )
    func groupsHaveTheirAlphabets(octet: Int, alphabet: SMSAlphabet) {
        #expect(DataCodingScheme(octet: UInt8(octet)).alphabet == alphabet)
    }

    @Test func classIsMeaningfulOnlyWhereItIsAnnounced() {
        #expect(DataCodingScheme(octet: 0x01).messageClass == nil)
        #expect(DataCodingScheme(octet: 0x10).messageClass == .immediate)
        #expect(DataCodingScheme(octet: 0x5A).messageClass == .sim)
        #expect(DataCodingScheme(octet: 0xF3).messageClass == .terminalEquipment)
        #expect(DataCodingScheme(octet: 0xC1).messageClass == nil)
        let built = DataCodingScheme(alphabet: .ucs2, messageClass: .mobileEquipment)
        #expect(built.octet == 0x19)
    }

    @Test func messageWaitingGroupsSayWhatWaits() {
        #expect(DataCodingScheme(octet: 0x00).messageWaiting == nil)
        let discard = DataCodingScheme(octet: 0xC8).messageWaiting
        #expect(
            discard == .init(subject: .voicemail, isActive: true, discardsText: true)
        )
        let store = DataCodingScheme(octet: 0xE2).messageWaiting
        #expect(store == .init(subject: .email, isActive: false, discardsText: false))
    }

    @Test func compressedTextIsAnErrorAndItsOctetsAreKept() throws {
        let scheme = DataCodingScheme(octet: 0x20)
        #expect(scheme.isCompressed)
        #expect(!DataCodingScheme(octet: 0xE0).isCompressed)
        let userData = try UserData(codingScheme: scheme, payload: [0xFF, 0x01])
        #expect(throws: PDUError.self) { try userData.text() }
    }
}
