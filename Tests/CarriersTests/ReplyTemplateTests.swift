import Glibc
import Recharge
import Testing

@testable import Carriers

private func template(_ text: String) throws -> ReplyTemplate {
    try ReplyTemplate(text, notation: .plain)
}

private func match(
    _ template: String,
    _ text: String,
    _ notation: AmountNotation = .plain
) throws -> ReplyMatch? {
    try ReplyTemplate(template, notation: notation).match(
        ReplyText(unbounded: text),
        notation: notation
    )
}

@Test(arguments: [
    ("to {number}", "to 13800138000", true),
    ("to {number}", "TO 13800138000", true),
    ("to {number}", "  to\u{A0}\u{3000}\n13800138000\r\n", true),
    ("to {number}", "to13800138000", false),
    ("to {number}", "so to 13800138000", false),
    ("to {number}", "to 13800138000.", false),
    ("to {number}", "to 1３800138000", false),
    ("to {number}", "to １３８００１３８０００", false),
    ("to {number}", "to 1380 0138000", false),
    ("to {number}", "to +8613800138000", true),
    ("to {number}", "to ++8613800138000", false),
    ("to {number}", "to 1234", false),
    ("to {number}", "to 1234567890123456", false),
    ("to {number}", "to 138****8000", false),
    ("to {number:masked}", "to 138****8000", true),
    ("to {number:masked}", "to +86138****8000", true),
    ("to {number:masked}", "to 13800138000", false),
    ("to {number:masked}", "to 1******0", false),
    ("to {number:masked}", "to 138**00**00", false),
    ("充值{amount}元，", "充值50元，", true),
    ("充值{amount}元，", "充值50元,", false),
    ("充值{amount}元，", "充值元，", false),
    ("充值{amount}元，", "充值-50元，", false),
    ("充值{amount}元，", "充值50.元，", false),
    ("充值{amount}元，", "充值.50元，", false),
    ("充值{amount}元，", "充值1,050元，", false),
    ("SN {serial}.", "SN ab-12.", true),
    ("SN {serial}.", "SN 123.", false),
    ("SN {serial}.", "SN pending.", false),
    ("SN {serial}.", "SN 1234_5.", false),
    ("Äß{*}", "Äß!", true),
    ("Äß{*}", "äß!", false),
    ("{{{amount}}} x", "{50} X", true),
    ("a {*} b", "a  b", false),
    ("a {*} b", "a  x  b", true),
    ("ab{*}", "ab", true),
    ("{*}ab", "xxab", true),
    ("{*}ab", "abx", false),
    ("{*}ab", "aab ab", true),
    ("x{*}ab{*}cd{*}y", "xabcdy", true),
    ("x{*}ab{*}cd{*}y", "x cd ab cd ab y", true),
    ("x{*}ab{*}cd{*}y", "x cd ab y", false),
    ("({*}) {amount} RM", "(a) b) 5 RM", true),
])
func theWholeTextMatchesOrNothing(_ text: String, _ reply: String, _ isMatch: Bool) throws {
    #expect((try match(text, reply) != nil) == isMatch)
}

@Test func capturesAreTheLongestRunsOfTheirAlphabets() throws {
    let found = try #require(
        try match(
            "No {number} got {amount}. SN {serial}, left {balance}.",
            "no +8613800138000 got 50.00. SN AB-0012-x, left 0."
        )
    )
    #expect(
        found
            == ReplyMatch(
                number: "+8613800138000",
                amount: "50.00",
                balance: "0",
                serial: "AB-0012-x"
            )
    )
}

@Test(arguments: [
    ("1234", "1234"), ("1.234", "1234"), ("1.234,5", "1234.5"), ("12.345.678,90", "12345678.90"),
    ("1.23", nil), ("1234.567", nil), (".5", nil), ("1,5,", nil), ("1.234.5", nil),
    ("1234567890123456", nil), ("1,1234567", nil),
])
func amountsAreReadInTheProfilesNotation(_ text: String, _ plain: String?) throws {
    let notation = try #require(AmountNotation(decimal: ",", grouping: "."))
    #expect(try match("Rp.{amount} ok", "Rp.\(text) ok", notation)?.amount == plain)
}

