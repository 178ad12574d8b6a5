import JobStorage
import Recharge
import TestSupport

/// What clients, people and SIMs do to a store, drawn from a seed.
///
/// It remembers what the store answered, and sometimes asks for what can no longer be: the store
/// must then refuse.
struct Load {
    static let client = Samples.client
    /// A chunk of this size is one transaction on the slowest machine (`WriterBudget.stride`).
    static let rowsMax = 30
    static let simCount = 3

    /// A batch whose rows are on their way.
    struct Staging {
        var id: Batch.ID
        var rows: [NewJob]
        var next = 0
    }

    var generator: SplitMix64
    var count = 0
    private(set) var now = Samples.midnight
    var orders: [NewJob] = []
    var jobs: [Job.ID] = []
    var held: [(job: Job.ID, reason: HoldReason?)] = []
    var files: [(batch: NewBatch, rows: [NewJob])] = []
    var staging: Staging?
    var batches: [Batch.ID] = []
    var pausedBatches: [Batch.ID] = []
    var sims: Set<Int> = []
    var pausedSIMs: Set<Int> = []
    var quarantinedSIMs: Set<Int> = []
    var leased: [Int: Job] = [:]
    var armed: [Int: Attempt] = [:]
    var ended: [(sim: Int, attempt: Attempt)] = []
    var succeeded: [Job.ID] = []
    /// The open one of each SIM.
    var inquiries: [Int: Inquiry.ID] = [:]
    var proposals: [Proposal.ID] = []
    var isOnHold = false

    init(seed: UInt64) {
        generator = SplitMix64(seed: seed)
    }

    /// The next deed and its call: a wanted one where it can be, or any.
    mutating func next(preferring wanted: String?) throws -> (deed: Deed, call: Call) {
        let far = generator.chance(5)
        now = now.advanced(by: .milliseconds(generator.next(below: far ? 200_000 : 3000)))
        if let deed = wanted.flatMap(Deed.init(rawValue:)), generator.chance(70),
            let call = try make(deed)
        {
            return (deed, call)
        }
        let total = Deed.allCases.map(\.weight).reduce(0, +)
        while true {
            var pick = generator.next(below: total)
            for deed in Deed.allCases {
                pick -= deed.weight
                guard pick < 0 else { continue }
                if let call = try make(deed) { return (deed, call) }
                break
            }
        }
    }

    /// Several deeds that may share a transaction, none of which waits for another.
    mutating func group(of size: Int) throws -> [(deed: Deed, call: Call)] {
        var group: [(deed: Deed, call: Call)] = []
        while group.count < size {
            let next = try next(preferring: nil)
            if next.deed.isGrouped { group.append(next) }
        }
        return group
    }

    mutating func chance(_ percent: Int) -> Bool { generator.chance(percent) }

    /// Time passes while the gateway is down, and all that was in hand is no longer.
    mutating func restart() {
        now = now.advanced(by: .seconds(5))
        leased = [:]
        for (sim, attempt) in armed.sorted(by: { $0.key < $1.key }) {
            ended.append((sim, attempt))
        }
        armed = [:]
        inquiries = [:]
        sims = []
        staging = nil
    }

    // MARK: Calls

    private mutating func make(_ deed: Deed) throws -> Call? {
        switch deed {
        case .submit, .submitAgain, .begin, .stage, .openBatch, .pauseBatch, .resumeBatch,
            .cancelBatch:
            try makeOrder(deed)
        case .claim, .releaseLease, .arm, .succeed, .refuse, .doubt, .settleLate, .keep, .file:
            try makeWork(deed)
        case .admit, .depart, .pauseSIM, .resumeSIM, .fence: try makeSIM(deed)
        case .ask, .conclude, .reportFloat, .topUp, .proposeReversal, .approve, .setClock:
            try makeDoubt(deed)
        case .promote: .promote
        case .cancel: any(jobs).map { .cancel($0) }
        case .releaseHeld:
            (generator.chance(90) ? any(held) : any(jobs).map { ($0, nil) }).map {
                .releaseHeld($0.job, $0.reason)
            }
        case .hold: isOnHold ? nil : .setHold(true)
        case .unhold: isOnHold ? .setHold(false) : nil
        case .record:
            .record(NewEvent(kind: "modem.left", details: [.init("port", "port\(number())")]))
        case .read: .read(reading())
        }
    }

