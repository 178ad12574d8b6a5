import Foundation
import Glibc

/// A Unix socket that listens and does nothing else.
final class ListeningSocket: Sendable {
    let path: String
    private let descriptor: Int32

    init() throws {
        path = "/tmp/recharged-listen-\(UUID().uuidString)"
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size)
            }
        }
        guard code == 0, listen(descriptor, 8) == 0 else {
            throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
        }
    }

    /// Hangs up; the file stays, as after a kill.
    func stop() {
        close(descriptor)
    }

    /// Takes one connection, answers its first request with a text, and hangs up.
    func answer(_ text: String) {
        let connection = accept(descriptor, nil, nil)
        var request = [UInt8](repeating: 0, count: 4096)
        _ = recv(connection, &request, request.count, 0)
        // MSG_NOSIGNAL: the client may have hung up.
        _ = text.withCString { send(connection, $0, strlen($0), 0x4000) }
        shutdown(connection, Int32(SHUT_WR))
        while recv(connection, &request, request.count, 0) > 0 {}
        close(connection)
    }

    deinit {
        unlink(path)
    }
}
