import Recharge

/// What a template read out of one text, still as text.
struct ReplyMatch: Hashable {
    var number: String?
    var maskedNumber: MaskedNumber?
    /// In plain notation, `1234.50`, whatever the carrier's was.
    var amount: String?
    /// In plain notation, like `amount`.
    var balance: String?
    var serial: String?
    /// What the carrier's clock showed, as if it were UTC.
    var time: Timestamp?
    var original: String?
}

/// A text made ready for matching: white space collapsed and trimmed, cut into scalars once.
struct ReplyText: Hashable {
    let scalars: [Unicode.Scalar]

    /// Longer texts are nobody's answer: 39 parts of a concatenated message hold no more than this.
    static let lengthMax = 2000

    /// Nil when the text is longer than `lengthMax`.
    init?(_ text: String) {
        guard text.unicodeScalars.prefix(Self.lengthMax + 1).count <= Self.lengthMax else {
            return nil
        }
        self.init(unbounded: text)
    }

    /// A text of any length, to measure how the cost of matching grows.
    init(unbounded text: String) {
        var scalars = collapsed(text.unicodeScalars)
        if scalars.last == " " { scalars.removeLast() }
        if scalars.first == " " { scalars.removeFirst() }
        self.scalars = scalars
    }
}

extension ReplyTemplate {
    /// Matches the whole text; the rules are in the description of `ReplyTemplate`.
    func match(_ text: ReplyText, notation: AmountNotation) -> ReplyMatch? {
        var scanner = ReplyScanner(scalars: text.scalars, notation: notation)
        guard let head = stretches.first, let tail = stretches.last, scanner.take(head) else {
            return nil
        }
        guard stretches.count > 1 else { return scanner.isAtEnd ? scanner.match : nil }
        for stretch in stretches.dropFirst().dropLast() {
            guard scanner.take(firstOf: stretch, toEnd: false) else { return nil }
        }
        guard tail.isEmpty || scanner.take(firstOf: tail, toEnd: true) else { return nil }
        return scanner.match
    }
}

extension ReplyTemplate {
    /// An amount that fills a text from end to end, in plain notation.
    static func amount(_ text: String, _ notation: AmountNotation) -> String? {
        var scanner = ReplyScanner(scalars: Array(text.unicodeScalars), notation: notation)
        guard let amount = scanner.takeAmount(), scanner.isAtEnd else { return nil }
        return amount
    }
}

/// A place in a text and what was captured before it.
private struct ReplyScanner {
    let scalars: [Unicode.Scalar]
    let notation: AmountNotation
    var index = 0
    var match = ReplyMatch()

    var isAtEnd: Bool { index == scalars.count }

    /// Goes to the first place from here on where the stretch matches, and behind it.
    mutating func take(firstOf stretch: [ReplyTemplate.Element], toEnd: Bool) -> Bool {
        for start in index...scalars.count {
            var trial = self
            trial.index = start
            if trial.take(stretch), !toEnd || trial.isAtEnd {
                self = trial
                return true
            }
        }
        return false
    }

    mutating func take(_ stretch: [ReplyTemplate.Element]) -> Bool {
        for element in stretch {
            switch element {
            case .literal(let literal): guard take(literal) else { return false }
            case .capture(let capture): guard take(capture) else { return false }
            }
        }
        return true
    }

    private mutating func take(_ literal: [Unicode.Scalar]) -> Bool {
        guard scalars.count - index >= literal.count else { return false }
        for (offset, scalar) in literal.enumerated()
        where lowercase(scalars[index + offset]) != scalar {
            return false
        }
        index += literal.count
        return true
    }

    private mutating func take(_ capture: ReplyTemplate.Capture) -> Bool {
        switch capture {
        case .number:
            match.number = takeNumber()
            return match.number != nil
        case .maskedNumber:
            match.maskedNumber = takeMaskedNumber()
            return match.maskedNumber != nil
        case .amount:
            match.amount = takeAmount()
            return match.amount != nil
        case .balance:
            match.balance = takeAmount()
            return match.balance != nil
        case .serial:
            match.serial = takeSerial()
            return match.serial != nil
        case .time:
            match.time = takeTime()
            return match.time != nil
        case .original:
            match.original = takeSerial()
            return match.original != nil
        }
    }

