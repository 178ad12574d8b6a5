import Glibc

/// A consistent copy of the queue in a file without a name, which vanishes with its descriptor.
package final class BackupFile: Sendable {
    private static let chunkBytes = 256 << 10

    private let descriptor: Int32
    package let byteCount: Int64

    /// Takes over a file, whose name it removes.
    init(takingOver path: String) throws(JobStoreError) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw JobStoreError(.unusable, "\(path): \(String(cString: strerror(errno)))")
        }
        byteCount = StateFolder.size(of: path)
        unlink(path)
    }

    deinit {
        close(descriptor)
    }

    /// The chunk at an offset; empty at the end.
    package func chunk(at offset: Int64) throws(JobStoreError) -> [UInt8] {
        var chunk = [UInt8](repeating: 0, count: BackupFile.chunkBytes)
        var count = -1
        repeat {
            count = chunk.withUnsafeMutableBytes {
                pread(descriptor, $0.baseAddress, $0.count, off_t(offset))
            }
        } while count < 0 && errno == EINTR
        guard count >= 0 else {
            throw JobStoreError(
                .unusable,
                "the backup cannot be read back: \(String(cString: strerror(errno)))"
            )
        }
        chunk.removeLast(chunk.count - count)
        return chunk
    }
}
