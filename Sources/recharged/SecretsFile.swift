import ConfigurationFiles
import Documents
import Gateway
import Glibc
import Recharge

/// The passwords of the agent SIMs by ICCID: the only file that holds them.
struct SecretsFile {
    var credentials: [ICCID: GatewayConfiguration.Credential] = [:]
    /// For SIMs without an entry; only where enrolment is open.
    var otherwise: GatewayConfiguration.Credential?

    /// The carrier of all SIMs, where they have one.
    var onlyCarrier: CarrierID? {
        var carriers = Set(credentials.values.map(\.carrier))
        if let otherwise { carriers.insert(otherwise.carrier) }
        return carriers.count == 1 ? carriers.first : nil
    }

    static func read(_ path: String) throws(DocumentError) -> SecretsFile {
        try YAMLFile.read(path).read { fields in
            var file = SecretsFile()
            let sims = fields.required("sims")?.fields { sims -> [ICCID: Credential]? in
                var credentials: [ICCID: Credential] = [:]
                for key in sims.keys {
                    guard let iccid = ICCID(key) else {
                        sims.required(key)?.refuse(
                            "is not an ICCID",
                            expected: "its 18 to 22 digits in quotes, as printed on the card"
                        )
                        continue
                    }
                    credentials[iccid] = sims.required(key)?.fields(credential)
                }
                return credentials
            }
            file.otherwise = fields.optional("otherwise")?.fields(credential)
            file.credentials = sims ?? [:]
            return file
        }
    }

    /// Whether others than its owner and group may read it.
    static func isOpenToAll(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IROTH != 0
    }

    private typealias Credential = GatewayConfiguration.Credential

    private static func credential(_ fields: Fields) -> Credential? {
        let carrier = fields.required("carrier")?.parsed(
            expected: "the id of a carrier profile"
        ) { CarrierID($0) }
        let pin = fields.required("pin")?.string()
        guard let carrier, let pin else { return nil }
        return Credential(carrier: carrier, pin: PIN(pin))
    }
}