    /// The longest run of some scalars from here, at most one more than allowed, so that the caller
    /// sees that it is too long.
    private mutating func run(max: Int, where isMember: (Unicode.Scalar) -> Bool) -> String {
        var run = String.UnicodeScalarView()
        let end = min(scalars.count, index + max + 1)
        while index < end, isMember(scalars[index]) {
            run.append(scalars[index])
            index += 1
        }
        return String(run)
    }

    private mutating func takePlus() -> String {
        run(max: 0) { $0 == "+" }
    }

    private mutating func takeNumber() -> String? {
        let plus = takePlus()
        let digits = run(max: 15, where: isDigit)
        return (5...15).contains(digits.utf8.count) ? plus + digits : nil
    }

    private mutating func takeMaskedNumber() -> MaskedNumber? {
        let plus = takePlus()
        let lead = run(max: 15, where: isDigit)
        let stars = run(max: 15) { $0 == "*" }
        let tail = run(max: 15, where: isDigit)
        return MaskedNumber(
            lead: lead,
            hiddenCount: stars.utf8.count,
            tail: tail,
            isInternational: plus == "+"
        )
    }

    private mutating func takeSerial() -> String? {
        let serial = run(max: 40, where: isSerialScalar)
        return isSerial(serial) ? serial : nil
    }

    /// Digits, thousands grouped by three, then perhaps a decimal mark and digits.
    ///
    /// A mark belongs to the amount only when a digit follows it.
    mutating func takeAmount() -> String? {
        var groups = [run(max: 15, where: isDigit)]
        guard !groups[0].isEmpty else { return nil }
        while let grouping = notation.grouping, digitFollows(grouping), groups.count <= 5 {
            index += 1
            groups.append(run(max: 15, where: isDigit))
        }
        if groups.count > 1 {
            guard groups[0].utf8.count <= 3,
                groups.dropFirst().allSatisfy({ $0.utf8.count == 3 })
            else { return nil }
        }
        let whole = groups.joined()
        guard whole.utf8.count <= 15 else { return nil }
        guard digitFollows(notation.decimal) else { return whole }
        index += 1
        let fraction = run(max: 6, where: isDigit)
        return fraction.utf8.count <= 6 ? "\(whole).\(fraction)" : nil
    }

    /// `2026-11-23 09:30:00`, with `/` in both places of `-`, and perhaps without the seconds.
    ///
    /// A colon after the minutes belongs to the time only when a digit follows it.
    private mutating func takeTime() -> Timestamp? {
        guard let year = takeDigits(4), index < scalars.count else { return nil }
        let separator = scalars[index]
        guard separator == "-" || separator == "/", takeOne(separator),
            let month = takeDigits(2), takeOne(separator), let day = takeDigits(2), takeOne(" "),
            let hour = takeDigits(2), takeOne(":"), let minute = takeDigits(2)
        else { return nil }
        var second: Int64 = 0
        if digitFollows(":") {
            guard takeOne(":"), let seconds = takeDigits(2) else { return nil }
            second = seconds
        }
        return Timestamp(fields: (year, month, day, hour, minute, second))
    }

    private mutating func takeOne(_ scalar: Unicode.Scalar) -> Bool {
        guard index < scalars.count, scalars[index] == scalar else { return false }
        index += 1
        return true
    }

    /// Exactly as many digits; one more, and there is none.
    private mutating func takeDigits(_ count: Int) -> Int64? {
        let digits = run(max: count, where: isDigit)
        return digits.utf8.count == count ? Int64(digits) : nil
    }

    private func digitFollows(_ mark: Unicode.Scalar) -> Bool {
        index + 1 < scalars.count && scalars[index] == mark && isDigit(scalars[index + 1])
    }
}
