/// One value while it is read.
///
/// Each way to read it records a mistake, and is nil, when the value does not fit.
package struct DocumentValue {
    private let document: Document
    private let name: String
    private let mistakes: MistakeCollector

    init(_ document: Document, name: String, mistakes: MistakeCollector) {
        self.document = document
        self.name = name
        self.mistakes = mistakes
    }

    package var position: Document.Position { document.position }

    /// Records a mistake about this value; nil for the caller to return.
    package func refuse<Value>(
        _ what: String,
        expected: String? = nil,
        cure: String? = nil
    ) -> Value? {
        mistakes.add(Mistake(at: position, "\(name) \(what)", expected: expected, cure: cure))
        return nil
    }

    /// Records a mistake about this value where the caller has nothing to return.
    package func refuse(_ what: String, expected: String? = nil, cure: String? = nil) {
        mistakes.add(Mistake(at: position, "\(name) \(what)", expected: expected, cure: cure))
    }

    /// A text that is not empty, quoted or plain.
    package func string() -> String? {
        guard let text = text(expected: "a text") else { return nil }
        guard !text.isEmpty else { return refuse("is empty", expected: "a text") }
        return text
    }

    /// Whatever a text stands for; `expected` ends the sentence "…, expected".
    package func parsed<Value>(expected: String, _ parse: (String) -> Value?) -> Value? {
        guard let text = text(expected: expected) else { return nil }
        return parse(text) ?? refuse("does not fit", expected: expected)
    }

    /// `true` or `false`; YAML's `yes`, `on` and the like are refused.
    package func boolean() -> Bool? {
        switch plainText(expected: "true or false") {
        case nil: nil
        case "true": true
        case "false": false
        case .some: refuse("is neither", expected: "true or false")
        }
    }

    /// A decimal integer in ASCII digits with an optional minus sign.
    package func integer(in range: ClosedRange<Int>) -> Int? {
        let expected = "an integer from \(range.lowerBound) to \(range.upperBound)"
        guard let text = plainText(expected: expected) else { return nil }
        guard !text.hasPrefix("+"), let number = Int(text) else {
            return refuse("is not an integer", expected: expected)
        }
        guard range.contains(number) else { return refuse("is out of range", expected: expected) }
        return number
    }

    /// A duration with its unit: `250ms`, `5s`, `10min`, `2h`, `90d`.
    package func duration(
        in range: ClosedRange<Duration> = .zero...durationMax
    ) -> Duration? {
        let bounds = "from \(durationText(range.lowerBound)) to \(durationText(range.upperBound))"
        let expected = "a duration \(bounds), such as 250ms, 5s, 10min, 2h or 90d"
        guard let text = text(expected: expected) else { return nil }
        guard let duration = parseDuration(text) else {
            return refuse("is not a duration", expected: expected)
        }
        guard range.contains(duration) else {
            return refuse("is out of range", expected: expected)
        }
        return duration
    }

    /// One of the raw values of an enumeration.
    package func oneOf<Choice>(_ type: Choice.Type) -> Choice?
    where Choice: RawRepresentable<String> & CaseIterable {
        let words = Choice.allCases.map(\.rawValue)
        let expected = "one of: \(words.joined(separator: ", "))"
        guard let text = text(expected: expected) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        let cure = closest(to: text, among: words).map { "did you mean '\($0)'?" }
        return refuse("is not one of the choices", expected: expected, cure: cure)
    }

    /// The items of a list that could be read; the others are recorded as mistakes.
    package func list<Item>(
        count: ClosedRange<Int> = 0...10_000,
        _ read: (DocumentValue) -> Item?
    ) -> [Item]? {
        guard case .sequence(let items) = document.content else {
            return refuse("is \(document.kind)", expected: "a list")
        }
        guard count.contains(items.count) else {
            let expected = "\(count.lowerBound) to \(count.upperBound)"
            return refuse("has \(items.count) items", expected: expected)
        }
        return items.enumerated().compactMap { index, item in
            read(DocumentValue(item, name: "item \(index + 1) of \(name)", mistakes: mistakes))
        }
    }

    /// A mapping, read key by key; see ``Fields``.
    package func fields<Value>(_ body: (Fields) -> Value?) -> Value? {
        guard case .mapping(let entries) = document.content else {
            return refuse("is \(document.kind)", expected: "a mapping of keys to values")
        }
        let fields = Fields(entries, at: position, mistakes: mistakes)
        defer { fields.finish() }
        return body(fields)
    }

    private func text(expected: String) -> String? {
        guard case .scalar(let text, _) = document.content, !document.isNothing else {
            return refuse("is \(document.kind)", expected: expected)
        }
        return text
    }

    private func plainText(expected: String) -> String? {
        guard case .scalar(let text, isQuoted: false) = document.content, !document.isNothing
        else { return refuse("is \(document.kind)", expected: expected) }
        return text
    }
}

/// The longest duration that a file may state: ten years of 365 days.
package let durationMax = Duration.seconds(3650 * 86_400)

private let durationUnits: [(suffix: String, milliseconds: Int64)] = [
    ("ms", 1), ("min", 60_000), ("s", 1000), ("h", 3_600_000), ("d", 86_400_000),
]

private func parseDuration(_ text: String) -> Duration? {
    for unit in durationUnits where text.hasSuffix(unit.suffix) {
        let digits = text.utf8.dropLast(unit.suffix.utf8.count)
        guard (1...12).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        let count = digits.reduce(Int64(0)) { $0 * 10 + Int64($1 - 0x30) }
        return .milliseconds(count * unit.milliseconds)
    }
    return nil
}

private func durationText(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
    guard milliseconds > 0 else { return "0s" }
    for unit in durationUnits.sorted(by: { $0.milliseconds > $1.milliseconds })
    where milliseconds % unit.milliseconds == 0 {
        return "\(milliseconds / unit.milliseconds)\(unit.suffix)"
    }
    return "\(milliseconds)ms"
}
