/// One command under way: what was written, what was read, what is awaited.
///
///     awaitingPrompt ─ > ─▶ prompted ─ payload ─▶ awaitingResult ─ result code ─▶ ended
///     awaitingResult                                (a command that does not prompt)
///     any ─ error result, contradiction, deadline ─▶ ended
struct Exchange {
    enum Phase: Hashable {
        /// The line is written. To `prompted` by the prompt; ended by anything final.
        case awaitingPrompt
        /// Nothing irreversible yet. To `awaitingResult` by the payload; ended by an error, by
        /// the caller's abandoning, or because the caller took too long.
        case prompted
        /// Ended by a result code.
        case awaitingResult
    }

    enum Reading: Hashable {
        /// The line was kept as information, or dropped as an echo.
        case consumed
        /// The line is not of this command.
        case foreign
        case ended(ATResult)
    }

    static let informationLinesMax = 1_024
    static let informationBytesMax = 256 * 1_024
    /// How long a prompt may stand while the caller commits its intent.
    static let promptStandingMax = Duration.seconds(10)

    let id: ATCommandID
    let command: ATCommand
    var phase: Phase = .awaitingResult
    /// Whether the byte after which silence means "unknown" was handed out.
    var isCommitted = false
    var deadline = Instant(nanoseconds: .max)
    var triesLeft: Int
    private(set) var lines: [String] = []
    private var bytes = 0
    private var expectsBody = false
    private var payload: String?
    private var hasMetText = false

    init(_ command: ATCommand, id: ATCommandID) {
        self.command = command
        self.id = id
        triesLeft =
            switch command.repeatability {
            case .repeatable(let tries): max(1, tries)
            case .once: 1
            }
    }

    /// Starts over for one more writing of the command line.
    mutating func begin(at now: Instant) {
        triesLeft -= 1
        lines = []
        bytes = 0
        expectsBody = false
        hasMetText = false
        phase = command.promptTimeout == nil ? .awaitingResult : .awaitingPrompt
        isCommitted = command.promptTimeout == nil && command.repeatability == .once
        deadline = now.advanced(by: command.promptTimeout ?? command.resultTimeout)
    }

    /// Notes that the payload is about to be written.
    mutating func commit(_ bytes: [UInt8], at now: Instant) {
        phase = .awaitingResult
        isCommitted = true
        payload = String(decoding: bytes, as: UTF8.self)
        deadline = now.advanced(by: command.resultTimeout)
    }

    /// Notes that a text from the network may go on: a line of it can look like a result.
    mutating func meetText() { hasMetText = true }

    /// Drops the text that may hold a PIN, its echo being no longer expected.
    mutating func forgetPayload() {
        payload = nil
    }

    /// Reads a line that is no continuation of an indication.
    mutating func read(_ line: String) -> Reading {
        if line == command.line || isPayloadEcho(line) { return .consumed }
        switch FinalResult(line) {
        case .ok: return .ended(success)
        case .error(let error): return .ended(refusal(error))
        case .callEnded(let text) where command.dials: return .ended(refusal(.call(text)))
        case .callEnded: return .foreign
        case nil: break
        }
        if command.owns(line), phase == .awaitingResult {
            expectsBody = command.informationHasBody
            return keep(line)
        }
        guard expectsBody, line.isHexOctets else { return .foreign }
        expectsBody = false
        return keep(line)
    }

    /// Reads a line that nobody else claims: information of a command without prefix.
    mutating func readUnclaimed(_ line: String) -> Reading {
        if command.informationPrefix == nil, phase == .awaitingResult { return keep(line) }
        return isEchoFragment(line) ? .consumed : .foreign
    }

    /// Whether the line is an echo, whole or broken, of what this command wrote.
    func isEchoFragment(_ line: String) -> Bool {
        if line == command.line || isPayloadEcho(line) { return true }
        let isLong = line.utf8.count >= 2
        return isLong && (command.line.contains(line) || payload?.contains(line) == true)
    }

    private func isPayloadEcho(_ line: String) -> Bool {
        guard let payload else { return false }
        return line == payload
            || (line.first == ">" && line.drop { $0 == ">" || $0 == " " } == payload)
    }

    private mutating func keep(_ line: String) -> Reading {
        bytes += line.utf8.count
        guard lines.count < Self.informationLinesMax, bytes <= Self.informationBytesMax else {
            return .ended(garbled("more lines than any answer has"))
        }
        lines.append(line)
        return .consumed
    }

    private var success: ATResult {
        guard phase == .awaitingResult else { return garbled("OK instead of the prompt") }
        return switch command.proof {
        case .result: .ok(lines)
        case .information: lines.isEmpty ? garbled("OK without information") : .ok(lines)
        case .messageReference:
            MessageReference(lines: lines) == nil
                ? garbled("OK without one message reference") : .ok(lines)
        }
    }

    /// An error behind a message reference proves neither, nor does one behind a network's text.
    private func refusal(_ error: ATError) -> ATResult {
        guard isCommitted, command.proof == .messageReference, hasMetText || !lines.isEmpty else {
            return .refused(error, lines)
        }
        return garbled(hasMetText ? "an error after a text" : "an error after a message reference")
    }

    func garbled(_ reason: String) -> ATResult {
        .garbled(beforeCommit: !isCommitted, reason)
    }
}
