import Foundation
import GRDB
import Recharge
import TestSupport
import Testing

@testable import JobStorage

/// Backups of a queue at work, and what a restore makes of them.
struct RestoreTests {
    /// One job in each state that is not final, on three SIMs.
    static func shop() async throws -> Workshop {
        let shop = try Workshop()
        for sim in 1...3 { try await shop.admit(sim, imei: sim) }
        for index in 1...3 { try await shop.submit(try Samples.order(index)) }
        let doubted = try await shop.takeAndArm(1)
        try await shop.settle(doubted, .unknown, [])
        _ = try await shop.takeAndArm(2)
        _ = try await shop.take(3)
        try await shop.submit(try Samples.order(4))
        var late = try Samples.order(5)
        late.notBefore = shop.start.advanced(by: .seconds(9000))
        try await shop.submit(late)
        var held = try Samples.order(6)
        held.hold = .overLimit
        try await shop.submit(held)
        return shop
    }

    static func backUp(_ shop: Workshop) async throws -> String {
        let path = shop.folder.path("backup.sqlite")
        try await backUp(shop.store, to: path)
        return path
    }

    private static func backUp(_ store: SQLiteJobStore, to path: String) async throws {
        let file = try await store.backUp(by: .gateway, at: Samples.midnight)
        var bytes: [UInt8] = []
        while true {
            let chunk = try file.chunk(at: Int64(bytes.count))
            guard !chunk.isEmpty else { break }
            bytes += chunk
        }
        #expect(Int64(bytes.count) == file.byteCount)
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    @discardableResult
    static func restore(
        _ file: String,
        _ shop: Workshop,
        into name: String = "state",
        replaces: Bool = true,
        after delay: Duration = .seconds(60)
    ) throws -> (Restoration.Report, [Restoration.Suspect]) {
        var suspects: [Restoration.Suspect] = []
        let report = try Restoration.restore(
            file,
            into: shop.folder.path(name),
            replaces: replaces,
            at: shop.start.advanced(by: delay)
        ) { suspects.append($0) }
        return (report, suspects)
    }

    @Test func nothingOfABackupIsSentBeforePeopleHaveLooked() async throws {
        let shop = try await Self.shop()
        let file = try await Self.backUp(shop)
        try shop.store.close()
        let (report, suspects) = try Self.restore(file, shop)
        #expect(suspects.map(\.state) == [.unknown, .armed, .leased, .ready, .scheduled, .held])
        #expect(report.held == 4 && report.doubts == 1 && report.epoch == 1)
        #expect(report.madeAt == shop.start && report.findings == [])
        try shop.reopen(at: shop.start.advanced(by: .seconds(60)))
        #expect(shop.store.recovery.hold?.hasPrefix("restored from a backup of 2026-11-23") == true)
        #expect(shop.store.recovery.doubts == 0 && shop.store.recovery.returned == 0)
        let jobs = try await shop.store.jobs(JobQuery()).elements.reversed()
        #expect(jobs.map(\.state) == [.unknown, .unknown, .held, .held, .held, .held])
        #expect(
            jobs.map(\.holdReason) == [nil, nil, .restored, .restored, .restored, .restored]
        )
        let kinds = try await shop.store.audit(AuditQuery()).elements.map(\.event.kind)
        #expect(kinds.contains("gateway.restored") && kinds.contains("gateway.backed_up"))
        #expect(try await shop.store.verifyChain(against: nil).findings == [])
        #expect(try await shop.store.verifyIntegrity() == [])
        #expect(try await shop.store.verifyBooks().findings == [])
    }

