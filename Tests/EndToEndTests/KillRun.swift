import ControlAPI
import Foundation
import Glibc
import Recharge
import Simulation
import TestSupport

/// A daemon that is killed at counted moments and started again, on one queue.
///
/// After each kill the queue is read from a copy, so that the next start can be held against what
/// the kill left. Of six kills in a row the first comes when the daemon starts and looks at its
/// state folder (or makes it), the second when it starts again, has recovered and opens its sockets,
/// the third while it takes orders in, and three while it works.
struct KillRun {
    /// What a kill hit; one can hit several.
    enum Window: String, CaseIterable {
        case idle = "nothing in hand"
        case leased = "leased, not armed"
        case armed = "armed, not charged"
        case charged = "charged, no verdict"
        case ordering = "orders sent, not acknowledged"
        case starting = "starting, nothing recovered"
        case recovered = "starting, all recovered"
    }

    /// What a start must have settled.
    private struct Recovery: Equatable {
        var returned: Int
        var doubts: Int
    }

    private let trial: Trial
    private let jobsPerKill: Int
    private var random: TestSupport.SplitMix64
    private let ledger: FileWatch
    private let queue: FileWatch
    private let files: FileWatch
    private let sockets: FileWatch
    private var before = QueueSnapshot()
    private var recoveries: [Recovery] = []
    private var rowsWritten = 0
    private var rowsAcknowledged = 0
    /// Orders that were sent when the daemon died; they are sent again until they are acknowledged.
    private var unacknowledged: String?

    private(set) var kills = 0
    /// Kills between intent and verdict.
    private(set) var killsInSendWindow = 0
    private(set) var hits: [Window: Int] = [:]
    private(set) var jobsHit: [Window: Int] = [:]
    private(set) var violations: [String] = []

    /// Prepares the folder of a trial whose transceivers run.
    init(_ trial: Trial, jobsPerKill: Int, seed: Int) throws {
        self.trial = trial
        self.jobsPerKill = jobsPerKill
        random = TestSupport.SplitMix64(seed: UInt64(seed))
        let state = trial.path("state")
        let runtime = trial.path("run")
        guard mkdir(state, 0o700) == 0, mkdir(runtime, 0o755) == 0 else {
            throw TestFailure.system("make \(state) and \(runtime)")
        }
        ledger = try FileWatch(trial.ledgerPath, Int32(IN_MODIFY))
        queue = try FileWatch(state, Int32(IN_MODIFY))
        let accesses = [IN_MODIFY, IN_OPEN, IN_CREATE, IN_DELETE, IN_ATTRIB].reduce(0) { $0 | $1 }
        files = try FileWatch(state, Int32(accesses))
        sockets = try FileWatch(runtime, Int32(accesses))
    }

    /// Kills until it has been enough, then lets everything come to its end and looks at it.
    mutating func run(until isEnough: (KillRun) -> Bool) async throws -> LedgerAudit {
        while !isEnough(self) {
            switch kills % 6 {
            case 0: try await killWhileStarting(files, at: 30)
            case 1: try await killWhileStarting(sockets, at: 4)
            case 2: try await killWhileOrdering(try await start())
            default:
                let daemon = try await start()
                if before.ready < 2 * jobsPerKill { try await order(try writeOrders()) }
                try await killAtWork(daemon)
            }
        }
        return try await end()
    }

    /// Starts the daemon, and sends again what was not acknowledged.
    private mutating func start() async throws -> RunningProgram {
        let daemon = try await trial.startDaemon(limit: .seconds(600))
        if let unacknowledged { try await order(unacknowledged) }
        return daemon
    }

    // MARK: Kills

    /// Kills at one of the first accesses to a folder.
    private mutating func killWhileStarting(_ watch: FileWatch, at countMax: Int) async throws {
        let count = 1 + random.next(below: countMax)
        watch.forget()
        let daemon = try trial.beginDaemon()
        let didCome = await watch.act(at: count) { daemon.signal(SIGKILL) }
        if !didCome { violations.append("kill \(kills + 1): a start stood still") }
        try await look(daemon)
    }

    private mutating func killAtWork(_ daemon: RunningProgram) async throws {
        let isCharge = random.chance(50)
        let watch = isCharge ? ledger : queue
        let count = 1 + random.next(below: 2 * jobsPerKill * (isCharge ? 1 : 10))
        watch.forget()
        let didCome = await watch.act(at: count) { daemon.signal(SIGKILL) }
        try await look(daemon)
        // All may have been done before the watch began: then there is nothing to wait for.
        guard !didCome, before.ready > 0 else { return }
        violations.append(
            "kill \(kills): the work stood still, \(before.ready) jobs ready: \(trial.log.suffix(2000))"
        )
    }

    private mutating func killWhileOrdering(_ daemon: RunningProgram) async throws {
        let file = try writeOrders()
        let count = 1 + random.next(below: 40)
        queue.forget()
        let client = try trial.start("rechargectl", ["submit", file], errors: "cut.log")
        _ = await queue.act(at: count) { daemon.signal(SIGKILL) }
        if await client.exit() == 0 {
            rowsAcknowledged = rowsWritten
        } else {
            unacknowledged = file
            hits[.ordering, default: 0] += 1
        }
        try await look(daemon)
    }

