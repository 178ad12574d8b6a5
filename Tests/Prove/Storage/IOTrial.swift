import FaultyDisk
import JobStorage
import TestSupport

/// One run of a scenario in which one call of SQLite, or every one from it on, fails.
struct IOTrial {
    /// What is done, from where.
    struct Scenario: Sendable {
        var name: String
        var image: DiskImage
        var load: Load
        /// How many steps are taken after the store is open.
        var stepCount: Int
        /// How many steps are taken before the disk may fail.
        var healthyStepCount = 0
        /// What is preferred, in turn.
        var wanted: [Deed] = []
        /// The calls that may fail; nil: all.
        var calls: Set<DiskCall>?
        /// Whether the log is to be filled until the writer moves it into the database.
        var isFilling = false
    }

    /// How a call fails.
    struct Failing: Sendable, CustomStringConvertible {
        var fault: DiskFault
        var isLasting: Bool

        var description: String { "\(fault.rawValue), \(isLasting ? "lasting" : "once")" }
    }

    /// Where the disk failed; nil: the run ended clean.
    var incident: DiskIncident? { firstIncident ?? trial.disk.incident }
    private var firstIncident: DiskIncident?
    private let scenario: Scenario
    private let failing: Failing
    private let plan: DiskPlan
    private var trial: Trial
    private var steps = Steps()

    /// How many steps are taken after a restart, on a disk that is healthy again.
    private static let stepsAfterwards = 6

    init(_ scenario: Scenario, _ failing: Failing, call: Int) throws {
        self.scenario = scenario
        self.failing = failing
        plan = .fault(
            failing.fault,
            DiskTrigger(count: call, calls: scenario.calls),
            isLasting: failing.isLasting
        )
        trial = try Trial(scenario.load, scenario.image)
    }

    /// Runs the scenario, then the machine once more after a power cut; throws a `Violation`.
    mutating func run() async throws {
        steps.mayClose = !scenario.isFilling
        steps.begin(with: .open, Steps.open)
        for index in 0...scenario.stepCount {
            if index == scenario.healthyStepCount { trial.disk.setPlan(plan) }
            let wanted = scenario.wanted
            let deed = wanted.isEmpty ? nil : wanted[index % wanted.count]
            guard try await takeStep(preferring: deed) else { break }
        }
        firstIncident = incident
        var generator = SplitMix64(seed: 1)
        // Everything acknowledged survives the power as well, whatever a failed sync left behind.
        try await trial.restart(
            on: trial.disk.image.afterPowerCut(.whole, using: &generator),
            after: nil
        )
    }

    /// Takes a step, with a restart where the store stopped; false when that was the end.
    private mutating func takeStep(preferring deed: Deed?) async throws -> Bool {
        let (step, label) = try steps.next(&trial.load, preferring: deed?.rawValue)
        guard case .failed(let error, let someReturned) = try await trial.take(step, label: label)
        else { return true }
        guard let incident = trial.disk.incident, firstIncident == nil || failing.isLasting else {
            throw Violation("\(label) failed on a healthy disk: \(error)")
        }
        firstIncident = incident
        if case .open = step { try examine(error) }
        if case .call(let call) = step, try await !trial.store.isStopped(at: trial.load.now) {
            guard call.isReading else {
                throw Violation("\(label) failed, and the store did not stop: \(error)")
            }
            return true
        }
        try await trial.restart(on: trial.disk.image, after: step, isDone: someReturned)
        steps = Steps()
        for _ in 0..<IOTrial.stepsAfterwards {
            let (step, label) = try steps.next(&trial.load, preferring: nil)
            if case .failed(let error, _) = try await trial.take(step, label: label) {
                throw Violation("\(label) failed after a restart: \(error)")
            }
        }
        return false
    }
}

extension IOTrial {
    /// A disk that fails is not a database that is damaged: nobody may be sent to the backup.
    ///
    /// Where a file cannot be opened, SQLite does not tell a failed disk from a wrong mode. On a
    /// disk that fails for good this may come after a call whose failure SQLite made nothing of.
    private func examine(_ error: any Error) throws {
        let code = (error as? JobStoreError)?.code
        let isKnown =
            switch code {
            case .stopped, .diskFull: true
            case .unusable: trial.disk.failedCalls.contains { $0.operation == .open }
            default: false
            }
        guard isKnown else { throw Violation("opening failed, and says: \(error)") }
    }
}

extension Call {
    fileprivate var isReading: Bool {
        if case .read = self { true } else { false }
    }
}
