import Glibc

/// Where things are by default: as the service manager says, else by the XDG base directories.
struct StandardFolders {
    var configuration: String
    var state: String
    var runtime: String
    /// The secrets, where the service manager hands them over as a credential.
    var secrets: String?

    /// - Parameter environment: the variables of the process.
    init(environment: [String: String]) {
        let home = environment["HOME"] ?? "/"
        let uid = getuid()
        let isService = environment["STATE_DIRECTORY"] != nil
        configuration =
            environment["CONFIGURATION_DIRECTORY"]
            ?? (isService || uid == 0
                ? "/etc/recharged"
                : (environment["XDG_CONFIG_HOME"] ?? "\(home)/.config") + "/recharged")
        state =
            environment["STATE_DIRECTORY"]
            ?? (environment["XDG_STATE_HOME"] ?? "\(home)/.local/state") + "/recharged"
        runtime =
            environment["RUNTIME_DIRECTORY"]
            ?? environment["XDG_RUNTIME_DIR"].map { "\($0)/recharged" } ?? "/tmp/recharged-\(uid)"
        secrets = environment["CREDENTIALS_DIRECTORY"].map { "\($0)/sim-pins" }
    }
}
