import Carriers
import ConfigurationFiles
import Documents
import Recharge
import TestSupport
import Testing

private func number(_ text: String) throws -> PhoneNumber { try #require(PhoneNumber(e164: text)) }

private func amount(_ minorUnits: Int64) throws -> Amount {
    Amount(minorUnits: minorUnits, currency: try #require(cny))
}

@Test(arguments: [
    ("CZ#{number}#{amount}#{pin}", 5000, "CZ#13800138000#50#4711"),
    ("CZ#{number}#{amount}#{pin}", 4990, "CZ#13800138000#49.90#4711"),
    ("{pin} {number:e164} {amount:2}", 5000, "4711 +8613800138000 50.00"),
    ("{{{number}}} {amount:minor}", 5000, "{13800138000} 5000"),
    ("4711 {number} {amount} {pin} {ref}", 5000, "4711 13800138000 50 4711 R-1"),
])
func aRequestIsWrittenFromItsTemplate(_ text: String, _ units: Int64, _ expected: String) throws {
    let profile = try profile(profileText.replacing("CZ#{number}#{amount}#{pin}", with: text))
    let request = try profile.request(
        number: number("+8613800138000"),
        amount: amount(units),
        pin: PIN("4711"),
        reference: "R-1"
    )
    #expect(request.to == "10086")
    #expect(request.text == expected)
}

@Test func thePINIsMaskedByItsPlaceAndNotByItsLooks() throws {
    let profile = try profile(profileText)
    let request = try profile.request(
        number: number("+8613800138000"),
        amount: amount(1300),
        pin: PIN("13")
    )
    #expect(request.text == "CZ#13800138000#13#13")
    #expect(request.redacted == "CZ#13800138000#13#\(PIN.mask)")
    for shown in ["\(request)", String(reflecting: request), "\(Mirror(reflecting: request))"] {
        #expect(!shown.contains("13#"))
        #expect(!shown.contains("13800138000"))
    }
    var dumped = ""
    dump(request, to: &dumped)
    #expect(!dumped.contains("138"))
}

@Test func aRequestThatCouldBreakTheDialogueIsNotWritten() throws {
    let profile = try profile(profileText.replacing("{pin}\"", with: "{pin}#{ref}\""))
    let ours = try number("+8613800138000")
    let fifty = try amount(5000)
    for pin in ["", "12#34", "12 34", "１２３４", "12-34", String(repeating: "1", count: 17)] {
        #expect(throws: RequestError.pinUnfit) {
            try profile.request(number: ours, amount: fifty, pin: PIN(pin), reference: "R1")
        }
    }
    for reference in ["", "a#b", "ä", String(repeating: "1", count: 41)] {
        #expect(throws: RequestError.referenceUnfit) {
            try profile.request(number: ours, amount: fifty, pin: PIN("1"), reference: reference)
        }
    }
    #expect(throws: RequestError.pinUnfit) {
        try profile.request(number: ours, amount: fifty, pin: nil, reference: "R1")
    }
    #expect(throws: RequestError.amountNotPositive) {
        try profile.request(number: ours, amount: amount(0), pin: PIN("1"), reference: "R1")
    }
    #expect(throws: RequestError.numberNotNational) {
        let foreign = try number("+4915112345678")
        _ = try profile.request(number: foreign, amount: fifty, pin: PIN("1"), reference: "R1")
    }
    #expect(throws: RequestError.currencyDiffers) {
        let euros = Amount(minorUnits: 500, currency: try #require(Currency(code: "EUR")))
        _ = try profile.request(number: ours, amount: euros, pin: PIN("1"), reference: "R1")
    }
}

@Test(arguments: [
    ("10086", true), ("+8610086", true), ("008610086", true), ("8610086", false),
    ("+4910086", false), ("１００８６", false), ("100861", false), ("1008", false), (" 10086", false),
    ("1065", true), ("106550001", true), ("+86106550001", true), ("1065x", false),
    ("1065*", false), ("106", false), ("1065" + String(repeating: "1", count: 30), false),
    ("CARRIER", true), ("carrier", false), ("CARRIER2", false), ("+86CARRIER", true), ("", false),
])
func onlyListedSendersAreRead(_ sender: String, _ isListed: Bool) throws {
    let reading = try profile(profileText).read(text: "News: x", from: sender)
    #expect((reading != .notFromCarrier) == isListed)
}

