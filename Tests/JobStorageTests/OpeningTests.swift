import Foundation
import GRDB
import Recharge
import TestSupport
import Testing

@testable import JobStorage

struct OpeningTests {
    @Test func aRestartMakesArmedUnknownAndLeasedReady() async throws {
        let shop = try Workshop()
        for sim in 1...2 { try await shop.admit(sim) }
        for index in 1...2 { try await shop.submit(try Samples.order(index)) }
        let attempt = try await shop.takeAndArm(1)
        let leased = try #require(try await shop.take(2))
        try shop.reopen()
        #expect(shop.store.recovery.returned == 1 && shop.store.recovery.doubts == 1)
        #expect(shop.store.recovery.hold == nil)
        #expect(shop.store.recovery.lastEventAt == shop.start)
        #expect(try await shop.store.job(attempt.job)?.state == .unknown)
        #expect(try await shop.store.job(leased.id)?.state == .ready)
        #expect(
            try await shop.store.events(after: 0, limit: 99).last?.event.kind == "gateway.started"
        )
        #expect(try await shop.store.firstBrokenEvent() == nil)
    }

    @Test func aCopyTakenAtAnyMomentOpens() async throws {
        let shop = try Workshop()
        try await shop.admit(1)
        try await shop.submit(try Samples.order(1))
        let attempt = try await shop.takeAndArm(1)
        let copy = shop.folder.path("copy")
        try FileManager.default.copyItem(atPath: shop.folder.path("state"), toPath: copy)
        try await shop.succeed(attempt)
        let other = try SQLiteJobStore.open(folder: copy, at: shop.start)
        #expect(other.recovery.doubts == 1)
        #expect(try await other.job(attempt.job)?.state == .unknown)
        try other.close()
    }

    @Test func aFolderHasOneDaemon() throws {
        let shop = try Workshop()
        let refusal = #expect(throws: JobStoreError.self) {
            try SQLiteJobStore.open(folder: shop.folder.path("state"), at: shop.start)
        }
        #expect(refusal?.code == .locked)
        #expect(refusal?.message.contains("/lock") == true)
        #expect(refusal?.message.contains("process \(getpid())") == true)
        try shop.reopen()
    }

    @Test func theFolderIsItsOwnersAlone() throws {
        let shop = try Workshop()
        let path = shop.folder.path("state")
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect(mode as? Int == 0o700)
    }

    @Test(arguments: [
        ("PRAGMA user_version = 99", "newer recharged"),
        ("PRAGMA application_id = 5", "another program"),
    ])
    func aForeignOrNewerDatabaseIsRefused(statement: String, cause: String) throws {
        let shop = try Workshop()
        try shop.store.close()
        let path = shop.folder.path("state/recharged.sqlite")
        let queue = try DatabaseQueue(path: path)
        try queue.writeWithoutTransaction { try $0.execute(sql: statement) }
        try queue.close()
        let refusal = #expect(throws: JobStoreError.self) { try shop.reopen() }
        #expect(refusal?.code == .unusable)
        #expect(refusal?.message.contains(cause) == true)
    }

    @Test(arguments: [0, 1])
    func aDamagedFileIsRefusedWithItsCure(place: Int) throws {
        let shop = try Workshop()
        try shop.store.close()
        let path = shop.folder.path("state/recharged.sqlite")
        var octets = try Data(contentsOf: URL(fileURLWithPath: path))
        let start = place == 0 ? 0 : 4096 * 3
        octets.replaceSubrange(start..<start + 2048, with: Data(repeating: 0xA5, count: 2048))
        try octets.write(to: URL(fileURLWithPath: path))
        let refusal = #expect(throws: JobStoreError.self) { try shop.reopen() }
        #expect(refusal?.code == .unusable)
        #expect(refusal?.message.contains("backup") == true)
    }

    @Test func everyConnectionHasItsSettings() async throws {
        let shop = try Workshop()
        try await shop.store.pool.writeWithoutTransaction { try Connections.verify($0) }
        let pool = shop.store.pool
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    try await pool.read { db in
                        try Connections.verify(db)
                        #expect(try Int.fetchOne(db, sql: "PRAGMA query_only") == 1)
                    }
                }
            }
            try await group.waitForAll()
        }
        let mode = try await shop.store.pool.read { db in
            try String.fetchOne(db, sql: "PRAGMA journal_mode")
        }
        #expect(mode == "wal")
    }

    @Test func aLoweredSettingIsFound() throws {
        let shop = try Workshop()
        let refusal = #expect(throws: JobStoreError.self) {
            try shop.store.pool.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA synchronous = NORMAL")
                try Connections.verify(db)
            }
        }
        #expect(refusal?.message.contains("synchronous is 1") == true)
    }

    @Test func theChainTellsOfAChangedEvent() async throws {
        let shop = try Workshop()
        for index in 1...5 { try await shop.submit(try Samples.order(index)) }
        #expect(try await shop.store.firstBrokenEvent() == nil)
        try await shop.store.pool.writeWithoutTransaction { db in
            try db.execute(sql: "DROP TRIGGER event_no_update")
            try db.execute(sql: "UPDATE event SET actor = 'x' WHERE seq = 3")
        }
        #expect(try await shop.store.firstBrokenEvent() == 3)
    }
}
