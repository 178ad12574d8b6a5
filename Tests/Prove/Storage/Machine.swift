import FaultyDisk
import Foundation
import GRDB
import JobStorage
import Recharge
import TestSupport

/// A computer with one disk, on which a store runs.
final class Machine: Sendable {
    let disk: FaultyDisk
    private let folder: TemporaryFolder
    private let path: String

    /// Below what the store takes for a full disk, and too little for it to lay by a reserve.
    private static let freeBytes: Int64 = 80 << 20

    init(_ image: DiskImage = DiskImage(), trait: FaultyDisk.Trait = .ordinary) throws {
        folder = try TemporaryFolder(in: Machine.memory)
        path = folder.path("state")
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: false
        )
        disk = FaultyDisk.mount(image, at: path, trait: trait)
    }

    deinit {
        disk.unmount()
    }

    /// Where a file costs no disk.
    private static let memory: URL = {
        let shared = URL(fileURLWithPath: "/dev/shm")
        let isThere = FileManager.default.isWritableFile(atPath: shared.path)
        return isThere ? shared : FileManager.default.temporaryDirectory
    }()

    /// Opens the store with the smallest chunks, so that what lies between two commits does not
    /// hang on how fast the machine is.
    func open(at now: Timestamp) throws -> SQLiteJobStore {
        try SQLiteJobStore.open(folder: path, at: now, chunkTime: .zero) { _ in Machine.freeBytes }
    }

    /// Reads the database on a connection of its own, beside the store.
    func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        var configuration = Configuration()
        configuration.readonly = true
        let queue = try DatabaseQueue(
            path: "\(path)/recharged.sqlite",
            configuration: configuration
        )
        let value = try queue.unsafeRead(body)
        try queue.close()
        return value
    }
}
