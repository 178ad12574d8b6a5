import Recharge
import Testing

@Suite struct AmountTests {
    @Test(
        arguments: [
            ("50", "CNY", 5000), ("49.9", "CNY", 4990), ("49.90", "CNY", 4990), ("0.01", "CNY", 1),
            ("0", "CNY", 0), ("050", "CNY", 5000), ("10000000000", "CNY", 1_000_000_000_000),
            ("5000", "JPY", 5000), ("1.234", "KWD", 1234), ("5000", "VND", 5000),
        ] as [(String, String, Int64)]
    )
    func majorUnitsAreReadExactly(text: String, code: String, units: Int64) {
        let currency = BatchFixtures.currency(code)
        #expect(Amount(major: text, currency: currency)?.minorUnits == units)
    }

    @Test(arguments: [
        ("", "CNY"), (".5", "CNY"), ("5.", "CNY"), ("49.999", "CNY"), ("-1", "CNY"), ("+1", "CNY"),
        ("1,000", "CNY"), ("1e3", "CNY"), ("５", "CNY"), (" 5", "CNY"), ("1.2.3", "CNY"),
        ("10000000000.01", "CNY"), ("99999999999999999999999", "CNY"), ("5.0", "JPY"),
        ("1.2345", "KWD"),
    ])
    func anythingElseIsNoAmount(text: String, code: String) {
        #expect(Amount(major: text, currency: BatchFixtures.currency(code)) == nil)
    }

    @Test(
        arguments: [
            (4990, "CNY", "49.90 CNY"), (5, "CNY", "0.05 CNY"), (0, "CNY", "0.00 CNY"),
            (-5, "CNY", "-0.05 CNY"), (1234, "KWD", "1.234 KWD"), (500, "JPY", "500 JPY"),
        ] as [(Int64, String, String)]
    )
    func allDecimalsAreShown(units: Int64, code: String, text: String) {
        let amount = Amount(minorUnits: units, currency: BatchFixtures.currency(code))
        #expect(amount.description == text)
        if units >= 0 { #expect(Amount(major: amount.major, currency: amount.currency) == amount) }
    }

    @Test(arguments: ["", "CN", "CNYX", "cny", "C1Y", "ＣＮＹ"])
    func aCurrencyIsThreeCapitalLetters(code: String) {
        #expect(Currency(code: code) == nil)
    }

    @Test func decimalsFollowTheCurrency() {
        #expect(BatchFixtures.currency("CNY").minorUnitsPerMajor == 100)
        #expect(BatchFixtures.currency("JPY").minorUnitsPerMajor == 1)
        #expect(BatchFixtures.currency("KWD").minorUnitsPerMajor == 1000)
    }
}
