/// How a carrier words one kind of answer: literal text, captures, and places for anything.
///
/// ```
/// 您已成功为{number}充值{amount}元，流水号{serial}{*}
/// └ literal ┘└capture┘└literal┘       …       └ anything
/// ```
///
/// What matches, exactly:
/// - The whole text must match, from its first character to its last. White space at the ends of
///   text and template does not count; inside, any run of white space matches any run of it
///   (no-break and full-width spaces too), and none never matches some.
/// - Literals match themselves, ASCII letters in either case. Nothing else is equated: `，` is not
///   `,` and a full-width digit is no digit.
/// - `{number}` takes an optional `+` and 5 to 15 ASCII digits; `{number:masked}` the same with one
///   run of `*` among the digits; `{amount}` and `{balance}` take an unsigned decimal number as the
///   profile's `AmountNotation` says; `{serial}` and `{original}` take 4 to 40 ASCII letters,
///   digits and hyphens with a digit among them; `{time}` takes `2026-11-23 09:30:00`, also with
///   `/` for `-` and without the seconds.
/// - Each capture takes the longest run of its alphabet. If that run is not well-formed, the
///   template does not match; a shorter run is never tried.
/// - `{*}` takes anything, also nothing, up to the first place where what follows it (literals and
///   captures up to the next `{*}`) matches; that place is final. What follows the last `{*}` must
///   reach the end of the text, and takes the first place where it does.
///
/// Because captures are bounded and no choice is taken back, matching costs at most the length of
/// the text times the length of the template, for every text.
package struct ReplyTemplate: Hashable, Sendable {
    /// What a template reads out of a text.
    package enum Capture: String, Hashable, Sendable, CaseIterable {
        case number
        case maskedNumber = "number:masked"
        case amount
        case balance
        case serial
        /// When a recharge on record was executed.
        case time
        /// The serial of the recharge that is reversed.
        case original
    }

    /// A literal, already folded to lower case with white space collapsed, or a capture.
    enum Element: Hashable, Sendable {
        case literal([Unicode.Scalar])
        case capture(Capture)
    }

    /// The stretches between the `{*}`: one stretch when there is none, possibly empty at the ends.
    let stretches: [[Element]]

    /// The longest template; it bounds the cost of a match.
    static let lengthMax = 500

    /// What the template captures.
    package var captures: Set<Capture> {
        Set(
            stretches.joined().compactMap {
                if case .capture(let capture) = $0 { capture } else { nil }
            }
        )
    }
}

extension ReplyTemplate {
    /// Reads a template, and refuses those that could be read in two ways or could never match.
    init(_ template: String, notation: AmountNotation) throws(TemplateError) {
        guard template.unicodeScalars.count <= Self.lengthMax else {
            throw TemplateError(
                "is longer than \(Self.lengthMax) characters",
                cure: "use {*} for what varies"
            )
        }
        var stretches: [[Element]] = [[]]
        var seen: Set<Capture> = []
        var isAfterSlot = false
        for token in try Self.trimmed(templateTokens(template)) {
            switch token {
            case .literal(let text):
                stretches[stretches.count - 1].append(.literal(folded(text.unicodeScalars)))
                isAfterSlot = false
            case .slot(let name):
                guard !isAfterSlot else {
                    throw TemplateError(
                        "has no text before {\(name)}, so where it begins is ambiguous",
                        cure: "write the literal text between the two"
                    )
                }
                isAfterSlot = true
                if name == "*" {
                    stretches.append([])
                } else {
                    let capture = try Self.capture(named: name, unless: &seen)
                    stretches[stretches.count - 1].append(.capture(capture))
                }
            }
        }
        self.stretches = stretches
        try checkHasText()
        try checkBoundaries(notation)
    }

    private static func capture(
        named name: String,
        unless seen: inout Set<Capture>
    ) throws(TemplateError) -> Capture {
        guard let capture = Capture(rawValue: name) else {
            let known = Capture.allCases.map { "{\($0.rawValue)}" }.joined(separator: " ")
            throw TemplateError("has an unknown slot {\(name)}", cure: "known are: \(known) {*}")
        }
        guard seen.insert(capture).inserted, !seen.isSuperset(of: [.number, .maskedNumber]) else {
            throw TemplateError(
                "captures {\(name)} twice",
                cure: "keep the one that counts, {*} for the other"
            )
        }
        return capture
    }