    private mutating func makeOrder(_ deed: Deed) throws -> Call? {
        switch deed {
        case .submit:
            let order = try order()
            orders.append(order)
            return .submit(order)
        case .submitAgain:
            guard var order = any(orders) else { return nil }
            if generator.chance(30) { order.reference = "other" }
            return .submit(order)
        case .begin:
            if staging != nil { return nil }
            if generator.chance(50), let known = any(files) { return .begin(known.batch) }
            let count = 1 + generator.next(below: 2 * Load.rowsMax)
            let rows = try (0..<count).map { line in
                var row = try order()
                row.batchLine = line + 2
                return row
            }
            let batch = NewBatch(
                key: NewJob.Key(client: Load.client, key: "batch-\(number())"),
                name: "orders.csv",
                bodyDigest: Array(repeating: 7, count: 32),
                rowCount: count,
                amountSum: try Samples.yuan(Int64(10 * count))
            )
            files.append((batch, rows))
            return .begin(batch)
        case .stage:
            guard let staging, staging.next < staging.rows.count else { return nil }
            let end = min(staging.next + Load.rowsMax, staging.rows.count)
            self.staging?.next = end
            return .stage(Array(staging.rows[staging.next..<end]), staging.id)
        case .openBatch:
            guard let staging, staging.next == staging.rows.count else { return nil }
            return .openBatch(staging.id)
        case .pauseBatch: return any(batches).map { .change($0, .pause) }
        case .resumeBatch: return any(pausedBatches).map { .change($0, .resume) }
        default: return any(batches + pausedBatches).map { .change($0, .cancel) }
        }
    }

    private mutating func order() throws -> NewJob {
        var order = try Samples.order(number())
        if generator.chance(10) { order.hold = .needsApproval }
        if generator.chance(10) { order.notBefore = now.advanced(by: .seconds(20)) }
        if generator.chance(10) { order.deadline = now.advanced(by: .seconds(90)) }
        if generator.chance(30) { order.reference = "reference \(count)" }
        order.priority = generator.next(below: 10)
        return order
    }

    private mutating func makeSIM(_ deed: Deed) throws -> Call? {
        let sim = generator.next(below: Load.simCount)
        let iccid = try Samples.iccid(sim)
        switch deed {
        case .admit:
            let sighting = SIMSighting(
                iccid: iccid,
                imsi: nil,
                imei: try Samples.imei(sim + (generator.chance(10) ? 50 : 0)),
                carrier: try Samples.carrier(),
                port: "port\(sim)"
            )
            guard !sims.contains(sim) || generator.chance(20) else { return nil }
            return .admit(sighting, generator.chance(80) ? .open : .required)
        case .depart: return sims.contains(sim) ? .depart(iccid) : nil
        case .pauseSIM: return sims.contains(sim) ? .setState(iccid, .paused) : nil
        case .resumeSIM:
            if let sim = quarantinedSIMs.min() { return .enrol(try Samples.iccid(sim)) }
            return try pausedSIMs.min().map { .setState(try Samples.iccid($0), .enabled) }
        default:
            guard sims.contains(sim) else { return nil }
            let isUp = generator.chance(30)
            return .fence(iccid, until: isUp ? now.advanced(by: .seconds(10)) : nil)
        }
    }

    mutating func number() -> Int {
        count += 1
        return count
    }

    mutating func any<Element>(_ elements: [Element]) -> Element? {
        elements.isEmpty ? nil : elements[generator.next(below: elements.count)]
    }

    private mutating func reading() -> Reading {
        let job = any(jobs) ?? Job.ID(1)
        let readings: [Reading] = [
            .job(job), .jobs, .attempts(job), .batches, .sims, .inbox, .events, .stats,
        ]
        return readings[generator.next(below: readings.count)]
    }
}

extension Load {
    // MARK: The work of SIMs

