package import Engine
package import JobStorage
package import Logging
package import Recharge

/// Puts the durable actions of a SIM's machine to the store and turns its answers into events.
///
/// A refusal that concerns one action alone is an event; anything else is thrown, and then nothing
/// may go on.
package struct DurableActions: Sendable {
    let store: any JobStore
    private let logger: Logger

    package init(store: any JobStore, logger: Logger) {
        self.store = store
        self.logger = logger
    }

    /// Performs an action for a SIM, nil before it is known; any other action does nothing.
    package func perform(
        _ action: SIMWorkerMachine.Action,
        for sim: ICCID?,
        at now: Timestamp
    ) async throws -> SIMWorkerMachine.Event? {
        switch action {
        case .claim(let request): return .claimed(try await claim(request, at: now))
        case .release(let job, let release, let reason):
            guard let sim else { return nil }
            try await give(job, of: sim, to: release, reason: reason, at: now)
            return .released
        case .arm(let arming): return try await arm(arming, at: now)
        case .settle(let settlement): return .settled(try await store.settle(settlement, at: now))
        case .ask(let asking): return try await ask(asking, at: now)
        case .conclude(let inquiry, let outcome):
            try await store.conclude(inquiry, as: outcome, at: now)
        case .reportFloat(let report):
            try await store.report(report, at: now)
            return .filed
        case .file(let messages):
            try await store.file(messages, at: now)
            return .filed
        case .keep(let evidence, let attempt):
            try await store.keep(evidence, for: attempt, at: now)
        case .pauseSIM(let reason):
            guard let sim else { return nil }
            try await pause(sim, reason: reason, at: now)
        case .write, .wakeUp, .identified, .report, .observed, .finish: break
        }
        return nil
    }

    private func claim(_ request: ClaimRequest, at now: Timestamp) async throws -> ClaimAnswer {
        do {
            return try await store.claim(request, at: now)
        } catch let error as JobStoreError where error.code == .diskFull {
            logger.error("nothing new is begun", metadata: ["reason": "\(error)"])
            return .limited(until: now.advanced(by: .seconds(30)), .diskFull)
        }
    }

    /// Pauses the SIM; one that may not work anyway, such as a quarantined one, stays as it is.
    private func pause(_ sim: ICCID, reason: String, at now: Timestamp) async throws {
        do {
            try await store.setState(of: sim, to: .paused, reason: reason, by: .gateway, at: now)
            logger.warning("SIM paused", metadata: ["sim.iccid": "\(sim)", "reason": "\(reason)"])
        } catch let error as JobStoreError where error.code == .wrongState {
            logger.notice(
                "SIM not paused",
                metadata: ["sim.iccid": "\(sim)", "reason": "\(error)"]
            )
        }
    }

    /// Gives a leased job back; one that is not leased to this SIM any more is left alone.
    private func give(
        _ job: Job.ID,
        of sim: ICCID,
        to release: Release,
        reason: String,
        at now: Timestamp
    ) async throws {
        do {
            try await store.release(job, sim: sim, to: release, reason: reason, at: now)
        } catch let error as JobStoreError where error.code == .leaseLost {
            logger.notice("lease lost", metadata: ["job.id": "\(job)", "reason": "\(error)"])
        }
    }

    private func ask(
        _ asking: Asking,
        at now: Timestamp
    ) async throws -> SIMWorkerMachine.Event {
        do {
            return .asked(try await store.ask(asking, at: now))
        } catch let error as JobStoreError where error.code.refusesOnlyThis {
            logger.notice(
                "inquiry refused",
                metadata: ["sim.iccid": "\(asking.sim)", "reason": "\(error)"]
            )
            return .askingRefused(error.message, isSettled: error.code == .conflict)
        }
    }

    private func arm(
        _ arming: Arming,
        at now: Timestamp
    ) async throws -> SIMWorkerMachine.Event {
        do {
            return .armed(try await store.arm(arming, at: now))
        } catch let error as JobStoreError where error.code.refusesOnlyThis {
            logger.notice(
                "arming refused",
                metadata: ["job.id": "\(arming.job)", "reason": "\(error)"]
            )
            return .armingRefused(error.message)
        }
    }
}

extension JobStoreError.Code {
    /// Whether the refusal concerns the one arming alone; otherwise the store or the law is broken.
    fileprivate var refusesOnlyThis: Bool {
        switch self {
        case .leaseLost, .wrongState, .notFound, .diskFull, .outcomePending, .conflict, .samePerson:
            true
        case .invariant, .stopped, .locked, .unusable: false
        }
    }
}
