import Recharge
package import Simulation

/// What a seed has in store for a gateway, beside the faults that its world draws by itself.
package enum Trouble: Hashable, Sendable {
    case tell(FaultScript.Line)
    /// The wall clock jumps; the monotonic one goes on.
    case clock(Duration)
    case disk(DiskDamage)
    case kill
}

/// What the disk under a store does.
package enum DiskDamage: Hashable, Sendable {
    /// The so-manieth write of the log from now on fails.
    case writeError(after: Int)
    /// The same for want of space.
    case full(after: Int)
    /// The next flush of the log fails, all having been written.
    case syncError
    /// Nearly full: new work must be refused.
    case lowSpace
    case enoughSpace
}

/// When the process is killed, of the places where it can be.
package enum KillRule: Hashable, Sendable {
    case never
    /// In so many of ten thousand places.
    case chance(Int)
    case at(Set<Int>)
}

/// How often each kind of trouble met a job in each state; the state is nil where no job was.
package struct Encounters: Sendable {
    package private(set) var counts: [String: [String: Int]] = [:]

    mutating func add(_ trouble: String, _ state: JobState?) {
        counts[trouble, default: [:]][state?.rawValue ?? "idle", default: 0] += 1
    }
}