@Test(arguments: [
    ("", "has no literal text"),
    ("{*}", "has no literal text"),
    ("x{number}", "has no literal text"),
    ("to {nummer}", "has an unknown slot {nummer}"),
    ("to {number", "has a '{' without its '}'"),
    ("to number}", "has a '}' without its '{'"),
    ("to {serial}{number}", "has no text before {number}"),
    ("to {*}{*}", "has no text before {*}"),
    ("to {*}{amount}", "has no text before {amount}"),
    ("to {amount}{*}", "has no text before {*}"),
    ("to {number} and {number}", "captures {number} twice"),
    ("to {number} and {number:masked}", "captures {number:masked} twice"),
    ("to {number}0 x", "has text after {number} that the slot itself would take"),
    ("to {number:masked}* x", "has text after {number:masked} that the slot itself would take"),
    ("to {serial}x", "has text after {serial} that the slot itself would take"),
    ("to {serial}-x", "has text after {serial} that the slot itself would take"),
    ("to {amount}.00 x", "has text after {amount} that the slot itself would take"),
    ("to {amount}.{balance}", "has text after {amount} that the slot itself would take"),
    ("to 1{amount}", "has a digit just before {amount}"),
    ("to 86{number}", "has a digit just before {number}"),
    (String(repeating: "x", count: 501), "is longer than 500 characters"),
])
func templatesThatAreAmbiguousOrCouldNeverMatchAreRefused(_ text: String, _ what: String) throws {
    let error = #expect(throws: TemplateError.self) { try template(text) }
    #expect(error?.what.hasPrefix(what) == true)
}

@Test(arguments: [
    ("ok{*}a{*}a{*}a{*}a{*}ab!", "a"),
    ("ok{*}ab{*}ab{*}ab!", "ab"),
    ("ok{*}x {*}x {*}x {*}y!", "x "),
    ("ok{*}a{serial}!{*}b?", "a1"),
    ("ok{*}no {number} {amount}!", "no 12345 "),
    ("ok{*}         z", " "),
])
func theCostOfMatchingGrowsWithTheTextOnly(_ text: String, _ unit: String) throws {
    let template = try template(text)
    let cost = { (length: Int) in
        let reply = ReplyText(unbounded: "ok" + String(repeating: unit, count: length / unit.count))
        return (0..<3).map { _ in
            let start = threadTime()
            _ = template.match(reply, notation: .plain)
            return start.duration(to: threadTime())
        }.min() ?? .zero
    }
    // Sixteen times the text costs about sixteen times; a quadratic matcher would take 256 times.
    let small = cost(6250)
    #expect(cost(100_000) < small * 80 + .milliseconds(20))
}

/// What this thread has computed so far: other work on the machine does not count.
private func threadTime() -> Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
}

@Test func aTextLongerThanTwoThousandCharactersIsNotRead() {
    #expect(ReplyText(String(repeating: "x", count: 2000)) != nil)
    #expect(ReplyText(String(repeating: "x", count: 2001)) == nil)
}

@Test func aMaskedNumberContradictsOnlyWhatItShowsToDiffer() throws {
    let plan = NumberPlan(countryCode: "86", nationalLength: 11...11)
    let ours = try #require(PhoneNumber(e164: "+8613800138000"))
    let other = try #require(PhoneNumber(e164: "+8613900138000"))
    for (text, isOurs) in [
        ("138****8000", true), ("86138****8000", true), ("+86138****8000", true),
        ("+138****8000", false), ("138***8000", false), ("138****8001", false),
    ] {
        let number = try #require(try match("to {number:masked}", "to \(text)")?.maskedNumber)
        #expect(number.agrees(with: ours, plan: plan) == isOurs)
        #expect(!number.agrees(with: other, plan: plan))
        #expect(number.description == text)
    }
}
