import Carriers
import Documents
import Recharge
import Testing

/// One change to the small profile and the messages that it must cause.
struct Spoiling: Sendable, CustomTestStringConvertible {
    let from: String
    let to: String
    let messages: [String]

    init(_ from: String, _ to: String, _ messages: String...) {
        (self.from, self.to, self.messages) = (from, to, messages)
    }

    var testDescription: String { to }
}

private let sample = "amount: 5, serial: \"12345\"}"

@Test(arguments: [
    Spoiling("id: small", "id: Small", "1:5: 'id' does not fit"),
    Spoiling("id: small", "ident: small", "1:1: 'id' is missing", "1:1: 'ident' is not a key"),
    Spoiling("version: 1", "version: 0", "2:10: 'version' is out of range"),
    Spoiling("name: Small", "name:", "3:1: 'name' has no value"),
    Spoiling("simulated: false", "simulated: no", "4:12: 'simulated' is neither"),
    Spoiling("simulated: false", "verified: true", "4:1: 'verified' is not a key"),
    Spoiling("currency: CNY", "currency: yuan", "5:11: 'currency' does not fit"),
    Spoiling("zone: UTC", "zone: CST", "6:7: 'zone' does not fit"),
    Spoiling("country_code: \"86\"", "country_code: \"+86\"", "8:17: 'country_code' does not fit"),
    Spoiling("national_digits: 11", "national_digits: 3-99", "9:20: 'national_digits' does not"),
    Spoiling("prefixes: [\"1\"]", "prefixes: [\"1\", x]", "10:19: item 2 of 'prefixes' does not"),
    Spoiling("to: \"10086\"", "to: \"centre\"", "12:7: 'to' does not fit"),
    Spoiling("#{pin}\"", "#{password}\"", "13:9: 'text' has an unknown slot {password}"),
    Spoiling("CZ#{number}#", "CZ#", "13:9: 'text' names no number"),
    Spoiling("#{amount}#", "#", "13:9: 'text' names no amount"),
    Spoiling("#{amount}#", "#{amount:1}#", "13:9: 'text' has an unknown slot {amount:1}"),
    Spoiling("#{pin}\"", "#\\n{pin}\"", "13:9: 'text' has a control character"),
    Spoiling("\"1065*\"", "\"*\"", "14:20: item 2 of 'senders' does not fit"),
    Spoiling("\"1065*\"", "\"10\"", "14:20: item 2 of 'senders' does not fit"),
    Spoiling("\"1065*\"", "\"CARR*\"", "14:20: item 2 of 'senders' does not fit"),
    Spoiling("name: done", "name: Done!", "16:11: 'name' does not fit"),
    Spoiling("meaning: recharged", "meaning: rechaged", "17:14: 'meaning' is not one of"),
    Spoiling(" SN {serial}\"", "\"", "18:11: 'text' does not capture {serial}"),
    Spoiling(
        "{number} {amount} SN",
        "{number:masked} {amount} SN",
        "18:11: 'text' does not capture {number}"
    ),
    Spoiling(
        "{serial}\"",
        "{serial}\"\n    lacks: [serial]",
        "19:12: 'lacks' names 'serial', which the text captures"
    ),
    Spoiling(
        "\"News: {*}\"",
        "\"News: {*}\"\n    lacks: [serial]",
        "22:12: 'lacks' is for rules of the meaning 'recharged' only"
    ),
    Spoiling(
        "meaning: information",
        "meaning: balance",
        "21:11: 'text' does not capture {balance}"
    ),
    Spoiling("\"News: {*}\"", "\"{*}{*}\"", "21:11: 'text' has no text before {*}"),
    Spoiling("name: news", "name: done", "19:5: item 2 of 'replies' has the name of an earlier"),
    Spoiling("min: 1", "min: 0", "23:8: 'min' does not fit"),
    Spoiling("min: 1", "min: 101", "23:3: 'min' is above 'max'"),
    Spoiling("max: 100", "max: 1.005", "24:8: 'max' does not fit"),
    Spoiling("max: 100", "max: 100\n  per_minute: 0", "25:15: 'per_minute' is out of range"),
    Spoiling("max: 100", "max: 100\n  gap: 5", "25:8: 'gap' is not a duration"),
    Spoiling(
        "max: 100",
        "max: 100\n  multiple: 10\n  denominations: [10]",
        "26:18: 'denominations' stands beside 'multiple'"
    ),
    Spoiling(
        "max: 100",
        "max: 100\n  denominations: [10, 101]",
        "25:23: item 2 of 'denominations' lies outside 'min' and 'max'"
    ),
    Spoiling("answer_within: 60s", "answer_within: 0s", "26:18: 'answer_within' is out of range"),
    Spoiling(
        "answer_within: 60s",
        "answer_within: 60s\n  validity: 7min",
        "27:13: 'validity' is not a period that networks know"
    ),
    Spoiling(
        "answer_within: 60s",
        "answer_within: 60s\n  validity: 255s",
        "26:3: 'timing' has a validity of less than 5min"
    ),
    Spoiling(
        "answer_within: 60s",
        "answer_within: 60s\n  late_within: 119s",
        "26:3: 'timing' has a late_within of less than 2min"
    ),
    Spoiling(
        "answer_within: 60s",
        "answer_within: 60s\n  retry: {first: 2min, max: 1min}",
        "27:10: 'first' is longer than 'max'"
    ),
    Spoiling(
        "answer_within: 60s",
        "answer_within: 60s\namount_notation: {decimal: \".\", grouping: \".\"}",
        "27:18: the marks are equal"
    ),
    Spoiling(sample, "amount: 6, serial: \"12345\"}", "28:5: the sample's 'amount' is not what"),
    Spoiling(sample, "amount: 5}", "28:5: the sample lacks 'serial', which the rule captures"),
    Spoiling(sample, "amount: five, serial: \"12345\"}", "28:99: 'amount' does not fit"),
    Spoiling(
        "rule: done",
        "rule: news",
        "16:5: item 1 of 'replies' ('done') has no sample",
        "28:5: the sample matches the rule 'done'"
    ),
    Spoiling(
        "rule: done",
        "rule: gone",
        "16:5: item 1 of 'replies' ('done') has no sample",
        "28:5: the sample names a rule 'gone' that does not"
    ),
    Spoiling(
        "rule: news",
        "rule: none",
        "19:5: item 2 of 'replies' ('news') has no sample",
        "29:5: the sample matches the rule 'news'"
    ),
    Spoiling("\"News: x\"", "\"Views: x\"", "29:5: the sample matches no rule"),
    Spoiling(
        "{from: \"10086\", text: \"News",
        "{from: \"10087\", text: \"News",
        "29:5: the sample's sender is none of 'senders'"
    ),
])
func everyMistakeIsFoundAtItsPlace(_ spoiling: Spoiling) {
    let spoilt = profileText.replacing(spoiling.from, with: spoiling.to, maxReplacements: 1)
    #expect(spoilt != profileText)
    let found = mistakes(spoilt)
    #expect(found.count == spoiling.messages.count, "\(found.joined(separator: "\n"))")
    for (line, message) in zip(found, spoiling.messages) {
        #expect(line.hasPrefix("p.yaml:\(message)"))
    }
}

