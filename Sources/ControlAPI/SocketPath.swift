import Glibc

/// Where the control socket may be found.
package enum SocketPath {
    /// Which of the daemon's two sockets.
    package enum Name: String, Hashable, Sendable, CaseIterable {
        /// Takes orders.
        case control = "control.sock"
        /// Answers questions only.
        case read = "read.sock"
    }

    /// The variable that names the socket.
    package static let variable = "RECHARGED_SOCKET"
    /// The runtime folder of the system's daemon.
    package static let systemFolder = "/run/recharged"

    /// The paths a client tries, in this order.
    ///
    /// A path that was named, by argument or variable, is the only one. Otherwise the system's
    /// daemon comes before the user's own.
    package static func candidates(
        explicit: String?,
        environment: [String: String],
        name: Name = .control,
        uid: UInt32 = getuid()
    ) -> [String] {
        if let explicit, !explicit.isEmpty { return [explicit] }
        if let named = environment[variable], !named.isEmpty { return [named] }
        return [systemFolder, userFolder(environment: environment, uid: uid)]
            .map { "\($0)/\(name.rawValue)" }
    }

    /// The runtime folder of a daemon that a user runs: under `$XDG_RUNTIME_DIR`, or in `/tmp`.
    package static func userFolder(
        environment: [String: String],
        uid: UInt32 = getuid()
    ) -> String {
        guard let runtime = environment["XDG_RUNTIME_DIR"], runtime.hasPrefix("/") else {
            return "/tmp/recharged-\(uid)"
        }
        return "\(runtime)/recharged"
    }
}
