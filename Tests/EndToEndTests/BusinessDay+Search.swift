import ControlAPI
import Foundation
import Glibc
import Recharge
import Simulation
import Testing

/// What the day left behind, and the PIN in it.
extension BusinessDay {
    private static let search = PINSearch(pin)

    /// Records each form of the PIN that a place holds.
    static func expectNone(in bytes: [UInt8], _ place: String) {
        let found = search.found(in: bytes)
        if !found.isEmpty { Issue.record("\(place) holds the PIN as \(found)") }
    }

    /// What the kernel shows of a process to its user.
    static func expectNone(in program: RunningProgram) throws {
        for name in ["cmdline", "environ", "status", "maps"] {
            let bytes = try TextFile.bytes("/proc/\(program.id)/\(name)")
            #expect(name != "cmdline" || !bytes.isEmpty)
            expectNone(in: bytes, "\(name) of \(program.name)")
        }
    }

    /// The rest of what can be asked, so that no command is left out.
    mutating func askTheRest() async throws {
        for question in ["stats", "inbox", "verify"] { try await ask(question) }
        try await ask("events", "--after", "0")
        try await ask("audit", "list", "--limit", "10000")
        try await ask("audit", "verify")
        try await ask("profile", "list")
        let file = trial.path("carriers/cmcc.yaml")
        let words = ["profile", "verify", "cmcc", "--file", file, "--reason", "tried it"]
        try await run("rechargectl", words, 0)
        try await order("backup", trial.path("backup.sqlite"))
        try await order("erase", "+8613900000001", "--reason", "asked for")
        let pdu = try await order("sms", "encode", "--to", "10086", "--text", "CZ#13800138000#50")
        try await order("sms", "decode", pdu)
    }

    /// Every command of the client was used: nobody can add one that is not searched.
    func expectEveryCommandWasUsed() async throws {
        let help = try await trial.finish("rechargectl", "--experimental-dump-help")
        let tree = try JSONDecoder().decode(CommandTree.self, from: Data(help.output.utf8))
        let commands = tree.command.leaves.filter { !$0.hasSuffix(" help") }
        #expect(commands.count > 40)
        let unused = commands.filter { command in
            !printed.contains { "\($0.place) ".contains("\(command) ") }
        }
        #expect(unused.isEmpty)
    }

    private struct CommandTree: Decodable {
        let command: Command

        struct Command: Decodable {
            let commandName: String
            let subcommands: [Command]?

            var leaves: [String] {
                guard let subcommands, !subcommands.isEmpty else { return [commandName] }
                return subcommands.flatMap(\.leaves).map { "\(commandName) \($0)" }
            }
        }
    }

    // MARK: The socket

    /// Asks everything that the socket's own description knows, of every thing there is.
    func searchAnswers() async throws {
        let answers = try await Answers(trial)
        var bytesCount = 0
        var routes = 0
        for (path, methods) in answers.description.paths where methods["get"] != nil {
            routes += 1
            for uri in try answers.uris(path) {
                let bytes = try await answers.answer(to: uri)
                Self.expectNone(in: bytes, "GET \(uri)")
                bytesCount += bytes.count
            }
        }
        #expect(routes > 20)
        #expect(bytesCount > 200_000)
    }

    /// The description of the socket, and what can be put into its paths.
    private struct Answers {
        let trial: Trial
        let description: Description
        private let ids: [String: [String]]
        private let newest: Int64

        struct Description: Decodable {
            let paths: [String: [String: Operation]]

            struct Operation: Decodable {}
        }

        init(_ trial: Trial) async throws {
            self.trial = trial
            description = try await trial.ask(ControlPath.openAPI)
            let jobs: PageView<JobView> = try await trial.ask("\(ControlPath.jobs)?limit=1000")
            let batches: PageView<BatchView> = try await trial.ask(ControlPath.batches)
            let disputes: PageView<DisputeView> = try await trial.ask(
                "\(ControlPath.disputes)?all=true"
            )
            let proposals: PageView<ProposalView> = try await trial.ask(
                "\(ControlPath.proposals)?all=true"
            )
            let sims: PageView<SIMView> = try await trial.ask(ControlPath.sims)
            ids = [
                ControlPath.jobs: jobs.items.map(\.id.description),
                ControlPath.batches: batches.items.map(\.id.description),
                ControlPath.disputes: disputes.items.map(\.id.description),
                ControlPath.proposals: proposals.items.filter { $0.kind == .verdict }
                    .map(\.id.description),
                ControlPath.floats: sims.items.map(\.iccid.digits),
            ]
            let events: PageView<EventView> = try await trial.ask("\(ControlPath.audit)?limit=1")
            newest = events.items.first?.sequence ?? 0
        }

