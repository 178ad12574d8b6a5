import ArgumentParser
import FaultyDisk
import JobStorage
import Recharge
import TestSupport

/// I/O errors, full disks and short writes under the real store, in process.
struct IO: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "io",
        abstract: "Let every n-th call of SQLite fail, until a run ends clean.",
        discussion: """
            Each scenario is repeated with each kind of failure at its first call, its second, and \
            so on, until one meets no failure any more. Each run ends with a power cut.
            """
    )

    @Option(help: "How many calls of each scenario and kind are let fail; all when not given.")
    var first = Int.max

    @Option(help: "The first call that is let fail.")
    var from = 1

    @Option(help: "Only this scenario.")
    var scenario: String?

    @Option(help: "Only this kind of failure.")
    var kind: String?

    mutating func run() async throws {
        var report = ProofReport(name: "io", replay: "etc/prove io")
        if first < .max { report.replay += " --first \(first)" }
        if scenario == nil, kind == nil, from == 1 { IO.expect(&report) }
        for scenario in try await IO.scenarios()
        where self.scenario ?? scenario.name == scenario.name {
            for failing in IO.kinds where kind ?? failing.description == failing.description {
                try await sweep(scenario, failing, &report)
            }
        }
        try Prove.finish(report)
    }

    private func sweep(
        _ scenario: IOTrial.Scenario,
        _ failing: IOTrial.Failing,
        _ report: inout ProofReport
    ) async throws {
        // What fails for good is met by the store once and then only by its winding up, so that the
        // short form looks at some calls.
        let stride = failing.isLasting && first > 1 && first < .max ? 5 : 1
        let from = from
        try await Shards.run((first - 1) / stride + 1) { index in
            await IO.outcome(scenario, failing, call: from + index * stride)
        } while: { index, outcome in
            let call = from + index * stride
            report.runs += 1
            guard let incident = outcome.incident else {
                if let violation = outcome.violation {
                    report.violations.append("\(scenario.name), no failure: \(violation)")
                }
                return false
            }
            report.count(failing.description, in: incident.call.description)
            report.count("\(failing.fault.rawValue) during", in: incident.state)
            if let violation = outcome.violation {
                if report.violations.isEmpty {
                    report.replay =
                        "etc/prove io --scenario '\(scenario.name)' --kind '\(failing)'"
                        + " --from \(call) --first 1"
                }
                report.violations.append(
                    "\(scenario.name), \(failing) at call \(call)"
                        + " (\(incident.call) in \(incident.label)): \(violation)"
                )
            }
            return true
        }
    }

    private struct Outcome: Sendable {
        var incident: DiskIncident?
        var violation: String?
    }

    private static func outcome(
        _ scenario: IOTrial.Scenario,
        _ failing: IOTrial.Failing,
        call: Int
    ) async -> Outcome {
        var outcome = Outcome()
        do {
            var trial = try IOTrial(scenario, failing, call: call)
            defer { outcome.incident = trial.incident }
            try await trial.run()
        } catch {
            outcome.violation = "\(error)"
        }
        return outcome
    }

    private static let kinds: [IOTrial.Failing] = DiskFault.allCases.flatMap { fault in
        [false, true].map { IOTrial.Failing(fault: fault, isLasting: $0) }
    }

    /// The pairs that must meet, already in the short form.
    private static func expect(_ report: inout ProofReport) {
        let kind = { IOTrial.Failing(fault: $0, isLasting: $1).description }
        report.expect(
            kind(.inputOutput, false),
            in: [
                "db open", "db read", "db size", "db write", "db sync", "db lock", "wal open",
                "wal read", "wal write", "wal sync", "wal size", "journal open", "journal write",
                "journal sync", "journal delete", "shm map", "shm lock",
            ]
        )
        report.expect(kind(.full, false), in: ["db write", "wal write", "wal sync", "shm map"])
        report.expect(kind(.shortWrite, false), in: ["db write", "wal write", "journal write"])
        for fault in DiskFault.allCases {
            report.expect(kind(fault, true), in: ["db write", "wal write"])
            report.expect(
                "\(fault.rawValue) during",
                in: ["open", "checkpoint", "submit", "claim", "arm", "succeed"]
            )
        }
        report.expect("EIO during", in: ["read"])
    }

    // MARK: Scenarios

    /// The first start, a restart after a crash, the work of a day, the checkpoint of a long life.
    private static func scenarios() async throws -> [IOTrial.Scenario] {
        let started = try Power.startedDisk()
        let (crashed, crashedLoad) = try await worked(from: started, seed: 7, stepCount: 12)
        let (busy, busyLoad) = try await worked(from: started, seed: 11, stepCount: 80)
        return [
            IOTrial.Scenario(
                name: "first start",
                image: DiskImage(),
                load: Load(seed: 3),
                stepCount: 6
            ),
            IOTrial.Scenario(name: "restart", image: crashed, load: crashedLoad, stepCount: 6),
            IOTrial.Scenario(
                name: "work",
                image: busy,
                load: busyLoad,
                stepCount: 80,
                healthyStepCount: 30,
                wanted: [.arm, .succeed, .read, .claim, .arm, .succeed, .submit, .claim]
            ),
            IOTrial.Scenario(
                name: "checkpoint",
                image: started,
                load: Load(seed: 5),
                stepCount: 200,
                wanted: [.stage],
                calls: [DiskCall(.database, .write), DiskCall(.database, .sync)],
                isFilling: true
            ),
        ]
    }

    /// A disk as a process leaves it that dies at work, and what was going on.
    private static func worked(
        from image: DiskImage,
        seed: UInt64,
        stepCount: Int
    ) async throws -> (DiskImage, Load) {
        var trial = try Trial(Load(seed: seed), image)
        var steps = Steps()
        steps.begin(with: .open, Steps.open)
        for _ in 0...stepCount {
            let (step, label) = try steps.next(&trial.load, preferring: nil)
            if case .failed(let error, _) = try await trial.take(step, label: label) { throw error }
        }
        let image = trial.disk.image
        trial.load.restart()
        return (image, trial.load)
    }
}
