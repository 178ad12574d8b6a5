import CSQLite
import GRDBSQLite
import Glibc
import Synchronization

/// The disk under the databases of one folder, which fails when it is told to.
///
/// It stands between SQLite and its own file system and fails the log alone: there a commit becomes
/// durable. A write that fails leaves the log as it was; a flush that fails comes after all was
/// written, so that the next process finds the commit.
final class FailingDisk: Sendable {
    private struct State {
        var damage: DiskDamage?
        var hasWritten = false
        var freeBytes = FailingDisk.enough
    }

    /// More than the store wants, and less than makes it raise its ballast.
    private static let enough: Int64 = 80 << 20
    private static let tooLittle: Int64 = 32 << 20

    private let state = Mutex(State())

    /// Takes over what is opened in a folder from now on.
    func serve(_ folder: String) { FailingFiles.serve(folder, self) }

    /// Lets a folder go; nothing in it may be open any more.
    func forget(_ folder: String) { FailingFiles.forget(folder) }

    var freeBytes: Int64 { state.withLock { $0.freeBytes } }

    func suffer(_ damage: DiskDamage) {
        state.withLock { state in
            switch damage {
            case .lowSpace: state.freeBytes = FailingDisk.tooLittle
            case .enoughSpace: state.freeBytes = FailingDisk.enough
            case .writeError, .full, .syncError:
                state.damage = damage
                state.hasWritten = false
            }
        }
    }

    /// The result code of a write to the log.
    fileprivate func write() -> Int32 {
        state.withLock { state in
            state.hasWritten = true
            switch state.damage {
            case .writeError(let after):
                state.damage = after > 1 ? .writeError(after: after - 1) : nil
                return after > 1 ? SQLITE_OK : SQLITE_IOERR | 3 << 8
            case .full(let after):
                state.damage = after > 1 ? .full(after: after - 1) : nil
                return after > 1 ? SQLITE_OK : SQLITE_FULL
            case .syncError, .lowSpace, .enoughSpace, nil: return SQLITE_OK
            }
        }
    }

    /// The result code of a flush of the log.
    fileprivate func sync() -> Int32 {
        state.withLock { state in
            guard case .syncError = state.damage, state.hasWritten else { return SQLITE_OK }
            state.damage = nil
            return SQLITE_IOERR | 4 << 8
        }
    }
}

/// SQLite's own file system with two calls of the log's files replaced.
private enum FailingFiles {
    private static let disks = Mutex<[String: FailingDisk]>([:])

    /// The original table of methods of a log's file, and the one with two replaced.
    private struct Methods: @unchecked Sendable {
        let original: UnsafePointer<sqlite3_io_methods>
        let replaced: UnsafePointer<sqlite3_io_methods>
    }

    private static let methods = Mutex<Methods?>(nil)

    /// Registered as the one that databases are opened with, once.
    private static let fileSystem: Void = {
        disable_memory_statistics()
        guard let original = sqlite3_vfs_find(nil) else { return }
        let copy = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        copy.initialize(to: original.pointee)
        copy.pointee.zName = UnsafePointer(strdup("failing"))
        copy.pointee.pAppData = UnsafeMutableRawPointer(original)
        copy.pointee.szOsFile += Int32(MemoryLayout<UnsafeRawPointer?>.size)
        copy.pointee.xOpen = { fileSystem, name, file, flags, result in
            guard let fileSystem, let file,
                let original = fileSystem.pointee.pAppData?
                    .assumingMemoryBound(to: sqlite3_vfs.self)
            else { return SQLITE_INTERNAL }
            let code = original.pointee.xOpen(original, name, file, flags, result)
            if code == SQLITE_OK, flags & SQLITE_OPEN_WAL != 0, let name {
                adopt(file, String(cString: name), size: Int(original.pointee.szOsFile))
            }
            return code
        }
        sqlite3_vfs_register(copy, 1)
    }()

    static func serve(_ folder: String, _ disk: FailingDisk) {
        _ = fileSystem
        disks.withLock { $0[folder] = disk }
    }

    static func forget(_ folder: String) {
        _ = disks.withLock { $0.removeValue(forKey: folder) }
    }

    private static func adopt(_ file: UnsafeMutablePointer<sqlite3_file>, _ path: String, size: Int)
    {
        let disk = disks.withLock { disks in
            disks.first { path.hasPrefix("\($0.key)/") }?.value
        }
        guard let disk, let original = file.pointee.pMethods else { return }
        place(of: file, size).pointee = UnsafeRawPointer(Unmanaged.passUnretained(disk).toOpaque())
        let table = methods.withLock { known in
            if let known { return known }
            let made = Methods(original: original, replaced: replacing(original))
            known = made
            return made
        }
        file.pointee.pMethods = table.replaced
    }

    /// Where the disk of a file is noted: behind what SQLite keeps of it.
    private static func place(
        of file: UnsafeMutablePointer<sqlite3_file>,
        _ size: Int
    ) -> UnsafeMutablePointer<UnsafeRawPointer?> {
        (UnsafeMutableRawPointer(file) + size).assumingMemoryBound(to: UnsafeRawPointer?.self)
    }

    private static func disk(of file: UnsafeMutablePointer<sqlite3_file>?) -> FailingDisk? {
        guard let file, let original = sqlite3_vfs_find("unix"),
            let disk = place(of: file, Int(original.pointee.szOsFile)).pointee
        else { return nil }
        return Unmanaged.fromOpaque(disk).takeUnretainedValue()
    }

    private static func replacing(
        _ original: UnsafePointer<sqlite3_io_methods>
    ) -> UnsafePointer<sqlite3_io_methods> {
        let copy = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
        copy.initialize(to: original.pointee)
        copy.pointee.xWrite = { file, octets, count, offset in
            let code = FailingFiles.disk(of: file)?.write() ?? SQLITE_OK
            guard code == SQLITE_OK else { return code }
            let original = FailingFiles.methods.withLock { $0 }?.original
            return original?.pointee.xWrite(file, octets, count, offset) ?? SQLITE_INTERNAL
        }
        copy.pointee.xSync = { file, flags in
            let code = FailingFiles.disk(of: file)?.sync() ?? SQLITE_OK
            guard code == SQLITE_OK else { return code }
            let original = FailingFiles.methods.withLock { $0 }?.original
            return original?.pointee.xSync(file, flags) ?? SQLITE_INTERNAL
        }
        return UnsafePointer(copy)
    }
}
