import Glibc

/// The daemon's own folders.
enum Folder {
    /// Makes a folder and what is missing above it; one that is there is left as it is.
    ///
    /// - Parameters:
    ///   - path: absolute, or from where the daemon was started.
    ///   - mode: of the folder itself; those above it are open to all for reading.
    /// - Throws: `DaemonFailure`.
    static func make(_ path: String, mode: mode_t = 0o755) throws {
        var made = path.hasPrefix("/") ? "" : "."
        let parts = path.split(separator: "/")
        for (index, part) in parts.enumerated() {
            made += "/\(part)"
            let isLast = index == parts.count - 1
            if mkdir(made, isLast ? mode : 0o755) == 0 || errno == EEXIST { continue }
            let cause = strerror(errno).map { String(cString: $0) } ?? "errno \(errno)"
            throw DaemonFailure(
                status: .configuration,
                message: "the folder \(made) cannot be made: \(cause); name another in the "
                    + "configuration (state_dir, sockets), or let the daemon's user write there"
            )
        }
    }

    /// Begins the queue of a new state folder; refuses one that a daemon worked in and whose queue
    /// is gone.
    ///
    /// A new queue would know no order, and take for new what was paid. The empty file is on disk
    /// before there is a lock, so that no first start that is killed looks like a loss.
    static func beginQueue(_ folder: String) throws {
        let queue = "\(folder)/recharged.sqlite"
        let isOld = access("\(folder)/lock", F_OK) == 0
        // An empty file says nothing: until the first checkpoint all that is there is in its log.
        guard access(queue, F_OK) != 0 else { return }
        guard !isOld else {
            throw DaemonFailure(
                status: .configuration,
                message: "\(folder): the queue recharged.sqlite is gone, though recharged worked "
                    + "here; find it, or put a backup in its place: recharged restore FILE "
                    + "--force. To begin with an empty queue remove \(folder)/lock: no earlier "
                    + "order is known then"
            )
        }
        for (path, flags) in [(queue, O_WRONLY | O_CREAT), (folder, O_RDONLY | O_DIRECTORY)] {
            let descriptor = open(path, flags | O_CLOEXEC, 0o600)
            defer { if descriptor >= 0 { close(descriptor) } }
            guard descriptor >= 0, fsync(descriptor) == 0 else {
                let cause = strerror(errno).map { String(cString: $0) } ?? "errno \(errno)"
                throw DaemonFailure(
                    status: .unavailable,
                    message: "\(queue) cannot be made: \(cause); let the daemon's user write "
                        + "there, or free disk space"
                )
            }
        }
    }

    /// Gives what root made in a folder to whom the folder belongs.
    static func handOver(_ names: [String], in folder: String) throws {
        var status = stat()
        guard geteuid() == 0, stat(folder, &status) == 0 else { return }
        for name in names where chown("\(folder)/\(name)", status.st_uid, status.st_gid) != 0 {
            throw DaemonFailure(
                status: .configuration,
                message: "\(folder)/\(name) stays root's: give it to uid \(status.st_uid), to whom "
                    + "the folder belongs"
            )
        }
    }
}
