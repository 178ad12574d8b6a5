import ControlAPI
package import Gateway
import Glibc
package import Recharge

/// What the control server is told at start.
package struct ControlServerConfiguration: Sendable {
    /// The socket that takes orders: group `recharged-operator`.
    package var controlSocket: String
    /// The socket that only answers: group `recharged-monitor`.
    package var readSocket: String
    /// Where uploads are kept while they are read: the state folder.
    package var spoolFolder: String
    package var roles: [RoleRule]
    package var version: String
    /// Whether the transceivers are simulated; every overview says so.
    package var isPractice: Bool
    /// How many people a change takes.
    package var approvals = ApprovalTerms()
    /// What clients, and all together, may use up.
    package var ownLimits = OwnLimits()
    /// Reads the text of a carrier's statement; nil where its profile does not say how.
    package var readStatement: @Sendable (CarrierID, [UInt8]) -> StatementReading? = { _, _ in nil }
    /// The longest batch file.
    package var batchBytesMax: Int
    /// How many clients each socket serves at once; more wait to be accepted.
    package var connectionsMax: Int
    /// How long a connection may be silent in the middle of a request, or between two.
    package var idleTimeout: Duration
    /// How long the whole body of a request may take to arrive.
    package var bodyTime: Duration
    /// How long requests in progress may go on when the gateway stops.
    package var shutdownGrace: Duration
    /// Who is admin whatever the roles say.
    var adminUIDs: Set<UInt32>
    /// What the socket knows of each carrier.
    package var carriers: [CarrierTerms]
    /// The carrier of orders that name none.
    ///
    /// The same for as long as the gateway runs, so that a repeated order means what it meant.
    package var standardCarrier: CarrierID?

    /// Puts both sockets in one runtime folder.
    package init(
        runtimeFolder: String,
        spoolFolder: String,
        carriers: [CarrierTerms],
        version: String,
        roles: [RoleRule] = [],
        isPractice: Bool = false
    ) {
        controlSocket = "\(runtimeFolder)/\(SocketPath.Name.control.rawValue)"
        readSocket = "\(runtimeFolder)/\(SocketPath.Name.read.rawValue)"
        self.spoolFolder = spoolFolder
        self.carriers = carriers
        standardCarrier = carriers.count == 1 ? carriers.first?.id : nil
        self.version = version
        self.roles = roles
        self.isPractice = isPractice
        batchBytesMax = 256 << 20
        connectionsMax = 128
        idleTimeout = .seconds(60)
        bodyTime = .seconds(600)
        shutdownGrace = .seconds(10)
        adminUIDs = [0, geteuid()]
    }

    static let operatorGroup = "recharged-operator"
    static let monitorGroup = "recharged-monitor"
}
