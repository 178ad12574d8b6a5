import Documents
import Testing

/// A document as a file would give it: each entry on a line of its own.
private func mapping(_ entries: [(String, Document.Content)]) -> Document {
    Document(
        position: place(1, 1),
        content: .mapping(
            entries.enumerated().map { index, entry in
                let value = Document(position: place(index + 1, 9), content: entry.1)
                return Document.Entry(key: entry.0, position: place(index + 1, 1), value: value)
            }
        )
    )
}

private func place(_ line: Int, _ column: Int) -> Document.Position {
    Document.Position(file: "a.yaml", line: line, column: column)
}

private func plain(_ text: String) -> Document.Content { .scalar(text: text, isQuoted: false) }
private func quoted(_ text: String) -> Document.Content { .scalar(text: text, isQuoted: true) }

private enum Colour: String, CaseIterable {
    case red
    case green
}

/// A way to read one value, and what it must record about the value at 1:9.
private struct Refusal: Sendable, CustomTestStringConvertible {
    let content: Document.Content
    let message: String
    let read: @Sendable (DocumentValue) -> Void

    var testDescription: String { message }
}

private let refusals: [Refusal] = [
    Refusal(content: .sequence([]), message: "'key' is a list, expected a text") {
        _ = $0.string()
    },
    Refusal(content: .mapping([]), message: "'key' is a mapping, expected a text") {
        _ = $0.string()
    },
    Refusal(content: quoted(""), message: "'key' is empty, expected a text") { _ = $0.string() },
    Refusal(content: plain("yes"), message: "'key' is neither, expected true or false") {
        _ = $0.boolean()
    },
    Refusal(content: quoted("true"), message: "'key' is a text in quotes, expected true or false") {
        _ = $0.boolean()
    },
    Refusal(
        content: plain("4.5"),
        message: "'key' is not an integer, expected an integer from 1 to 9"
    ) { _ = $0.integer(in: 1...9) },
    Refusal(
        content: plain("10"),
        message: "'key' is out of range, expected an integer from 1 to 9"
    ) { _ = $0.integer(in: 1...9) },
    Refusal(
        content: plain("99999999999999999999"),
        message: "'key' is not an integer, expected an integer from 1 to 9"
    ) { _ = $0.integer(in: 1...9) },
    Refusal(
        content: plain("5"),
        message: "'key' is not a duration, expected a duration from 0s to 1min, "
            + "such as 250ms, 5s, 10min, 2h or 90d"
    ) { _ = $0.duration(in: .zero ... .seconds(60)) },
    Refusal(
        content: plain("61s"),
        message: "'key' is out of range, expected a duration from 0s to 1min, "
            + "such as 250ms, 5s, 10min, 2h or 90d"
    ) { _ = $0.duration(in: .zero ... .seconds(60)) },
    Refusal(
        content: plain("gren"),
        message: "'key' is not one of the choices, expected one of: red, green; "
            + "did you mean 'green'?"
    ) { _ = $0.oneOf(Colour.self) },
    Refusal(content: plain("x"), message: "'key' does not fit, expected a digit") {
        _ = $0.parsed(expected: "a digit") { Int($0) }
    },
    Refusal(content: plain("x"), message: "'key' is a plain value, expected a list") {
        _ = $0.list { $0.string() }
    },
    Refusal(content: .sequence([]), message: "'key' has 0 items, expected 1 to 3") {
        _ = $0.list(count: 1...3) { $0.string() }
    },
    Refusal(
        content: plain("x"),
        message: "'key' is a plain value, expected a mapping of keys to values"
    ) { _ = $0.fields { _ in 1 } },
    Refusal(content: plain("x"), message: "'key' is too loud; be quiet") {
        $0.refuse("is too loud", cure: "be quiet")
    },
]

@Test(arguments: refusals)
private func everyWayToReadRefusesWhatDoesNotFitAtItsPlace(_ refusal: Refusal) {
    let document = mapping([("key", refusal.content)])
    let error = #expect(throws: DocumentError.self) {
        try document.read { fields in
            fields.required("key").map(refusal.read)
        }
    }
    #expect(error?.description == "a.yaml:1:9: \(refusal.message)")
}

