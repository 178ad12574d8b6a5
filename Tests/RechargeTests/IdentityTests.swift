import Recharge
import Testing

@Suite struct IdentityTests {
    @Test func digitsAreCountedAsTheSpecificationsSay() {
        let digits: (Int) -> String = { String(repeating: "8", count: $0) }
        #expect([17, 18, 22, 23].map { ICCID(digits($0)) != nil } == [false, true, true, false])
        #expect([5, 6, 15, 16].map { IMSI(digits($0)) != nil } == [false, true, true, false])
        #expect([13, 14, 16, 17].map { IMEI(digits($0)) != nil } == [false, true, true, false])
    }

    @Test func someCarriersNumberTheirSIMsWithLetters() {
        #expect(ICCID("89860012345678901F3")?.digits == "89860012345678901F3")
        #expect(IMSI("46000A") == nil)
        #expect(IMEI("86000000000000F") == nil)
    }

    @Test(arguments: ["89860012345678901G3", "８986001234567890123", " 8986001234567890123", ""])
    func anythingElseIsNoIdentity(text: String) {
        #expect(ICCID(text) == nil)
        #expect(IMSI(text) == nil)
        #expect(IMEI(text) == nil)
    }

    @Test(arguments: [
        ("cmcc", true), ("sim-2", true), ("CMCC", false), ("", false), ("a_b", false),
        ("移动", false),
        (String(repeating: "a", count: 32), true), (String(repeating: "a", count: 33), false),
    ])
    func aCarrierNameIsSmallLettersDigitsAndHyphens(text: String, isName: Bool) {
        #expect((CarrierID(text) != nil) == isName)
    }

    @Test func aPINShowsItselfToNobodyWhoDoesNotAsk() {
        let pin = PIN("471182")
        var dumped = ""
        dump(["pin": pin], to: &dumped)
        for shown in ["\(pin)", String(reflecting: pin), String(describing: [pin]), dumped] {
            #expect(!shown.contains("471182"))
        }
        #expect(pin.revealed == "471182")
    }
}
