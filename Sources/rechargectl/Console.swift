import ControlAPI
import FoundationEssentials
import Glibc

/// Where a command writes: texts and tables, or JSON.
struct Console: Sendable {
    let isJSON: Bool
    /// Whether standard output takes colours.
    let hasColor: Bool

    init(isJSON: Bool, allowsColor: Bool) {
        self.isJSON = isJSON
        let isTerminal = isatty(STDOUT_FILENO) == 1
        let isDumb = Environment.value("TERM") == "dumb"
        // https://no-color.org: set and not empty.
        let isRefused = Environment.value("NO_COLOR")?.isEmpty == false
        hasColor = allowsColor && isTerminal && !isDumb && !isRefused && !isJSON
    }

    /// Whether standard error is a terminal, where a line can be drawn again.
    static var canRedraw: Bool {
        isatty(STDERR_FILENO) == 1 && Environment.value("TERM") != "dumb"
    }

    /// How many columns standard error has.
    static var width: Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    func line(_ text: String = "") throws(Failure) {
        try Console.put(text + "\n")
    }

    func table(_ table: TextTable) throws(Failure) {
        try Console.put(table.lines(hasColor: hasColor).map { $0 + "\n" }.joined())
    }

    /// One JSON document on a line of its own.
    func json(_ value: some Encodable) throws(Failure) {
        let bytes: Data
        do {
            bytes = try WireJSON.encode(value)
        } catch {
            throw Failure(.internalError, "an answer cannot be written as JSON: \(error)")
        }
        try Console.put(Array(bytes) + [0x0A])
    }

    /// Says something beside the result, on standard error.
    static func note(_ text: String) {
        say(text + "\n")
    }

    /// Says what went wrong, on standard error.
    static func complain(_ message: String) {
        note("rechargectl: \(message)")
    }

    /// Writes to standard error.
    ///
    /// There is nobody to tell when that fails.
    static func say(_ text: String) {
        _ = write(Array(text.utf8), to: STDERR_FILENO)
    }

    static func put(_ text: String) throws(Failure) {
        try put(Array(text.utf8))
    }

    static func put(_ bytes: [UInt8]) throws(Failure) {
        guard let code = write(bytes, to: STDOUT_FILENO) else { return }
        if code == EPIPE {
            // The reader has had enough, such as `head`: end as any tool does. The network library
            // ignores the signal for the whole process.
            signal(SIGPIPE, SIG_DFL)
            raise(SIGPIPE)
        }
        throw Failure(.fileFailed, "standard output: \(String(cString: strerror(code)))")
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                guard errno == EINTR else { return errno }
            } else {
                rest = rest.dropFirst(count)
            }
        }
        return nil
    }
}

/// A number of things: `1 job`, `2 jobs`.
func counted(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
}

/// The variables of the process's environment.
enum Environment {
    static func value(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }
}