    // MARK: Orders

    private mutating func writeOrders(_ rows: Int? = nil) throws -> String {
        let rows = rows ?? max(50, 5 * jobsPerKill)
        let file = try trial.writeBatch("\(rowsWritten).csv", rows: rows, from: rowsWritten)
        rowsWritten += rows
        return file
    }

    private mutating func order(_ file: String) async throws {
        try await trial.submit(file)
        unacknowledged = nil
        rowsAcknowledged = rowsWritten
    }

    // MARK: What is left

    /// Holds what a kill left against what the kill before it had left.
    private mutating func look(_ daemon: RunningProgram) async throws {
        let status = await daemon.exit()
        // At once: what is on its way reaches the carrier although the daemon is dead.
        let ledger = try LedgerFile.entries(path: trial.ledgerPath)
        let left = try await QueueSnapshot.taken(of: trial)
        kills += 1
        if status != -SIGKILL {
            violations.append("kill \(kills): the daemon ended by itself: \(status)")
        }
        let isReady = !daemon.output.isEmpty
        let starts = left.starts - before.starts
        if starts == 1 {
            recoveries.append(Recovery(returned: before.leased, doubts: before.armed.count))
        } else if isReady || starts != 0 {
            violations.append("kill \(kills): \(starts) starts are on file instead of one")
        } else if left.armed != before.armed || left.leased != before.leased {
            violations.append("kill \(kills): jobs moved before the start was on file")
        }
        if left.jobs < rowsAcknowledged || left.jobs > rowsWritten {
            violations.append(
                "kill \(kills): \(left.jobs) jobs; \(rowsAcknowledged) were acknowledged,"
                    + " \(rowsWritten) sent"
            )
        }
        count(left, left.charged(ledger), isReady: isReady, isStarted: starts == 1)
        before = left
    }

    private mutating func count(
        _ left: QueueSnapshot,
        _ charged: Int,
        isReady: Bool,
        isStarted: Bool
    ) {
        guard isReady else {
            let wasBusy = before.leased + before.armed.count > 0
            let window: Window = isStarted ? .recovered : wasBusy ? .starting : .idle
            hits[window, default: 0] += 1
            return
        }
        jobsHit[.leased, default: 0] += left.leased
        jobsHit[.armed, default: 0] += left.armed.count - charged
        jobsHit[.charged, default: 0] += charged
        if left.leased > 0 { hits[.leased, default: 0] += 1 }
        if left.armed.count > charged { hits[.armed, default: 0] += 1 }
        if charged > 0 { hits[.charged, default: 0] += 1 }
        if left.leased + left.armed.count == 0 { hits[.idle, default: 0] += 1 }
        if !left.armed.isEmpty { killsInSendWindow += 1 }
    }

    // MARK: The end

    private mutating func end() async throws -> LedgerAudit {
        _ = try await start()
        recoveries.append(Recovery(returned: before.leased, doubts: before.armed.count))
        let missing = kills * jobsPerKill - rowsWritten
        if missing > 0 { try await order(try writeOrders(missing)) }
        // The carrier has its record: no doubt stays.
        try await trial.jobs {
            $0[JobState.unknown.rawValue, default: 0] == 0 && Trial.isSettled($0)
        }
        let audit = try await trial.audit()
        violations += audit.contradictions
        let twice = LedgerSummary(try LedgerFile.entries(path: trial.ledgerPath)).repeated
        violations += twice.map { "\($0.number) was charged twice" }
        let stats = try await trial.ask(ControlPath.stats, as: StatsView.self)
        if let hold = stats.hold { violations.append("the gateway is on hold: \(hold)") }
        let jobs = stats.jobs.values.reduce(0, +)
        if jobs != rowsWritten { violations.append("\(jobs) jobs instead of \(rowsWritten)") }
        if audit.succeeded != rowsWritten {
            violations.append(
                "\(rowsWritten) jobs, \(audit.succeeded) succeeded, \(audit.unknown) unknown"
            )
        }
        let verified = try await trial.finish("rechargectl", "verify")
        if verified.status != 0 {
            violations.append("verify: \(verified.output) \(verified.errors)")
        }
        try await compareRecoveries()
        let check = try await QueueSnapshot.query(trial, "PRAGMA integrity_check")
        if check != [["ok"]] { violations.append("integrity_check: \(check)") }
        return audit
    }

    private mutating func compareRecoveries() async throws {
        var found: [Recovery] = []
        try await trial.follow(from: 0) { event in
            if event.kind == "gateway.started" {
                found.append(
                    Recovery(
                        returned: event.details["returned"].flatMap { Int($0) } ?? -1,
                        doubts: event.details["doubts"].flatMap { Int($0) } ?? -1
                    )
                )
            }
            return found.count == recoveries.count
        }
        for (found, expected) in zip(found, recoveries) where found != expected {
            violations.append("a start settled \(found), and \(expected) was left")
        }
    }
}
