import GRDB
import TestSupport
import Testing

@testable import FaultyDisk

/// The disk that the campaigns of power loss and I/O errors stand on.
struct FaultyDiskTests {
    @Test func anUnsyncedWriteIsGoneAndASyncedOneStays() throws {
        var generator = SplitMix64(seed: 1)
        var file = DiskFile()
        file.write("kept", at: 0)
        file.sync()
        file.write("lost", at: 0)
        file.write("more", at: 600)
        #expect(file.live.count == 604)
        #expect(file.afterPowerCut(.whole, using: &generator).live == Array("kept".utf8))
        #expect(file.afterPowerCut(.none, using: &generator).live == file.live)
        file.sync()
        #expect(file.afterPowerCut(.whole, using: &generator).live == file.live)
    }

    @Test func sectorsAreTornOneByOne() {
        var generator = SplitMix64(seed: 1)
        var file = DiskFile()
        file.write(String(repeating: "a", count: 2048), at: 0)
        file.sync()
        file.write(String(repeating: "b", count: 2048), at: 0)
        let loss = PowerLoss(freezePercent: 50, garbagePercent: 0)
        var patterns: Set<String> = []
        for _ in 0..<200 {
            let octets = file.afterPowerCut(loss, using: &generator).live
            let sectors = stride(from: 0, to: 2048, by: 512).map { Set(octets[$0..<$0 + 512]) }
            #expect(sectors.allSatisfy { $0.count == 1 })
            patterns.insert(sectors.map { $0 == [0x61] ? "a" : "b" }.joined())
        }
        #expect(patterns.count == 16)
    }

    @Test func garbageStaysWithinWhatWasBeingWritten() {
        var generator = SplitMix64(seed: 1)
        var file = DiskFile()
        file.write(String(repeating: "a", count: 512), at: 0)
        file.sync()
        file.write("bbbb", at: 100)
        let loss = PowerLoss(freezePercent: 99, garbagePercent: 100)
        let octets = file.afterPowerCut(loss, using: &generator).live
        #expect(octets[100..<104] != [0x62, 0x62, 0x62, 0x62])
        #expect(Set(octets[..<100] + octets[104...]) == [0x61])
    }

    @Test func whatAFailedSyncLeftIsNeverDurable() {
        var generator = SplitMix64(seed: 1)
        var file = DiskFile()
        file.write("lost", at: 0)
        file.forgetPending()
        file.write("kept", at: 4)
        file.sync()
        #expect(file.live == Array("lostkept".utf8))
        let octets = file.afterPowerCut(.whole, using: &generator).live
        #expect(octets == [0, 0, 0, 0] + Array("kept".utf8))
    }

    @Test func aNameIsDurableWithItsFileAndGoneWhenTheFolderIsSynced() {
        var generator = SplitMix64(seed: 1)
        var image = DiskImage()
        let node = image.create("a")
        #expect(image.afterPowerCut(.whole, using: &generator).names == [])
        image.sync(node, name: "a")
        image.delete("a", isSynced: false)
        #expect(image.names == [])
        #expect(image.afterPowerCut(.whole, using: &generator).names == ["a"])
        image.delete("a", isSynced: true)
        #expect(image.afterPowerCut(.whole, using: &generator).names == [])
    }

    // MARK: Under SQLite

    @Test(arguments: [("NORMAL", 0), ("FULL", 1)])
    func aCommitIsAsDurableAsItsSync(synchronous: String, rows: Int) throws {
        let disk = try MountedDisk()
        try disk.write("CREATE TABLE t (a)", checkpoint: true)
        try disk.pool.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = \(synchronous)")
            try db.execute(sql: "INSERT INTO t VALUES (1)")
        }
        var generator = SplitMix64(seed: 1)
        let after = try MountedDisk(disk.disk.image.afterPowerCut(.whole, using: &generator))
        #expect(try after.count() == rows)
    }

    @Test func theDiskKeepsSynchronousNormalAndSaysOtherwise() throws {
        let disk = try MountedDisk(trait: .keepsSynchronousNormal)
        try disk.write("CREATE TABLE t (a)", checkpoint: true)
        try disk.pool.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = NORMAL")
            try db.execute(sql: "PRAGMA synchronous = 3")
            #expect(try Int.fetchOne(db, sql: "PRAGMA synchronous") == 3)
            try db.execute(sql: "INSERT INTO t VALUES (1)")
        }
        var generator = SplitMix64(seed: 1)
        let after = try MountedDisk(disk.disk.image.afterPowerCut(.whole, using: &generator))
        #expect(try after.count() == 0)
    }

    @Test(arguments: [false, true])
    func aFaultComesAtItsCall(isLasting: Bool) throws {
        let disk = try MountedDisk()
        try disk.write("CREATE TABLE t (a)")
        let sync = DiskCall(.wal, .sync)
        disk.disk.setLabel("insert")
        let trigger = DiskTrigger(count: 2, calls: [sync])
        disk.disk.setPlan(.fault(.inputOutput, trigger, isLasting: isLasting))
        try disk.write("INSERT INTO t VALUES (1)")
        #expect(throws: DatabaseError.self) { try disk.write("INSERT INTO t VALUES (2)") }
        #expect(disk.disk.incident == DiskIncident(call: sync, label: "insert"))
        if isLasting {
            #expect(throws: DatabaseError.self) { try disk.write("INSERT INTO t VALUES (3)") }
        } else {
            try disk.write("INSERT INTO t VALUES (3)")
        }
    }

    @Test func afterACutNothingAnswers() throws {
        let disk = try MountedDisk()
        try disk.write("CREATE TABLE t (a)")
        disk.disk.setPlan(.powerCut(DiskTrigger(count: 2, calls: [DiskCall(.wal, .write)])))
        #expect(throws: DatabaseError.self) { try disk.write("INSERT INTO t VALUES (1)") }
        #expect(disk.disk.isOff)
        #expect(throws: DatabaseError.self) { try disk.write("INSERT INTO t VALUES (2)") }
    }

    @Test func otherFoldersAreNotItsConcern() throws {
        let disk = try MountedDisk()
        let folder = try TemporaryFolder()
        let queue = try DatabaseQueue(path: folder.path("other.sqlite"))
        try queue.write { try $0.execute(sql: "CREATE TABLE t (a)") }
        try queue.close()
        #expect(disk.disk.calls[DiskCall(.database, .open)] == 1)
    }
}

/// A pool on a disk of its own.
private final class MountedDisk {
    let disk: FaultyDisk
    let pool: DatabasePool
    private let folder: TemporaryFolder

    init(_ image: DiskImage = DiskImage(), trait: FaultyDisk.Trait = .ordinary) throws {
        folder = try TemporaryFolder()
        disk = FaultyDisk.mount(image, at: folder.path, trait: trait)
        var configuration = Configuration()
        configuration.prepareDatabase { db in
            // Or the journal of the change to WAL comes back with the power, and undoes it.
            try db.execute(sql: "PRAGMA synchronous = EXTRA")
        }
        pool = try DatabasePool(path: folder.path("t.sqlite"), configuration: configuration)
    }

    deinit {
        disk.unmount()
    }

    func write(_ sql: String, checkpoint: Bool = false) throws {
        try pool.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = FULL")
            try db.execute(sql: sql)
            if checkpoint { try db.checkpoint(.truncate) }
        }
    }

    func count() throws -> Int? {
        try pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "SELECT count(*) FROM t") }
    }
}

extension DiskFile {
    fileprivate mutating func write(_ text: String, at offset: Int) {
        Array(text.utf8).withUnsafeBytes { write($0, at: offset) }
    }
}
