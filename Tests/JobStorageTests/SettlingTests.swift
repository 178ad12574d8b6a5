import Recharge
import TestSupport
import Testing

@testable import JobStorage

struct SettlingTests {
    private func armed(_ shop: Workshop, sims: Int = 1) async throws -> Attempt {
        for sim in 1...sims { try await shop.admit(sim) }
        try await shop.submit(try Samples.order(1))
        return try await shop.takeAndArm(1)
    }

    private func kinds(_ shop: Workshop) async throws -> [String] {
        try await shop.store.events(after: 0, limit: 1000).filter { $0.event.job != nil }
            .map(\.event.kind)
    }

    @Test func aSuccessIsFiledWithItsEvidenceInOneCommit() async throws {
        let shop = try Workshop()
        let attempt = try await armed(shop)
        let commits = try await shop.store.stats(at: shop.start).commits
        #expect(try await shop.succeed(attempt, serial: "S1") == .succeeded)
        #expect(try await shop.store.stats(at: shop.start).commits == commits + 1)
        let job = try #require(try await shop.store.job(attempt.job))
        let sim = try Samples.iccid(1)
        #expect(job.serial == "S1" && job.sim == sim && job.finishedAt != nil)
        let filed = try await shop.store.attempts(of: attempt.job)
        #expect(filed.map(\.0.outcome) == [.success])
        #expect(filed[0].1 == [Workshop.evidence(.success, raw: Array("serial S1".utf8))])
        #expect(
            try await kinds(shop) == [
                "job.submitted", "job.claimed", "job.armed", "job.settled",
            ]
        )
    }

    @Test func aRepeatedSettlementChangesNothing() async throws {
        let shop = try Workshop()
        let attempt = try await armed(shop)
        try await shop.succeed(attempt, serial: "S1")
        let events = try await shop.store.events(after: 0, limit: 1000)
        #expect(try await shop.succeed(attempt, serial: "S1") == .succeeded)
        #expect(try await shop.store.events(after: 0, limit: 1000) == events)
        #expect(try await shop.store.attempts(of: attempt.job)[0].1.count == 1)
    }

    @Test func aSuccessWithoutEvidenceIsRefused() async throws {
        let shop = try Workshop()
        let attempt = try await armed(shop)
        let refusal = await #expect(throws: JobStoreError.self) {
            try await shop.settle(attempt, .success(serial: nil), [])
        }
        #expect(refusal?.code == .invariant)
        #expect(try await shop.store.job(attempt.job)?.state == .armed)
    }

    @Test func aSerialNumberSeenOnAnotherJobIsDoubt() async throws {
        let shop = try Workshop()
        try await shop.succeed(try await armed(shop), serial: "S1")
        try await shop.submit(try Samples.order(2))
        let second = try await shop.takeAndArm(1)
        #expect(try await shop.succeed(second, serial: "S1") == .unknown)
        let filed = try await shop.store.attempts(of: second.job)
        #expect(filed[0].0.outcome == .unknown)
        #expect(filed[0].1.map(\.verdict) == [.success] && filed[0].1[0].grade == .none)
        #expect(try await shop.succeed(second, serial: "S2") == .succeeded)
    }

    @Test(arguments: [
        (Settlement.Following.fail, JobState.failed, JobState.failed),
        (.hold(.attemptsExhausted), .held, .held),
        (.tryAgain(after: .zero, elsewhere: false), .ready, .scheduled),
        (.tryAgain(after: .seconds(30), elsewhere: true), .scheduled, .scheduled),
    ])
    func aRefusalSendsTheJobWhereItsFollowingSays(
        following: Settlement.Following,
        fromArmed: JobState,
        fromUnknown: JobState
    ) async throws {
        let shop = try Workshop()
        #expect(try await shop.refuse(try await armed(shop), following) == fromArmed)
        let other = try Workshop()
        let attempt = try await armed(other)
        try await other.settle(attempt, .unknown, [])
        #expect(try await other.refuse(attempt, following) == fromUnknown)
    }

    @Test func aLateSuccessHoldsTheRescheduledJobForEver() async throws {
        let shop = try Workshop()
        let attempt = try await armed(shop)
        try await shop.refuse(attempt, .tryAgain(after: .seconds(5), elsewhere: false))
        #expect(try await shop.succeed(attempt, serial: "late") == .held)
        let job = try #require(try await shop.store.job(attempt.job))
        #expect(job.holdReason == .duplicate)
        #expect(try await shop.store.attempts(of: job.id)[0].0.outcome == .notExecuted)
        #expect(try await kinds(shop).suffix(2) == ["dispute.opened", "job.held"])
        let refusal = await #expect(throws: JobStoreError.self) {
            try await shop.store.release(
                job.id,
                heldFor: .duplicate,
                reason: "go",
                by: .gateway,
                at: shop.start
            )
        }
        #expect(refusal?.code == .wrongState)
    }

    @Test func aLateSuccessTakesTheLeaseAway() async throws {
        let shop = try Workshop()
        let attempt = try await armed(shop)
        try await shop.refuse(attempt, .tryAgain(after: .zero, elsewhere: false))
        let again = try #require(try await shop.take(1))
        try await shop.store.keep(
            Workshop.evidence(.success, raw: [9]),
            for: attempt.id,
            at: shop.start
        )
        let refusal = await #expect(throws: JobStoreError.self) { try await shop.arm(again, 1) }
        #expect(refusal?.code == .leaseLost)
        #expect(try await shop.store.job(again.id)?.state == .held)
    }

    /// Else an equal order would be proved by the charge of the one before it.
    @Test func theSerialOfALateSuccessProvesNoOtherJob() async throws {
        let shop = try Workshop()
        let first = try await armed(shop)
        try await shop.refuse(first)
        for serial in ["S1", "S1", "S2"] {
            try await shop.settle(
                first,
                .success(serial: serial),
                [Workshop.evidence(.success, raw: Array(serial.utf8))]
            )
        }
        let evidence = try await shop.store.attempts(of: first.job)[0].1
        #expect(evidence.map(\.verdict) == [.notExecuted, .success, .success])
        #expect(try await shop.admit(1).closed.map(\.serial) == ["S1"])
        var order = try Samples.order(1)
        order.key.key = "again"
        try await shop.submit(order)
        let second = try await shop.takeAndArm(1)
        #expect(try await shop.succeed(second, serial: "S1") == .unknown)
        let dispute = try #require(try await shop.store.disputes(of: second.job).first)
        #expect(dispute.cause == .duplicateSerial && dispute.other == first.job)
        let refusal = await #expect(throws: JobStoreError.self) {
            try await shop.resolve(second, .succeeded(serial: "S1"))
        }
        #expect(refusal?.message.contains("is on job \(first.job) already") == true)
        #expect(try await shop.succeed(second, serial: "S3") == .succeeded)
    }

    @Test func aSerialThatProvedAJobIsNotTheLateOneOfAnother() async throws {
        let shop = try Workshop()
        let first = try await armed(shop)
        try await shop.refuse(first)
        try await shop.submit(try Samples.order(2))
        try await shop.succeed(try await shop.takeAndArm(1), serial: "S1")
        try await shop.succeed(first, serial: "S1")
        let evidence = try await shop.store.attempts(of: first.job)[0].1
        #expect(evidence.map(\.verdict) == [.notExecuted, .inconclusive])
        #expect(try await shop.admit(1).closed.map(\.serial) == [nil, "S1"])
    }

    @Test func evidenceNeverFlipsASuccess() async throws {
        let shop = try Workshop()
        let attempt = try await armed(shop)
        try await shop.succeed(attempt, serial: "S1")
        #expect(try await shop.refuse(attempt) == .succeeded)
        #expect(try await kinds(shop).last == "dispute.opened")
        #expect(try await shop.store.attempts(of: attempt.job)[0].1.count == 2)
    }

    @Test func messagesOfASettlementAreNotInTheInbox() async throws {
        let shop = try Workshop()
        let attempt = try await armed(shop)
        let sim = try Samples.iccid(1)
        let known = InboxMessage(
            sim: sim,
            pdu: "AA",
            sender: "10086",
            text: "done",
            sentAt: shop.start,
            isRead: true
        )
        let part = InboxMessage(
            sim: sim,
            pdu: "BB",
            sender: "10086",
            text: "half",
            sentAt: nil,
            isRead: false
        )
        let settlement = Settlement(
            attempt: attempt.id,
            ending: .success(serial: nil),
            evidence: [Workshop.evidence(.success)],
            reason: "done",
            messages: [known]
        )
        _ = try await shop.store.settle(settlement, at: shop.start)
        try await shop.store.file([part, part], at: shop.start)
        #expect(try await shop.store.inbox(after: nil, limit: 9).elements.map(\.message) == [part])
        #expect(try await shop.admit(1).unfinishedParts == [part])
    }

    /// It stayed on the SIM, or the network brought it again, and a later worker took it for new.
    @Test(arguments: [true, false])
    func aMessageSettlesOneAttempt(isSuccess: Bool) async throws {
        let shop = try Workshop()
        let message = InboxMessage(
            sim: try Samples.iccid(1),
            pdu: "AA",
            sender: "10086",
            text: "done",
            sentAt: shop.start,
            isRead: true
        )
        func settle(_ attempt: Attempt) async throws -> JobState {
            let settlement = Settlement(
                attempt: attempt.id,
                ending: isSuccess ? .success(serial: nil) : .notExecuted(.fail),
                evidence: [Workshop.evidence(isSuccess ? .success : .notExecuted)],
                reason: "done",
                messages: [message]
            )
            return try await shop.store.settle(settlement, at: shop.start)
        }
        let first = try await armed(shop)
        for _ in 1...2 { #expect(try await settle(first) == (isSuccess ? .succeeded : .failed)) }
        try await shop.submit(try Samples.order(2))
        let second = try await shop.takeAndArm(1)
        #expect(try await settle(second) == .unknown)
        let evidence = try await shop.store.attempts(of: second.job)[0].1
        #expect(evidence.map(\.verdict) == [.inconclusive])
        #expect(evidence[0].parsed.contains("settled attempt \(first.id)"))
    }

    @Test func aDoubtIsGivenToTheWorkerOfItsSIM() async throws {
        let shop = try Workshop()
        let attempt = try await armed(shop)
        try await shop.store.depart(try Samples.iccid(1), reason: "unplugged", at: shop.start)
        let admission = try await shop.admit(1)
        #expect(admission.unresolved.map(\.id) == [attempt.id])
        #expect(admission.unresolved.map(\.outcome) == [.unknown])
        #expect(try await shop.store.job(attempt.job)?.state == .unknown)
    }

    /// What the network reports on its request comes to the next worker of its SIM.
    @Test func aDoubtKeepsTheReferenceOfItsRequest() async throws {
        let shop = try Workshop()
        let attempt = try await armed(shop)
        let settlement = Settlement(
            attempt: attempt.id,
            ending: .unknown,
            evidence: [Workshop.evidence(.inconclusive)],
            reason: "no answer",
            messageReference: 42
        )
        _ = try await shop.store.settle(settlement, at: shop.start)
        let admission = try await shop.admit(1)
        #expect(admission.unresolved.map(\.messageReference) == [42])
    }

    @Test func theNextWorkerOfASIMKnowsWhatIsClosed() async throws {
        let shop = try Workshop()
        let attempt = try await armed(shop)
        try await shop.succeed(attempt, serial: "S1")
        try await shop.store.depart(try Samples.iccid(1), reason: "unplugged", at: shop.start)
        let closed = try await shop.admit(1).closed
        #expect(closed.map(\.attempt.id) == [attempt.id])
        #expect(closed.map(\.attempt.outcome) == [.success])
        #expect(closed.map(\.serial) == ["S1"])
    }

    @Test(arguments: [BatchChange.pause, .cancel])
    func aLeasedRowOfAStoppedBatchIsNotArmed(change: BatchChange) async throws {
        let shop = try Workshop()
        try await shop.admit(1)
        let batch = try await shop.batch("stopped", first: 1, count: 1)
        let job = try #require(try await shop.take(1))
        _ = try await shop.store.change(
            batch,
            change,
            reason: "wrong file",
            by: .gateway,
            at: shop.start
        )
        await #expect(throws: JobStoreError.self) { try await shop.arm(job, 1) }
        #expect(try await shop.store.attempts(of: job.id).isEmpty)
    }

    @Test func anArmedOrUnknownJobCannotBeCancelled() async throws {
        let shop = try Workshop()
        let attempt = try await armed(shop)
        for ending in [nil, Settlement.Ending.unknown] {
            if let ending { try await shop.settle(attempt, ending, []) }
            let refusal = await #expect(throws: JobStoreError.self) {
                try await shop.store.cancel(
                    attempt.job,
                    reason: "r",
                    by: .gateway,
                    at: shop.start
                )
            }
            #expect(refusal?.code == .outcomePending)
        }
    }
}
