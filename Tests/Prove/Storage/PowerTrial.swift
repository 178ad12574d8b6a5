import FaultyDisk
import TestSupport

/// One machine that loses its power again and again.
struct PowerTrial {
    /// Where a cut is wanted: in one of these calls of SQLite, during a step of this name.
    struct Target: Sendable {
        var call: DiskCall
        var label: String
        /// Whether the machine must begin without a database.
        var isFirstStart = false
    }

    /// How often a cut met a step, by the call that it came in.
    private(set) var met: [String: [String: Int]] = [:]
    private var generator: SplitMix64
    private var trial: Trial
    private let target: Target

    private static let livesMax = 3
    private static let stepsMax = 160
    private static let fillingStepsMax = 500

    init(seed: UInt64, target: Target, started: DiskImage, trait: FaultyDisk.Trait) throws {
        var generator = SplitMix64(seed: seed)
        let isAnyFirstStart = generator.chance(5)
        let isFirstStart = target.isFirstStart || isAnyFirstStart
        let load = Load(seed: generator.next())
        trial = try Trial(load, isFirstStart ? DiskImage() : started, trait: trait)
        self.target = target
        self.generator = generator
    }

    /// Runs the lives of the machine; throws a `Violation`.
    mutating func run() async throws {
        let lives = 1 + generator.next(below: PowerTrial.livesMax)
        var wanted: Target? = target
        var isOpen = false
        for life in 1...lives {
            trial.disk.setPlan(.powerCut(trigger(wanted)))
            let (step, someReturned) = try await live(preferring: wanted, isOpen: isOpen)
            if let incident = trial.disk.incident {
                met["cut in \(incident.call)", default: [:]][incident.state, default: 0] += 1
            }
            wanted = generator.chance(50) ? target : nil
            isOpen = life < lives && wanted?.label != Steps.open && generator.chance(70)
            let loss = PowerLoss.random(using: &generator)
            try await trial.restart(
                on: trial.disk.image.afterPowerCut(loss, using: &generator),
                after: step,
                isDone: someReturned,
                isCold: !isOpen
            )
        }
    }

    private mutating func trigger(_ target: Target?) -> DiskTrigger {
        guard let target else {
            let most = [60, 600, 6000][generator.next(below: 3)]
            return DiskTrigger(count: 1 + generator.next(below: most))
        }
        let most =
            switch target.call.operation {
            case .write: 12
            case .read, .lock: 3
            case .open, .delete, .access, .truncate, .sync, .size, .map: 1
            }
        return DiskTrigger(
            count: 1 + generator.next(below: most),
            calls: [target.call],
            label: target.label == DiskIncident.checkpoint ? nil : target.label
        )
    }

    /// Steps until the power goes; gives the step that was cut short.
    private mutating func live(
        preferring target: Target?,
        isOpen: Bool
    ) async throws -> (step: Step?, someReturned: Bool) {
        // Rows of batches fill the log soonest.
        let isFilling = target?.label == DiskIncident.checkpoint
        let wanted = isFilling ? Deed.stage.rawValue : target?.label
        var steps = Steps()
        steps.mayClose = !isFilling
        if !isOpen { steps.begin(with: .open, Steps.open) }
        for _ in 0..<(isFilling ? PowerTrial.fillingStepsMax : PowerTrial.stepsMax) {
            let (step, label) = try steps.next(&trial.load, preferring: wanted)
            switch try await trial.take(step, label: label) {
            case .agreed: break
            case .failed(let error, let someReturned):
                guard trial.disk.isOff else {
                    throw Violation("\(label) failed though the power was on: \(error)")
                }
                return (step, someReturned)
            }
        }
        trial.disk.cutPower()
        return (nil, false)
    }
}

extension DiskIncident {
    static let checkpoint = "checkpoint"

    /// What the store was at: outside opening and closing only a checkpoint writes the database.
    var state: String {
        let isInPlace = label == Steps.open || label == Steps.close
        let isMoving =
            call.file == .database && (call.operation == .write || call.operation == .sync)
        return isMoving && !isInPlace ? DiskIncident.checkpoint : label
    }
}
