/// From bytes to the command, indication or nobody they belong to.
extension ATChannel {
    mutating func receive(_ bytes: [UInt8], _ now: Instant, _ actions: inout [Action]) {
        if case .closed = state { return }
        for byte in bytes {
            switch framer.push(byte) {
            case nil: continue
            case .line(let line): read(line, now, &actions)
            case .prompt: showPrompt(now, &actions)
            case .overlong: dropOverlong(now, &actions)
            }
        }
        guard !bytes.isEmpty, case .resynchronising(var resynchronisation) = state else { return }
        resynchronisation.heard(at: now)
        state = .resynchronising(resynchronisation)
    }

    private mutating func dropOverlong(_ now: Instant, _ actions: inout [Action]) {
        guard case .exchanging(let exchange) = state else {
            return actions.append(.indicated(.overlong))
        }
        finish(exchange, exchange.garbled("a line longer than any answer has"), now, &actions)
    }

    private mutating func read(_ line: String, _ now: Instant, _ actions: inout [Action]) {
        if let known = indications.continued(by: line) { return indicate(known, &actions) }
        switch state {
        case .exchanging: readAnswer(line, now, &actions)
        case .resynchronising(let resynchronisation):
            read(line, during: resynchronisation, now, &actions)
        case .unsynchronised, .idle: readUnasked(line, id: lateID(for: line), &actions)
        case .closed: break
        }
    }

    /// Hands out what a line ended that was no answer to the command under way.
    private mutating func indicate(_ known: [ATIndication], _ actions: inout [Action]) {
        actions.append(contentsOf: known.map(Action.indicated))
        guard known.contains(where: \.mayHaveTorn), case .exchanging(var exchange) = state else {
            return
        }
        state = .idle
        exchange.meetText()
        state = .exchanging(exchange)
    }

    private mutating func readAnswer(_ line: String, _ now: Instant, _ actions: inout [Action]) {
        guard case .exchanging(var exchange) = state else { return }
        // Emptied, so that the lines kept so far have one owner and are not copied.
        state = .idle
        var reading = exchange.read(line)
        if reading == .foreign {
            if let known = indications.begun(by: line) {
                if known.contains(where: \.mayHaveTorn) { exchange.meetText() }
                actions.append(contentsOf: known.map(Action.indicated))
            } else if line.utf8.starts(with: MessageReference.prefix.utf8) {
                actions.append(.late(lateID(for: line), [line]))
            } else if line != ">" {
                reading = exchange.readUnclaimed(line)
                if reading == .foreign { actions.append(.indicated(.other(line))) }
            }
        }
        switch reading {
        case .consumed, .foreign: state = .exchanging(exchange)
        case .ended(let result): finish(exchange, result, now, &actions)
        }
    }

    /// Reads a line while no command awaits an answer.
    mutating func readUnasked(_ line: String, id: ATCommandID?, _ actions: inout [Action]) {
        let isResult = FinalResult(line) != nil
        if line == ">" || (!isResult && unanswered?.isEchoFragment(line) == true) { return }
        if let known = indications.begun(by: line) {
            actions.append(contentsOf: known.map(Action.indicated))
        } else if id != nil || isResult
            || line.utf8.starts(with: MessageReference.prefix.utf8)
        {
            actions.append(.late(id, [line]))
        } else {
            actions.append(.indicated(.other(line)))
        }
    }

    /// The unanswered command whose information line this must be, if it is one.
    func lateID(for line: String) -> ATCommandID? {
        guard let unanswered, unanswered.command.owns(line) else { return nil }
        return unanswered.id
    }
}
