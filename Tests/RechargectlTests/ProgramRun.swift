import Glibc
import TestSupport

@testable import rechargectl

/// The built program, run as a process of its own.
struct ProgramRun {
    var status: Int32
    var output: String
    var errors: String

    /// The lines of standard output.
    var lines: [String] { output.split(separator: "\n").map { String($0) } }
}

extension String {
    var firstLine: String { split(separator: "\n").first.map { String($0) } ?? "" }
}

extension TemporaryFolder {
    var names: [String] {
        guard let listing = opendir(path) else { return [] }
        defer { closedir(listing) }
        var names: [String] = []
        while let entry = readdir(listing) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        let file = path(name)
        let output = try OutputFile(file)
        try output.append(Array(text.utf8))
        try output.finish()
        return file
    }

    func read(_ name: String) throws -> String {
        let file = try InputFile(path(name))
        var bytes: [UInt8] = []
        while true {
            let chunk = try file.chunk(at: bytes.count)
            if chunk.isEmpty { return String(decoding: bytes, as: UTF8.self) }
            bytes += chunk
        }
    }
}

struct SystemFailure: Error, CustomStringConvertible {
    let description: String

    init(_ what: String) {
        description = "\(what): \(String(cString: strerror(errno)))"
    }
}

/// A process that runs.
struct Spawned {
    let id: pid_t
    let folder: TemporaryFolder

    /// Starts the program with its output going to files, or to a descriptor such as a terminal's.
    init(
        _ arguments: [String],
        input: String = "",
        environment: [String] = [],
        terminal: Int32? = nil
    ) throws {
        folder = try TemporaryFolder()
        try folder.write(input, to: "in")
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let mode: mode_t = 0o600
        posix_spawn_file_actions_addopen(&actions, 0, "\(folder.path)/in", O_RDONLY, mode)
        for (descriptor, name) in [(Int32(1), "out"), (2, "err")] {
            if let terminal {
                posix_spawn_file_actions_adddup2(&actions, terminal, descriptor)
            } else {
                let flags = O_WRONLY | O_CREAT
                let path = "\(folder.path)/\(name)"
                posix_spawn_file_actions_addopen(&actions, descriptor, path, flags, mode)
            }
        }
        let words = ([Spawned.program] + arguments).map { strdup($0) }
        let variables = (["PATH=/usr/bin:/bin", "TERM=xterm"] + environment).map { strdup($0) }
        defer { for word in words + variables { free(word) } }
        var id: pid_t = 0
        let code = posix_spawn(
            &id,
            Spawned.program,
            &actions,
            nil,
            words + [nil],
            variables + [nil]
        )
        guard code == 0 else {
            errno = code
            throw SystemFailure(Spawned.program)
        }
        self.id = id
    }

    /// Waits for its end.
    func finish() throws -> ProgramRun {
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0 {
            guard errno == EINTR else { throw SystemFailure("waitpid") }
        }
        let isExit = status & 0x7F == 0
        let names = folder.names
        return ProgramRun(
            status: isExit ? status >> 8 & 0xFF : -(status & 0x7F),
            output: names.contains("out") ? try folder.read("out") : "",
            errors: names.contains("err") ? try folder.read("err") : ""
        )
    }

    /// The program lies beside the tests.
    private static let program: String = {
        var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &bytes, bytes.count)
        let path = String(
            decoding: bytes.prefix(max(count, 0)).map { UInt8(bitPattern: $0) },
            as: UTF8.self
        )
        let folder = path.split(separator: "/").dropLast().joined(separator: "/")
        return "/\(folder)/rechargectl"
    }()
}

/// Runs the program to its end.
func rechargectl(
    _ arguments: String...,
    input: String = "",
    environment: [String] = []
) throws -> ProgramRun {
    try Spawned(arguments, input: input, environment: environment).finish()
}

/// Runs the program on a terminal of its own, and gives what appeared there.
func onTerminal(_ arguments: [String], environment: [String] = []) throws -> ProgramRun {
    var master: Int32 = -1
    var slave: Int32 = -1
    var size = winsize(ws_row: 24, ws_col: 100, ws_xpixel: 0, ws_ypixel: 0)
    guard openpty(&master, &slave, nil, nil, &size) == 0 else { throw SystemFailure("openpty") }
    // Other processes that tests start must not keep this terminal open.
    for descriptor in [master, slave] { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    defer { close(master) }
    let process = try Spawned(arguments, environment: environment, terminal: slave)
    close(slave)
    var shown: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
        let count = read(master, &chunk, chunk.count)
        // The kernel says EIO when the last process has closed the terminal.
        if count <= 0 { break }
        shown += chunk.prefix(count)
    }
    var run = try process.finish()
    run.output = String(decoding: shown, as: UTF8.self)
    return run
}
