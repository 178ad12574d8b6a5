import Glibc
import Synchronization

/// The folder of one gateway: its lock, its database, and the ballast for a full disk.
///
/// The lock is held from opening to `close()`: two daemons on one folder would both dispatch.
final class StateFolder: Sendable {
    let path: String
    private let lock: Mutex<Int32?>
    private let freeBytes: @Sendable (String) -> Int64?

    /// Below this no new work is taken.
    static let freeBytesMin: Int64 = 64 << 20
    /// Below this the ballast goes, so that work in flight can still be filed.
    static let freeBytesCritical: Int64 = 16 << 20
    /// How much the ballast holds.
    static let ballastBytes: Int64 = 16 << 20

    var databasePath: String { "\(path)/recharged.sqlite" }
    var walPath: String { "\(databasePath)-wal" }
    /// Where a backup is made, for as long as it takes.
    var backupPath: String { "\(path)/backup.part" }
    /// Stands while a restore changes the names of files.
    var restoringPath: String { "\(path)/restoring" }
    private var ballastPath: String { "\(path)/reserve" }

    /// Makes the folder if it is missing and locks it.
    init(path: String, freeBytes: @escaping @Sendable (String) -> Int64?) throws(JobStoreError) {
        self.path = path
        self.freeBytes = freeBytes
        if mkdir(path, 0o700) != 0, errno != EEXIST {
            throw JobStoreError(
                .unusable,
                "\(path): the state folder cannot be made: \(String(cString: strerror(errno)))"
            )
        }
        lock = Mutex(try StateFolder.locked("\(path)/lock"))
    }

    deinit {
        close()
    }

    /// Lets another daemon have the folder.
    func close() {
        lock.withLock { descriptor in
            if let open = descriptor { Glibc.close(open) }
            descriptor = nil
        }
    }

    /// Removes half a backup; throws when half a restore is there: its queue may be the wrong one.
    func clearUnfinished() throws(JobStoreError) {
        unlink(backupPath)
        guard access(restoringPath, F_OK) == 0 else { return }
        throw JobStoreError(
            .unusable,
            "\(path): a restore was cut off, and the queue here may be the wrong one; run it "
                + "again: recharged restore FILE --force"
        )
    }

    private static func locked(_ path: String) throws(JobStoreError) -> Int32 {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let isFull = errno == ENOSPC || errno == EDQUOT
            let cause = String(cString: strerror(errno))
            throw JobStoreError(
                isFull ? .diskFull : .unusable,
                "\(path): cannot be opened: \(cause)\(isFull ? "; free disk space" : "")"
            )
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            var text = [UInt8](repeating: 0, count: 20)
            let count = max(0, pread(descriptor, &text, text.count, 0))
            let holder = String(decoding: text.prefix(count).prefix { $0 != 10 }, as: UTF8.self)
            Glibc.close(descriptor)
            throw JobStoreError(
                .locked,
                "\(path): another recharged (process \(holder)) works in this folder; stop it,"
                    + " or give this one another state_dir"
            )
        }
        let owner = Array("\(getpid())\n".utf8)
        guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, owner, owner.count, 0) > 0 else {
            Glibc.close(descriptor)
            throw JobStoreError(.diskFull, "\(path): the lock cannot be written; free disk space")
        }
        return descriptor
    }

    /// How many bytes a file has; 0 when it is missing.
    static func size(of path: String) -> Int64 {
        var status = stat()
        return stat(path, &status) == 0 ? Int64(status.st_size) : 0
    }

    /// How much an ordinary user may still write where a folder is.
    static func freeBytes(at path: String) -> Int64? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        return Int64(status.f_bavail) * Int64(status.f_frsize)
    }

    /// Whether new work may be taken, with the ballast dropped or raised as the disk demands.
    func hasRoom() -> Bool {
        guard let free = freeBytes(path) else { return false }
        if free < StateFolder.freeBytesCritical {
            unlink(ballastPath)
        } else if free >= StateFolder.freeBytesMin + 2 * StateFolder.ballastBytes {
            raiseBallast()
        }
        return free >= StateFolder.freeBytesMin
    }

    private func raiseBallast() {
        guard access(ballastPath, F_OK) != 0 else { return }
        let descriptor = Glibc.open(ballastPath, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        let failure = posix_fallocate(descriptor, 0, off_t(StateFolder.ballastBytes))
        Glibc.close(descriptor)
        if failure != 0 { unlink(ballastPath) }
    }
}
