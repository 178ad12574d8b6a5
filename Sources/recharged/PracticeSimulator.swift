import Glibc

/// The `modemsim` beside this executable, run as a child: the transceivers of a practice.
///
/// However the daemon ends, it ends too, since it watches the pipe on its standard input.
final class PracticeSimulator: Sendable {
    private let process: pid_t
    /// Held open as long as the simulator shall live.
    private let leash: CInt

    private init(process: pid_t, leash: CInt) {
        self.process = process
        self.leash = leash
    }

    /// Obviously no real one.
    static let practicePIN = "000000"

    /// Starts transceivers under a folder and returns once all their ports exist.
    static func start(count: Int, folder: String, ledger: String) throws -> PracticeSimulator {
        let program = Executable.folder + "/modemsim"
        guard access(program, X_OK) == 0 else {
            throw DaemonFailure(
                status: .configuration,
                message: "--practice needs modemsim beside recharged, and \(program) is not there: "
                    + "build it with 'swift build --product modemsim'"
            )
        }
        let (leashRead, leashWrite) = try pipePair()
        let (readyRead, readyWrite) = try pipePair()
        defer {
            close(leashRead)
            close(readyWrite)
            close(readyRead)
        }
        let arguments = [
            program, "run", "--count", String(count), "--directory", folder, "--ledger", ledger,
            "--answer-latency", "300ms..1500ms", "--pin", practicePIN, "--language", "mixed",
            "--while-input-open",
        ]
        let process = try spawn(program, arguments, input: leashRead, output: readyWrite)
        close(readyWrite)
        var byte: UInt8 = 0
        guard read(readyRead, &byte, 1) == 1 else {
            close(leashWrite)
            throw DaemonFailure(
                status: .unavailable,
                message:
                    "\(program) ended before its transceivers were ready; its own words are above"
            )
        }
        return PracticeSimulator(process: process, leash: leashWrite)
    }

    /// Ends the simulator and waits for it.
    func stop() {
        close(leash)
        var status: CInt = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
    }

    private static func pipePair() throws -> (CInt, CInt) {
        var descriptors: [CInt] = [0, 0]
        guard pipe(&descriptors) == 0 else { throw failure("make a pipe") }
        for descriptor in descriptors { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        return (descriptors[0], descriptors[1])
    }

    private static func spawn(
        _ program: String,
        _ arguments: [String],
        input: CInt,
        output: CInt
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        // A group of its own: Ctrl-C is for the daemon, which ends the simulator last.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        var vector = arguments.map { strdup($0) } + [nil]
        defer { for pointer in vector { free(pointer) } }
        var process: pid_t = 0
        let code = posix_spawn(&process, program, &actions, &attributes, &vector, environ)
        guard code == 0 else {
            errno = code
            throw failure("start \(program)")
        }
        return process
    }

    private static func failure(_ what: String) -> DaemonFailure {
        let cause = strerror(errno).map { String(cString: $0) } ?? "errno \(errno)"
        return DaemonFailure(status: .unavailable, message: "cannot \(what): \(cause)")
    }
}