    @Test func eachSIMIsReconciledBeforeItWorks() async throws {
        let shop = try await Self.shop()
        let file = try await Self.backUp(shop)
        try shop.store.close()
        try Self.restore(file, shop)
        let now = shop.start.advanced(by: .seconds(60))
        try shop.reopen(at: now)
        let store = shop.store
        let sim = try Samples.iccid(3)
        // Seen since, as every SIM of a gateway at work is.
        var sighting = SIMSighting(
            iccid: sim,
            imsi: nil,
            imei: try Samples.imei(3),
            carrier: try Samples.carrier(),
            port: "port3"
        )
        _ = try await store.admit(sighting, enrolment: .open, at: now)
        let refusal = await #expect(throws: JobStoreError.self) {
            try await store.setHold(false, reason: "go", by: .gateway, at: now)
        }
        #expect(refusal?.message.contains("SIM \(sim.digits)") == true)
        #expect(refusal?.message.contains(try Samples.iccid(1).digits) == false)
        try await store.enterEpoch(sim, reason: "statement", by: .gateway, at: now)
        try await store.setHold(false, reason: "go", by: .gateway, at: now)
        #expect(
            try await store.releaseRestored(of: nil, reason: "unsent", by: .gateway, at: now) == 3
        )
        let left = try await store.jobs(JobQuery(states: [.held])).elements
        #expect(left.map(\.holdReason) == [.restored])
        #expect(left.first?.reason?.contains("; held before: over_limit") == true)
        #expect(try await shop.take(3, after: .seconds(2000)) != nil)
        // One that comes later is as unknown to the gateway as those before it.
        sighting.iccid = try Samples.iccid(9)
        _ = try await store.admit(sighting, enrolment: .open, at: now)
        guard case .stopped = try await shop.claim(9, after: .seconds(2000)) else {
            Issue.record("a SIM that was not reconciled claimed a job")
            return
        }
        let again = await #expect(throws: JobStoreError.self) {
            try await store.enterEpoch(sim, reason: "again", by: .gateway, at: now)
        }
        #expect(again?.code == .wrongState)
    }

    @Test func aRestoredJobIsReleasedByNameOrByBatch() async throws {
        let shop = try Workshop()
        let batch = try await shop.batch("b", first: 10, count: 3)
        let single = try await shop.submit(try Samples.order(1))
        let file = try await Self.backUp(shop)
        try shop.store.close()
        try Self.restore(file, shop)
        try shop.reopen()
        let store = shop.store
        #expect(
            try await store.releaseRestored(of: batch, reason: "r", by: .gateway, at: shop.start)
                == 3
        )
        #expect(try await store.job(single.id)?.state == .held)
        let released = try await store.release(
            single.id,
            heldFor: .restored,
            reason: "r",
            by: .gateway,
            at: shop.start
        )
        #expect(released.state == .ready)
    }

    @Test func aSecondRestoreBeginsAnotherEpoch() async throws {
        let shop = try await Self.shop()
        let first = try await Self.backUp(shop)
        try shop.store.close()
        try Self.restore(first, shop)
        try shop.reopen()
        try await shop.store.enterEpoch(
            try Samples.iccid(1),
            reason: "r",
            by: .gateway,
            at: shop.start
        )
        let second = try await Self.backUp(shop)
        try shop.store.close()
        let (report, _) = try Self.restore(second, shop)
        #expect(report.epoch == 2)
        try shop.reopen()
        try await shop.store.enterEpoch(
            try Samples.iccid(1),
            reason: "r",
            by: .gateway,
            at: shop.start
        )
    }

    @Test func theQueueThatWasThereIsKept() async throws {
        let shop = try await Self.shop()
        let file = try await Self.backUp(shop)
        let after = try await shop.submit(try Samples.order(50))
        let locked = #expect(throws: JobStoreError.self) { try Self.restore(file, shop) }
        #expect(locked?.code == .locked)
        try shop.store.close()
        let refusal = #expect(throws: JobStoreError.self) {
            try Self.restore(file, shop, replaces: false)
        }
        #expect(refusal?.message.contains("--force") == true)
        let (report, _) = try Self.restore(file, shop)
        let moved = try #require(report.movedTo)
        let old = try DatabaseQueue(path: moved)
        let known = try await old.read { db in
            try Int64.fetchAll(
                db,
                sql: "SELECT id FROM job WHERE id = ?",
                arguments: [after.id.rawValue]
            )
        }
        #expect(known.count == 1)
        try shop.reopen()
        #expect(try await shop.store.job(after.id) == nil)
    }

    /// As a killed process leaves it: its last commits are in the log alone.
    @Test func theLogBesideAFileIsRestoredWithIt() async throws {
        let shop = try await Self.shop()
        let last = try await shop.submit(try Samples.order(50))
        let left = shop.folder.path("left.sqlite")
        let path = shop.folder.path("state/recharged.sqlite")
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: path + suffix, toPath: left + suffix)
        }
        try shop.store.close()
        try Self.restore(left, shop)
        try shop.reopen()
        #expect(try await shop.store.job(last.id)?.holdReason == .restored)
        #expect(FileManager.default.fileExists(atPath: left + "-wal"))
    }

    @Test func whatABackupLeftInDoubtWaitsForAPersonAfterItsVerdictToo() async throws {
        let shop = try await Self.shop()
        let file = try await Self.backUp(shop)
        try shop.store.close()
        try Self.restore(file, shop)
        let now = shop.start.advanced(by: .seconds(60))
        try shop.reopen(at: now)
        let doubted = try #require(
            try await shop.store.jobs(JobQuery(states: [.unknown])).elements.last
        )
        let attempt = try #require(try await shop.store.dossier(of: doubted.id)?.tries.first)
        let again = Settlement.Following.tryAgain(after: .zero, elsewhere: false)
        try await shop.settle(
            attempt.attempt,
            .notExecuted(again),
            [Workshop.evidence(.notExecuted)],
            after: .seconds(60)
        )
        #expect(try await shop.store.job(doubted.id)?.holdReason == .restored)
        let asking = Asking(
            kind: .reconfirm,
            sim: try Samples.iccid(2),
            attempt: Attempt.ID(attempt.attempt.id.rawValue + 1),
            redactedRequest: "CF*******",
            answersUntil: now.advanced(by: .seconds(900))
        )
        try await shop.store.setHold(false, reason: "go", by: .gateway, at: now)
        let refusal = await #expect(throws: JobStoreError.self) {
            try await shop.store.ask(asking, at: now)
        }
        #expect(refusal?.message.contains("was not reconciled") == true)
    }

    /// The log was moved aside, and what it belongs to not yet.
    @Test func aRestoreThatWasCutOffKeepsTheOldQueueTogether() async throws {
        let shop = try Workshop()
        try await shop.submit(try Samples.order(1))
        let file = try await Self.backUp(shop)
        try shop.store.close()
        let queue = shop.folder.path("state/recharged.sqlite")
        let aside = "\(queue).20261123.replaced"
        try Data("log".utf8).write(to: URL(fileURLWithPath: "\(aside)-wal"))
        let mark = shop.folder.path("state/restoring")
        try Data(aside.utf8).write(to: URL(fileURLWithPath: mark))
        let (report, _) = try Self.restore(file, shop)
        #expect(report.movedTo == aside)
        #expect(FileManager.default.fileExists(atPath: aside))
        // Cut off at its very end, what was moved is complete: the next one has another name.
        try Data(aside.utf8).write(to: URL(fileURLWithPath: mark))
        let (again, _) = try Self.restore(file, shop, after: .seconds(120))
        #expect(again.movedTo != aside)
        try shop.reopen(at: shop.start.advanced(by: .seconds(180)))
    }

    @Test func aRestoreThatWasCutOffIsNotStartedFrom() async throws {
        let shop = try await Self.shop()
        let file = try await Self.backUp(shop)
        try shop.store.close()
        try Data().write(to: URL(fileURLWithPath: shop.folder.path("state/restoring")))
        let refusal = #expect(throws: JobStoreError.self) { try shop.reopen() }
        #expect(refusal?.message.contains("recharged restore FILE") == true)
        try Self.restore(file, shop)
        try shop.reopen()
    }

    @Test(arguments: [
        ("UPDATE event SET actor = 'x' WHERE seq = 2", "event 2 was changed"),
        ("DELETE FROM event WHERE seq > 3", "the end is cut off"),
        ("PRAGMA user_version = 99", "newer recharged"),
        ("PRAGMA application_id = 7", "another program"),
        ("DROP TABLE lane_count; DROP TABLE lane", "refers to a missing lane"),
    ])
    func aBackupThatIsNotWholeIsRefused(statement: String, cause: String) async throws {
        let shop = try await Self.shop()
        let file = try await Self.backUp(shop)
        let queue = try DatabaseQueue(path: file)
        try await queue.writeWithoutTransaction { db in
            for name in ["event_no_update", "event_no_delete", "lane_no_delete"] {
                try db.execute(sql: "DROP TRIGGER \(name)")
            }
            try db.execute(sql: "PRAGMA foreign_keys = OFF; \(statement)")
        }
        try queue.close()
        let refusal = #expect(throws: JobStoreError.self) {
            try Self.restore(file, shop, into: "other")
        }
        #expect(refusal?.code == .unusable)
        #expect(refusal?.message.contains(cause) == true, "\(refusal?.message ?? "")")
        #expect(refusal?.message.contains("--force") == false)
        #expect(!FileManager.default.fileExists(atPath: shop.folder.path("other/recharged.sqlite")))
    }

    @Test func aSIMSaysThatNobodyComparedItSinceTheRestore() async throws {
        let shop = try Workshop()
        try await shop.admit(1)
        let file = try await Self.backUp(shop)
        #expect(try await shop.store.sims().map(\.isBehindRestore) == [false])
        try Self.restore(file, shop, into: "other")
        let store = try SQLiteJobStore.open(folder: shop.folder.path("other"), at: shop.start)
        #expect(try await store.sims().map(\.isBehindRestore) == [true])
        let sim = try Samples.iccid(1)
        try await store.enterEpoch(sim, reason: "compared", by: Workshop.mei, at: shop.start)
        #expect(try await store.sims().map(\.isBehindRestore) == [false])
        try store.close()
    }

    @Test func anOlderBackupIsBroughtUpToDate() async throws {
        let shop = try Workshop()
        let file = shop.folder.path("old.sqlite")
        let queue = try DatabaseQueue(path: file)
        try await queue.writeWithoutTransaction { db in
            for part in Schema.versions[0] { try db.execute(sql: part) }
            try db.execute(sql: "PRAGMA application_id = \(Schema.applicationID)")
            try db.execute(sql: "PRAGMA user_version = 1")
        }
        try queue.close()
        let (report, _) = try Self.restore(file, shop, into: "other")
        #expect(report.epoch == 1 && report.madeAt == nil)
        let store = try SQLiteJobStore.open(folder: shop.folder.path("other"), at: shop.start)
        #expect(store.recovery.hold?.contains("restored") == true)
        try store.close()
    }

    /// The copy is made beside the writer, which goes on meanwhile.
    @Test func aBackupStallsNoCommit() async throws {
        let shop = try Workshop()
        try await shop.batch("large", first: 100, count: 20_000)
        let store = shop.store
        let file = shop.folder.path("backup.sqlite")
        let before = try await store.stats(at: shop.start)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await Self.backUp(store, to: file) }
            group.addTask {
                for index in 1...99 {
                    let order = try Samples.order(index)
                    _ = try await store.submit(order, by: .gateway, at: Samples.midnight)
                }
            }
            try await group.waitForAll()
        }
        let after = try await store.stats(at: shop.start)
        let waits =
            "longest commit wait \(before.longestCommitWait), then \(after.longestCommitWait)"
        // Above what any commit takes here, below what the copy of this queue takes with a lock.
        #expect(after.longestCommitWait < .milliseconds(500), "\(waits)")
        let (report, _) = try Self.restore(file, shop, into: "other")
        #expect(report.held >= 20_000)
    }
}
