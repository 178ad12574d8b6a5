import Glibc

/// Where things are by default: as the service manager says, else by the XDG base directories.
///
/// The administrator's programs (`--check`, `restore`) work on what the service works on.
struct StandardFolders {
    var configuration: String
    var state: String
    var runtime: String
    /// The state and the sockets of somebody who practises.
    var practice: (state: String, runtime: String)
    /// The secrets, where the service manager hands them over as a credential or would.
    var secrets: String?

    /// - Parameter environment: the variables of the process.
    init(environment: [String: String]) {
        let home = environment["HOME"] ?? "/"
        let uid = getuid()
        let isService = environment["STATE_DIRECTORY"] != nil || uid == 0
        configuration =
            environment["CONFIGURATION_DIRECTORY"]
            ?? (isService
                ? "/etc/recharged"
                : (environment["XDG_CONFIG_HOME"] ?? "\(home)/.config") + "/recharged")
        let own = (environment["XDG_STATE_HOME"] ?? "\(home)/.local/state") + "/recharged"
        state = environment["STATE_DIRECTORY"] ?? (isService ? "/var/lib/recharged" : own)
        let ownRuntime =
            environment["XDG_RUNTIME_DIR"].map { "\($0)/recharged" } ?? "/tmp/recharged-\(uid)"
        runtime =
            environment["RUNTIME_DIRECTORY"] ?? (isService ? "/run/recharged" : ownRuntime)
        practice = ("\(own)/practice", "\(ownRuntime)-practice")
        secrets = environment["CREDENTIALS_DIRECTORY"].map { "\($0)/sim-pins" }
        let standard = "/etc/recharged/sim-pins.yaml"
        if secrets == nil, uid == 0, access(standard, F_OK) == 0 { secrets = standard }
    }
}
