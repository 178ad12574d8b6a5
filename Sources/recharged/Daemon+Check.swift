import Carriers
import ControlServer
import Gateway
import Glibc
import Recharge

/// What `--check` says of what was read.
extension Daemon {
    /// Says where everything is; throws when something of it cannot work.
    func check() throws {
        let flaws = missingProfiles + missingGroups + openSecrets
        guard flaws.isEmpty else {
            throw DaemonFailure(
                status: .configuration,
                message: "the configuration can be read, but:\n"
                    + flaws.map { "  \($0)" }.joined(separator: "\n")
            )
        }
        StandardStream.output.write(summary)
    }

    private var summary: String {
        let carriers = catalog.profiles.map(\.id.name).sorted().joined(separator: ", ")
        let count = secrets.otherwise == nil ? "\(secrets.credentials.count)" : "any"
        let place = practice == nil ? configuration.secretsFile : "the practice"
        let sims =
            place.map { "\(count), with passwords from \($0)" }
            ?? "none: no file of passwords is named ('secrets'; under systemd a credential)"
        return """
            the configuration is good
            queue     \(configuration.stateFolder)
            sockets   \(configuration.runtimeFolder)
            carriers  \(carriers), from \(configuration.carriersFolder)
            SIMs      \(sims)

            """
    }

    /// SIMs that would be turned away when they are found.
    private var missingProfiles: [String] {
        let folder = configuration.carriersFolder
        guard !catalog.profiles.isEmpty else { return ["\(folder): there is no carrier profile"] }
        let file = configuration.secretsFile ?? "the secrets"
        var carriers: [(String, CarrierID)] = secrets.credentials.map { ("SIM \($0)", $1.carrier) }
        if let other = secrets.otherwise { carriers.append(("otherwise", other.carrier)) }
        return carriers.filter { catalog[$0.1] == nil }.map { name, carrier in
            "\(file): \(name): there is no profile '\(carrier.name)' in \(folder)"
        }.sorted()
    }

    /// Passwords that all on this machine can read; those for every SIM are for trials.
    private var openSecrets: [String] {
        guard practice == nil, let file = configuration.secretsFile, !secrets.credentials.isEmpty,
            SecretsFile.isOpenToAll(file)
        else { return [] }
        return ["\(file): everybody here can read the passwords: chmod o-r \(file)"]
    }

    /// Groups that nobody is in, since there are none.
    private var missingGroups: [String] {
        configuration.roles.compactMap { rule in
            guard case .group(let name) = rule.subject, getgrnam(name) == nil else { return nil }
            return "roles: there is no group '\(name)' on this machine"
        }
    }
}
