import ArgumentParser
import CProcess
import Carriers
import ConfigurationFiles
import ControlAPI
import ControlServer
import Documents
import Gateway
import Glibc
import JobStorage
import Logging
import Recharge

/// The gateway daemon.
@main
struct Recharged: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recharged",
        abstract: "Recharge prepaid phones through many GSM transceivers at once.",
        discussion: """
            Reads its configuration, finds transceivers, and works its queue until SIGTERM. Orders \
            come in through the control socket: see rechargectl.

            To try it without hardware:
              recharged --practice 8 --state-dir /tmp/practice
            It says where its socket is; in another terminal:
              export RECHARGED_SOCKET=...
              rechargectl submit etc/batches/demo.csv --watch

            Exit codes: 0 stopped; 64 wrong usage; 69 something is missing that may come back, \
            such as a state folder held by another recharged; 74 the queue's disk failed, start \
            again; \
            78 a configuration, profile or database that it cannot work with.

            A database that is lost or damaged is replaced by a backup: recharged restore FILE.
            """,
        version: programVersion,
        subcommands: [Restore.self]
    )

    @OptionGroup var place: PlaceOptions

    @Option(
        help: "Practise with this many simulated transceivers, on a database of their own."
    )
    var practice: Int?

    @Flag(
        help: "Read the configuration, the profiles and the secrets, say what is wrong, and exit."
    )
    var check = false

    func validate() throws {
        if let practice, !(1...256).contains(practice) {
            throw ValidationError("--practice \(practice): from 1 to 256 transceivers")
        }
    }

    func run() async throws {
        forbidCrashDumps()
        try await Recharged.ending {
            let daemon = try assemble()
            guard check else { return try await daemon.run() }
            try daemon.check()
        }
    }

    /// Runs a body and ends with what its failure means to whoever started the program.
    static func ending(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let failure as DaemonFailure {
            try refuse(failure.message, failure.status)
        } catch let error as DocumentError {
            try refuse("\(error)", .configuration)
        } catch let error as JobStoreError {
            try refuse(error.message, Recharged.status(of: error))
        } catch let error as SocketFileError {
            try refuse("\(error)", .unavailable)
        }
    }

    private static func refuse(_ message: String, _ status: ExitStatus) throws -> Never {
        StandardStream.error.write("recharged: \(message)\n")
        throw ExitCode(status.rawValue)
    }

    private static func status(of error: JobStoreError) -> ExitStatus {
        switch error.code {
        case .locked, .diskFull: .unavailable
        case .unusable: .configuration
        case .stopped, .invariant, .conflict, .notFound, .outcomePending, .wrongState, .samePerson,
            .leaseLost:
            .storeFailed
        }
    }

    private func assemble() throws -> Daemon {
        var folders = Environment.folders
        if practice != nil {
            // Apart, so that no order for money goes to the practice, nor the other way round.
            (folders.state, folders.runtime) = folders.practice
            folders.configuration = Executable.checkoutConfiguration ?? folders.configuration
        }
        var configuration =
            practice != nil && place.config == nil
            ? DaemonConfiguration(folders) : try Recharged.readConfiguration(place.config, folders)
        if let stateFolder = place.stateFolder { configuration.stateFolder = stateFolder }
        var secrets = SecretsFile()
        if let practice {
            configuration.enrolment = .open
            // Whoever practises is alone.
            configuration.approvals.people = 1
            configuration.simsMax = practice
            secrets = try Recharged.practiceSecrets()
        } else if let file = configuration.secretsFile {
            secrets = try SecretsFile.read(file)
        }
        if secrets.otherwise != nil, configuration.enrolment == .required {
            throw DaemonFailure(
                status: .configuration,
                message:
                    "\(configuration.secretsFile ?? "the secrets"): 'otherwise' gives a PIN to "
                    + "every SIM; it is for 'enrolment: open' only. Name each SIM under 'sims'."
            )
        }
        let catalog = try CarrierCatalog(
            reading: YAMLFile.readAll(in: configuration.carriersFolder),
            zone: CarrierZone.init(named:)
        )
        return Daemon(
            configuration: configuration,
            catalog: catalog,
            secrets: secrets,
            practice: practice,
            logger: logger
        )
    }

    /// Reads the file that was named, or the one in its standard place.
    static func readConfiguration(
        _ config: String?,
        _ folders: StandardFolders = Environment.folders
    ) throws(DocumentError) -> DaemonConfiguration {
        let path = config ?? folders.configuration + "/recharged.yaml"
        return try DaemonConfiguration(reading: YAMLFile.read(path), folders: folders)
    }

    private static func practiceSecrets() throws -> SecretsFile {
        guard let simulated = CarrierID("simulated") else { return SecretsFile() }
        let pin = PIN(PracticeSimulator.practicePIN)
        return SecretsFile(credentials: [:], otherwise: .init(carrier: simulated, pin: pin))
    }

    private var logger: Logger {
        var logger = Logger(label: "recharged") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .notice
        return logger
    }

    /// A core would hold PINs, and so would what Swift prints of a crash: registers and memory.
    ///
    /// The limit is for cores that the kernel writes itself; where a program collects them
    /// (core(5), a pipe in `core_pattern`) the kernel asks only whether a process may be dumped.
    /// The signals of a crash end the process at once, and not through Swift's backtracer.
    private func forbidCrashDumps() {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        forbid_dumps()
        for crash in [SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV] {
            signal(crash, SIG_DFL)
        }
    }
}
