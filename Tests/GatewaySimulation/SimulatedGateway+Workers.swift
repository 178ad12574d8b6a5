import Carriers
import Engine
import JobStorage
import Recharge
import Simulation

/// The shell of the workers: events to their machines, and what those want done.
extension SimulatedGateway {
    /// Feeds an event and all outcomes that follow from it at once, as the real shell does.
    mutating func feed(_ index: Int, _ event: SIMWorkerMachine.Event) async {
        guard let worker = workers[index - 1], !worker.isFinished else { return }
        var events = [event]
        if case .deadlinePassed = event { worker.wakeUp = nil }
        var place = 0
        while place < events.count, !isKilled {
            let next = events[place]
            place += 1
            handled += 1
            for action in worker.machine.handle(next, at: now) where !isKilled {
                if worker.isFinished { violations.append("\(action) after finish") }
                log("modem \(index): \(action)")
                checkSecrecy(of: action, after: next, worker)
                if let outcome = await perform(action, index, worker) { events.append(outcome) }
            }
        }
        guard !isKilled else { return }
        if worker.isFinished { await leave(worker, index) }
    }

    private mutating func leave(_ worker: SimulatedWorker, _ index: Int) async {
        if openPorts.contains(index) { restarts[index] = truth.advanced(by: .seconds(5)) }
        guard let sim = worker.sim else { return }
        worker.sim = nil
        if killsHere() { return }
        do {
            try await queue.depart(sim, at: now.utc)
            changed()
        } catch {
            end(because: error)
        }
    }

    private mutating func perform(
        _ action: SIMWorkerMachine.Action,
        _ index: Int,
        _ worker: SimulatedWorker
    ) async -> SIMWorkerMachine.Event? {
        switch action {
        case .write(let bytes):
            write(bytes, index)
            return nil
        case .wakeUp(let instant):
            worker.wakeUp = instant
            return nil
        case .identified(let transceiver):
            return killsHere() ? nil : await assign(transceiver, worker)
        case .report, .observed: return nil
        case .finish:
            _ = killsHere()
            worker.isFinished = true
            worker.wakeUp = nil
            return nil
        case .claim, .release, .arm, .settle, .ask, .conclude, .reportFloat, .file, .keep,
            .pauseSIM:
            return killsHere() ? nil : await ask(action, worker)
        }
    }

    /// Hands octets to the modem; a kill may cut a payload at its ends, all words in the middle.
    private mutating func write(_ bytes: [UInt8], _ index: Int) {
        let middle = bytes.count / 2
        let cuts = bytes.last == 0x1A ? [0, 1, middle, bytes.count - 1] : [0, middle]
        for cut in cuts where killsHere() {
            arrivals.append(.world(.received(index, Array(bytes.prefix(cut)))))
            return
        }
        trace.add(bytes)
        arrivals.append(.world(.received(index, bytes)))
    }

    private mutating func assign(
        _ transceiver: Transceiver,
        _ worker: SimulatedWorker
    ) async -> SIMWorkerMachine.Event? {
        let sim = transceiver.iccid
        if workers.contains(where: { $0?.sim == sim }) {
            return .rejected("SIM \(sim) is already at work elsewhere")
        }
        var sighting = SIMSighting(
            iccid: sim,
            imsi: transceiver.imsi,
            imei: transceiver.imei,
            carrier: profile.id,
            port: transceiver.imei?.digits ?? ""
        )
        sighting.floatLow = profile.float.low
        sighting.driftMax = profile.float.driftMax
        do {
            let admission = try await queue.admit(sighting, at: now.utc)
            changed()
            worker.sim = sim
            guard !killsHere() else { return nil }
            return .admitted(
                SIMWorkerMachine.Assignment(
                    admission: admission,
                    profile: profile,
                    pin: SimulatedCarrier.pin,
                    limits: .unlimited
                )
            )
        } catch {
            end(because: error)
            return nil
        }
    }

