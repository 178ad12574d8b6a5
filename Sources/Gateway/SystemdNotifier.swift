import Glibc

/// Tells the service manager how the daemon is (sd_notify(3)), over its datagram socket.
///
/// Without a manager (`$NOTIFY_SOCKET` unset) it does nothing. A message that cannot be sent is
/// dropped: the manager's own watchdog notices what matters.
package struct SystemdNotifier: Sendable {
    private let address: [UInt8]?

    /// - Parameter path: `$NOTIFY_SOCKET`: a path, or an abstract name that begins with `@`.
    package init(path: String?) {
        guard let path, path.hasPrefix("/") || path.hasPrefix("@"),
            path.utf8.count < SystemdNotifier.pathBytesMax
        else {
            address = nil
            return
        }
        var bytes = Array(path.utf8)
        if bytes[0] == UInt8(ascii: "@") { bytes[0] = 0 }
        address = bytes
    }

    private static let pathBytesMax = 108

    /// Sends assignments such as `READY=1`, one per line.
    package func send(_ message: String) {
        guard let address else { return }
        let descriptor = socket(
            AF_UNIX,
            Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue),
            0
        )
        guard descriptor >= 0 else { return }
        defer { _ = close(descriptor) }
        var target = sockaddr_un()
        target.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &target.sun_path) { $0.copyBytes(from: address) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + address.count)
        let bytes = Array(message.utf8)
        withUnsafePointer(to: &target) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, length)
            }
        }
    }
}
