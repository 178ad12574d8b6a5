import Glibc
import Synchronization

/// What inotify tells about the entries of folders.
///
/// The listener's queue and the scanning task both read the descriptor, hence the lock; what it
/// guards grows with the number of paths that ever vanish between two scans.
final class FolderNotices: Sendable {
    let descriptor: CInt
    private let state = Mutex(State())

    private struct State {
        /// The names under which a watched folder is known, by watch descriptor.
        var folders: [CInt: Set<String>] = [:]
        var vanished: Set<String> = []
    }

    private init(descriptor: CInt) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    static func open() -> Result<FolderNotices, NoticesUnavailable> {
        let descriptor = inotify_init1(CInt(IN_NONBLOCK | IN_CLOEXEC))
        guard descriptor >= 0 else {
            return .failure(NoticesUnavailable(call: "inotify_init1", code: errno))
        }
        return .success(FolderNotices(descriptor: descriptor))
    }

    /// The folder that holds a path, without looking at the file system.
    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Watches exactly these folders, or the nearest existing one above each; true when one of them
    /// is new.
    func follow(_ wanted: Set<String>) -> Bool {
        state.withLock { state in
            var watched: [CInt: Set<String>] = [:]
            for folder in wanted {
                guard let (watch, name) = watchNearest(folder) else { continue }
                watched[watch, default: []].insert(name)
            }
            let old = Set(state.folders.keys)
            for watch in old.subtracting(watched.keys) { inotify_rm_watch(descriptor, watch) }
            state.folders = watched
            return !Set(watched.keys).subtracting(old).isEmpty
        }
    }

    /// Reads what there is to read.
    func take() {
        state.withLock { read(into: &$0) }
    }

    func takeVanished() -> Set<String> {
        state.withLock { state in
            read(into: &state)
            defer { state.vanished = [] }
            return state.vanished
        }
    }

    private func watchNearest(_ folder: String) -> (CInt, String)? {
        let changes =
            IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF
        var name = folder
        while true {
            let watch = inotify_add_watch(descriptor, name, UInt32(changes | IN_ONLYDIR))
            if watch >= 0 { return (watch, name) }
            guard errno == ENOENT || errno == ENOTDIR, name != "/", name != "." else { return nil }
            name = Self.folder(of: name)
        }
    }

    private func read(into state: inout State) {
        withUnsafeTemporaryAllocation(byteCount: 16 * 1024, alignment: 8) { buffer in
            while true {
                let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
                guard count > 0 else { return }
                Self.parse(UnsafeRawBufferPointer(rebasing: buffer[..<count]), into: &state)
            }
        }
    }

    /// Notes the names of entries that went away.
    ///
    /// inotify(7), repeated: `wd: i32 | mask: u32 | cookie: u32 | len: u32 | name: len bytes`.
    private static func parse(_ bytes: UnsafeRawBufferPointer, into state: inout State) {
        let headerSize = 16
        var offset = 0
        while offset + headerSize <= bytes.count {
            let watch = bytes.loadUnaligned(fromByteOffset: offset, as: CInt.self)
            let mask = bytes.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self)
            let length = bytes.loadUnaligned(fromByteOffset: offset + 12, as: UInt32.self)
            let nameStart = offset + headerSize
            offset = nameStart + Int(length)
            guard mask & UInt32(IN_DELETE | IN_MOVED_FROM) != 0, offset <= bytes.count else {
                continue
            }
            let name = String(decoding: bytes[nameStart..<offset].prefix { $0 != 0 }, as: UTF8.self)
            for folder in state.folders[watch] ?? [] {
                state.vanished.insert(folder == "/" ? "/\(name)" : "\(folder)/\(name)")
            }
        }
    }
}
