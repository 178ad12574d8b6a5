import TestSupport
import Testing

@testable import ATProtocol

/// Seeded runs against a modem that misbehaves, and against noise.
@Suite struct RandomRunTests {
    /// Drives a channel and a modem in virtual time until a command is over.
    struct Run {
        var channel = ATChannel()
        var modem: ModelModem
        var now = Instant(nanoseconds: 0)
        var deadline: Instant?
        var actions: [ATChannel.Action] = []
        var completions: [ATCommandID: [ATResult]] = [:]
        var committed: Set<ATCommandID> = []
        var isLost = false
        var late: [(ATCommandID?, String)] = []

        mutating func handle(_ event: ATChannel.Event, payload: [UInt8]) {
            var prompted: ATCommandID?
            var isCommitting = false
            for action in channel.handle(event, at: now) {
                switch action {
                case .write(let bytes):
                    #expect(isCommitting || !bytes.contains(0x1A))
                    modem.write(bytes, at: now)
                case .prompted(let id): prompted = id
                case .committed(let id): #expect(committed.insert(id).inserted)
                case .completed(let id, let result): completions[id, default: []].append(result)
                case .late(let id, let lines): late += lines.map { (id, $0) }
                case .deadline(let instant): deadline = instant
                case .lost: isLost = true
                case .indicated, .resynchronised: break
                }
                if case .committed = action { isCommitting = true } else { isCommitting = false }
            }
            if let prompted { handle(.payloadSupplied(payload, prompted), payload: payload) }
        }

        /// Gives a modem that was lost some minutes to come to its senses.
        mutating func rest(payload: [UInt8]) {
            let end = now + .seconds(isLost ? 300 : 0)
            isLost = false
            while let arrival = modem.output.first?.at, arrival <= end {
                now = max(now, arrival)
                handle(.received(modem.takeOutput().bytes), payload: payload)
            }
            now = end
        }

        /// Lets the next thing happen; false if nothing will.
        mutating func step(payload: [UInt8]) -> Bool {
            let arrival = modem.output.first?.at
            if let arrival, arrival <= deadline ?? arrival {
                now = max(now, arrival)
                handle(.received(modem.takeOutput().bytes), payload: payload)
            } else if let deadline {
                now = max(now, deadline)
                handle(.deadlinePassed, payload: payload)
            } else {
                return false
            }
            return true
        }
    }

    /// The command of a number, and its payload in case it prompts.
    static func command(_ number: Int, random: inout SplitMix64) -> (ATCommand, [UInt8]) {
        let payload = Array("0011\(10_000 + number)".utf8)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: return (.attention, payload)
        case 1: return (.sendMessage(tpduLength: 23), payload)
        default:
            let query = ATCommand(
                "AT+Q\(number)?",
                informationPrefix: "+Q:",
                proof: .information,
                repeatability: number.isMultiple(of: 2) ? .once : .repeatable(tries: 3)
            )
            return (query, payload)
        }
    }

    @Test(arguments: 0..<90)
    func eachAnswerIsCreditedToItsOwnCommand(seed: Int) {
        var run = Run(modem: ModelModem(seed: UInt64(seed), trouble: [0, 12, 30][seed % 3]))
        var random = SplitMix64(seed: UInt64(seed) ^ 0xA7)
        var successes = 0
        for number in 1...40 {
            let (command, payload) = Self.command(number, random: &random)
            let id = ATCommandID(rawValue: UInt64(number))
            run.handle(.submitted(command, id), payload: payload)
            while run.completions[id] == nil || !run.channel.isIdle {
                guard run.step(payload: payload) else { break }
            }
            if seed.isMultiple(of: 2) { run.rest(payload: payload) }
            #expect(run.completions[id]?.count == 1)
            #expect(run.channel.isIdle)
            let reference = run.modem.submitted[String(decoding: payload, as: UTF8.self)]
            switch run.completions[id]?.first {
            case .ok(let lines):
                successes += 1
                if let prefix = command.informationPrefix, prefix == "+Q:" {
                    let whole = lines.filter { !$0.contains("\u{FFFD}") }
                    #expect(whole.allSatisfy { $0 == "+Q: \(number)" })
                } else if command.promptTimeout != nil {
                    #expect(reference != nil)
                    #expect(MessageReference(lines: lines)?.rawValue == reference)
                } else {
                    // A garbled indication or echo may pass, another command's answer never.
                    #expect(lines.allSatisfy { $0.contains("\u{FFFD}") || !$0.contains(":") })
                }
            case .refused(let error, _):
                if error.certainty != .ambiguous { #expect(reference == nil) }
            case .timedOut(beforeCommit: true), .garbled(beforeCommit: true, _), .notSent:
                #expect(reference == nil)
            case .timedOut, .garbled, .closed, nil: break
            }
            #expect(reference == nil || run.committed.contains(id))
        }
        for (id, line) in run.late where line.hasPrefix("+CMGS: ") {
            let payload = id.map { "0011\(10_000 + $0.rawValue)" }
            guard let payload, let reference = MessageReference(line: line) else { continue }
            #expect(run.modem.submitted[payload] == reference.rawValue)
        }
        #expect(seed % 3 != 0 || successes == 40)
        #expect(seed % 6 != 4 || successes > 0)
    }

    /// Texts that steer a channel, to be strung together by chance.
    static let fragments = [
        "\r\n", "\r", "OK", "\r\nOK\r\n", "ERROR\r\n", "> ", ">", "+CMGS: ", "12", "+CMGS: 12\r\n",
        "+CMT: ,23\r\n", "+CUSD: 0,\"a", "\"", ",", "+CMS ERROR: 38\r\n", "AT+CMGS=23", pdu,
        "\u{1A}", "\u{1B}", "\0", "+CMEE: (0-2)\r\n", "+CREG: 1\r\n", "é", "\u{212A}",
        String(repeating: "x", count: 2_100),
    ]

    /// What a channel does with some bytes, cut into reads by chance; deadlines apart.
    static func outcome(
        of bytes: [UInt8],
        cut: (Int) -> Int
    ) -> [ATChannel.Action] {
        var bench = Bench.synchronised()
        let id = bench.submit(PayloadTests.send)
        for stage in 0..<4 {
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = cut(rest.count)
                bench.receive(Array(rest.prefix(count)))
                rest = rest.dropFirst(count)
            }
            switch stage {
            case 0: bench.handle(.payloadSupplied(PayloadTests.payload, id))
            case 1: bench.expire()
            case 2: bench.synchronise()
            default: bench.handle(.closed)
            }
        }
        return bench.actions
    }

    @Test(arguments: 0..<100)
    func howAReadIsCutChangesNothing(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        var bytes: [UInt8] = []
        for _ in 0..<Int.random(in: 1...40, using: &random) {
            if random.chance(10) {
                bytes += (0..<8).map { _ in UInt8.random(in: 0...255, using: &random) }
            } else {
                bytes += Array((Self.fragments.randomElement(using: &random) ?? "").utf8)
            }
        }
        let whole = Self.outcome(of: bytes) { $0 }
        #expect(whole == Self.outcome(of: bytes) { _ in 1 })
        let pieces = Self.outcome(of: bytes) { Int.random(in: 1...min(9, $0), using: &random) }
        #expect(whole == pieces)
        let completions = whole.filter {
            guard case .completed = $0 else { return false }
            return true
        }
        #expect(completions.count == 1)
    }
}