@Test(arguments: [
    ("OK 13800138000 5 SN 12345", true), ("ok 8613800138000 5.5 sn 12345", true),
    ("OK +8613800138000 5.00 SN 12345", true),
    ("OK 23800138000 5 SN 12345", false), ("OK 1380013800 5 SN 12345", false),
    ("OK +4913800138000 5 SN 12345", false), ("OK 13800138000 5.001 SN 12345", false),
    ("OK 13800138000 99999999999999 SN 12345", false), ("OK 13800138000 5 SN 12345 ", true),
    ("OK 13800138000 5 SN 12345!", false), ("FW: OK 13800138000 5 SN 12345", false),
])
func anAnswerMatchesOnlyIfItsNumberAndAmountAreReal(_ text: String, _ isMatch: Bool) throws {
    let reading = try profile(profileText).read(text: text, from: "10086")
    #expect((reading != .unrecognised) == isMatch)
}

@Test func anAnswerCarriesWhatItNamesAndWhatItLacks() throws {
    let whole = try profile(profileText).read(text: "OK 13800138000 5 SN 12345", from: "10086")
    guard case .matched(let answer) = whole else {
        Issue.record("not matched")
        return
    }
    #expect(answer.rule == "done")
    #expect(answer.meaning == .recharged)
    #expect(answer.number == (try number("+8613800138000")))
    #expect(answer.amount == (try amount(500)))
    #expect(answer.balance == nil)
    #expect(answer.serial == "12345")
    #expect(answer.lacks.isEmpty)
    #expect(answer.gradeMax == .answer)
}

@Test func aMaskedNumberAndALackingSerialLowerTheGrade() throws {
    let text = profileText.replacing(
        "{number} {amount} SN {serial}\"",
        with: """
            {number:masked} {amount}"
                lacks: [number, serial]
            """
    )
    .replacing("OK 13800138000 5 SN 12345", with: "OK 138****8000 5")
    .replacing("number: \"13800138000\"", with: "number: \"138****8000\"")
    .replacing(", serial: \"12345\"", with: "")
    let reading = try profile(text).read(text: "OK 138****8000 5", from: "10086")
    guard case .matched(let answer) = reading else {
        Issue.record("not matched")
        return
    }
    #expect(answer.number == nil)
    #expect(answer.maskedNumber?.description == "138****8000")
    #expect(answer.lacks == [.number, .serial])
    #expect(answer.gradeMax == .answerLackingFields)
}

@Test func ordersAreCheckedAgainstPlanAndAmounts() throws {
    let any = try profile(profileText)
    let ours = try number("+8613800138000")
    #expect(any.check(number: ours, amount: try amount(100)) == [])
    #expect(any.check(number: ours, amount: try amount(10_000)) == [])
    #expect(any.check(number: ours, amount: try amount(99)) == [.amountBelow(try amount(100))])
    #expect(
        any.check(number: try number("+4915112345678"), amount: try amount(10_001))
            == [.numberNotInPlan, .amountAbove(try amount(10_000))]
    )
    let euro = try #require(Currency(code: "EUR"))
    #expect(
        any.check(number: ours, amount: Amount(minorUnits: 500, currency: euro))
            == [.currencyDiffers(expected: try #require(cny))]
    )

    let tens = try profile(profileText.replacing("max: 100", with: "max: 100\n  multiple: 10"))
    #expect(tens.check(number: ours, amount: try amount(2000)) == [])
    #expect(
        tens.check(number: ours, amount: try amount(2500))
            == [.amountNotMultiple(of: try amount(1000))]
    )

    let few = try profile(
        profileText.replacing("max: 100", with: "max: 100\n  denominations: [10, 50]")
    )
    #expect(few.check(number: ours, amount: try amount(5000)) == [])
    #expect(
        few.check(number: ours, amount: try amount(2000))
            == [.amountNotOffered([try amount(1000), try amount(5000)])]
    )
}

@Test func whatAProfileLeavesOutHasItsDefault() throws {
    let profile = try profile(profileText)
    #expect(profile.limits == .unlimited)
    #expect(profile.timing.validity == .seconds(300))
    #expect(profile.timing.lateWithin == .seconds(600))
    #expect(profile.timing.prompt == nil)
    #expect(profile.timing.retry.attemptsMax == 3)
    #expect(profile.needsPIN)
    #expect(!profile.isSimulated && profile.edition == nil)
}

