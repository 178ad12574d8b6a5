import Recharge
import TestSupport
import Testing

@testable import JobStorage

/// Suspected duplicates, and the second person who lets them go.
struct VouchTests {
    private func held(_ shop: Workshop, allowed: Bool = false) async throws -> Job {
        var held: Job?
        for key in ["a", "b"] {
            var order = try Samples.order(1)
            order.key.key = key
            order.duplicateWindow = .seconds(600)
            order.allowsDuplicates = allowed
            held = try await shop.submit(order)
        }
        return try #require(held)
    }

    /// A batch whose file was sent before, with the wish to allow that.
    private func repeated(_ shop: Workshop) async throws -> Batch {
        var batch: Batch?
        for key in ["march", "again"] {
            var new = try Workshop.newBatch(key, count: 2)
            new.bodyDigest = [7]
            new.allowsDuplicates = key == "again"
            guard
                case .stage(let id) = try await shop.store.begin(new, by: .gateway, at: shop.start)
            else { throw Workshop.NoJob(sim: 0) }
            try await shop.store.stage(
                try Workshop.rows(first: key == "again" ? 10 : 1, count: 2),
                in: id,
                at: shop.start
            )
            batch = try await shop.store.open(id, by: Workshop.mei, at: shop.start)
        }
        return try #require(batch)
    }

    private func vouch(
        _ shop: Workshop,
        _ suspect: Suspect,
        people: Int = 2
    ) async throws -> Proposal {
        try await shop.store.vouch(
            for: suspect,
            reason: "the customer wants it twice",
            people: people,
            by: Workshop.mei,
            at: shop.start
        )
    }

    private func refusal(
        _ act: () async throws -> Void
    ) async -> JobStoreError.Code? {
        await #expect(throws: JobStoreError.self) { try await act() }?.code
    }

    @Test(arguments: [false, true])
    func aHeldDuplicateGoesWhenAnotherPersonApproves(allowed: Bool) async throws {
        let shop = try Workshop()
        let job = try await held(shop, allowed: allowed)
        #expect(job.state == .held && job.holdReason == .duplicate)
        #expect(job.order.allowsDuplicates == allowed)
        let alone = await refusal {
            _ = try await shop.store.release(
                job.id,
                heldFor: .duplicate,
                reason: "r",
                by: Workshop.mei,
                at: shop.start
            )
        }
        #expect(alone == .wrongState)
        let proposal = try await vouch(shop, .job(job.id))
        #expect(proposal.kind == .duplicate && proposal.state == .open)
        #expect(proposal.body.contains("recharges the same number"))
        let waiting = try await shop.store.job(job.id)
        #expect(waiting?.state == .held && waiting?.proposal == proposal.id)
        #expect(await refusal { try await shop.approve(proposal, by: Workshop.mei) } == .samePerson)
        try await shop.approve(proposal, by: Workshop.lan)
        let released = try await shop.store.job(job.id)
        #expect(released?.state == .ready && released?.proposal == nil)
        #expect(
            try await shop.eventKinds(about: job.id).suffix(3)
                == ["proposal.made", "proposal.approved", "job.released"]
        )
        let event = try #require(try await shop.store.events(about: job.id).last?.event.event)
        let reason = "the customer wants it twice (approved by uid:1000(mei) and uid:1001(lan))"
        #expect(event.details.contains(.init("reason", reason)))
    }

    @Test func inAOneManShopOnePersonIsEnough() async throws {
        let shop = try Workshop()
        let job = try await held(shop)
        #expect(try await vouch(shop, .job(job.id), people: 1).state == .approved)
        #expect(try await shop.store.job(job.id)?.state == .ready)
    }

    @Test func aFileThatIsSentAgainOpensWhenAnotherPersonApproves() async throws {
        let shop = try Workshop()
        let batch = try await repeated(shop)
        #expect(batch.state == .held && batch.isSuspect && batch.allowsDuplicates)
        #expect(batch.counts == [.ready: 2])
        let alone = await refusal {
            _ = try await shop.store.change(
                batch.id,
                .resume,
                reason: "r",
                by: Workshop.mei,
                at: shop.start
            )
        }
        #expect(alone == .wrongState)
        let proposal = try await vouch(shop, .batch(batch.id))
        #expect(proposal.body.contains("(march.csv) is this very file"))
        #expect(try await shop.store.batch(batch.id)?.proposal == proposal.id)
        #expect(await refusal { try await shop.approve(proposal, by: Workshop.mei) } == .samePerson)
        #expect(try await shop.store.batch(batch.id)?.state == .held)
        try await shop.approve(proposal, by: Workshop.lan)
        let opened = try #require(try await shop.store.batch(batch.id))
        #expect(opened.state == .open && !opened.isSuspect && opened.proposal == nil)
        for change in [BatchChange.pause, .resume] {
            _ = try await shop.store.change(
                batch.id,
                change,
                reason: "r",
                by: Workshop.mei,
                at: shop.start
            )
        }
        #expect(try await shop.store.batch(batch.id)?.state == .open)
    }

    @Test func whatWasRejectedStaysAndWhatWasWithdrawnIsNotLetGo() async throws {
        let shop = try Workshop()
        let job = try await held(shop)
        let first = try await vouch(shop, .job(job.id))
        _ = try await shop.store.reject(first.id, reason: "no", by: Workshop.lan, at: shop.start)
        #expect(try await shop.store.job(job.id)?.state == .held)
        let second = try await vouch(shop, .job(job.id))
        _ = try await shop.store.cancel(job.id, reason: "r", by: Workshop.mei, at: shop.start)
        #expect(await refusal { try await shop.approve(second, by: Workshop.lan) } == .wrongState)
        #expect(try await shop.store.job(job.id)?.state == .cancelled)
    }

    @Test func whatIsNoSuspectIsNotVouchedFor() async throws {
        let shop = try Workshop()
        let job = try await shop.submit(try Samples.order(1))
        let batch = try await shop.batch("b", first: 2, count: 2)
        _ = try await shop.store.change(
            batch,
            .pause,
            reason: "r",
            by: Workshop.mei,
            at: shop.start
        )
        for suspect in [Suspect.job(job.id), .batch(batch)] {
            #expect(await refusal { _ = try await vouch(shop, suspect) } == .wrongState)
            #expect(Suspect(subject: suspect.subject) == suspect)
        }
        #expect(Suspect(subject: "batch x") == nil && Suspect(subject: "x") == nil)
    }
}
