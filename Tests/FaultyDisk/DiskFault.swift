/// A way in which a disk fails while the machine runs on.
package enum DiskFault: String, Hashable, Sendable, CaseIterable {
    case inputOutput = "EIO"
    case full = "ENOSPC"
    /// Half of the octets are written, then the disk is full.
    case shortWrite = "short write"

    /// Whether a call can fail in this way.
    package func fits(_ call: DiskCall) -> Bool {
        switch self {
        case .inputOutput: true
        case .full: [.write, .sync, .map].contains(call.operation)
        case .shortWrite: call.operation == .write
        }
    }
}

/// When a plan comes true: at the so-manieth call that it waits for.
package struct DiskTrigger: Sendable {
    /// Counts down with each call that fits; the plan comes true at 1.
    package var count: Int
    /// The calls that count; nil: all.
    package var calls: Set<DiskCall>?
    /// The label under which they count; nil: any.
    package var label: String?

    package init(count: Int, calls: Set<DiskCall>? = nil, label: String? = nil) {
        self.count = count
        self.calls = calls
        self.label = label
    }

    mutating func comes(with call: DiskCall, under label: String) -> Bool {
        guard calls?.contains(call) ?? true, self.label.map({ $0 == label }) ?? true else {
            return false
        }
        count -= 1
        return count <= 0
    }
}

/// What will happen to a disk.
package enum DiskPlan: Sendable {
    case healthy
    /// The power goes in the middle of a call; every later call fails.
    case powerCut(DiskTrigger)
    /// A call fails; where it is lasting, every later one of its kind too.
    case fault(DiskFault, DiskTrigger, isLasting: Bool)
}

/// The first thing that went wrong on a disk.
package struct DiskIncident: Hashable, Sendable {
    package var call: DiskCall
    /// The label of the disk at that moment.
    package var label: String
}
