import Glibc

/// The file of a listening socket: cleared before binding, opened to its group after.
struct SocketFile: Hashable, Sendable {
    let path: String
    /// Who may connect besides the daemon's own user.
    let group: String

    /// Makes the path free to bind.
    ///
    /// A socket at which nobody answers is left from a killed daemon, and removed. Anything else
    /// that stands there is not touched. The folder is made when it is missing.
    func clear() throws(SocketFileError) {
        guard path.utf8.count < MemoryLayout.size(ofValue: sockaddr_un().sun_path) else {
            throw SocketFileError(
                "\(path): longer than a socket's path may be (107 bytes): name another folder "
                    + "(sockets.directory)"
            )
        }
        try makeFolder()
        var status = stat()
        guard lstat(path, &status) == 0 else {
            guard errno == ENOENT else { throw failed("look at it") }
            return
        }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw SocketFileError("\(path) exists and is not a socket: move it away")
        }
        guard try !isAnswered() else {
            throw SocketFileError(
                "\(path): another daemon answers there: stop it, or configure another folder"
            )
        }
        guard unlink(path) == 0 || errno == ENOENT else { throw failed("remove the stale socket") }
    }

    /// Lets the group in: the mode of a new socket comes from the umask and lets nobody in.
    ///
    /// Returns false when the group does not exist or the daemon may not give files to it; the
    /// socket then stays with the daemon's own group.
    func admitGroup() throws(SocketFileError) -> Bool {
        let number = Accounts.groupNumber(group)
        let isGiven = number.map { chown(path, uid_t.max, $0) == 0 } ?? false
        guard chmod(path, 0o660) == 0 else { throw failed("set its mode to 0660") }
        return isGiven
    }

    private func makeFolder() throws(SocketFileError) {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return }
        let folder = String(path[..<slash])
        guard mkdir(folder, 0o755) != 0 else { return }
        guard errno == EEXIST else {
            throw SocketFileError("\(folder): cannot make the folder: \(reason())")
        }
        var status = stat()
        guard lstat(folder, &status) == 0 else {
            throw SocketFileError("\(folder): cannot look at the folder: \(reason())")
        }
        guard status.st_uid == geteuid() || status.st_uid == 0 else {
            throw SocketFileError(
                "\(folder) belongs to uid \(status.st_uid): no socket is put in a folder of others"
            )
        }
        guard access(folder, W_OK | X_OK) == 0 else {
            throw SocketFileError("\(folder): no socket can be made there: \(reason())")
        }
    }

    private func isAnswered() throws(SocketFileError) -> Bool {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw failed("make a socket") }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, size)
            }
        }
        if code == 0 { return true }
        guard errno == ECONNREFUSED || errno == ENOENT else { throw failed("try it") }
        return false
    }

    private func failed(_ what: String) -> SocketFileError {
        SocketFileError("\(path): cannot \(what): \(reason())")
    }

    private func reason() -> String {
        String(cString: strerror(errno))
    }
}
