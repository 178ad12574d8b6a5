import GRDBSQLite
import Glibc

/// SQLite's table of what it does with an open file.
enum OpenFileMethods {
    /// What SQLite keeps for each open file.
    struct Record {
        var head: sqlite3_file
        var file: Unmanaged<OpenFile>
    }

    private typealias Head = UnsafeMutablePointer<sqlite3_file>?

    static func bind(
        _ open: OpenFile,
        to file: UnsafeMutablePointer<sqlite3_file>,
        methods: UnsafeMutablePointer<sqlite3_io_methods>
    ) {
        UnsafeMutableRawPointer(file).initializeMemory(
            as: Record.self,
            to: Record(
                head: sqlite3_file(pMethods: methods),
                file: Unmanaged.passRetained(open)
            )
        )
    }

    private static func record(_ file: Head) -> Unmanaged<OpenFile>? {
        UnsafeMutableRawPointer(file)?.assumingMemoryBound(to: Record.self).pointee.file
    }

    private static func with(_ file: Head, _ body: (OpenFile) -> Int32) -> Int32 {
        guard let record = OpenFileMethods.record(file) else { return SQLITE_IOERR }
        return record._withUnsafeGuaranteedRef(body)
    }

    static var table: sqlite3_io_methods {
        var table = sqlite3_io_methods()
        table.iVersion = 2
        fillContent(&table)
        fillLocks(&table)
        fillMemory(&table)
        table.xFileControl = { file, operation, argument in
            guard operation == SQLITE_FCNTL_PRAGMA else { return SQLITE_NOTFOUND }
            return OpenFileMethods.with(file) {
                OpenFileMethods.answerPragma($0.disk.trait, argument)
            }
        }
        // As SQLite's own file system for Unix has them.
        table.xSectorSize = { _ in 4096 }
        table.xDeviceCharacteristics = { _ in SQLITE_IOCAP_POWERSAFE_OVERWRITE }
        return table
    }

    private static func fillContent(_ table: inout sqlite3_io_methods) {
        table.xClose = { file in
            guard let record = OpenFileMethods.record(file) else { return SQLITE_OK }
            record.takeRetainedValue().close()
            return SQLITE_OK
        }
        table.xRead = { file, buffer, count, offset in
            OpenFileMethods.with(file) {
                $0.read(.init(start: buffer, count: Int(count)), at: Int(offset))
            }
        }
        table.xWrite = { file, octets, count, offset in
            OpenFileMethods.with(file) {
                $0.write(.init(start: octets, count: Int(count)), at: Int(offset))
            }
        }
        table.xTruncate = { file, count in
            OpenFileMethods.with(file) { $0.truncate(to: Int(count)) }
        }
        table.xSync = { file, _ in OpenFileMethods.with(file) { $0.sync() } }
        table.xFileSize = { file, size in
            guard let size else { return SQLITE_IOERR }
            return OpenFileMethods.with(file) { $0.size(size) }
        }
    }

    private static func fillLocks(_ table: inout sqlite3_io_methods) {
        table.xLock = { file, level in OpenFileMethods.with(file) { $0.lock(level) } }
        table.xUnlock = { file, level in
            OpenFileMethods.with(file) {
                $0.unlock(level)
                return SQLITE_OK
            }
        }
        table.xCheckReservedLock = { file, answer in
            OpenFileMethods.with(file) {
                answer?.pointee = $0.isReserved ? 1 : 0
                return SQLITE_OK
            }
        }
    }

    private static func fillMemory(_ table: inout sqlite3_io_methods) {
        table.xShmMap = { file, index, byteCount, extend, region in
            guard let region else { return SQLITE_IOERR }
            // SQLite's header calls the memory volatile, which Swift drops.
            return UnsafeMutableRawPointer(region).withMemoryRebound(
                to: UnsafeMutableRawPointer?.self,
                capacity: 1
            ) { region in
                OpenFileMethods.with(file) {
                    $0.map(Int(index), byteCount: Int(byteCount), extend: extend != 0, to: region)
                }
            }
        }
        table.xShmLock = { file, offset, count, flags in
            OpenFileMethods.with(file) { $0.lockMemory(Int(offset)..<Int(offset + count), flags) }
        }
        table.xShmBarrier = { file in
            _ = OpenFileMethods.with(file) {
                $0.disk.release { _ in }
                return SQLITE_OK
            }
        }
        table.xShmUnmap = { file, _ in
            OpenFileMethods.with(file) {
                $0.unmap()
                return SQLITE_OK
            }
        }
    }

    /// Answers `PRAGMA synchronous` where the disk keeps it low.
    ///
    /// The argument is an array: the answer, the pragma's name, its value or nil.
    private static func answerPragma(
        _ trait: FaultyDisk.Trait,
        _ argument: UnsafeMutableRawPointer?
    ) -> Int32 {
        guard trait == .keepsSynchronousNormal,
            let words = argument?.assumingMemoryBound(to: UnsafeMutablePointer<CChar>?.self),
            let name = words[1], strcmp(name, "synchronous") == 0
        else { return SQLITE_NOTFOUND }
        if let value = words[2], strcmp(value, "3") != 0 { return SQLITE_NOTFOUND }
        words[0] = sqlite3_malloc(2)?.assumingMemoryBound(to: CChar.self)
        if let answer = words[0] { strcpy(answer, "3") }
        return SQLITE_OK
    }
}
