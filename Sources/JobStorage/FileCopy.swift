import Glibc

/// The few steps with whole files that a restore takes, each on disk when it returns.
enum FileCopy {
    private static let chunkBytes = 1 << 20

    static func copy(_ source: String, to target: String) throws(JobStoreError) {
        let input = open(source, O_RDONLY | O_CLOEXEC)
        guard input >= 0 else { throw failed(source, "be read") }
        defer { close(input) }
        let output = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard output >= 0 else { throw failed(target, "be made") }
        defer { close(output) }
        var chunk = [UInt8](repeating: 0, count: chunkBytes)
        while true {
            let count = read(input, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failed(source, "be read") }
            guard count > 0 else { return }
            var rest = chunk[..<count]
            while !rest.isEmpty {
                let written = rest.withUnsafeBytes { write(output, $0.baseAddress, $0.count) }
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { throw failed(target, "be written") }
                rest = rest.dropFirst(written)
            }
        }
    }

    static func sync(_ path: String) throws(JobStoreError) {
        try sync(path, O_RDWR | O_CLOEXEC)
    }

    static func syncFolder(_ path: String) throws(JobStoreError) {
        try sync(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    }

    /// Makes a file that says something by being there, and what by its text.
    static func mark(_ path: String, saying text: String) throws(JobStoreError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failed(path, "be made") }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard write(descriptor, bytes, bytes.count) == bytes.count else {
            throw failed(path, "be written")
        }
        guard fsync(descriptor) == 0 else { throw failed(path, "be put on disk") }
    }

    /// The text of a mark, perhaps not to its end; nil where there is none.
    static func text(of path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = read(descriptor, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }

    static func rename(_ path: String, to target: String) throws(JobStoreError) {
        guard Glibc.rename(path, target) == 0 else { throw failed(path, "be renamed") }
    }

    private static func sync(_ path: String, _ flags: Int32) throws(JobStoreError) {
        let descriptor = open(path, flags, 0o600)
        guard descriptor >= 0 else { throw failed(path, "be opened") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failed(path, "be put on disk") }
    }

    private static func failed(_ path: String, _ what: String) -> JobStoreError {
        let code = errno
        return JobStoreError(
            code == ENOSPC || code == EDQUOT ? .diskFull : .unusable,
            "\(path): cannot \(what): \(String(cString: strerror(code)))"
        )
    }
}
