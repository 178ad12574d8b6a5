import ControlAPI
import Glibc

/// A file without a name that holds an upload until its rows are in the store.
///
/// It is unlinked as soon as it exists and vanishes with its descriptor, also in a crash. Reading
/// and writing block for no longer than the page cache takes.
struct UploadSpool: ~Copyable {
    private static let prefix = "upload."
    private static let chunkBytes = 64 << 10

    private let descriptor: Int32

    init(in folder: String) throws(Problem) {
        var template = Array("\(folder)/\(UploadSpool.prefix)XXXXXX".utf8CString)
        descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw UploadSpool.failed("make a file in \(folder)") }
        unlink(template)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    deinit {
        close(descriptor)
    }

    /// Removes what a process left that was killed between making a file and unlinking it.
    static func clear(_ folder: String) {
        guard let listing = opendir(folder) else { return }
        defer { closedir(listing) }
        while let entry = readdir(listing) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasPrefix(prefix), name.utf8.count == prefix.utf8.count + 6 {
                unlink("\(folder)/\(name)")
            }
        }
    }

    func append(_ bytes: [UInt8]) throws(Problem) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                guard errno == EINTR else { throw UploadSpool.failed("keep the upload") }
            } else {
                rest = rest.dropFirst(count)
            }
        }
    }

    /// The chunk at an offset; empty at the end.
    func chunk(at offset: Int) throws(Problem) -> [UInt8] {
        var chunk = [UInt8](repeating: 0, count: UploadSpool.chunkBytes)
        var count = -1
        repeat {
            count = chunk.withUnsafeMutableBytes {
                pread(descriptor, $0.baseAddress, $0.count, off_t(offset))
            }
        } while count < 0 && errno == EINTR
        guard count >= 0 else { throw UploadSpool.failed("read the upload again") }
        chunk.removeLast(chunk.count - count)
        return chunk
    }

    private static func failed(_ what: String) -> Problem {
        let code = errno
        let cause = String(cString: strerror(code))
        guard code == ENOSPC || code == EDQUOT else {
            return Problem(.internalError, detail: "cannot \(what): \(cause)")
        }
        return Problem(
            .diskFull,
            detail: "cannot \(what): \(cause): make room, then send the file again"
        )
    }
}