@Test func theSmallProfileHasNoMistake() {
    #expect(mistakes(profileText) == [])
}

@Test func aRuleWithoutASampleIsRefused() {
    let text = profileText.replacing("rule: news}", with: "rule: news}").split(separator: "\n")
        .dropLast().joined(separator: "\n")
    #expect(
        mistakes(text) == [
            "p.yaml:19:5: item 2 of 'replies' ('news') has no sample; "
                + "add a message under 'samples' that it matches"
        ]
    )
}

@Test func aRuleThatAnEarlierOneHidesIsRefused() {
    let text = profileText.replacing("\"News: {*}\"", with: "'OK {number} {amount} SN {serial}'")
    #expect(
        mistakes(text).contains { $0.hasPrefix("p.yaml:19:5: item 2 of 'replies' has the text") }
    )
}

@Test func mistakesOfAllPartsAreReportedTogether() {
    let text = profileText.replacing("id: small", with: "id: S")
        .replacing("{serial}", with: "{serail}").replacing("max: 100", with: "max: x")
        .replacing("60s", with: "60").replacing("currency: CNY", with: "currency: CNY\ncolour: 1")
    #expect(
        mistakes(text).map { $0.prefix { $0 != " " } } == [
            "p.yaml:1:5:", "p.yaml:6:1:", "p.yaml:19:11:", "p.yaml:25:8:", "p.yaml:27:18:",
        ]
    )
}

@Test func aCatalogReportsTheMistakesOfAllFilesAndIdsThatAreTakenTwice() throws {
    let first = try document("a.yaml", profileText)
    let second = try document("b.yaml", profileText)
    let third = try document("c.yaml", profileText.replacing("id: small", with: "id: S"))
    let zone: (String) -> CarrierZone? = { _ in .utc }
    let catalog = try CarrierCatalog(reading: [first], zone: zone)
    let id = try #require(CarrierID("small"))
    #expect(catalog[id]?.name == "Small")
    #expect(catalog.profiles.map(\.id) == [id])
    let error = #expect(throws: DocumentError.self) {
        try CarrierCatalog(reading: [first, second, third], zone: zone)
    }
    #expect(
        error?.mistakes.map { $0.description.prefix(30) } == [
            "b.yaml:1:1: a profile with the", "c.yaml:1:5: 'id' does not fit,",
        ]
    )
}
