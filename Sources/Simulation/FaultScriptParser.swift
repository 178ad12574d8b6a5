import Recharge

/// Reads one line of a script, word by word.
struct FaultScriptParser {
    private let words: [Word]
    private let lineNumber: Int
    private let endColumn: Int
    private var position = 0

    struct Word {
        let text: String
        let column: Int
    }

    init(_ line: Substring, lineNumber: Int) {
        self.lineNumber = lineNumber
        var words: [Word] = []
        var text = ""
        var column = 0
        for character in line.prefix(while: { $0 != "#" }) + " " {
            column += 1
            let ends = character.isWhitespace || character == ":"
            if !ends { text.append(character) }
            if ends, !text.isEmpty {
                words.append(Word(text: text, column: column - text.count))
                text = ""
            }
            if character == ":" { words.append(Word(text: ":", column: column)) }
        }
        self.words = words
        endColumn = (words.last.map { $0.column + $0.text.count }) ?? 1
    }

    /// Nil for an empty line.
    mutating func line() throws(FaultScriptError) -> FaultScript.Line? {
        guard !words.isEmpty else { return nil }
        var time: Duration?
        var modem: Int?
        if take("at") {
            time = try duration()
            try expect(":")
        }
        if take("modem") {
            modem = try count()
            try expect(":")
        }
        let line = FaultScript.Line(time: time, modem: modem, try command())
        guard position == words.count else {
            throw error("the command ends before “\(words[position].text)”")
        }
        return line
    }

    private mutating func command() throws(FaultScriptError) -> FaultScript.Command {
        let start = position
        switch try word("a command") {
        case "prompt": return try latency("latency", FaultScript.Command.promptLatency)
        case "accept": return try latency("latency", FaultScript.Command.acceptLatency)
        case "answer": return try latency("latency", FaultScript.Command.answerLatency)
        case "network": return try latency("latency", FaultScript.Command.networkLatency)
        case "execution": return try latency("latency", FaultScript.Command.executionLatency)
        case "lose": return try loss()
        case "delay": return try delay()
        case "double": return .doubledAnswers(try answersPercent())
        case "repeat":
            try expect("answers")
            return .repeatedAnswers(try share())
        case "garble": return .garbledAnswers(try answersPercent())
        case "forge": return try forgery()
        case "spoof": return .spoofedAnswers(try answersPercent())
        case "reorder": return .reorderedAnswers(try answersPercent())
        case "quote":
            try expect("requests")
            return .quotedRequests(try percent())
        case "progress": return .progressAnswers(try percent())
        case "refuse": return .refusals(try choice("a reason"), try percent())
        case "cms":
            try expect("error")
            return .sendErrors(try count(), try percent())
        case "unplug": return try unplug()
        case "plug": return .plug
        case "swap":
            try expect("with")
            return .swap(try count())
        case "replug": return .replugAfter(take("off") ? nil : try duration())
        default:
            position = start
            return try settingCommand()
        }
    }

    private mutating func settingCommand() throws(FaultScriptError) -> FaultScript.Command {
        let start = position
        switch try word("a command") {
        case "echo": return .echo(try choice("an echo"))
        case "noise": return .noise(take("off") ? nil : try interval())
        case "silent": return .silent(try isOn())
        case "typing": return .typing(take("off") ? nil : try interval())
        case "language": return .language(try choice("a language"))
        case "long": return .long(try isOn())
        case "duplicates":
            if take("charge") { return .chargesDuplicates(true) }
            try expect("refuse")
            return .chargesDuplicates(false)
        case "float": return .float(try amount())
        case "topup": return .topUp(try amount())
        case "pin": return .pin(PIN(try word("a PIN")))
        case "bad":
            try expect("number")
            return .badNumber(try word("a number"))
        case "foreign":
            try expect("number")
            return .foreignNumber(try word("a number"))
        case "add": return .add(try count())
        case "remove": return .remove(position < words.count ? try count() : 1)
        case "calm": return .calm
        default:
            if let service = CentreService(rawValue: words[start].text) {
                return .offers(service, try isOn())
            }
            position = start
            throw error("no command begins with “\(words[start].text)”; see modemsim tell --help")
        }
    }

    private mutating func forgery() throws(FaultScriptError) -> FaultScript.Command {
        if take("answers") { return .forgedAnswers(try percent()) }
        let number = try read("“answers” or a number of 5 to 15 digits") { text in
            Self.isNumber(text, 5...15) ? text : nil
        }
        let amount = try amount()
        guard take("from") else {
            return .forge(number: number, amount: amount, sender: Lie.stranger)
        }
        let sender = try read("a sender of 3 to 20 digits, perhaps with +") { text in
            Self.isNumber(text.hasPrefix("+") ? text.dropFirst() : text[...], 3...20) ? text : nil
        }
        return .forge(number: number, amount: amount, sender: sender)
    }

