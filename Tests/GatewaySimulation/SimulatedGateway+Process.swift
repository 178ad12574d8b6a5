import Engine
import Gateway
import JobStorage
import Recharge
import Simulation

/// The process of the gateway: its clockwork, its clients, its end and its next beginning.
extension SimulatedGateway {
    /// What the shell does by itself when its time has come.
    mutating func work() async {
        await release()
        await promote()
        for (index, due) in restarts.sorted(by: { $0.key < $1.key }) where due <= truth {
            restarts[index] = nil
            if openPorts.contains(index) { start(index) }
        }
        for (sim, due) in resumes.sorted(by: { $0.key.digits < $1.key.digits }) where due <= truth {
            resumes[sim] = nil
            await resume(sim)
        }
        await takeOrders()
        if isKilled { goDown() }
    }

    /// The clockwork beats every second while anything changes, and then when something is due.
    private mutating func promote() async {
        guard promotionDue <= truth, !isKilled else { return }
        do {
            if let jump = clock.jump(at: now) {
                // Whatever becomes of the commit, a person looks after it.
                let pause = calmFrom != nil ? 1 : Int.random(in: 20...120, using: &random)
                releaseAt = truth.advanced(by: .seconds(pause))
                try await queue.clockJumped(by: jump, at: now.utc)
                log("held: the clock was set by \(jump)")
            }
            let next = try await queue.promote(at: now.utc)
            isChanged = true
            log("promoted; next \(next?.rfc3339 ?? "never")")
            promotionDue =
                next.map { max(truth.advanced(by: .seconds(1)), $0.less(skew)) } ?? .never
        } catch {
            end(because: error)
        }
    }

    /// A person releases the hold of a clock that was set.
    private mutating func release() async {
        guard let due = releaseAt, due <= truth, !isKilled else { return }
        do {
            try await queue.release(at: now.utc)
            releaseAt = nil
            changed()
            log("released")
        } catch {
            end(because: error)
        }
    }

    private mutating func resume(_ sim: ICCID) async {
        guard !isKilled, !killsHere() else { return }
        do {
            try await queue.resume(sim, at: now.utc)
            changed()
        } catch {
            end(because: error)
        }
    }

    /// Notes that the queue changed: the clockwork's next beat may find something due.
    mutating func changed() {
        isChanged = true
        promotionDue = min(promotionDue, truth.advanced(by: .seconds(1)))
    }

    private mutating func takeOrders() async {
        while !isKilled, let client = clients.first, client.at <= truth {
            var steps = Int.max
            for step in 0..<max(3, client.orders.count) where steps == .max && killsHere() {
                steps = step
            }
            log("\(client.orders.count) orders are submitted")
            do {
                let ids = try await queue.submit(client.orders, steps: steps, at: now.utc)
                changed()
                if isKilled || killsHere() { return }
                acknowledge(client.orders, ids)
                clients.removeFirst()
            } catch let error as JobStoreError where error.code == .diskFull {
                meet("ENOSPC")
                clients[0].at = truth.advanced(by: .seconds(5))
                clients.sort { $0.at < $1.at }
            } catch {
                end(because: error)
            }
        }
    }

    private mutating func acknowledge(_ orders: [NewJob], _ ids: [Job.ID]) {
        if orders.count != ids.count {
            violations.append("of \(orders.count) orders \(ids.count) were acknowledged")
        }
        for (order, id) in zip(orders, ids) {
            if let known = acknowledged[order.key], known != id {
                violations.append("order \(order.key.key) is job \(known) and job \(id)")
            }
            acknowledged[order.key] = id
        }
    }

    // MARK: The end

    /// Whether the process is killed at this place.
    mutating func killsHere() -> Bool {
        points += 1
        if let recoveryEnds, truth <= recoveryEnds { lastOfRecovery = points }
        switch kill {
        case .never: break
        case .chance(let share):
            isKilled = isKilled || Int.random(in: 0..<10_000, using: &random) < share
        case .at(let places): isKilled = isKilled || places.contains(points)
        }
        return isKilled
    }

