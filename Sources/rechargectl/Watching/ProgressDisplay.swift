/// Shows lines on standard error: one that is drawn again on a terminal, a few otherwise.
struct ProgressDisplay {
    /// How often a line is written where lines stay.
    private static let lineEvery = Duration.seconds(2)

    private let canRedraw: Bool
    private let isQuiet: Bool
    private var shown = ""
    private var shownAt: Duration?

    init(isQuiet: Bool) {
        self.isQuiet = isQuiet
        canRedraw = Console.canRedraw
    }

    var width: Int { canRedraw ? Console.width : 80 }

    mutating func show(_ line: String, at time: Duration) {
        guard !isQuiet, line != shown else { return }
        if canRedraw {
            // Back to the first column, the line, and nothing after it (ECMA-48 §8.3.41).
            Console.say("\r\(line)\u{1B}[K")
        } else {
            if let shownAt, time - shownAt < ProgressDisplay.lineEvery { return }
            Console.note(line)
        }
        shown = line
        shownAt = time
    }

    /// Leaves the last line as it is and begins a new one; also where lines stay, `last` is seen.
    mutating func close(_ last: String) {
        guard !isQuiet else { return }
        if canRedraw {
            Console.say(last.isEmpty ? "\r\u{1B}[K" : "\r\(last)\u{1B}[K\n")
        } else if !last.isEmpty, last != shown {
            Console.note(last)
        }
    }
}
