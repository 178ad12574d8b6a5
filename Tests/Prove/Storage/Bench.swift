import FaultyDisk
import JobStorage
import Recharge

/// What is done to a store at one moment.
enum Step: Sendable {
    case open
    case close
    case call(Call)
    /// Calls that come together and share a commit.
    case group([Call])

    var calls: [Call] {
        switch self {
        case .open, .close: []
        case .call(let call): [call]
        case .group(let calls): calls
        }
    }
}

/// A machine and the store that is open on it.
struct Bench: Sendable {
    let machine: Machine
    private(set) var store: SQLiteJobStore?

    init(_ machine: Machine) {
        self.machine = machine
    }

    /// Takes a step; gives what each of its calls came to.
    mutating func take(_ step: Step, at now: Timestamp) async -> [Result<Answer, any Error>] {
        do {
            switch step {
            case .open:
                let opened = try machine.open(at: now)
                store = opened
                return [.success(.opened(opened.recovery))]
            case .close:
                try store?.close()
                store = nil
                return [.success(.done)]
            case .call(let call):
                return [.success(try await call.perform(on: opened(), at: now))]
            case .group(let calls):
                return await group(calls, on: try opened(), at: now)
            }
        } catch {
            return [.failure(error)]
        }
    }

    /// Whether the store refuses everything and has told so.
    func isStopped(at now: Timestamp) async throws -> Bool {
        guard let store else { return true }
        guard case .failure(let error) = await outcome(of: .rest, on: store, at: now) else {
            return false
        }
        guard (error as? JobStoreError)?.code == .stopped else {
            throw Violation("a call failed and the store did not stop: \(error)")
        }
        for await failure in store.failures where failure.code == .stopped { return true }
        throw Violation("the store stopped and did not tell")
    }

    private func opened() throws -> SQLiteJobStore {
        guard let store else { throw Violation("no store is open") }
        return store
    }

    /// Makes calls while the writer is held in a transaction of its own, so that they queue in
    /// their order and go into the next one together.
    private func group(
        _ calls: [Call],
        on store: SQLiteJobStore,
        at now: Timestamp
    ) async -> [Result<Answer, any Error>] {
        let gate = machine.disk.holdNextCall()
        return await withTaskGroup(of: (Int, Result<Answer, any Error>)?.self) { group in
            group.addImmediateTask {
                // What became of it, the calls behind it tell.
                _ = await outcome(of: .rest, on: store, at: now)
                return nil
            }
            gate.awaitCall()
            for (index, call) in calls.enumerated() {
                group.addImmediateTask {
                    (index, await outcome(of: call, on: store, at: now))
                }
            }
            gate.open()
            var outcomes: [Int: Result<Answer, any Error>] = [:]
            for await case (let index, let outcome)? in group { outcomes[index] = outcome }
            return outcomes.sorted { $0.key < $1.key }.map(\.value)
        }
    }

    private func outcome(
        of call: Call,
        on store: SQLiteJobStore,
        at now: Timestamp
    ) async -> Result<Answer, any Error> {
        do {
            return .success(try await call.perform(on: store, at: now))
        } catch {
            return .failure(error)
        }
    }
}

/// Something that must never be.
struct Violation: Error, CustomStringConvertible {
    let description: String
    /// Whether what a restart found is not what it must find, though sound in itself.
    let isLoss: Bool

    init(_ description: String, isLoss: Bool = false) {
        self.description = description
        self.isLoss = isLoss
    }
}
