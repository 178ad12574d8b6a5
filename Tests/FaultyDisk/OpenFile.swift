import GRDBSQLite

/// One file that SQLite has open.
final class OpenFile: Sendable {
    let disk: FaultyDisk
    let name: String
    let node: Int
    let handle = FaultyDisk.nextHandle()
    private let file: DiskCall.File
    private let isDeletedOnClose: Bool

    init(disk: FaultyDisk, name: String, node: Int, isDeletedOnClose: Bool) {
        self.disk = disk
        self.name = name
        self.node = node
        self.isDeletedOnClose = isDeletedOnClose
        file = DiskCall.File(name: name)
    }

    private func run(
        _ operation: DiskCall.Operation,
        in file: DiskCall.File? = nil,
        _ body: (inout FaultyDisk.State, FaultyDisk.Fate) -> Int32
    ) -> Int32 {
        disk.run(DiskCall(file ?? self.file, operation), body)
    }

    func close() {
        disk.release { state in
            state.locks[node]?.lower(handle, to: SQLITE_LOCK_NONE)
            state.memories[node]?.unmap(by: handle)
            guard isDeletedOnClose, !state.isOff, state.image.node(of: name) == node else { return }
            state.image.delete(name, isSynced: false)
            disk.show(name, state)
        }
    }

    // MARK: Content

    func read(_ buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Int32 {
        run(.read) { state, fate in
            guard case .performed = fate else { return SQLiteCode.read }
            return state.image[node].live.withUnsafeBytes { octets in
                let count = max(0, min(buffer.count, octets.count - offset))
                if count > 0 {
                    buffer.copyMemory(from: .init(rebasing: octets[offset..<offset + count]))
                }
                guard count < buffer.count else { return SQLITE_OK }
                UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
                    .initializeMemory(as: UInt8.self, repeating: 0)
                return SQLiteCode.shortRead
            }
        }
    }

    func write(_ octets: UnsafeRawBufferPointer, at offset: Int) -> Int32 {
        run(.write) { state, fate in
            let before = state.image[node].live.count
            defer {
                if state.image[node].live.count != before, state.image.node(of: name) == node {
                    disk.show(name, state)
                }
            }
            switch fate {
            case .performed:
                state.image[node].write(octets, at: offset)
                return SQLITE_OK
            case .halfPerformed:
                let half = UnsafeRawBufferPointer(rebasing: octets[..<(octets.count / 2)])
                state.image[node].write(half, at: offset)
                return SQLITE_FULL
            case .failed(.full), .failed(.shortWrite): return SQLITE_FULL
            case .cut:
                state.image[node].write(octets, at: offset)
                return SQLiteCode.write
            case .failed(.inputOutput), .off: return SQLiteCode.write
            }
        }
    }

    func truncate(to count: Int) -> Int32 {
        run(.truncate) { state, fate in
            switch fate {
            case .performed, .cut:
                state.image[node].resize(to: count)
                disk.show(name, state)
            case .halfPerformed, .failed, .off: break
            }
            guard case .performed = fate else { return SQLiteCode.truncate }
            return SQLITE_OK
        }
    }

    func sync() -> Int32 {
        run(.sync) { state, fate in
            switch fate {
            case .performed:
                state.image.sync(node, name: name)
                if file == .wal { state.commits?.append(state.image) }
                return SQLITE_OK
            case .failed:
                state.image[node].forgetPending()
                return SQLiteCode.sync
            case .halfPerformed, .cut, .off: return SQLiteCode.sync
            }
        }
    }

    func size(_ size: UnsafeMutablePointer<sqlite3_int64>) -> Int32 {
        run(.size) { state, fate in
            guard case .performed = fate else { return SQLiteCode.size }
            size.pointee = sqlite3_int64(state.image[node].live.count)
            return SQLITE_OK
        }
    }

    // MARK: Locks

    func lock(_ level: Int32) -> Int32 {
        run(.lock) { state, fate in
            guard case .performed = fate else { return SQLiteCode.lock }
            let isFree = state.locks[node, default: FileLocks()].raise(handle, to: level)
            return isFree ? SQLITE_OK : SQLITE_BUSY
        }
    }

    func unlock(_ level: Int32) {
        disk.release { $0.locks[node]?.lower(handle, to: level) }
    }

    var isReserved: Bool {
        var isReserved = false
        disk.release { isReserved = $0.locks[node]?.isReserved ?? false }
        return isReserved
    }

    // MARK: Shared memory

    func map(
        _ index: Int,
        byteCount: Int,
        extend: Bool,
        to region: UnsafeMutablePointer<UnsafeMutableRawPointer?>
    ) -> Int32 {
        run(.map, in: .sharedMemory) { state, fate in
            region.pointee = nil
            guard case .performed = fate else { return SQLiteCode.map }
            region.pointee = state.memories[node, default: SharedMemory()]
                .region(index, byteCount: byteCount, extend: extend, for: handle)
            return SQLITE_OK
        }
    }

    func lockMemory(_ slots: Range<Int>, _ flags: Int32) -> Int32 {
        guard flags & SQLITE_SHM_UNLOCK == 0 else {
            disk.release { _ = $0.memories[node]?.lock(slots, flags, by: handle) }
            return SQLITE_OK
        }
        return run(.lock, in: .sharedMemory) { state, fate in
            guard case .performed = fate else { return SQLiteCode.lockMemory }
            let isFree = state.memories[node]?.lock(slots, flags, by: handle) ?? false
            return isFree ? SQLITE_OK : SQLITE_BUSY
        }
    }

    func unmap() {
        disk.release { $0.memories[node]?.unmap(by: handle) }
    }
}

/// Extended result codes (`sqlite3.h`), which the importer leaves out.
enum SQLiteCode {
    static let read = SQLITE_IOERR | 1 << 8
    static let shortRead = SQLITE_IOERR | 2 << 8
    static let write = SQLITE_IOERR | 3 << 8
    static let sync = SQLITE_IOERR | 4 << 8
    static let truncate = SQLITE_IOERR | 6 << 8
    static let size = SQLITE_IOERR | 7 << 8
    static let delete = SQLITE_IOERR | 10 << 8
    static let deleteMissing = SQLITE_IOERR | 23 << 8
    static let access = SQLITE_IOERR | 13 << 8
    static let lock = SQLITE_IOERR | 15 << 8
    static let lockMemory = SQLITE_IOERR | 20 << 8
    static let map = SQLITE_IOERR | 21 << 8
}
