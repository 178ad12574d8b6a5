import Glibc

/// Speaks to a running simulation: a line to its socket, a line back.
///
/// Blocks its thread; for commands and tests, never for an event loop.
package final class ControlClient: Sendable {
    private let descriptor: CInt
    private let path: String

    package init(socketPath: String) throws(SimulationError) {
        path = socketPath
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else {
            throw SimulationError("make a socket for", socketPath, errno: errno)
        }
        guard Self.connect(descriptor, to: socketPath) else {
            let code = errno
            close(descriptor)
            throw SimulationError(
                "reach the simulation",
                socketPath,
                "\(String(cString: strerror(code))); is modemsim running with this folder?"
            )
        }
    }

    deinit {
        close(descriptor)
    }

    /// Sends one script line and waits for the answer: `ok`, JSON, or `error: …`.
    package func tell(_ line: String) throws(SimulationError) -> String {
        let bytes = Array("\(line)\n".utf8)
        guard send(descriptor, bytes, bytes.count, CInt(MSG_NOSIGNAL)) == bytes.count
        else { throw SimulationError("write to the simulation", path, errno: errno) }
        var answer: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while answer.last != 0x0A {
            let count = read(descriptor, &chunk, chunk.count)
            guard count > 0 else {
                throw SimulationError("hear from the simulation", path, "it has closed")
            }
            answer += chunk.prefix(count)
        }
        return String(decoding: answer.dropLast(), as: UTF8.self)
    }

    private static func connect(_ descriptor: CInt, to path: String) -> Bool {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
            errno = ENAMETOOLONG
            return false
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                Glibc.connect(descriptor, address, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
    }
}
