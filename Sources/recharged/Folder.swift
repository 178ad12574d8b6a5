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
}
