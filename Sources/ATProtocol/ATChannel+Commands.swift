/// From submission to completion.
extension ATChannel {
    static let escape: UInt8 = 0x1B
    static let controlZ: UInt8 = 0x1A

    mutating func submit(
        _ command: ATCommand,
        _ id: ATCommandID,
        _ now: Instant,
        _ actions: inout [Action]
    ) {
        let exchange = Exchange(command, id: id)
        switch state {
        case .closed:
            actions.append(.completed(id, .closed(beforeCommit: true)))
        case .idle where command.isWritable:
            write(exchange, now, &actions)
        case .unsynchronised where command.isWritable:
            resynchronise(from: .escaped, pending: exchange, now, &actions)
        case .idle, .unsynchronised, .exchanging, .resynchronising:
            actions.append(.completed(id, .notSent))
        }
    }

    /// Writes the command line and waits for what answers it.
    mutating func write(_ exchange: Exchange, _ now: Instant, _ actions: inout [Action]) {
        var exchange = exchange
        exchange.begin(at: now)
        if exchange.phase == .awaitingResult { disown(like: exchange.command) }
        if exchange.isCommitted { actions.append(.committed(exchange.id)) }
        let line = Array(exchange.command.line.utf8)
        framer.promptEcho = exchange.phase == .awaitingPrompt ? line : nil
        actions.append(.write(line + [0x0D]))
        state = .exchanging(exchange)
    }

    /// From here on a line like the unanswered command's can be of a newer one.
    private mutating func disown(like command: ATCommand) {
        guard unanswered?.command.informationPrefix == command.informationPrefix else { return }
        unanswered = nil
    }

    mutating func supply(
        _ bytes: [UInt8],
        _ id: ATCommandID,
        _ now: Instant,
        _ actions: inout [Action]
    ) {
        guard case .exchanging(var exchange) = state, exchange.id == id,
            exchange.phase == .prompted
        else { return }
        // A control byte inside could submit half a message or leave the prompt; and what was
        // committed long ago, while the host slept or its disk stood still, is not sent any more.
        guard !bytes.isEmpty, bytes.allSatisfy(\.isPrintableASCII), now < exchange.deadline else {
            return abandon(id, now, &actions)
        }
        disown(like: exchange.command)
        exchange.commit(bytes, at: now)
        state = .exchanging(exchange)
        actions.append(.committed(id))
        actions.append(.write(bytes + [Self.controlZ]))
    }

    mutating func abandon(_ id: ATCommandID, _ now: Instant, _ actions: inout [Action]) {
        guard case .exchanging(let exchange) = state, exchange.id == id,
            exchange.phase == .prompted
        else { return }
        actions.append(.completed(id, .notSent))
        resynchronise(from: .escaped, pending: nil, now, &actions)
    }

    mutating func showPrompt(_ now: Instant, _ actions: inout [Action]) {
        framer.promptEcho = nil
        guard case .exchanging(var exchange) = state, exchange.phase == .awaitingPrompt else {
            return
        }
        exchange.phase = .prompted
        exchange.deadline = now.advanced(by: Exchange.promptStandingMax)
        state = .exchanging(exchange)
        actions.append(.prompted(exchange.id))
    }

    /// Ends one writing of a command: completes it, or repeats it if it may be repeated.
    mutating func finish(
        _ exchange: Exchange,
        _ result: ATResult,
        _ now: Instant,
        _ actions: inout [Action]
    ) {
        framer.promptEcho = nil
        switch result {
        case .ok:
            state = .idle
            actions.append(.completed(exchange.id, result))
        case .refused:
            actions.append(.completed(exchange.id, result))
            guard exchange.phase == .prompted else {
                state = .idle
                return
            }
            // Whether the prompt still stands behind the error is unknown.
            unanswered = exchange
            resynchronise(from: .draining, pending: nil, now, &actions)
        case .timedOut, .garbled:
            unanswered = exchange
            let isRepeated = exchange.triesLeft > 0 && !exchange.isCommitted
            if !isRepeated { actions.append(.completed(exchange.id, result)) }
            reportLines(of: exchange, &actions)
            resynchronise(from: .draining, pending: isRepeated ? exchange : nil, now, &actions)
        case .notSent, .closed:
            state = .idle
            actions.append(.completed(exchange.id, result))
        }
    }

    /// Hands out what was read for a command whose result cannot carry it.
    func reportLines(of exchange: Exchange, _ actions: inout [Action]) {
        guard !exchange.lines.isEmpty else { return }
        actions.append(.late(exchange.id, exchange.lines))
    }
}
