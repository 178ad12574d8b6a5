import TestSupport

@testable import ATProtocol

/// A modem that answers in order, but slowly, not at all, twice or wrongly, by its seed.
///
/// Each query is answered by a line that names the query, each message gets a reference of
/// its own, and the modem knows which messages it really submitted.
struct ModelModem {
    var random: SplitMix64
    /// Chances in percent that something goes wrong with a command.
    var trouble: Int
    /// Lines behind one another; the time at which each block of bytes arrives.
    private(set) var output: [(at: Instant, bytes: [UInt8])] = []
    /// The reference of each payload that was submitted to the network.
    private(set) var submitted: [String: UInt8] = [:]
    private(set) var submissions = 0
    private var input: [UInt8] = []
    private var isPrompting = false
    private var busyUntil = Instant(nanoseconds: 0)
    private let echoes: Int

    init(seed: UInt64, trouble: Int) {
        random = SplitMix64(seed: seed)
        self.trouble = trouble
        echoes = Int.random(in: 0...2, using: &random)
    }

    mutating func takeOutput() -> (at: Instant, bytes: [UInt8]) { output.removeFirst() }

    mutating func write(_ bytes: [UInt8], at now: Instant) {
        if random.chance(trouble / 4) { return }
        for byte in bytes {
            switch byte {
            case 0x1B:
                if isPrompting { answer([], "OK", at: now) }
                isPrompting = false
                input = []
            case 0x1A where isPrompting:
                isPrompting = false
                submit(at: now)
            case 0x0D where !isPrompting:
                execute(String(decoding: input, as: UTF8.self), at: now)
                input = []
            default:
                input.append(byte)
            }
        }
    }

    private mutating func execute(_ line: String, at now: Instant) {
        for _ in 0..<echoes { emit(line + "\r", at: now) }
        if line.hasPrefix("AT+CMGS=") {
            if random.chance(trouble / 2) { return answer([], "+CMS ERROR: 302", at: now) }
            if random.chance(trouble / 2) { return }
            isPrompting = true
            emit(random.chance(20) ? "\r\n^RSSI: 3\r\n\r\n> " : "\r\n> ", at: now)
            guard random.chance(trouble / 2) else { return }
            isPrompting = false
            answer([], "ERROR", at: now)
        } else if line.hasPrefix("AT+Q"), line.hasSuffix("?") {
            answer(["+Q: \(line.dropFirst(4).dropLast())"], "OK", at: now)
        } else if line.hasPrefix("AT+"), line.hasSuffix("=?") {
            let names = line.dropFirst(2).split(separator: ";").map { $0.dropLast(2) }
            answer(names.map { "\($0): (0-2)" }, "OK", at: now)
        } else {
            answer([], line.hasPrefix("AT") ? "OK" : "ERROR", at: now)
        }
    }

    private mutating func submit(at now: Instant) {
        let payload = String(decoding: input, as: UTF8.self)
        input = []
        for _ in 0..<echoes { emit(payload + "\u{1A}", at: now) }
        if random.chance(trouble / 2) {
            return answer([], random.chance(50) ? "+CMS ERROR: 304" : "+CMS ERROR: 38", at: now)
        }
        submissions += 1
        let reference = UInt8(truncatingIfNeeded: submissions)
        submitted[payload] = reference
        answer(["+CMGS: \(reference)"], random.chance(trouble / 4) ? "ERROR" : "OK", at: now)
    }

    private mutating func answer(_ lines: [String], _ result: String, at now: Instant) {
        if random.chance(trouble / 3) { return }
        let delays = random.chance(trouble / 3) ? 1_000...200_000 : 1...400
        let delay = Duration.milliseconds(Int.random(in: delays, using: &random))
        busyUntil = max(now, busyUntil).advanced(by: delay)
        var text = ""
        for line in lines + [result] {
            if random.chance(15) { text += "\r\n+CMTI: \"SM\",3\r\n" }
            if random.chance(trouble / 6) { continue }
            text += "\r\n\(line)\r\n"
            if random.chance(trouble / 6) { text += "\r\n\(line)\r\n" }
        }
        var bytes = Array(text.utf8)
        if random.chance(trouble / 6), !bytes.isEmpty {
            bytes[Int.random(in: bytes.indices, using: &random)] = 0xFF
        }
        output.append((busyUntil, bytes))
    }

    private mutating func emit(_ text: String, at now: Instant) {
        busyUntil = max(now, busyUntil).advanced(by: .milliseconds(2))
        output.append((busyUntil, Array(text.utf8)))
    }
}
