import ArgumentParser
import FaultyDisk
import JobStorage
import Recharge
import TestSupport

/// Power loss under the real store, in process.
struct Power: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Cut the power at any call of SQLite, drop, tear and reorder what was not synced.",
        discussion: """
            Each run is one machine that loses its power up to three times. The control runs the \
            same with PRAGMA synchronous = NORMAL, and must lose acknowledged work.
            """
    )

    @Option(help: "How many machines.")
    var times = 20_000

    @Option(help: "The first seed.")
    var from: UInt64 = 1

    @Option(help: "How many machines of the control.")
    var control = 100

    mutating func run() async throws {
        var report = ProofReport(
            name: "power",
            replay: "etc/prove power --times \(times) --from \(from)"
        )
        // Fewer machines, such as the one of a replay, cannot meet them all.
        for target in Power.targets where times >= Power.targets.count {
            report.expect("cut in \(target.call)", in: [target.label])
        }
        let started = try Power.startedDisk()
        let (from, targets) = (from, Power.targets)
        try await Shards.run(times) { index in
            let seed = from + UInt64(index)
            let target = targets[Int(seed % UInt64(targets.count))]
            return await Power.outcome(seed, target, started, .ordinary)
        } fold: { index, outcome in
            report.runs += 1
            report.add(outcome.met)
            if let violation = outcome.violation {
                let seed = from + UInt64(index)
                if report.violations.isEmpty {
                    report.replay = "etc/prove power --times 1 --control 0 --from \(seed)"
                }
                report.violations.append("seed \(seed): \(violation)")
            }
        }
        try await runControl(&report, started)
        try Prove.finish(report)
    }

    /// What must be lost where the log is not synced with each commit.
    private func runControl(_ report: inout ProofReport, _ started: DiskImage) async throws {
        guard control > 0 else { return }
        let fault = "control with synchronous=NORMAL"
        report.expect(fault, in: ["acknowledged work lost"])
        let from = from
        try await Shards.run(control) { index in
            let target = PowerTrial.Target(call: DiskCall(.sharedMemory, .lock), label: "arm")
            let seed = from + UInt64(index)
            return await Power.outcome(seed, target, started, .keepsSynchronousNormal)
        } fold: { _, outcome in
            if let violation = outcome.violation, !violation.isLoss {
                report.violations.append("control: \(violation)")
            }
            let isLoss = outcome.violation?.isLoss ?? false
            report.count(fault, in: isLoss ? "acknowledged work lost" : "nothing lost")
        }
    }

    struct Outcome: Sendable {
        var met: [String: [String: Int]] = [:]
        var violation: Violation?
    }

    private static func outcome(
        _ seed: UInt64,
        _ target: PowerTrial.Target,
        _ started: DiskImage,
        _ trait: FaultyDisk.Trait
    ) async -> Outcome {
        var outcome = Outcome()
        do {
            var trial = try PowerTrial(seed: seed, target: target, started: started, trait: trait)
            defer { outcome.met = trial.met }
            try await trial.run()
        } catch let violation as Violation {
            outcome.violation = violation
        } catch {
            outcome.violation = Violation("\(error)")
        }
        return outcome
    }

    /// A disk on which a store was made and closed.
    static func startedDisk() throws -> DiskImage {
        let machine = try Machine()
        try machine.open(at: Samples.midnight).close()
        return machine.disk.image
    }

    /// The pairs of a call of SQLite and a step that a cut must meet.
    private static let targets: [PowerTrial.Target] = {
        let commits = [
            DiskCall(.wal, .write), DiskCall(.wal, .sync), DiskCall(.sharedMemory, .lock),
        ]
        let writes = Deed.allCases.filter(\.isCommit).map(\.rawValue) + [Steps.group]
        var targets = writes.flatMap { label in
            commits.map { PowerTrial.Target(call: $0, label: label) }
        }
        let moves = [DiskCall(.database, .write), DiskCall(.database, .sync)]
        for label in [DiskIncident.checkpoint, Steps.close] {
            targets += moves.map { PowerTrial.Target(call: $0, label: label) }
        }
        targets.append(PowerTrial.Target(call: DiskCall(.wal, .delete), label: Steps.close))
        let starts: [DiskCall] = [
            DiskCall(.database, .read), DiskCall(.database, .size), DiskCall(.wal, .open),
            DiskCall(.wal, .write), DiskCall(.wal, .sync), DiskCall(.sharedMemory, .map),
        ]
        targets += starts.map { PowerTrial.Target(call: $0, label: Steps.open) }
        let firstStarts: [DiskCall] = [
            DiskCall(.database, .write), DiskCall(.database, .sync), DiskCall(.journal, .open),
            DiskCall(.journal, .write), DiskCall(.journal, .sync), DiskCall(.journal, .delete),
        ]
        targets += firstStarts.map {
            PowerTrial.Target(call: $0, label: Steps.open, isFirstStart: true)
        }
        return targets
    }()
}
