import SMSCodec

@testable import ATProtocol

/// A dialogue with a modem that says anything; how its words are cut into reads changes nothing.
///
/// ```
/// seed of the cuts | (words of the modem | FF event)…
/// ```
/// After FF comes what else happens, see ``ATFuzzing/Step``.
enum ATFuzzing {
    /// What happens at a byte after FF.
    enum Step: Hashable {
        case received(ArraySlice<UInt8>)
        case submitted(ATCommand)
        case payloadSupplied
        case promptAbandoned
        case deadlinePassed
        case deadlinePassedEarly
        /// The modem answers the barrier that was written last.
        case barrierAnswered
        case closed
    }

    static func run(_ bytes: [UInt8]) throws {
        var input = FuzzInput(bytes)
        let seed = input.byte()
        let steps = steps(input.rest)
        let whole = try outcome(steps, .whole)
        try demand(
            try outcome(steps, Cutting(seed: seed)) == whole,
            "cut into pieces it goes otherwise"
        )
        for action in whole.actions { try read(action) }
    }

    private static func steps(_ bytes: ArraySlice<UInt8>) -> [Step] {
        var steps: [Step] = []
        var rest = bytes
        while !rest.isEmpty {
            let words = rest.prefix { $0 != 0xFF }
            if !words.isEmpty { steps.append(.received(words)) }
            rest = rest.dropFirst(words.count + 1)
            if let event = rest.popFirst() { steps.append(step(event)) }
        }
        return steps
    }

    private static func step(_ event: UInt8) -> Step {
        switch event % 16 {
        case 0: .deadlinePassed
        case 1: .payloadSupplied
        case 2: .promptAbandoned
        case 3: .barrierAnswered
        case 4: .deadlinePassedEarly
        case 5: .closed
        case 6: .submitted(.attention)
        case 7, 8: .submitted(.sendMessage(tpduLength: 23))
        case 9: .submitted(.listMessages(.all))
        case 10: .submitted(.readMessage(3))
        case 11: .submitted(.deleteMessage(3))
        case 12: .submitted(.registration)
        case 13: .submitted(.imei)
        case 14: .submitted(.storageUsage)
        default: .submitted(.pinState)
        }
    }

    private static func outcome(_ steps: [Step], _ cutting: Cutting) throws -> Dialogue {
        var dialogue = Dialogue()
        for step in steps { try dialogue.take(step, cutting) }
        try dialogue.take(.closed, cutting)
        try demand(
            dialogue.submitted == dialogue.completed.count,
            "\(dialogue.submitted) commands, \(dialogue.completed.count) completed"
        )
        return dialogue
    }

    /// Reads lines as everything that a line can be.
    private static func read(_ action: ATChannel.Action) throws {
        switch action {
        case .completed(_, .ok(let lines)), .completed(_, .refused(_, let lines)),
            .late(_, let lines):
            try read(lines)
        case .indicated(.message(let pdu, _)), .indicated(.statusReport(let pdu, _)),
            .indicated(.cellBroadcast(let pdu, _)):
            _ = try? PDUFrame(hex: pdu, direction: .mobileTerminated)
        case .indicated, .completed, .write, .prompted, .committed, .deadline, .resynchronised,
            .lost:
            break
        }
    }

    private static func read(_ lines: [String]) throws {
        for line in lines {
            try demand(
                !line.isEmpty && !line.utf8.contains { $0 == 0x0D || $0 == 0x0A || $0 == 0x1A },
                "a line that is none"
            )
            _ = (SIMState(line), SignalQuality(line), RegistrationState(readResponse: line))
            if let usage = StorageUsage(line) {
                try demand(0...usage.total ~= usage.used, "\(usage)")
            }
        }
        _ = (MessageReference(lines: lines), IdentityResponse.words(lines))
        if let imei = IdentityResponse.imei(lines) {
            try demand((15...16).contains(imei.utf8.count), "an IMEI of \(imei.utf8.count) digits")
        }
        if let iccid = IdentityResponse.iccid(lines) {
            try demand((18...20).contains(iccid.utf8.count), "an ICCID of \(iccid.utf8.count)")
        }
        let list = StoredMessageList(listResponse: lines)
        try demand(list.messages.count + list.damagedIndices.count <= lines.count, "messages grew")
        for message in list.messages + [StoredMessage(readResponse: lines)].compactMap({ $0 }) {
            try demand(
                StoredMessage.isWhole(pdu: message.pdu, length: message.length),
                "half a stored message"
            )
        }
    }
}

