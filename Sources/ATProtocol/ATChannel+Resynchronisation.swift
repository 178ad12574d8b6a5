/// Getting back into step; the way is drawn at ``Resynchronisation``.
extension ATChannel {
    mutating func resynchronise(
        from step: Resynchronisation.Step,
        pending: Exchange?,
        _ now: Instant,
        _ actions: inout [Action]
    ) {
        framer.promptEcho = nil
        if step == .escaped { actions.append(.write([Self.escape])) }
        state = .resynchronising(Resynchronisation(step: step, pending: pending, at: now))
    }

    /// Takes the next step, the wait of the present one being over.
    mutating func advance(
        _ current: Resynchronisation,
        _ now: Instant,
        _ actions: inout [Action]
    ) {
        var next = current
        switch current.step {
        case .draining:
            actions.append(.write([Self.escape]))
            next.waitForQuiet(in: .escaped, at: now)
        case .escaped:
            actions.append(contentsOf: indications.abandoned().map(Action.indicated))
            let barrier = Barrier(number: barriersWritten)
            barriersWritten += 1
            actions.append(.write(Array(barrier.line.utf8) + [0x0D]))
            next.probe(barrier, at: now)
        case .probing where current.triesLeft > 0:
            actions.append(.write([Self.escape]))
            next.waitForQuiet(in: .escaped, at: now)
        case .probing:
            return giveUp(current, &actions)
        case .settling:
            return regain(current, now, &actions)
        }
        state = .resynchronising(next)
    }

    private mutating func giveUp(_ last: Resynchronisation, _ actions: inout [Action]) {
        state = .unsynchronised
        if let pending = last.pending {
            actions.append(.completed(pending.id, .timedOut(beforeCommit: true)))
        }
        actions.append(.lost(last.hasHeard ? .unintelligible : .silent))
    }

    private mutating func regain(
        _ last: Resynchronisation,
        _ now: Instant,
        _ actions: inout [Action]
    ) {
        barriersWritten = 0
        unanswered?.forgetPayload()
        state = .idle
        actions.append(.resynchronised)
        if let pending = last.pending { write(pending, now, &actions) }
    }

    mutating func read(
        _ line: String,
        during current: Resynchronisation,
        _ now: Instant,
        _ actions: inout [Action]
    ) {
        var next = current
        switch (current.step, FinalResult(line)) {
        case (.draining, _):
            // ESC is not written yet: an unclaimed line can only be of the last command.
            readUnasked(line, id: lateID(for: line) ?? drainedID(for: line), &actions)
        case (.probing(let barrier, _), _) where line == barrier.line:
            break
        case (_, nil) where Barrier.prefix(of: line) != nil:
            if let prefix = Barrier.prefix(of: line) { next.noteAnswer(prefix) }
        case (.probing, .ok):
            next.noteOK(at: now)
            if next.step == .settling { break }
            readUnasked(line, id: nil, &actions)
        case (.probing, .error):
            next.endTryEarly(at: now)
            readUnasked(line, id: nil, &actions)
        case (.escaped, _), (.probing, _), (.settling, _):
            readUnasked(line, id: lateID(for: line), &actions)
        }
        state = .resynchronising(next)
    }

    /// The last command, for result codes and for information without a prefix.
    private func drainedID(for line: String) -> ATCommandID? {
        guard let unanswered else { return nil }
        let isResult = FinalResult(line) != nil
        return isResult || unanswered.command.informationPrefix == nil ? unanswered.id : nil
    }
}