    private mutating func ask(
        _ action: SIMWorkerMachine.Action,
        _ worker: SimulatedWorker
    ) async -> SIMWorkerMachine.Event? {
        guard let sim = worker.sim else { return nil }
        do {
            let outcome = try await queue.perform(action, for: sim, at: now.utc)
            changed()
            note(outcome, sim, worker)
            return killsHere() ? nil : outcome
        } catch {
            end(because: error)
            return nil
        }
    }

    private mutating func note(
        _ outcome: SIMWorkerMachine.Event?,
        _ sim: ICCID,
        _ worker: SimulatedWorker
    ) {
        switch outcome {
        case .claimed(.claimed(let job)):
            log("job \(job.id) is claimed by \(sim)")
            trace.add(job.id.rawValue)
        case .claimed(.stopped):
            // A person looks at it after a while.
            if resumes[sim] == nil { resumes[sim] = truth.advanced(by: .seconds(60)) }
        case .claimed(.limited(_, .diskFull)): meet("ENOSPC")
        case .armed(let attempt):
            worker.isArmed = true
            charges.note(attempt)
            log("attempt \(attempt.id) is armed")
            lastArmedAt = truth
            trace.add(attempt.id.rawValue)
        case .asked(let inquiry):
            worker.isArmed = true
            charges.note(inquiry)
            log("inquiry \(inquiry.id), \(inquiry.kind), is filed")
            lastAskedAt = truth
            trace.add(inquiry.id.rawValue)
        case .askingRefused(let reason, _): log("asking is refused: \(reason)")
        case .armingRefused(let reason):
            log("arming is refused: \(reason)")
            if isDiskLow { meet("ENOSPC") }
        case .settled(let state):
            log("settled as \(state)")
            trace.add(state.rawValue.utf8)
        case .claimed, .opened, .received, .deadlinePassed, .linkLost, .admitted, .rejected,
            .released, .filed, .woken, .stopping, nil:
            break
        }
    }

    // MARK: Secrets

    private static var pin: [UInt8] { Array(SimulatedCarrier.pin.revealed.utf8) }

    /// A payload follows its intent and nothing else shows the secret, whatever its encoding.
    private mutating func checkSecrecy(
        of action: SIMWorkerMachine.Action,
        after event: SIMWorkerMachine.Event,
        _ worker: SimulatedWorker
    ) {
        if case .write(let bytes) = action {
            guard bytes.last == 0x1A else { return }
            switch event {
            case .armed where worker.isArmed, .asked where worker.isArmed: worker.isArmed = false
            default: violations.append("a payload without its intent")
            }
            worker.lastPayloadTail = Array(bytes.dropLast().suffix(10))
            return
        }
        for text in action.shown
        where text.holds(Self.pin) || text.holds(worker.lastPayloadTail) {
            violations.append("the PIN shows in \(action)")
        }
    }
}

extension SIMWorkerMachine.Action {
    /// Every text that the action shows to anybody.
    fileprivate var shown: [[UInt8]] {
        switch self {
        case .settle(let settlement):
            [Array(settlement.reason.utf8)] + settlement.evidence.flatMap(\.shown)
                + settlement.messages.map { Array($0.text.utf8) }
        case .file(let messages): messages.map { Array($0.text.utf8) }
        case .reportFloat(let report): report.messages.map { Array($0.text.utf8) }
        case .keep(let evidence, _): evidence.shown
        case .arm(let arming): [Array(arming.redactedRequest.utf8)]
        case .ask(let asking): [Array(asking.redactedRequest.utf8)]
        case .release(_, _, let reason), .pauseSIM(let reason), .finish(let reason):
            [Array(reason.utf8)]
        case .write, .wakeUp, .identified, .claim, .report, .observed, .conclude: []
        }
    }
}

extension Evidence {
    fileprivate var shown: [[UInt8]] { [Array(parsed.utf8), raw] }
}

extension [UInt8] {
    /// Whether a secret stands somewhere in it.
    fileprivate func holds(_ secret: [UInt8]) -> Bool {
        guard let first = secret.first, count >= secret.count else { return false }
        return indices.dropLast(secret.count - 1).contains { start in
            self[start] == first && self[start..<start + secret.count].elementsEqual(secret)
        }
    }
}
