import Glibc

/// A batch file to be read, more than once if need be: a file, or standard input (`-`).
///
/// A file is read where it lies. What cannot be read twice, such as a pipe, is held in memory.
final class InputFile {
    private static let chunkBytes = 64 << 10
    /// The daemon takes no larger file either.
    private static let heldBytesMax = 256 << 20

    /// What messages call it.
    let name: String
    private let descriptor: Int32
    private var held: [UInt8]?

    init(_ path: String) throws(Failure) {
        let isInput = path == "-"
        name = isInput ? "standard input" : path
        descriptor = isInput ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failed("cannot be opened", errno) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failed("cannot be read", errno) }
        switch status.st_mode & S_IFMT {
        case S_IFREG where !isInput: break
        case S_IFDIR: throw Failure(.fileFailed, "\(name) is a folder: name a file in it")
        default: held = try readToEnd()
        }
    }

    deinit {
        close(descriptor)
    }

    /// The chunk at an offset; empty at the end.
    func chunk(at offset: Int) throws(Failure) -> [UInt8] {
        if let held {
            return Array(held.dropFirst(offset).prefix(InputFile.chunkBytes))
        }
        var chunk = [UInt8](repeating: 0, count: InputFile.chunkBytes)
        while true {
            let count = chunk.withUnsafeMutableBytes {
                pread(descriptor, $0.baseAddress, $0.count, off_t(offset))
            }
            if count >= 0 { return Array(chunk.prefix(count)) }
            guard errno == EINTR else { throw failed("cannot be read", errno) }
        }
    }

    func digest() throws(Failure) -> ContentDigest {
        var digest = ContentDigest()
        var offset = 0
        while true {
            let chunk = try chunk(at: offset)
            if chunk.isEmpty { return digest }
            digest.update(chunk)
            offset += chunk.count
        }
    }

    private func readToEnd() throws(Failure) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: InputFile.chunkBytes)
        while true {
            let count = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count == 0 { return bytes }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failed("cannot be read", errno) }
            bytes += chunk.prefix(count)
            guard bytes.count <= InputFile.heldBytesMax else {
                let most = InputFile.heldBytesMax >> 20
                throw Failure(
                    .badInput,
                    "\(name): more than \(most) MiB: split it into several files"
                )
            }
        }
    }

    private func failed(_ what: String, _ code: Int32) -> Failure {
        let cure =
            switch code {
            case ENOENT, ENOTDIR: "; check the path"
            case EACCES, EPERM: "; ask its owner for the right to read it"
            default: ""
            }
        return Failure(.fileFailed, "\(name) \(what): \(String(cString: strerror(code)))\(cure)")
    }
}
