@testable import ATProtocol

/// A channel in virtual time, with everything it did so far.
struct Bench {
    var channel = ATChannel()
    var now = Instant(nanoseconds: 0)
    var deadline: Instant?
    /// All actions but deadlines.
    var actions: [ATChannel.Action] = []
    private var lastID: UInt64 = 0
    /// Whether each byte arrives alone.
    var isByteByByte = false

    /// A bench whose channel is in step with its modem.
    static func synchronised(byteByByte: Bool = false) -> Bench {
        var bench = Bench()
        bench.isByteByByte = byteByByte
        let id = bench.submit(.attention)
        bench.synchronise()
        bench.receive("\r\nOK\r\n")
        precondition(bench.result(of: id) == .ok([]))
        bench.actions = []
        return bench
    }

    mutating func handle(_ event: ATChannel.Event) {
        for action in channel.handle(event, at: now) {
            if case .deadline(let instant) = action {
                deadline = instant
            } else {
                actions.append(action)
            }
        }
    }

    @discardableResult
    mutating func submit(_ command: ATCommand) -> ATCommandID {
        lastID += 1
        let id = ATCommandID(rawValue: lastID)
        handle(.submitted(command, id))
        return id
    }

    mutating func receive(_ text: String) {
        receive(Array(text.utf8))
    }

    mutating func receive(_ bytes: [UInt8]) {
        guard isByteByByte else { return handle(.received(bytes)) }
        for byte in bytes { handle(.received([byte])) }
    }

    /// Lets time pass to the deadline in force.
    mutating func expire() {
        guard let deadline else { return }
        now = max(now, deadline)
        handle(.deadlinePassed)
    }

    /// Drives a resynchronisation to its end with a modem that answers the barrier.
    mutating func synchronise() {
        for _ in 0..<100 where isResynchronising {
            if let line = barrierAsked {
                actions.removeLast()
                for name in line.dropFirst(2).split(separator: ";") {
                    receive("\r\n\(name.dropLast(2)): (0-2)\r\n")
                }
                receive("\r\nOK\r\n")
            } else {
                expire()
            }
        }
    }

    /// Lets time pass until the barrier is written and not yet answered.
    mutating func expireToBarrier() {
        for _ in 0..<100 where isResynchronising && barrierAsked == nil { expire() }
    }

    var isResynchronising: Bool {
        if case .resynchronising = channel.state { return true }
        return false
    }

    /// The barrier's line, if the last action wrote one.
    var barrierAsked: String? {
        guard case .write(let bytes)? = actions.last else { return nil }
        let text = String(decoding: bytes.dropLast(), as: UTF8.self)
        return text.hasSuffix("=?") ? text : nil
    }

    func result(of id: ATCommandID) -> ATResult? {
        for case .completed(id, let result) in actions { return result }
        return nil
    }

    var written: [String] {
        actions.compactMap {
            guard case .write(let bytes) = $0 else { return nil }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    var indicated: [ATIndication] {
        actions.compactMap {
            guard case .indicated(let indication) = $0 else { return nil }
            return indication
        }
    }

    var late: [ATChannel.Action] {
        actions.filter {
            guard case .late = $0 else { return false }
            return true
        }
    }
}

/// A payload as the tests send it.
let pdu = "0011000B916407281553F80000AA0AE8329BFD4697D9EC37"
