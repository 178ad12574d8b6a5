import FaultyDisk
import JobStorage
import Recharge
import TestSupport

/// A store on a disk that will fail, and its twin on one that never does.
///
/// Both take the same steps. What the store answers, the twin must answer too; what a restart of
/// the store finds must be what a restart of the twin finds, with or without the step that was cut
/// short, and that one whole or up to one of its commits.
struct Trial {
    /// What a step came to.
    enum End {
        case agreed
        /// Calls failed, and some that came with them returned.
        case failed(any Error, someReturned: Bool)
    }

    var load: Load
    private(set) var store: Bench
    private var twin: Bench
    private let trait: FaultyDisk.Trait

    init(_ load: Load, _ image: DiskImage, trait: FaultyDisk.Trait = .ordinary) throws {
        self.load = load
        self.trait = trait
        store = Bench(try Machine(image, trait: trait))
        twin = Bench(try Machine(image))
    }

    var disk: FaultyDisk { store.machine.disk }

    // MARK: Steps

    /// Takes a step with the store, and with the twin where it returned.
    mutating func take(_ step: Step, label: String) async throws -> End {
        disk.setLabel(label)
        let found = await store.take(step, at: load.now)
        if let failure = found.compactMap(\.failure).first {
            return .failed(failure, someReturned: found.contains { $0.failure == nil })
        }
        let due = await twin.take(step, at: load.now)
        try compare(found, due, label)
        try note(step, due)
        return .agreed
    }

    private func compare(
        _ found: [Result<Answer, any Error>],
        _ due: [Result<Answer, any Error>],
        _ label: String
    ) throws {
        for (found, due) in zip(found, due) {
            let (found, due) = (try found.get(), try due.get())
            guard found == due else {
                throw Violation("\(label) answered \(found), and must answer \(due)")
            }
            if case .refused(.invariant) = due { throw Violation("\(label) broke an invariant") }
        }
    }

    private mutating func note(_ step: Step, _ results: [Result<Answer, any Error>]) throws {
        for (call, result) in zip(step.calls, results) { try load.note(call, try result.get()) }
    }

    // MARK: Restarts

    /// Restarts on what a failure left, and compares what is found with the twin.
    ///
    /// - Parameters:
    ///   - image: what the disk holds.
    ///   - step: the step that failed; nil when there was none.
    ///   - isDone: whether a part of that step returned, and must be there.
    ///   - isCold: whether the machines are left as they were before the restart, so that the
    ///     next step is to open; otherwise the stores are open.
    /// - Throws: a `Violation` when what is found is not what must be there.
    mutating func restart(
        on image: DiskImage,
        after step: Step?,
        isDone: Bool = false,
        isCold: Bool = false
    ) async throws {
        var due = isDone ? [] : [twin.machine.disk.image]
        var answers: [Result<Answer, any Error>] = []
        if let step {
            (answers, due) = await outcomes(of: step, from: due)
        }
        load.restart()
        let found = try await reopened(image, trait)
        let contents = try found.machine.read { db in
            if let flaw = try Contents.flaws(db).first { throw Violation(flaw) }
            return try Contents(db)
        }
        if let broken = try await found.store?.firstBrokenEvent() {
            throw Violation("event \(broken) breaks the chain")
        }
        var differences: [String] = []
        for (index, candidate) in due.enumerated() {
            let other = try await reopened(candidate, .ordinary)
            let expected = try other.machine.read { try Contents($0) }
            if let difference = contents.difference(from: expected) {
                differences.append(difference)
                continue
            }
            if let step, isDone || index > 0 { try note(step, answers) }
            store = isCold ? Bench(try Machine(image, trait: trait)) : found
            twin = isCold ? Bench(try Machine(candidate)) : other
            return
        }
        throw Violation(differences.joined(separator: "; or "), isLoss: true)
    }

    /// Has the twin take the step that failed: what it answers, and what may be on disk, in order.
    private mutating func outcomes(
        of step: Step,
        from before: [DiskImage]
    ) async -> ([Result<Answer, any Error>], [DiskImage]) {
        let now = load.now
        var twin = twin
        let (answers, commits) = await twin.machine.disk.commits { await twin.take(step, at: now) }
        self.twin = twin
        let images = before + commits
        return (answers, images.isEmpty ? [twin.machine.disk.image] : images)
    }

    private func reopened(
        _ image: DiskImage,
        _ trait: FaultyDisk.Trait
    ) async throws -> Bench {
        var bench = Bench(try Machine(image, trait: trait))
        if case .failure(let error)? = await bench.take(.open, at: load.now).first {
            throw Violation("it does not open: \(error)")
        }
        return bench
    }
}

extension Result {
    fileprivate var failure: Failure? {
        switch self {
        case .success: nil
        case .failure(let error): error
        }
    }
}
