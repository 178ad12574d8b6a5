import Foundation
import Glibc

/// A connection without manners: what a client that is killed sends.
final class PlainConnection: Sendable {
    private let descriptor: Int32

    init(_ path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, size)
            }
        }
        guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    }

    /// Sends a text, says that nothing more will come, and takes what the server says to that.
    ///
    /// It waits on a thread of its own: there are few threads for tasks, and the server needs them.
    func send(_ text: String) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { [self] in
                continuation.resume(with: Result { try exchange(text) })
            }
        }
    }

    /// Sends a text, and leaves it at that.
    func write(_ text: String) throws {
        let count = text.withCString { Glibc.write(descriptor, $0, strlen($0)) }
        guard count == text.utf8.count else { throw POSIXError(.EIO) }
    }

    /// Waits until there is something to read, and does not read it.
    func readable() async {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { [descriptor] in
                var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                Glibc.poll(&poll, 1, -1)
                continuation.resume()
            }
        }
    }

    private func exchange(_ text: String) throws -> String {
        try write(text)
        shutdown(descriptor, Int32(SHUT_WR))
        var answer: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            guard count > 0 else { return String(decoding: answer, as: UTF8.self) }
            answer += chunk.prefix(count)
        }
    }

    deinit {
        close(descriptor)
    }
}