    private mutating func makeWork(_ deed: Deed) throws -> Call? {
        switch deed {
        case .claim: return try claim()
        case .releaseLease:
            guard let (sim, job) = any(leased) else { return nil }
            let targets: [Release] = [
                .ready, .scheduled(now.advanced(by: .seconds(9))), .held(.heldByPerson),
            ]
            let target = targets[generator.next(below: targets.count)]
            return .releaseLease(job.id, try Samples.iccid(sim), target)
        case .arm:
            guard let (sim, job) = any(leased) else { return nil }
            let arming = Arming(
                job: job.id,
                sim: try Samples.iccid(sim),
                redactedRequest: "CZ*\(job.id)*******",
                balanceBefore: generator.chance(50) ? try Samples.yuan(500) : nil,
                fenceUntil: now.advanced(by: .seconds(30))
            )
            return .arm(arming)
        case .succeed: return try any(armed).map { try settle(.success, $0.1, sim: $0.0) }
        case .refuse: return try any(armed).map { try settle(.notExecuted, $0.1, sim: $0.0) }
        case .doubt: return try any(armed).map { try settle(.inconclusive, $0.1, sim: $0.0) }
        case .settleLate:
            guard let (sim, attempt) = any(ended) else { return nil }
            let verdicts = Evidence.Verdict.allCases
            let verdict = verdicts[generator.next(below: verdicts.count)]
            return try settle(verdict, attempt, sim: sim)
        case .keep:
            let known = armed.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } + ended
            guard let (_, attempt) = any(known.map { ($0.0, $0.1) }) else { return nil }
            return .keep(evidence(.inconclusive), attempt.id)
        default:
            guard let sim = any(sims.sorted()) else { return nil }
            let part = try message(sim, isRead: generator.chance(50))
            return .file([part, try message(sim, isRead: true)])
        }
    }

    private mutating func claim() throws -> Call? {
        guard let sim = any(sims.filter { leased[$0] == nil && armed[$0] == nil }.sorted()) else {
            return nil
        }
        let day: Int64 = 86_400_000
        let began = Timestamp(milliseconds: now.milliseconds / day * day)
        let request = ClaimRequest(
            sim: try Samples.iccid(sim),
            carrier: try Samples.carrier(),
            limits: SIMLimits(perMinute: generator.chance(50) ? 30 : nil, burst: 5),
            dayBegan: began,
            dayEnds: began.advanced(by: .milliseconds(day)),
            lease: .seconds(40)
        )
        return .claim(request)
    }

    private mutating func settle(
        _ verdict: Evidence.Verdict,
        _ attempt: Attempt,
        sim: Int
    ) throws -> Call {
        let ending: Settlement.Ending
        switch verdict {
        case .success: ending = .success(serial: "S\(attempt.id)")
        case .notExecuted:
            let followings: [Settlement.Following] = [
                .tryAgain(after: .zero, elsewhere: false),
                .tryAgain(after: .seconds(5), elsewhere: true), .hold(.noSIM), .fail,
            ]
            ending = .notExecuted(followings[generator.next(below: followings.count)])
        case .inconclusive: ending = .unknown
        }
        let settlement = Settlement(
            attempt: attempt.id,
            ending: ending,
            evidence: [evidence(verdict)],
            reason: "answer",
            balance: verdict == .success ? try Samples.yuan(Int64(number())) : nil,
            messages: generator.chance(70) ? [try message(sim, isRead: true)] : []
        )
        return .settle(settlement)
    }

    private mutating func evidence(_ verdict: Evidence.Verdict) -> Evidence {
        let raw = (0..<20).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
        return Evidence(
            kind: .sms,
            raw: raw,
            parsed: "rule=proof",
            grade: .answer,
            verdict: verdict
        )
    }

    mutating func message(_ sim: Int, isRead: Bool) throws -> InboxMessage {
        let text = "text \(number())"
        return InboxMessage(
            sim: try Samples.iccid(sim),
            pdu: text.utf8.map { String($0, radix: 16) }.joined(),
            sender: "10086",
            text: text,
            sentAt: now,
            isRead: isRead
        )
    }

    mutating func any<Value>(_ bySIM: [Int: Value]) -> (Int, Value)? {
        any(bySIM.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }
}
