import GRDBSQLite
import Glibc
import Synchronization

/// A disk in memory under SQLite's databases of one folder, which can fail and lose power.
///
/// While it is mounted, SQLite's default file system (`DiskFileSystem`) keeps the databases that
/// are opened in that folder here. In the folder itself lie files of the same sizes without
/// content, for those who look there. A call of SQLite goes through `run(_:_:)`, one at a time.
package final class FaultyDisk: Sendable {
    /// How the disk treats every connection.
    package enum Trait: Hashable, Sendable {
        case ordinary
        /// `PRAGMA synchronous = 3` is swallowed and reads back as done: what GRDB set before,
        /// `NORMAL`, stays in force.
        case keepsSynchronousNormal
    }

    struct State {
        var image: DiskImage
        var plan = DiskPlan.healthy
        var label = ""
        /// Whether the power is gone.
        var isOff = false
        var incident: DiskIncident?
        /// The calls that failed under the plan, all of them.
        var failedCalls: Set<DiskCall> = []
        var calls: [DiskCall: Int] = [:]
        /// The images after each sync of the log, while they are wanted.
        var commits: [DiskImage]?
        var gate: DiskGate?
        var locks: [Int: FileLocks] = [:]
        var memories: [Int: SharedMemory] = [:]
    }

    let folder: String
    let trait: Trait
    private let state: Mutex<State>
    private static let mounts = Mutex<[String: FaultyDisk]>([:])
    private static let handles = Mutex(0)

    private init(_ image: DiskImage, folder: String, trait: Trait) {
        self.folder = folder
        self.trait = trait
        state = Mutex(State(image: image))
    }

    // MARK: Mounting

    /// Puts a disk under a folder, which exists; it stays there until `unmount()`.
    package static func mount(
        _ image: DiskImage = DiskImage(),
        at folder: String,
        trait: Trait = .ordinary
    ) -> FaultyDisk {
        DiskFileSystem.install()
        let disk = FaultyDisk(image, folder: folder, trait: trait)
        disk.state.withLock { state in
            for name in state.image.names { disk.show(name, state) }
        }
        mounts.withLock { $0[folder] = disk }
        return disk
    }

    package func unmount() {
        FaultyDisk.mounts.withLock { $0[folder] = nil }
    }

    static func at(_ folder: String) -> FaultyDisk? {
        mounts.withLock { $0[folder] }
    }

    static func nextHandle() -> Int {
        handles.withLock { handle in
            handle += 1
            return handle
        }
    }

    /// Makes the file in the folder as large as the one on the disk.
    func show(_ name: String, _ state: State) {
        let path = "\(folder)/\(name)"
        guard let node = state.image.node(of: name) else {
            unlink(path)
            return
        }
        let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        ftruncate(descriptor, off_t(state.image[node].live.count))
        Glibc.close(descriptor)
    }

    // MARK: What the outside does with it

    /// All files as they are, with what is not synced.
    package var image: DiskImage { state.withLock { $0.image } }

    package var isOff: Bool { state.withLock { $0.isOff } }

    package var incident: DiskIncident? { state.withLock { $0.incident } }

    /// The calls that failed under the plan, the incident and those after it.
    package var failedCalls: Set<DiskCall> { state.withLock { $0.failedCalls } }

    /// How often each call came.
    package var calls: [DiskCall: Int] { state.withLock { $0.calls } }

    /// What the work at hand is called: part of an incident.
    package func setLabel(_ label: String) {
        state.withLock { $0.label = label }
    }

    /// Says what will happen; counting begins anew.
    package func setPlan(_ plan: DiskPlan) {
        state.withLock {
            $0.plan = plan
            $0.incident = nil
            $0.failedCalls = []
        }
    }

    /// Takes the power away between two calls.
    package func cutPower() {
        state.withLock { $0.isOff = true }
    }

    /// Runs a piece of work and gives the images after each of its commits.
    package func commits<Value>(
        during work: () async throws -> Value
    ) async rethrows -> (Value, [DiskImage]) {
        state.withLock { $0.commits = [] }
        let value = try await work()
        let commits = state.withLock { state in
            defer { state.commits = nil }
            return state.commits ?? []
        }
        return (value, commits)
    }

    /// Holds the next call until its gate is opened.
    package func holdNextCall() -> DiskGate {
        let gate = DiskGate()
        state.withLock { $0.gate = gate }
        return gate
    }

    // MARK: What SQLite does with it

    /// What becomes of a call.
    enum Fate {
        case performed
        /// Half of the octets are written, then the disk is full.
        case halfPerformed
        /// It is not performed and fails.
        case failed(DiskFault)
        /// The power goes in the middle of it: what it changes is changed, and not synced.
        case cut
        case off
    }

    /// Performs a call as the plan has it.
    func run(
        _ call: DiskCall,
        _ body: (inout State, Fate) -> Int32
    ) -> Int32 {
        if let gate = state.withLock({ $0.takeGate() }) { gate.pass() }
        return state.withLock { state in
            let fate = state.fate(of: call)
            if case .off = fate { return SQLITE_IOERR }
            return body(&state, fate)
        }
    }

    /// Performs what cannot fail: giving up locks, closing.
    func release(_ body: (inout State) -> Void) {
        state.withLock { body(&$0) }
    }
}

extension FaultyDisk.State {
    mutating func takeGate() -> DiskGate? {
        defer { gate = nil }
        return gate
    }

    mutating func fate(of call: DiskCall) -> FaultyDisk.Fate {
        if isOff { return .off }
        calls[call, default: 0] += 1
        switch plan {
        case .healthy: return .performed
        case .powerCut(var trigger):
            let isNow = trigger.comes(with: call, under: label)
            plan = .powerCut(trigger)
            guard isNow else { return .performed }
            isOff = true
            incident = DiskIncident(call: call, label: label)
            return .cut
        case .fault(let fault, var trigger, let isLasting):
            guard fault.fits(call) else { return .performed }
            let isNow = trigger.comes(with: call, under: label)
            plan = isNow && !isLasting ? .healthy : .fault(fault, trigger, isLasting: isLasting)
            guard isNow else { return .performed }
            if incident == nil { incident = DiskIncident(call: call, label: label) }
            failedCalls.insert(call)
            return fault == .shortWrite ? .halfPerformed : .failed(fault)
        }
    }
}
