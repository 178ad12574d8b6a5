import Glibc

/// A file that appears under its name only when it is complete.
final class OutputFile {
    private let path: String
    private let draft: String
    private var descriptor: Int32

    init(_ path: String, mode: mode_t = 0o644) throws(Failure) {
        self.path = path
        // Known now, a folder in its place costs no work that is thrown away at the end.
        var status = stat()
        guard stat(path, &status) != 0 || status.st_mode & S_IFMT != S_IFDIR else {
            throw Failure(.fileFailed, "\(path) is a folder: name a file in it")
        }
        draft = "\(path).\(getpid()).part"
        descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw failed("cannot be made", errno) }
    }

    deinit {
        guard descriptor >= 0 else { return }
        close(descriptor)
        unlink(draft)
    }

    func append(_ bytes: [UInt8]) throws(Failure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                guard errno == EINTR else { throw failed("cannot be written", errno) }
            } else {
                rest = rest.dropFirst(count)
            }
        }
    }

    /// Removes a file that has the name.
    func clear() throws(Failure) {
        guard unlink(path) == 0 || errno == ENOENT else { throw failed("cannot be removed", errno) }
    }

    /// Gives the file its name, in the place of one that had it.
    func finish() throws(Failure) {
        guard fsync(descriptor) == 0, close(descriptor) == 0 else {
            throw failed("cannot be written", errno)
        }
        descriptor = -1
        guard rename(draft, path) == 0 else {
            let code = errno
            unlink(draft)
            throw failed("cannot be renamed", code)
        }
        try keepName()
    }

    /// Puts the name on disk too, so that what was said to be written outlives a power cut.
    private func keepName() throws(Failure) {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let opened = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { if opened >= 0 { close(opened) } }
        // A folder that may be written but not read, or one that knows no such thing, is as good.
        guard opened < 0 || fsync(opened) == 0 || errno == EINVAL else {
            throw failed("is written, but its name is not on disk", errno)
        }
    }

    private func failed(_ what: String, _ code: Int32) -> Failure {
        Failure(
            .fileFailed,
            "\(path) \(what): \(String(cString: strerror(code))): name another file, or see that "
                + "its folder is there and has room"
        )
    }
}
