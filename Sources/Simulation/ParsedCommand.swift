/// One command of a command line, as a modem reads it (ITU-T V.250 §5.3).
struct ParsedCommand: Hashable, Sendable {
    /// In capitals, with its sign: `E`, `&F`, `+CMGS`, `^CURC`.
    var name: String
    var operation: Operation

    enum Operation: Hashable, Sendable {
        /// `+CSQ`, and basic commands: `E0` is `execute` with the argument 0.
        case execute
        case read
        case test
        case set
    }

    /// Without their quotes; empty where one was left out.
    var arguments: [String]

    func number(_ index: Int) -> Int? {
        index < arguments.count ? Int(arguments[index]) : nil
    }

    /// The number at a place, or what stands for one that was left out; nil for a wrong one.
    func number(_ index: Int, default missing: Int) -> Int? {
        guard index < arguments.count, !arguments[index].isEmpty else { return missing }
        return Int(arguments[index])
    }
}