/// A channel in virtual time with what it did, and the promises that it keeps at every action.
private struct Dialogue: Equatable {
    private var channel = ATChannel()
    private var now = Instant(nanoseconds: 0)
    private var deadline: Instant?
    private var lastPrompted: ATCommandID?
    private var committed: Set<ATCommandID> = []
    private(set) var submitted = 0
    private(set) var completed: Set<ATCommandID> = []
    private(set) var actions: [ATChannel.Action] = []

    static func == (left: Dialogue, right: Dialogue) -> Bool {
        left.actions == right.actions && left.deadline == right.deadline && left.now == right.now
    }

    mutating func take(_ step: ATFuzzing.Step, _ cutting: Cutting) throws {
        switch step {
        case .received(let words):
            for piece in cutting.pieces(words) { try handle(.received(piece)) }
        case .submitted(let command):
            submitted += 1
            try handle(.submitted(command, ATCommandID(rawValue: UInt64(submitted))))
        case .payloadSupplied:
            let payload = Array("0011000B916407281553F80000AA0AE8329BFD4697D9EC37".utf8)
            if let lastPrompted { try handle(.payloadSupplied(payload, lastPrompted)) }
        case .promptAbandoned:
            if let lastPrompted { try handle(.promptAbandoned(lastPrompted)) }
        case .deadlinePassed:
            if let deadline { now = max(now, deadline) }
            try handle(.deadlinePassed)
        case .deadlinePassedEarly:
            try handle(.deadlinePassed)
        case .barrierAnswered:
            guard case .resynchronising(let current) = channel.state,
                case .probing(let barrier, _) = current.step
            else { return }
            let answer = barrier.prefixes.map { "\r\n\($0) (0-2)\r\n" }.joined() + "\r\nOK\r\n"
            try take(.received(Array(answer.utf8)[...]), cutting)
        case .closed:
            try handle(.closed)
            try demand(deadline == nil, "a closed channel awaits a deadline")
        }
    }

    private mutating func handle(_ event: ATChannel.Event) throws {
        var committing: ATCommandID?
        for action in channel.handle(event, at: now) {
            var next: ATCommandID?
            switch action {
            case .deadline(let instant): deadline = instant
            case .write(let bytes):
                let submits = bytes.contains(0x1A)
                try demand(!submits || committing != nil, "Ctrl-Z without a commit")
                try demand(!bytes.isEmpty, "nothing was written")
            case .prompted(let id): lastPrompted = id
            case .committed(let id):
                try demand(committed.insert(id).inserted, "\(id) was committed twice")
                try demand(!completed.contains(id), "\(id) was committed after its end")
                next = id
            case .completed(let id, let result):
                try demand(completed.insert(id).inserted, "\(id) was completed twice")
                try demand(isHonest(result, id), "\(id) completed: \(result)")
            case .indicated, .late, .resynchronised, .lost: break
            }
            if committing != nil {
                guard case .write = action else {
                    throw Violation(description: "no write directly after a commit: \(action)")
                }
            }
            committing = next
            if case .deadline = action { continue }
            actions.append(action)
        }
        try demand(committing == nil, "a commit without its write")
        if let deadline { try demand(deadline > now || isDue(event), "a deadline in the past") }
    }

    /// "Before the commit point" is said only of what was never committed.
    private func isHonest(_ result: ATResult, _ id: ATCommandID) -> Bool {
        switch result {
        case .timedOut(beforeCommit: true), .closed(beforeCommit: true),
            .garbled(beforeCommit: true, _), .notSent:
            !committed.contains(id)
        case .timedOut, .closed, .garbled: committed.contains(id)
        case .ok, .refused: true
        }
    }

    /// Whether a deadline may lie behind: it was not reported yet.
    private func isDue(_ event: ATChannel.Event) -> Bool {
        event != .deadlinePassed
    }
}