@Test func waitsDoubleUntilTheLongestAndEndWithTheAttempts() throws {
    let text = profileText.replacing(
        "60s",
        with: "60s\n  retry: {first: 10s, max: 35s, attempts_max: 5}"
    )
    let retry = try profile(text).timing.retry
    #expect(
        (1...6).map { retry.wait(afterAttempt: $0) }
            == [.seconds(10), .seconds(20), .seconds(35), .seconds(35), nil, nil]
    )
}

@Test func randomMessagesNeverTrapAndNeverProveWhatTheyDoNotSay() throws {
    let profile = try shippedProfile("simulated")
    var random = SplitMix64(seed: 42)
    let answer = [
        "【充值】", "您已成功为", "13800138000", "充值", "50.00", "元，", "流水号", "SIM1234", "，账户余额",
        "9.00", "元。",
    ]
    let noise = [
        "{number}", "{*}", " ", "\u{3000}", "\u{0}", "\u{200D}", "１", "999999999999999", "*", "+86",
        "Recharge of ", "，详询10086。", "\u{1F4F1}", ".", "-", "【充值】", "元", "0",
    ]
    var matchedCount = 0
    for _ in 0..<20_000 {
        var pieces = answer
        for _ in 0..<random.next(below: 4) {
            let place = random.next(below: pieces.count)
            let piece = noise[random.next(below: noise.count)]
            pieces.replaceSubrange(
                place..<(place + random.next(below: 2)),
                with: random.next(below: 2) == 0 ? [] : [piece]
            )
        }
        let text = pieces.joined()
        guard case .matched(let answer) = profile.read(text: text, from: "10086") else { continue }
        matchedCount += 1
        if let serial = answer.serial { #expect(text.contains(serial)) }
        if let number = answer.number { #expect(text.contains(number.e164.dropFirst(3))) }
        #expect(answer.meaning != .recharged || answer.lacks.isEmpty)
    }
    #expect((1000..<20_000).contains(matchedCount))
}

@Test(arguments: ["simulated", "cmcc"])
func theShippedProfilesLoadAndServeAnOrder(_ name: String) throws {
    let profile = try shippedProfile(name)
    #expect(profile.id.name == name)
    #expect(profile.isSimulated == (name == "simulated"))
    #expect(profile.edition?.carrier.name == name && profile.edition?.digest.count == 64)
    let request = try profile.request(
        number: number("+8613800138000"),
        amount: amount(5000),
        pin: PIN("123456")
    )
    #expect(request.redacted == "CZ#13800138000#50#******")
    #expect(profile.check(number: try number("+8613000138000"), amount: try amount(5000)) == [])
    #expect(profile.wasAllotted(try number("+8613800138000")) == (name == "cmcc"))
    #expect(!profile.wasAllotted(try number("+8613000138000")))
}

/// Near-misses of a true answer of the simulated carrier: each must prove nothing.
@Test(arguments: [
    "【充值】您已成功为13800138000充值50.00元，流水号SIM1234，账户余额950.00元",
    "【充值】您已成功为13800138000充值50.00元，流水号SIM1234，账户余额950.00元。退订回T",
    "您已成功为13800138000充值50.00元，流水号SIM1234，账户余额950.00元。",
    "【充值】您已成功为13800138000充值50.00元,流水号SIM1234,账户余额950.00元。",
    "【充值】您已成功为１３８００１３８０００充值50.00元，流水号SIM1234，账户余额950.00元。",
    "【充值】您已成功为13800138000充值５０.00元，流水号SIM1234，账户余额950.00元。",
    "【充值】您已成功为138001380001充值50.00元，流水号SIM1234，账户余额950.00元。",
    "【充值】您已成功为13800138000充值50.00元，流水号，账户余额950.00元。",
    "【充值】您已成功为13800138000充值50.00元，流水号SIM 1234，账户余额950.00元。",
    "【充值】您未成功为13800138000充值50.00元，流水号SIM1234，账户余额950.00元。",
    "【充值】您已成功为\u{200B}13800138000充值50.00元，流水号SIM1234，账户余额950.00元。",
])
func forgedAndDamagedAnswersAreNotRecognised(_ text: String) throws {
    #expect(try shippedProfile("simulated").read(text: text, from: "10086") == .unrecognised)
}

private func shippedProfile(_ name: String) throws -> CarrierProfile {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let document = try YAMLFile.readWithDigest("/\(root)/etc/carriers/\(name).yaml")
    return try CarrierProfile(reading: document) { name in
        ZoneOffsets(zone: name).map { CarrierZone(offsetMinutes: $0.offsetMinutes) }
    }
}