    private static func isNumber(_ text: some StringProtocol, _ count: ClosedRange<Int>) -> Bool {
        count.contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    private mutating func loss() throws(FaultScriptError) -> FaultScript.Command {
        if take("answers") { return .lostAnswers(try percent()) }
        if take("submits") { return .lostSubmits(try percent()) }
        guard take("replies") else { throw error("expected answers, submits or replies") }
        return .lostReplies(try percent())
    }

    private mutating func delay() throws(FaultScriptError) -> FaultScript.Command {
        let isAnswers = take("answers")
        guard isAnswers || take("replies") else { throw error("expected answers or replies") }
        let delay = try share()
        return isAnswers ? .lateAnswers(delay) : .lateReplies(delay)
    }

    private mutating func share() throws(FaultScriptError) -> Delay {
        let percent = try percent()
        try expect("by")
        return Delay(percent: percent, duration: try duration())
    }

    private mutating func unplug() throws(FaultScriptError) -> FaultScript.Command {
        guard position < words.count, !take("now") else { return .unplugNow }
        let start = position
        let name = try word("a stage") + " " + word("a stage")
        guard let stage = UnplugStage(rawValue: name.lowercased()) else {
            position = start
            let stages = UnplugStage.allCases.map(\.rawValue).joined(separator: ", ")
            throw error("“\(name)” is no stage; the stages are \(stages)")
        }
        return position < words.count ? .unplugs(stage, try percent()) : .unplugNext(stage)
    }

    private mutating func latency(
        _ noun: String,
        _ make: (Latency) -> FaultScript.Command
    ) throws(FaultScriptError) -> FaultScript.Command {
        try expect(noun)
        let start = position
        guard let latency = Latency(parsing: try word("a time")) else {
            position = start
            throw error("“\(words[start].text)” is not a time such as 250ms, 3s or 1s..3s")
        }
        return make(latency)
    }
}

extension FaultScriptParser {
    private mutating func word(_ what: String) throws(FaultScriptError) -> String {
        guard position < words.count else { throw error("expected \(what)") }
        position += 1
        return words[position - 1].text
    }

    private mutating func take(_ text: String) -> Bool {
        guard position < words.count, words[position].text.lowercased() == text else {
            return false
        }
        position += 1
        return true
    }

    private mutating func expect(_ text: String) throws(FaultScriptError) {
        guard take(text) else { throw error("expected “\(text)”") }
    }

    private mutating func read<Value>(
        _ what: String,
        _ convert: (String) -> Value?
    ) throws(FaultScriptError) -> Value {
        let text = try word(what)
        guard let value = convert(text) else {
            position -= 1
            throw error("“\(text)” is not \(what)")
        }
        return value
    }

    private mutating func percent() throws(FaultScriptError) -> Double {
        try read("a share such as 10%") { text in
            guard text.hasSuffix("%"), let value = Double(text.dropLast()),
                (0...100).contains(value)
            else { return nil }
            return value
        }
    }

    private mutating func answersPercent() throws(FaultScriptError) -> Double {
        try expect("answers")
        return try percent()
    }

    private mutating func duration() throws(FaultScriptError) -> Duration {
        try read("a time such as 250ms or 3s") { Duration(parsing: $0) }
    }

    private mutating func interval() throws(FaultScriptError) -> Duration {
        try read("a time of at least 1ms, or off") { text in
            Duration(parsing: text).flatMap { $0 > .zero ? $0 : nil }
        }
    }

    private mutating func count() throws(FaultScriptError) -> Int {
        try read("a whole number from 1 to 9999") { text in
            Int(text).flatMap { (1...9999).contains($0) ? $0 : nil }
        }
    }

    private mutating func amount() throws(FaultScriptError) -> Amount {
        try read("an amount such as 500 or 49.90") { Amount(major: $0, currency: .renminbi) }
    }

    private mutating func isOn() throws(FaultScriptError) -> Bool {
        try read("on or off") { ["on": true, "off": false][$0] }
    }

    private mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ what: String
    ) throws(FaultScriptError) -> Choice where Choice.RawValue == String {
        let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        return try read("\(what) (\(names))") { Choice(rawValue: $0) }
    }

    /// A mistake at the word that is next.
    private func error(_ reason: String) -> FaultScriptError {
        let column = position < words.count ? words[position].column : endColumn
        return FaultScriptError(line: lineNumber, column: column, reason: reason)
    }
}

extension Duration {
    /// Reads `250ms`, `3s`, `1.5s`, `2m`, and `0`.
    package init?(parsing text: some StringProtocol) {
        let units: [(suffix: String, milliseconds: Double)] = [
            ("ms", 1), ("s", 1000), ("m", 60_000),
        ]
        if text == "0" {
            self = .zero
            return
        }
        for unit in units where text.hasSuffix(unit.suffix) {
            guard let value = Double(text.dropLast(unit.suffix.count)), (0...86_400).contains(value)
            else { return nil }
            self = .milliseconds(Int64(value * unit.milliseconds))
            return
        }
        return nil
    }
}

extension Latency {
    /// Reads a time, or two with `..` between them, the longer last.
    package init?(parsing text: String) {
        guard let range = text.firstRange(of: "..") else {
            guard let fixed = Duration(parsing: text) else { return nil }
            self.init(fixed)
            return
        }
        guard let least = Duration(parsing: text[..<range.lowerBound]),
            let most = Duration(parsing: text[range.upperBound...]), least <= most
        else { return nil }
        self.init(least, most)
    }
}
