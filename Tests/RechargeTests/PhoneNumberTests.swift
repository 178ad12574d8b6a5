import Recharge
import Testing

@Suite struct PhoneNumberTests {
    @Test(arguments: ["+8613800138000", "+1234567", "+123456789012345"])
    func e164IsTakenAsItIs(text: String) {
        #expect(PhoneNumber(e164: text)?.e164 == text)
    }

    @Test(arguments: [
        "", "+", "13800138000", "+0123456789", "+123456", "+1234567890123456", "+86 13800138000",
        "+8613800x38000", "++8613800138000", "+８６13800138000",
    ])
    func anythingElseIsNoNumber(text: String) {
        #expect(PhoneNumber(e164: text) == nil)
    }

    @Test(arguments: [
        ("+8613800138000", "+86138****8000"), ("+1234567", "+***4567"),
        ("+12345678", "+****5678"),
    ])
    func aDescriptionNeverShowsTheWholeNumber(text: String, shown: String) throws {
        let number = try #require(PhoneNumber(e164: text))
        #expect("\(number)" == shown)
        #expect(!"\(number)".contains(text.dropFirst()))
    }

    @Test(
        arguments: [
            ("13800138000", "+8613800138000"), ("+8613800138000", "+8613800138000"),
            ("008613800138000", "+8613800138000"), ("17031234567", "+8617031234567"),
            ("17041234567", nil), ("8613800138000", nil), ("1380013800", nil),
            ("138001380000", nil),
            ("013800138000", nil), ("+6281123456789", nil), ("+86", nil), ("", nil),
            ("1380013800a", nil), ("１３８00138000", nil),
        ] as [(String, String?)]
    )
    func thePlanDecidesWithoutGuessing(text: String, e164: String?) {
        #expect(BatchFixtures.chinese.number(text)?.e164 == e164)
    }

    @Test(
        arguments: [
            ("0811234567", "+62811234567"), ("811234567", "+62811234567"),
            ("+62811234567", "+62811234567"), ("+620811234567", nil), ("00811234567", nil),
        ] as [(String, String?)]
    )
    func theTrunkPrefixIsOnlyWrittenAtHome(text: String, e164: String?) {
        #expect(BatchFixtures.indonesian.number(text)?.e164 == e164)
    }

    @Test func aNationalNumberHasNoCountryCode() throws {
        let number = try #require(PhoneNumber(e164: "+8613800138000"))
        #expect(BatchFixtures.chinese.national(number) == "13800138000")
        #expect(BatchFixtures.indonesian.national(number) == nil)
    }
}