    /// Takes the white space off both ends; a literal of nothing else disappears.
    private static func trimmed(_ tokens: [TemplateToken]) -> [TemplateToken] {
        var tokens = tokens
        if case .literal(let text) = tokens.first {
            let kept = text.unicodeScalars.drop(while: \.properties.isWhitespace)
            tokens[0] = .literal(String(kept))
        }
        if case .literal(let text) = tokens.last {
            let kept = text.unicodeScalars.reversed().drop(while: \.properties.isWhitespace)
            tokens[tokens.count - 1] = .literal(String(String.UnicodeScalarView(kept.reversed())))
        }
        return tokens.filter { $0 != .literal("") }
    }

    private func checkHasText() throws(TemplateError) {
        let letters = stretches.joined().reduce(0) { count, element in
            guard case .literal(let scalars) = element else { return count }
            return count + scalars.count { $0 != " " }
        }
        guard letters >= 2 else {
            throw TemplateError(
                "has no literal text, so it would match almost anything",
                cure: "write the words of the carrier around the slots"
            )
        }
    }

    /// Refuses a literal whose edge would merge with the capture beside it.
    private func checkBoundaries(_ notation: AmountNotation) throws(TemplateError) {
        for stretch in stretches {
            for (index, element) in stretch.enumerated() {
                guard case .capture(let capture) = element else { continue }
                if index > 0, case .literal(let before) = stretch[index - 1],
                    let last = before.last, !capture.isSerial, isDigit(last)
                {
                    throw TemplateError(
                        "has a digit just before {\(capture.rawValue)}",
                        cure: "a literal digit there would merge with the number"
                    )
                }
                guard index + 1 < stretch.count, case .literal(let after) = stretch[index + 1]
                else { continue }
                let isLastBeforeCapture = index + 2 < stretch.count
                guard
                    !capture.merges(
                        with: after,
                        beforeCapture: isLastBeforeCapture,
                        notation: notation
                    )
                else {
                    throw TemplateError(
                        "has text after {\(capture.rawValue)} that the slot itself would take",
                        cure: "begin the text after the slot with another character"
                    )
                }
            }
        }
    }
}

extension ReplyTemplate.Capture {
    fileprivate var isSerial: Bool { self == .serial || self == .original }

    /// Whether the longest run of this capture could reach into the literal that follows it.
    fileprivate func merges(
        with literal: [Unicode.Scalar],
        beforeCapture: Bool,
        notation: AmountNotation
    ) -> Bool {
        guard let first = literal.first else { return false }
        switch self {
        case .number: return isDigit(first)
        case .maskedNumber: return isDigit(first) || first == "*"
        case .serial, .original: return isSerialScalar(first)
        case .time:
            guard first == ":" else { return isDigit(first) }
            return literal.count == 1 ? beforeCapture : isDigit(literal[1])
        case .amount, .balance:
            guard first == notation.decimal || first == notation.grouping else {
                return isDigit(first)
            }
            return literal.count == 1 ? beforeCapture : isDigit(literal[1])
        }
    }
}

/// Lower-case ASCII letters and single spaces for runs of white space: how literals and texts are
/// compared.
func folded(_ scalars: some Sequence<Unicode.Scalar>) -> [Unicode.Scalar] {
    collapsed(scalars).map(lowercase)
}

/// The scalars with each run of white space made one plain space.
func collapsed(_ scalars: some Sequence<Unicode.Scalar>) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    for scalar in scalars {
        guard scalar.properties.isWhitespace else {
            result.append(scalar)
            continue
        }
        if result.last != " " { result.append(" ") }
    }
    return result
}

func lowercase(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    guard ("A"..."Z").contains(scalar) else { return scalar }
    return Unicode.Scalar(UInt8(scalar.value) | 0x20)
}

func isDigit(_ scalar: Unicode.Scalar) -> Bool {
    ("0"..."9").contains(scalar)
}

func isSerialScalar(_ scalar: Unicode.Scalar) -> Bool {
    isDigit(scalar) || scalar == "-" || ("a"..."z").contains(lowercase(scalar))
}

/// Whether a text is a serial number as carriers give them.
func isSerial(_ text: String) -> Bool {
    (4...40).contains(text.utf8.count) && text.unicodeScalars.allSatisfy(isSerialScalar)
        && text.unicodeScalars.contains(where: isDigit)
}
