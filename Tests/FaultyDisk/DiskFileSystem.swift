import CSQLite
import GRDBSQLite
import Glibc

/// SQLite's default file system in a process that proves: each folder with a `FaultyDisk` is that
/// disk, and every other path is left to the file system that was the default before.
enum DiskFileSystem {
    /// Registers it, once.
    static func install() {
        _ = address
    }

    /// What its methods need, kept where SQLite hands it to them.
    private struct Context {
        var system: UnsafeMutablePointer<sqlite3_vfs>
        var methods: UnsafeMutablePointer<sqlite3_io_methods>
    }

    private typealias System = UnsafeMutablePointer<sqlite3_vfs>?
    private typealias Path = UnsafePointer<CChar>?

    private static let address: UInt = {
        disable_memory_statistics()
        guard let before = sqlite3_vfs_find(nil) else { return 0 }
        let methods = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
        methods.initialize(to: OpenFileMethods.table)
        let context = UnsafeMutablePointer<Context>.allocate(capacity: 1)
        context.initialize(to: Context(system: before, methods: methods))
        let system = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        system.initialize(to: sqlite3_vfs())
        system.pointee.iVersion = 2
        system.pointee.szOsFile = max(
            Int32(MemoryLayout<OpenFileMethods.Record>.size),
            before.pointee.szOsFile
        )
        system.pointee.mxPathname = before.pointee.mxPathname
        system.pointee.zName = UnsafePointer(strdup("faulty-disk"))
        system.pointee.pAppData = UnsafeMutableRawPointer(context)
        fill(&system.pointee)
        sqlite3_vfs_register(system, 1)
        return UInt(bitPattern: system)
    }()

    private static func fill(_ system: inout sqlite3_vfs) {
        system.xOpen = { DiskFileSystem.open($0, $1, $2, $3, $4) }
        system.xDelete = { system, path, isSynced in
            guard let (disk, name) = DiskFileSystem.place(path) else {
                let before = DiskFileSystem.before(system)
                return before?.pointee.xDelete?(before, path, isSynced) ?? SQLITE_IOERR
            }
            return DiskFileSystem.delete(name, on: disk, isSynced: isSynced != 0)
        }
        system.xAccess = { system, path, flags, answer in
            guard let (disk, name) = DiskFileSystem.place(path) else {
                let before = DiskFileSystem.before(system)
                return before?.pointee.xAccess?(before, path, flags, answer) ?? SQLITE_IOERR
            }
            return DiskFileSystem.access(name, on: disk, answer)
        }
        system.xFullPathname = { system, path, capacity, target in
            let before = DiskFileSystem.before(system)
            return before?.pointee.xFullPathname?(before, path, capacity, target) ?? SQLITE_CANTOPEN
        }
        system.xRandomness = { system, count, target in
            let before = DiskFileSystem.before(system)
            return before?.pointee.xRandomness?(before, count, target) ?? 0
        }
        system.xSleep = { system, microseconds in
            let before = DiskFileSystem.before(system)
            return before?.pointee.xSleep?(before, microseconds) ?? 0
        }
        system.xCurrentTime = { system, day in
            let before = DiskFileSystem.before(system)
            return before?.pointee.xCurrentTime?(before, day) ?? SQLITE_ERROR
        }
        system.xGetLastError = { system, count, target in
            let before = DiskFileSystem.before(system)
            return before?.pointee.xGetLastError?(before, count, target) ?? 0
        }
        system.xCurrentTimeInt64 = { system, milliseconds in
            let before = DiskFileSystem.before(system)
            return before?.pointee.xCurrentTimeInt64?(before, milliseconds) ?? SQLITE_ERROR
        }
    }

    private static func context(_ system: System) -> Context? {
        system?.pointee.pAppData?.assumingMemoryBound(to: Context.self).pointee
    }

    /// The file system for all other paths.
    private static func before(_ system: System) -> System {
        context(system)?.system
    }

    private static func place(
        _ path: Path
    ) -> (disk: FaultyDisk, name: String)? {
        guard let path else { return nil }
        let text = String(cString: path)
        guard let slash = text.lastIndex(of: "/"),
            let disk = FaultyDisk.at(String(text[..<slash]))
        else { return nil }
        return (disk, String(text[text.index(after: slash)...]))
    }

    private static func open(
        _ system: System,
        _ path: Path,
        _ file: UnsafeMutablePointer<sqlite3_file>?,
        _ flags: Int32,
        _ flagsOut: UnsafeMutablePointer<Int32>?
    ) -> Int32 {
        guard let file, let context = context(system) else { return SQLITE_CANTOPEN }
        guard let (disk, name) = place(path) else {
            let before = context.system
            return before.pointee.xOpen?(before, path, file, flags, flagsOut) ?? SQLITE_CANTOPEN
        }
        file.pointee.pMethods = nil
        return disk.run(DiskCall(DiskCall.File(name: name), .open)) { state, fate in
            guard case .performed = fate else { return SQLITE_CANTOPEN }
            let known = state.image.node(of: name)
            if known == nil, flags & SQLITE_OPEN_CREATE == 0 { return SQLITE_CANTOPEN }
            if known != nil, flags & SQLITE_OPEN_EXCLUSIVE != 0 { return SQLITE_CANTOPEN }
            let node = known ?? state.image.create(name)
            if known == nil { disk.show(name, state) }
            let open = OpenFile(
                disk: disk,
                name: name,
                node: node,
                isDeletedOnClose: flags & SQLITE_OPEN_DELETEONCLOSE != 0
            )
            OpenFileMethods.bind(open, to: file, methods: context.methods)
            flagsOut?.pointee = flags
            return SQLITE_OK
        }
    }

    private static func delete(_ name: String, on disk: FaultyDisk, isSynced: Bool) -> Int32 {
        disk.run(DiskCall(DiskCall.File(name: name), .delete)) { state, fate in
            switch fate {
            case .performed:
                guard state.image.node(of: name) != nil else { return SQLiteCode.deleteMissing }
                state.image.delete(name, isSynced: isSynced)
                disk.show(name, state)
                return SQLITE_OK
            case .cut:
                state.image.delete(name, isSynced: false)
                return SQLiteCode.delete
            case .halfPerformed, .failed, .off: return SQLiteCode.delete
            }
        }
    }

    private static func access(
        _ name: String,
        on disk: FaultyDisk,
        _ answer: UnsafeMutablePointer<Int32>?
    ) -> Int32 {
        answer?.pointee = 0
        return disk.run(DiskCall(DiskCall.File(name: name), .access)) { state, fate in
            guard case .performed = fate else { return SQLiteCode.access }
            guard let node = state.image.node(of: name) else { return SQLITE_OK }
            // An empty journal counts as missing, as with SQLite's own file systems.
            answer?.pointee = state.image[node].live.isEmpty ? 0 : 1
            return SQLITE_OK
        }
    }
}