        /// The path for each thing that it may be about.
        func uris(_ path: String) throws -> [String] {
            guard let start = path.firstIndex(of: "{"), let end = path.firstIndex(of: "}") else {
                switch path {
                case ControlPath.events: return ["\(path)?after=0"]
                case ControlPath.disputes, ControlPath.proposals: return ["\(path)?all=true"]
                case ControlPath.jobs, ControlPath.inbox, ControlPath.audit:
                    return ["\(path)?limit=1000"]
                default: return [path]
                }
            }
            let list = String(path[..<start].dropLast())
            let known = try #require(ids[list], "what stands in \(path)?")
            #expect(!known.isEmpty, "\(path) was never asked")
            return known.map { path[..<start] + $0 + path[path.index(after: end)...] }
        }

        /// The whole answer; of the stream, what there is until now.
        func answer(to uri: String) async throws -> [UInt8] {
            var bytes: [UInt8] = []
            let isStream = uri.hasPrefix(ControlPath.events)
            let last = Array("id: \(newest)\n".utf8)
            do {
                try await ControlAPI.ControlClient.withConnection(toFirstOf: [trial.socket]) {
                    client in
                    try await client.download(uri) { chunk in
                        bytes += chunk
                        if isStream, bytes.firstRange(of: last) != nil { throw StreamLeft() }
                    }
                }
            } catch is StreamLeft {
                #expect(isStream)
            }
            return bytes
        }

        private struct StreamLeft: Error {}
    }

    // MARK: The files

    /// All that was printed, and every file of the folder but the two that hold the PIN on purpose.
    func searchFiles() async throws {
        for (place, text) in printed { Self.expectNone(in: Array(text.utf8), place) }
        let dump = try await QueueSnapshot.query(trial, ".dump").flatMap { $0 }.joined()
        #expect(dump.utf8.count > 100_000)
        Self.expectNone(in: Array(dump.utf8), "the dump of the queue")
        let files = TextFile.all(under: trial.folder)
        for name in ["recharged.sqlite", "recharged.sqlite-wal", "recharged.log", "backup.sqlite"] {
            #expect(files.contains { $0.hasSuffix("/\(name)") }, "\(name)")
        }
        for file in files {
            let bytes = try TextFile.bytes(file)
            switch file {
            case trial.path("pins.yaml"), trial.path("centre.script"):
                #expect(!Self.search.found(in: bytes).isEmpty)
            default: Self.expectNone(in: bytes, file)
            }
        }
    }

    // MARK: The end

    /// Starts the daemon where cores are allowed and written to its folder, and lets it abort.
    func abort() async throws {
        let folder = trial.path("cores")
        mkdir(folder, 0o700)
        let shell = "ulimit -c unlimited; cd \(folder) && exec "
        let control = try trial.start(
            "/bin/sh",
            ["-c", shell + "/bin/sh -c 'kill -ABRT $$'"],
            errors: "control.log"
        )
        #expect(await control.exit() == -SIGABRT)
        let cores = TextFile.all(under: folder)
        print("without the daemon's care an abort leaves \(cores.isEmpty ? "no" : "a") core")
        for core in cores { unlink(core) }
        let program = "\(RunningProgram.folder)/recharged"
        let daemon = try trial.start(
            "/bin/sh",
            ["-c", "\(shell)\(program) --config \(trial.path("recharged.yaml"))"],
            errors: "recharged.log"
        )
        try await daemon.firstLine()
        let limits = try TextFile.read("/proc/\(daemon.id)/limits").split(separator: "\n")
        let core = limits.first { $0.hasPrefix("Max core file size") }
        #expect(core?.split(separator: " ").suffix(3) == ["0", "0", "bytes"])
        daemon.signal(SIGABRT)
        #expect(await daemon.exit() == -SIGABRT)
        #expect(TextFile.all(under: folder).isEmpty)
        #expect(!trial.log.contains("Crash"), "the backtracer prints registers and memory")
    }
}
