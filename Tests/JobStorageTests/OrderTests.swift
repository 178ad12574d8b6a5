import Recharge
import Synchronization
import TestSupport
import Testing

@testable import JobStorage

struct OrderTests {
    @Test func oneKeyIsOneJob() async throws {
        let shop = try Workshop()
        let order = try Samples.order(1)
        let first = try await shop.store.submit(order, by: .gateway, at: shop.start)
        let again = try await shop.store.submit(order, by: .gateway, at: shop.start)
        #expect(first.isNew && !again.isNew && first.job == again.job)
        var other = order
        other.priority = 9
        let conflicting = other
        let refusal = await #expect(throws: JobStoreError.self) {
            try await shop.submit(conflicting)
        }
        #expect(refusal?.code == .conflict)
        #expect(try await shop.store.job(first.job.id)?.order == order)
    }

    @Test func aBatchIsStagedAgainAfterACrashAndOpensOnce() async throws {
        let shop = try Workshop()
        try await shop.admit(1)
        let batch = try Workshop.newBatch("b", count: 50)
        let rows = try Workshop.rows(first: 0, count: 50)
        guard case .stage(let id) = try await shop.store.begin(batch, by: .gateway, at: shop.start)
        else { return }
        try await shop.store.stage(Array(rows[..<20]), in: id, at: shop.start)
        let early = await #expect(throws: JobStoreError.self) {
            try await shop.store.open(id, by: .gateway, at: shop.start)
        }
        #expect(early?.code == .wrongState)
        try shop.reopen()
        #expect(try await shop.claim(1) == .nothing)
        #expect(
            try await shop.store.begin(batch, by: .gateway, at: shop.start) == .stage(id)
        )
        try await shop.store.stage(rows, in: id, at: shop.start)
        let opened = try await shop.store.open(id, by: .gateway, at: shop.start)
        #expect(opened.state == .open && opened.counts == [.ready: 50])
        #expect(try await shop.store.begin(batch, by: .gateway, at: shop.start) == .known(opened))
        var other = batch
        other.bodyDigest = [1]
        let changed = other
        let conflict = await #expect(throws: JobStoreError.self) {
            try await shop.store.begin(changed, by: .gateway, at: shop.start)
        }
        #expect(conflict?.code == .conflict)
    }

    @Test func aStagedRowWithOtherTermsIsAConflict() async throws {
        let shop = try Workshop()
        let batch = try Workshop.newBatch("b", count: 2)
        guard case .stage(let id) = try await shop.store.begin(batch, by: .gateway, at: shop.start)
        else { return }
        var rows = try Workshop.rows(first: 0, count: 2)
        try await shop.store.stage(rows, in: id, at: shop.start)
        rows[1].reference = "changed"
        let changed = rows
        let refusal = await #expect(throws: JobStoreError.self) {
            try await shop.store.stage(changed, in: id, at: shop.start)
        }
        #expect(refusal?.code == .conflict)
    }

    @Test func aBatchClosesWithItsLastJob() async throws {
        let shop = try Workshop()
        try await shop.admit(1)
        let id = try await shop.batch("b", first: 0, count: 2)
        try await shop.succeed(try await shop.takeAndArm(1))
        #expect(try await shop.store.batch(id)?.state == .open)
        try await shop.refuse(try await shop.takeAndArm(1))
        let closed = try #require(try await shop.store.batch(id))
        #expect(closed.state == .closed && closed.counts == [.succeeded: 1, .failed: 1])
    }

    @Test func aCancelledBatchKeepsOnlyWhatMayHaveBeenSent() async throws {
        let shop = try Workshop()
        for sim in 1...2 { try await shop.admit(sim) }
        let id = try await shop.batch("b", first: 0, count: 100)
        let attempt = try await shop.takeAndArm(1)
        let leased = try #require(try await shop.take(2))
        let cancelled = try await shop.store.change(
            id,
            .cancel,
            reason: "r",
            by: .gateway,
            at: shop.start
        )
        #expect(cancelled.counts == [.armed: 1, .cancelled: 99])
        let refusal = await #expect(throws: JobStoreError.self) { try await shop.arm(leased, 2) }
        #expect(refusal?.code == .leaseLost)
        try await shop.refuse(attempt, .tryAgain(after: .zero, elsewhere: false))
        #expect(try await shop.store.batch(id)?.counts == [.cancelled: 100])
    }

    @Test func aPausedBatchGivesNothingUntilItIsResumed() async throws {
        let shop = try Workshop()
        try await shop.admit(1)
        let id = try await shop.batch("b", first: 0, count: 2)
        for _ in 0..<2 {
            _ = try await shop.store.change(id, .pause, reason: "r", by: .gateway, at: shop.start)
        }
        #expect(try await shop.claim(1) == .nothing)
        _ = try await shop.store.change(id, .resume, reason: "r", by: .gateway, at: shop.start)
        #expect(try await shop.take(1)?.batch == id)
    }

    @Test func theClockworkMakesDueWhatIsDue() async throws {
        let shop = try Workshop()
        try await shop.admit(1)
        var later = try Samples.order(1)
        later.notBefore = shop.start.advanced(by: .seconds(30))
        later.deadline = shop.start.advanced(by: .seconds(200))
        let job = try await shop.submit(later)
        #expect(job.state == .scheduled)
        #expect(try await shop.store.promote(at: shop.start) == later.notBefore)
        let due = shop.start.advanced(by: .seconds(30))
        #expect(try await shop.store.promote(at: due) == later.deadline)
        #expect(try await shop.take(1, after: .seconds(30))?.id == job.id)
        let lost = shop.start.advanced(by: .seconds(90))
        #expect(try await shop.store.promote(at: lost) == later.deadline)
        #expect(try await shop.store.job(job.id)?.state == .ready)
        #expect(try await shop.store.promote(at: shop.start.advanced(by: .seconds(200))) == nil)
        #expect(try await shop.store.job(job.id)?.state == .expired)
    }

    /// The clock may be what is wrong.
    @Test func onHoldNothingExpiresOrComesDueUntilTheRelease() async throws {
        let shop = try Workshop()
        try await shop.admit(1)
        var short = try Samples.order(1)
        short.deadline = shop.start.advanced(by: .seconds(200))
        let overdue = try await shop.submit(short)
        var later = try Samples.order(2)
        later.notBefore = shop.start.advanced(by: .seconds(300))
        let scheduled = try await shop.submit(later)
        let leased = try #require(try await shop.take(1))
        func states() async throws -> [JobState?] {
            [
                try await shop.store.job(overdue.id)?.state,
                try await shop.store.job(scheduled.id)?.state,
            ]
        }
        #expect(leased.id == overdue.id)
        try await shop.store.setHold(true, reason: "r", by: .gateway, at: shop.start)
        let leaseEnd = shop.start.advanced(by: .seconds(60))
        #expect(try await shop.store.promote(at: shop.start) == leaseEnd)
        let wrong = shop.start.advanced(by: .seconds(86_400))
        #expect(try await shop.store.promote(at: wrong) == nil)
        #expect(try await states() == [.ready, .scheduled])
        try await shop.store.setHold(false, reason: "r", by: .gateway, at: shop.start)
        #expect(try await shop.store.promote(at: shop.start) == short.deadline)
        #expect(try await shop.store.promote(at: wrong) == nil)
        #expect(try await states() == [.expired, .ready])
    }

    @Test func aFullDiskRefusesNewWorkAndFilesWorkInFlight() async throws {
        let box = Box()
        let shop = try Workshop(freeBytes: { _ in box.value.withLock { $0 } })
        try await shop.admit(1)
        for index in 1...2 { try await shop.submit(try Samples.order(index)) }
        let attempt = try await shop.takeAndArm(1)
        let reserve = shop.folder.path("state/reserve")
        #expect(StateFolder.size(of: reserve) == StateFolder.ballastBytes)
        box.value.withLock { $0 = 10 << 20 }
        for refused in [
            await #expect(throws: JobStoreError.self) {
                try await shop.submit(try Samples.order(3))
            },
            await #expect(throws: JobStoreError.self) { _ = try await shop.claim(1) },
            await #expect(throws: JobStoreError.self) {
                _ = try await shop.batch("b", first: 9, count: 1)
            },
        ] {
            #expect(refused?.code == .diskFull)
        }
        #expect(StateFolder.size(of: reserve) == 0)
        #expect(try await shop.succeed(attempt) == .succeeded)
        box.value.withLock { $0 = 1 << 40 }
        #expect(try await shop.take(1) != nil)
    }

    @Test func listsGoByPages() async throws {
        let shop = try Workshop()
        let id = try await shop.batch("b", first: 0, count: 5)
        try await shop.submit(try Samples.order(9))
        var page = try await shop.store.jobs(JobQuery(limit: 4))
        #expect(page.elements.first?.order.key.key == "order-9" && page.elements.count == 4)
        page = try await shop.store.jobs(JobQuery(after: page.next, limit: 4))
        #expect(page.elements.count == 2 && page.next == nil)
        let rows = try await shop.store.jobs(JobQuery(batch: id, after: 3))
        #expect(rows.elements.map(\.order.batchLine) == [4, 5, 6])
        let number = try Samples.number(9)
        #expect(try await shop.store.jobs(JobQuery(number: number)).elements.count == 1)
        #expect(try await shop.store.jobs(JobQuery(states: [.unknown])).elements.isEmpty)
    }

    @Test func eventsComeInOrderWithTheirDetails() async throws {
        let shop = try Workshop()
        let event = NewEvent(
            kind: "modem.arrived",
            details: [.init("port", "a\"b\\c\n"), .init("a", "表")]
        )
        try await shop.store.record(event, by: Actor("uid:0"), at: shop.start)
        let events = try await shop.store.events(after: 1, limit: 9)
        #expect(events.map(\.event) == [event] && events.map(\.actor) == ["uid:0"])
    }

    @Test func aSIMElsewhereWaitsForAPersonWhereEnrolmentIsRequired() async throws {
        let shop = try Workshop()
        #expect(try await shop.admit(1, enrolment: .required).sim.state == .quarantined)
        #expect(try await shop.claim(1) == .stopped)
        _ = try await shop.store.enrol(
            try Samples.iccid(1),
            reason: "mine",
            people: 1,
            by: Workshop.mei,
            at: shop.start
        )
        #expect(try await shop.admit(1, enrolment: .required).sim.state == .enabled)
        #expect(try await shop.admit(1, enrolment: .required, imei: 2).sim.state == .quarantined)
    }

    /// Between the look at it and the release it became one that takes an approver.
    @Test func aJobThatIsHeldForAnotherReasonByNowIsNotReleased() async throws {
        let shop = try Workshop()
        var order = try Samples.order(1)
        order.hold = .overLimit
        let job = try await shop.submit(order)
        for seen in [nil, HoldReason.heldByPerson] {
            let refusal = await #expect(throws: JobStoreError.self) {
                try await shop.store.release(
                    job.id,
                    heldFor: seen,
                    reason: "r",
                    by: Workshop.mei,
                    at: shop.start
                )
            }
            #expect(refusal?.code == .wrongState)
            #expect(refusal?.message.contains("(over_limit): look again") == true)
        }
        #expect(try await shop.store.job(job.id) == job)
        #expect(try await shop.eventKinds(about: job.id) == ["job.submitted"])
        let released = try await shop.store.release(
            job.id,
            heldFor: .overLimit,
            reason: "r",
            by: Workshop.mei,
            at: shop.start
        )
        #expect(released.state == .ready)
    }

    /// Shares a mutex with a closure.
    private final class Box: Sendable {
        let value = Mutex<Int64>(1 << 40)
    }
}