    /// Nothing may go on after what the store threw.
    mutating func end(because error: any Error) {
        isKilled = true
        log("the store threw: \(error)")
        if let error = error as? JobStoreError, error.code == .stopped {
            meet(error.message.contains("full") ? "ENOSPC at a write" : "EIO")
        } else {
            violations.append("the gateway ended: \(error)")
        }
    }

    mutating func goDown() {
        isKilled = false
        log("killed at place \(points)")
        meet("crash")
        trace.add(Int64(points))
        workers = Array(repeating: nil, count: workers.count)
        restarts.removeAll()
        upAt = truth.advanced(by: .seconds(Int.random(in: 1...20, using: &random)))
        arrivals.removeAll { arrival in
            if case .worker = arrival { true } else { false }
        }
    }

    mutating func comeUp() async {
        do {
            try await queue.restart(at: now.utc)
            clock = ClockWatch(at: now)
            upAt = nil
            if recoveryEnds == nil { recoveryEnds = truth.advanced(by: .seconds(120)) }
            isChanged = true
            promotionDue = truth
            for index in openPorts.sorted() { start(index) }
            failedStarts = 0
            log("started")
        } catch {
            log("not started: \(error)")
            switch (error as? JobStoreError)?.code {
            case .stopped: meet("EIO")
            case .diskFull: meet("ENOSPC at a write")
            default: violations.append("the gateway does not start: \(error)")
            }
            failedStarts += 1
            upAt = truth.advanced(by: .seconds(5))
            guard failedStarts >= 10 else { return }
            violations.append("the gateway does not start any more: \(error)")
            upAt = .never
        }
    }

    // MARK: Troubles

    mutating func takeTroubles() async {
        while let next = troubles.first, next.at <= truth {
            troubles.removeFirst()
            log("trouble: \(next.trouble)")
            switch next.trouble {
            case .tell(let line):
                if case .unplugNow = line.command, let modem = line.modem, upAt == nil,
                    openPorts.contains(modem)
                {
                    meet("unplug", modem)
                }
                arrivals.append(.world(.told(line)))
            case .clock(let duration):
                meet(duration > .zero ? "clock forwards" : "clock backwards")
                latestReading = max(latestReading, now.utc)
                skew += duration
                if duration < .zero { wasSetBack = true }
                promotionDue = min(promotionDue, truth.advanced(by: .seconds(1)))
            case .disk(let damage):
                switch damage {
                case .lowSpace: isDiskLow = true
                case .enoughSpace: isDiskLow = false
                case .writeError, .full, .syncError: break
                }
                queue.damage(damage)
            case .kill: if upAt == nil { goDown() }
            }
        }
    }

    /// Counts trouble that meets every job.
    mutating func meet(_ trouble: String) {
        lookAtJobs()
        for state in Set(standings.map(\.state)) { encounters.add(trouble, state) }
        if standings.isEmpty { encounters.add(trouble, nil) }
    }

    /// Counts trouble that meets the job in the hands of one transceiver, or of each.
    mutating func meet(_ trouble: String, _ modem: Int?) {
        lookAtJobs()
        for index in modem.map({ [$0] }) ?? Array(1...workers.count) {
            let sim = world.stations[index - 1].modem.identity.iccid
            encounters.add(trouble, inHand(standings.filter { $0.sim == sim })?.state)
        }
    }

    /// Counts what went wrong for one transceiver, or for the order for one number.
    mutating func note(_ mishap: Mishap, _ index: Int, _ number: String?) {
        log("modem \(index) suffers: \(mishap.rawValue)")
        guard let number else { return meet(mishap.rawValue, index) }
        lookAtJobs()
        let jobs = standings.filter { $0.number.e164.hasSuffix(number) }
        encounters.add(mishap.rawValue, (inHand(jobs) ?? jobs.first)?.state)
    }

    /// The job that a SIM holds, or the one that it may have executed.
    private func inHand(_ jobs: [JobStanding]) -> JobStanding? {
        jobs.first { $0.state == .leased || $0.state == .armed }
            ?? jobs.first { $0.state == .unknown }
    }
}

extension Timestamp {
    fileprivate func less(_ duration: Duration) -> Timestamp {
        Timestamp(milliseconds: milliseconds - duration.wholeMilliseconds)
    }
}
