import GRDB
import Recharge
import TestSupport
import Testing

@testable import JobStorage

/// Verdicts by hand, and the second person they take above a limit.
struct ApprovalTests {
    @Test func upToTheLimitOnePersonSettlesAJobInDoubt() async throws {
        let shop = try Workshop()
        let attempt = try await shop.doubted(yuan: 100)
        let proposal = try await shop.resolve(attempt, .succeeded(serial: "S1"))
        #expect(proposal.state == .approved && proposal.people == 1)
        let job = try #require(try await shop.job(of: attempt))
        #expect(job.state == .succeeded && job.serial == "S1")
        let dossier = try #require(try await shop.store.dossier(of: attempt.job))
        let found = dossier.tries[0]
        #expect(found.decidedBy == "uid:1000(mei)")
        #expect(found.evidence.map(\.1.kind) == [.person])
        #expect(found.evidence[0].1.raw == Array("a letter".utf8))
        #expect(dossier.proposals == [proposal])
        let settled = try await shop.store.events(about: attempt.job).last?.event
        #expect(settled?.event.kind == "job.settled" && settled?.actor == "uid:1000(mei)")
        #expect(try await shop.store.verifyBooks().findings == [])
    }

    @Test func aboveTheLimitAnotherPersonMustApprove() async throws {
        let shop = try Workshop()
        let attempt = try await shop.doubted(yuan: 101)
        let proposal = try await shop.resolve(attempt, .succeeded(serial: "S1"))
        #expect(proposal.state == .open && proposal.people == 2)
        #expect(try await shop.job(of: attempt)?.state == .unknown)
        for actor in [Workshop.mei, Actor("uid:1000(renamed)")] {
            let refusal = await #expect(throws: JobStoreError.self) {
                try await shop.approve(proposal, by: actor)
            }
            #expect(refusal?.code == .samePerson)
        }
        #expect(try await shop.job(of: attempt)?.state == .unknown)
        let approved = try await shop.approve(proposal, by: Workshop.lan)
        #expect(approved.decidedBy == "uid:1001(lan)")
        #expect(try await shop.job(of: attempt)?.state == .succeeded)
        let dossier = try #require(try await shop.store.dossier(of: attempt.job))
        #expect(dossier.tries[0].decidedBy == "uid:1000(mei) and uid:1001(lan)")
        let kinds = try await shop.eventKinds(about: attempt.job)
        #expect(kinds.suffix(3) == ["proposal.made", "proposal.approved", "job.settled"])
    }

    @Test func inAOneManShopOnePersonIsEnough() async throws {
        let shop = try Workshop()
        let attempt = try await shop.doubted(yuan: 400)
        let alone = try #require(ApprovalTerms(people: 1, verdictAbove: "100.00"))
        let verdict = HandVerdict(
            job: attempt.job,
            finding: .succeeded(serial: nil),
            reason: "seen",
            evidence: [1]
        )
        let proposal = try await shop.store.resolve(
            verdict,
            people: alone,
            by: Workshop.mei,
            at: shop.dead
        )
        #expect(proposal.state == .approved)
        #expect(try await shop.job(of: attempt)?.state == .succeeded)
    }

    @Test func whatWasNotExecutedIsTriedAgainOrCancelled() async throws {
        let shop = try Workshop()
        let first = try await shop.doubted(1)
        try await shop.resolve(first, .notExecuted)
        #expect(try await shop.job(of: first)?.state == .scheduled)
        _ = try await shop.store.promote(at: shop.dead)
        let again = try await shop.takeAndArm(1, after: .seconds(902))
        #expect(again.job == first.job && again.ordinal == 2)
        try await shop.succeed(again, serial: "S1")
        let second = try await shop.doubted(2)
        try await shop.resolve(second, .cancelled)
        #expect(try await shop.job(of: second)?.state == .cancelled)
    }

    @Test(arguments: [HandVerdict.Finding.notExecuted, .cancelled])
    func nobodyRulesOutARequestThatCanStillArrive(_ finding: HandVerdict.Finding) async throws {
        let shop = try Workshop()
        let attempt = try await shop.doubted()
        let refusal = await #expect(throws: JobStoreError.self) {
            try await shop.resolve(attempt, finding, at: shop.start.advanced(by: .seconds(899)))
        }
        #expect(refusal?.code == .outcomePending)
        #expect(try await shop.job(of: attempt)?.state == .unknown)
        #expect(
            try await shop.store.proposals(onlyOpen: false, after: nil, limit: 9).elements == []
        )
    }

    @Test func aSerialNumberOfAnotherJobSettlesNothing() async throws {
        let shop = try Workshop()
        _ = try await shop.succeeded(1, serial: "S1")
        let attempt = try await shop.doubted(2)
        let refusal = await #expect(throws: JobStoreError.self) {
            try await shop.resolve(attempt, .succeeded(serial: "S1"))
        }
        #expect(refusal?.code == .wrongState)
        #expect(try await shop.job(of: attempt)?.state == .unknown)
    }

    @Test func anApprovalThatCameTooLateChangesNothingAndStaysOpen() async throws {
        let shop = try Workshop()
        let attempt = try await shop.doubted(yuan: 200)
        let proposal = try await shop.resolve(attempt, .notExecuted)
        try await shop.succeed(attempt, serial: "S1")
        let refusal = await #expect(throws: JobStoreError.self) {
            try await shop.approve(proposal, by: Workshop.lan)
        }
        #expect(refusal?.code == .wrongState)
        #expect(try await shop.job(of: attempt)?.state == .succeeded)
        let open = try await shop.store.proposals(onlyOpen: true, after: nil, limit: 9)
        #expect(open.elements.map(\.id) == [proposal.id])
        let rejected = try await shop.store.reject(
            proposal.id,
            reason: "settled itself",
            by: Workshop.mei,
            at: shop.dead
        )
        #expect(rejected.state == .rejected)
        for actor in [Workshop.mei, Workshop.lan] {
            let refusal = await #expect(throws: JobStoreError.self) {
                try await shop.approve(proposal, by: actor)
            }
            #expect(refusal?.code == .wrongState)
        }
    }

    @Test func oneSubjectHasOneOpenProposal() async throws {
        let shop = try Workshop()
        let attempt = try await shop.doubted(yuan: 200)
        try await shop.resolve(attempt, .notExecuted)
        let refusal = await #expect(throws: JobStoreError.self) {
            try await shop.resolve(attempt, .succeeded(serial: nil), by: Workshop.lan)
        }
        #expect(refusal?.code == .wrongState)
    }

    @Test func onlyAJobInDoubtIsSettledByHand() async throws {
        let shop = try Workshop()
        let attempt = try await shop.succeeded(serial: "S1")
        for finding in [HandVerdict.Finding.notExecuted, .cancelled, .succeeded(serial: nil)] {
            let refusal = await #expect(throws: JobStoreError.self) {
                try await shop.resolve(attempt, finding)
            }
            #expect(refusal?.code == .wrongState)
        }
    }

    @Test func limitsAreComparedInTheCurrencyOfTheJob() throws {
        let terms = try #require(ApprovalTerms(people: 2, verdictAbove: "100.50"))
        for (code, minor, people) in [
            ("CNY", Int64(10_050), 1), ("CNY", 10_051, 2), ("JPY", 100, 1), ("JPY", 101, 2),
            ("KWD", 100_500, 1), ("KWD", 100_501, 2), ("CNY", .max, 2),
        ] {
            let currency = try #require(Currency(code: code))
            let amount = Amount(minorUnits: minor, currency: currency)
            #expect(terms.people(forVerdictOn: amount) == people, "\(amount)")
        }
        for text in ["", "-1", "1.001", "many"] {
            #expect(ApprovalTerms(people: 2, verdictAbove: text) == nil)
        }
    }
}
