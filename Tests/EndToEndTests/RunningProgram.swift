import Dispatch
import Foundation
import Glibc
import Synchronization

/// A built program, running as a process in a group of its own.
///
/// It is killed when it outlives its limit, so no test waits for ever: whatever waits for it sees
/// it end.
final class RunningProgram: Sendable {
    private struct State {
        var lines: [String] = []
        var isSilent = false
        var status: Int32?
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    let name: String
    let id: pid_t
    private let errorsPath: String
    /// The writing end of its standard input; closed when the last reference goes.
    private let input: Int32
    private let state = Mutex(State())

    /// - Parameters:
    ///   - name: a program beside the tests, or the path of another one.
    ///   - arguments: without the program's own name.
    ///   - environment: variables besides the search path, as `NAME=value`.
    ///   - errors: where its standard error is appended to.
    ///   - limit: when it is killed.
    /// - Throws: ``TestFailure`` when it cannot be started.
    init(
        _ name: String,
        _ arguments: [String],
        environment: [String] = [],
        errors: String,
        limit: DispatchTimeInterval = .seconds(240)
    ) throws {
        self.name = name
        errorsPath = errors
        let (inputEnd, input) = try RunningProgram.pipePair()
        let (output, outputEnd) = try RunningProgram.pipePair()
        self.input = input
        defer {
            close(inputEnd)
            close(outputEnd)
        }
        let path = name.hasPrefix("/") ? name : "\(RunningProgram.folder)/\(name)"
        id = try RunningProgram.spawn(
            [path] + arguments,
            ["PATH=/usr/bin:/bin"] + RunningProgram.sanitizer + environment,
            input: inputEnd,
            output: outputEnd,
            errors: errors
        )
        Thread.detachNewThread { [self] in follow(output) }
        DispatchQueue.global().asyncAfter(deadline: .now() + limit) { [weak self] in
            self?.killGroup()
        }
    }

    deinit {
        close(input)
    }

    /// What it wrote to standard error.
    var errors: String { (try? TextFile.read(errorsPath)) ?? "" }

    /// All that it wrote to standard output so far.
    var output: String { state.withLock { $0.lines.joined(separator: "\n") } }

    /// Waits for its first line; throws with its complaint when it ends without one.
    @discardableResult
    func firstLine() async throws -> String {
        while true {
            await change { !$0.lines.isEmpty || $0.status != nil }
            if let line = state.withLock({ $0.lines.first }) { return line }
            throw TestFailure("\(name) ended before it was ready: \(errors)")
        }
    }

    /// Waits for its end: the exit code, or the negative number of the signal.
    @discardableResult
    func exit() async -> Int32 {
        await change { $0.status != nil }
        return state.withLock { $0.status ?? 0 }
    }

    func signal(_ number: Int32) {
        state.withLock { if $0.status == nil { kill(id, number) } }
    }

    /// Ends it and whatever it started.
    func killGroup() {
        state.withLock { if $0.status == nil { kill(-id, SIGKILL) } }
    }

    private func change(until isDone: (borrowing State) -> Bool) async {
        while !state.withLock({ isDone($0) }) {
            await withCheckedContinuation { waiter in
                let isLate = state.withLock { state in
                    if state.status == nil { state.waiters.append(waiter) }
                    return state.status != nil
                }
                if isLate { waiter.resume() }
            }
        }
    }

    private func update(_ body: (inout State) -> Void) {
        let waiters = state.withLock { state in
            body(&state)
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Reads lines until the end of the output, then takes the exit status.
    private func follow(_ output: Int32) {
        var rest: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(output, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            rest += chunk.prefix(count)
            var lines: [String] = []
            while let end = rest.firstIndex(of: 0x0A) {
                lines.append(String(decoding: rest[..<end], as: UTF8.self))
                rest.removeFirst(end + 1)
            }
            update { $0.lines += lines }
        }
        close(output)
        reap(String(decoding: rest, as: UTF8.self))
    }

    /// The process is taken off the table only under the lock, so that no signal hits a stranger.
    private func reap(_ lastLine: String) {
        var found = siginfo_t()
        while waitid(P_PID, id_t(id), &found, WEXITED | WNOWAIT) < 0, errno == EINTR {}
        update { state in
            var status: Int32 = 0
            waitpid(id, &status, 0)
            if !lastLine.isEmpty { state.lines.append(lastLine) }
            state.status = status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F)
        }
    }
}

// MARK: Starting

extension RunningProgram {
    /// The programs lie beside the tests.
    static let folder: String = {
        var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &bytes, bytes.count)
        let path = String(
            decoding: bytes.prefix(max(count, 0)).map { UInt8(bitPattern: $0) },
            as: UTF8.self
        )
        return "/" + path.split(separator: "/").dropLast().joined(separator: "/")
    }()

    /// What the thread sanitizer is told, for the programs as for the tests (`etc/threads`).
    private static let sanitizer = ["TSAN_OPTIONS", "LD_PRELOAD"].compactMap { name in
        ProcessInfo.processInfo.environment[name].map { "\(name)=\($0)" }
    }

    private static func pipePair() throws -> (Int32, Int32) {
        var ends: [Int32] = [0, 0]
        // Unlike a pipe it can be made so that no other child inherits it, in one step.
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            throw TestFailure.system("socketpair")
        }
        return (ends[0], ends[1])
    }

    private static func spawn(
        _ words: [String],
        _ variables: [String],
        input: Int32,
        output: Int32,
        errors: String
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        let flags = O_WRONLY | O_CREAT | O_APPEND
        posix_spawn_file_actions_addopen(&actions, 2, errors, flags, 0o600)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // The threads that tests run on block signals, which a program would inherit.
        var noSignals = sigset_t()
        sigemptyset(&noSignals)
        posix_spawnattr_setsigmask(&attributes, &noSignals)
        let changes = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK
        posix_spawnattr_setflags(&attributes, Int16(changes))
        let arguments = words.map { strdup($0) }
        let environment = variables.map { strdup($0) }
        defer { for word in arguments + environment { free(word) } }
        var id: pid_t = 0
        let code = posix_spawn(
            &id,
            words[0],
            &actions,
            &attributes,
            arguments + [nil],
            environment + [nil]
        )
        guard code == 0 else {
            errno = code
            throw TestFailure.system("start \(words[0])")
        }
        return id
    }
}