@Test func allMistakesComeAtOnceInTheOrderOfTheFile() {
    let document = mapping([
        ("nmae", plain("x")), ("count", plain("0")), ("empty", plain("")), ("wait", plain("5")),
        ("count", plain("3")), ("other", plain("x")),
    ])
    let error = #expect(throws: DocumentError.self) {
        try document.read { fields in
            _ = fields.required("wait")?.duration(in: .zero ... .seconds(1))
            _ = fields.required("count")?.integer(in: 1...9)
            _ = fields.optional("empty")?.string()
            _ = fields.required("name")?.string()
            return 1
        }
    }
    #expect(
        error?.mistakes.map(\.description) == [
            "a.yaml:1:1: 'name' is missing; add 'name'",
            "a.yaml:1:1: 'nmae' is not a key that is known here; did you mean 'name'?",
            "a.yaml:2:9: 'count' is out of range, expected an integer from 1 to 9",
            "a.yaml:3:1: 'empty' has no value; write a value, or remove the line if the key is "
                + "optional",
            "a.yaml:4:9: 'wait' is not a duration, expected a duration from 0s to 1s, "
                + "such as 250ms, 5s, 10min, 2h or 90d",
            "a.yaml:5:1: 'count' stands here a second time; remove one; it stands first in line 2",
            "a.yaml:6:1: 'other' is not a key that is known here; "
                + "known are: count, empty, name, wait",
        ]
    )
}

@Test func mistakesInListsAndInnerMappingsNameTheirPlace() {
    let inner = Document(position: place(7, 3), content: .mapping([]))
    let bad = Document(position: place(8, 3), content: plain("x"))
    let document = mapping([("items", .sequence([inner, bad]))])
    let error = #expect(throws: DocumentError.self) {
        try document.read { fields in
            fields.required("items")?.list { item in
                item.fields { $0.required("name")?.string() }
            }
        }
    }
    #expect(
        error?.description == """
            a.yaml:7:3: 'name' is missing; add 'name'
            a.yaml:8:3: item 2 of 'items' is a plain value, expected a mapping of keys to values
            """
    )
}

@Test func aRefusedValueIsNeverRepeatedInAMessage() {
    let document = mapping([("pin", plain("4711secret"))])
    let error = #expect(throws: DocumentError.self) {
        try document.read { fields in
            let pin = fields.required("pin")
            _ = (pin?.integer(in: 0...1), pin?.boolean(), pin?.duration(), pin?.oneOf(Colour.self))
            return pin?.parsed(expected: "digits") { Int($0) }
        }
    }
    #expect(error?.description.contains("4711") == false)
    #expect(error?.mistakes.count == 5)
}

@Test func whatFitsIsReadAndDefaultsFillWhatIsMissing() throws {
    let document = mapping([
        ("name", quoted("12")), ("count", plain("-3")), ("on", plain("true")),
        ("colour", quoted("green")), ("words", .sequence([])),
    ])
    _ = try document.read { fields in
        #expect(fields.keys == ["name", "count", "on", "colour", "words"])
        #expect(fields.required("name")?.string() == "12")
        #expect(fields.required("count")?.integer(in: -5...5) == -3)
        #expect(fields.required("on")?.boolean() == true)
        #expect(fields.required("colour")?.oneOf(Colour.self) == .green)
        #expect(fields.required("words")?.list { $0.string() } == [])
        #expect((fields.optional("port")?.integer(in: 1...9) ?? 5) == 5)
        return 1
    }
}

@Test(arguments: [
    ("250ms", 250), ("0s", 0), ("5s", 5000), ("10min", 600_000), ("2h", 7_200_000),
    ("90d", 7_776_000_000),
])
func durationsCarryTheirUnit(_ text: String, _ milliseconds: Int) throws {
    let document = mapping([("wait", plain(text))])
    let duration = try document.read { $0.required("wait")?.duration() }
    #expect(duration == .milliseconds(milliseconds))
}

@Test(arguments: [
    "5", "s", "-5s", "5 s", "5S", "1.5s", "5m", "５s", "9999999999999s", "5ss", "5sd", "+5s",
])
func durationsOfAnyOtherFormAreRefused(_ text: String) {
    let document = mapping([("wait", plain(text))])
    #expect(throws: DocumentError.self) {
        try document.read { $0.required("wait")?.duration() }
    }
}

@Test func aReaderThatGivesUpWithoutAWordIsAMistakeItself() {
    let error = #expect(throws: DocumentError.self) {
        try mapping([]).read { _ in Int?.none }
    }
    #expect(error?.description == "a.yaml:1:1: the document is not valid")
}

@Test func aMistakeAboutAWholeFileShowsNoLine() {
    let mistake = Mistake(at: Document.Position(file: "x.yaml"), "cannot be opened")
    #expect(mistake.description == "x.yaml: cannot be opened")
}
