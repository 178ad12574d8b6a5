import Glibc

/// The variables of the process.
enum Environment {
    static func variables(_ names: [String]) -> [String: String] {
        var found: [String: String] = [:]
        for name in names {
            if let value = getenv(name) { found[name] = String(cString: value) }
        }
        return found
    }

    static var folders: StandardFolders {
        StandardFolders(
            environment: variables([
                "HOME", "CONFIGURATION_DIRECTORY", "STATE_DIRECTORY", "RUNTIME_DIRECTORY",
                "CREDENTIALS_DIRECTORY", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR",
            ])
        )
    }

    static var notifySocket: String? { variables(["NOTIFY_SOCKET"])["NOTIFY_SOCKET"] }
}

/// The two streams that people read.
enum StandardStream: CInt {
    case output = 1
    case error = 2

    /// Writes all of a text; whoever closed the stream does not want it.
    func write(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(rawValue, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
