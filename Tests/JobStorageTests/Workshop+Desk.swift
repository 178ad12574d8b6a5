import Recharge
import TestSupport

@testable import JobStorage

/// Short words for what people do.
extension Workshop {
    static let mei = Actor("uid:1000(mei)")
    static let lan = Actor("uid:1001(lan)")

    /// After this no request of a workshop's attempt can arrive.
    var dead: Timestamp { start.advanced(by: .seconds(901)) }

    /// A job of its own number on SIM 1, sent and not answered.
    func doubted(
        _ order: Int = 1,
        yuan: Int64 = 10,
        key: String? = nil
    ) async throws -> Attempt {
        try await admit(1)
        try await store.fence(try Samples.iccid(1), until: nil, at: start)
        var new = try Samples.order(order, yuan: yuan)
        if let key { new.key.key = key }
        try await submit(new)
        let attempt = try await takeAndArm(1)
        try await settle(attempt, .unknown, [])
        return attempt
    }

    /// A job of its own number on SIM 1, proved.
    func succeeded(_ order: Int = 1, serial: String?) async throws -> Attempt {
        try await admit(1)
        try await store.fence(try Samples.iccid(1), until: nil, at: start)
        try await submit(try Samples.order(order))
        let attempt = try await takeAndArm(1)
        try await succeed(attempt, serial: serial)
        return attempt
    }

    @discardableResult
    func resolve(
        _ attempt: Attempt,
        _ finding: HandVerdict.Finding,
        by actor: Actor = Workshop.mei,
        at now: Timestamp? = nil
    ) async throws -> Proposal {
        let verdict = HandVerdict(
            job: attempt.job,
            finding: finding,
            reason: "the carrier told us",
            evidence: Array("a letter".utf8)
        )
        return try await store.resolve(
            verdict,
            people: ApprovalTerms(),
            by: actor,
            at: now ?? dead
        )
    }

    @discardableResult
    func approve(
        _ proposal: Proposal,
        by actor: Actor,
        at now: Timestamp? = nil
    ) async throws -> Proposal {
        try await store.approve(proposal.id, reason: "seen", by: actor, at: now ?? dead)
    }

    func job(of attempt: Attempt) async throws -> Job? {
        try await store.job(attempt.job)
    }

    func eventKinds(about job: Job.ID) async throws -> [String] {
        try await store.events(about: job).map(\.event.event.kind)
    }
}
