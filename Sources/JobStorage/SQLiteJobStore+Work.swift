package import Recharge

extension SQLiteJobStore {
    package func admit(
        _ sighting: SIMSighting,
        enrolment: Enrolment,
        at now: Timestamp
    ) async throws -> SIMAdmission {
        try await queue.perform { try $0.admit(sighting, enrolment: enrolment, at: now) }
    }

    package func claim(_ request: ClaimRequest, at now: Timestamp) async throws -> ClaimAnswer {
        var cursor: ClaimCursor?
        while true {
            let start = cursor
            let step = try await queue.perform { [queue] turn in
                let began = ContinuousClock.now
                defer { queue.countClaim(since: began) }
                return try turn.claim(request, from: start, at: now)
            }
            switch step {
            case .answer(let answer): return answer
            case .goOn(let next): cursor = next
            }
        }
    }

    package func release(
        _ job: Job.ID,
        sim: ICCID,
        to target: Release,
        reason: String,
        at now: Timestamp
    ) async throws {
        try await queue.perform { turn in
            try turn.release(job, sim: sim, to: target, reason: reason, at: now)
        }
    }

    package func arm(_ arming: Arming, at now: Timestamp) async throws -> Attempt {
        let answer = try await queue.perform { turn in
            try turn.requireRoom(for: "arming job \(arming.job)")
            return try turn.arm(arming, at: now)
        }
        switch answer {
        case .armed(let attempt): return attempt
        case .refused(let error): throw error
        }
    }

    package func settle(_ settlement: Settlement, at now: Timestamp) async throws -> JobState {
        try await queue.perform { try $0.settle(settlement, at: now) }
    }

    package func file(_ messages: [InboxMessage], at now: Timestamp) async throws {
        try await queue.perform { turn in
            for message in messages {
                try turn.file(message, sim: try turn.simID(message.sim), settling: nil, at: now)
            }
        }
    }

    package func keep(
        _ evidence: Evidence,
        for attempt: Attempt.ID,
        at now: Timestamp
    ) async throws {
        _ = try await queue.perform { try $0.keep(evidence, for: attempt, at: now) }
    }

    package func depart(_ sim: ICCID, reason: String, at now: Timestamp) async throws {
        try await queue.perform { try $0.depart(sim, reason: reason, at: now) }
    }

    package func setState(
        of sim: ICCID,
        to state: SIM.State,
        reason: String,
        by actor: Actor,
        at now: Timestamp
    ) async throws {
        try await queue.perform { turn in
            try turn.setState(of: sim, to: state, reason: reason, by: actor, at: now)
        }
    }

    package func fence(_ sim: ICCID, until: Timestamp?, at now: Timestamp) async throws {
        try await queue.perform { try $0.fence(sim, until: until, at: now) }
    }
}
