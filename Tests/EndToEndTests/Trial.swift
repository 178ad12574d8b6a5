import ControlAPI
import Dispatch
import Foundation
import Recharge
import Simulation
import Synchronization
import Testing

/// A gateway of a test's own: its folder, its configuration, and the processes that it started.
///
/// The configuration and the profile are those of `etc`, with short times. The folder has a short
/// path, because a socket's may have 107 bytes.
final class Trial: Sendable {
    /// What a trial may have other than the rest.
    struct Shape: Sendable {
        var pin = "123456"
        /// How long until silence is doubt; the fence is `validity` and 2 s.
        var answerWithin = "2s"
        var validity = "3s"
        /// When the carrier is first asked about a job in doubt, and how often a SIM asks.
        var firstAfter = "10s"
        var interval = "60s"
        /// The section `ports` of the configuration.
        var ports = "{ udev: false, directory: ports }"
        var stateFolder: String?
        /// The profile of SIMs that have no entry of their own.
        var otherwise = "simulated"

        /// One whose doubts are over soon.
        static var inquisitive: Shape {
            var shape = Shape()
            shape.firstAfter = "1s"
            shape.interval = "2s"
            return shape
        }
    }

    let folder: String
    private let programs = Mutex<[RunningProgram]>([])
    private let sequence = Mutex<Int64>(0)

    private init(_ shape: Shape) throws {
        var template = Array("/tmp/e2e.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw TestFailure.system("mkdtemp") }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        try configure(shape)
    }

    /// Runs a test in a trial; afterwards no process and no file of it is left.
    static func run(_ shape: Shape = Shape(), _ body: (Trial) async throws -> Void) async throws {
        let trial = try Trial(shape)
        do {
            try await body(trial)
        } catch {
            Issue.record("the daemon said: \(trial.log.suffix(4000))")
            await trial.end()
            throw error
        }
        await trial.end()
    }

    private func end() async {
        let programs = programs.withLock { $0 }
        for program in programs { program.killGroup() }
        for program in programs { await program.exit() }
        try? FileManager.default.removeItem(atPath: folder)
    }

    private func configure(_ shape: Shape) throws {
        let carriers = path("carriers")
        try FileManager.default.createDirectory(
            atPath: carriers,
            withIntermediateDirectories: false
        )
        var profile = try TextFile.read("\(Trial.etc)/carriers/simulated.yaml")
        for (key, value) in [
            ("answer_within", shape.answerWithin), ("validity", shape.validity),
            ("late_within", "2s"), ("first", "1s"), ("first_after", shape.firstAfter),
            ("interval", shape.interval),
        ] {
            let line = try Regex("\\b\(key): [0-9]+s ")
            guard profile.contains(line) else { throw TestFailure("the profile has no \(key)") }
            profile.replace(line, with: "\(key): \(value) ", maxReplacements: 1)
        }
        try TextFile.write(profile, to: "\(carriers)/simulated.yaml")
        if shape.otherwise != "simulated" {
            let other = try TextFile.read("\(Trial.etc)/carriers/\(shape.otherwise).yaml")
            try TextFile.write(other, to: "\(carriers)/\(shape.otherwise).yaml")
        }
        try TextFile.write(
            "sims: {}\notherwise: { carrier: \(shape.otherwise), pin: \"\(shape.pin)\" }\n",
            to: path("pins.yaml")
        )
        try TextFile.write(
            """
            state_dir: \(shape.stateFolder ?? "state")
            sockets: { directory: run }
            enrolment: open
            sims_max: 64
            ports: \(shape.ports)
            carriers_dir: carriers
            secrets: pins.yaml
            stop_grace: 30s

            """,
            to: path("recharged.yaml")
        )
    }

    /// The folder `etc` of the sources.
    static let etc = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "etc").path

    func path(_ name: String) -> String { "\(folder)/\(name)" }

    var socket: String { path("run/control.sock") }
    var ledgerPath: String { path("ports/ledger.jsonl") }
    /// What all daemons of this trial wrote to standard error.
    var log: String { (try? TextFile.read(path("recharged.log"))) ?? "" }

    // MARK: Processes

    func start(
        _ name: String,
        _ arguments: [String],
        errors: String,
        limit: DispatchTimeInterval = .seconds(240)
    ) throws -> RunningProgram {
        let program = try RunningProgram(
            name,
            arguments,
            environment: ["RECHARGED_SOCKET=\(socket)"],
            errors: path(errors),
            limit: limit
        )
        programs.withLock { $0.append(program) }
        return program
    }

    /// Starts transceivers and returns when their ttys exist.
    @discardableResult
    func startModems(
        _ count: Int,
        _ options: [String] = [],
        limit: DispatchTimeInterval = .seconds(240)
    ) async throws -> RunningProgram {
        let modems = try start(
            "modemsim",
            ["run", "--count", String(count), "--directory", path("ports"), "--while-input-open"]
                + options,
            errors: "modemsim.log",
            limit: limit
        )
        try await modems.firstLine()
        return modems
    }

    /// Starts the daemon and returns when its sockets listen.
    func startDaemon(limit: DispatchTimeInterval = .seconds(240)) async throws -> RunningProgram {
        let daemon = try beginDaemon(limit: limit)
        try await daemon.firstLine()
        return daemon
    }

    /// Starts the daemon and waits for nothing.
    func beginDaemon(limit: DispatchTimeInterval = .seconds(240)) throws -> RunningProgram {
        try start(
            "recharged",
            ["--config", path("recharged.yaml")],
            errors: "recharged.log",
            limit: limit
        )
    }

    /// Runs a program to its end.
    func finish(_ name: String, _ arguments: String...) async throws -> Finished {
        let errors = "run-\(UInt32.random(in: 0 ... .max)).log"
        let program = try start(name, arguments, errors: errors)
        let status = await program.exit()
        return Finished(status: status, output: program.output, errors: program.errors)
    }

    /// How a program ended and what it said.
    struct Finished: Sendable {
        var status: Int32
        var output: String
        var errors: String
    }

    /// Turns a switch of the simulation.
    @discardableResult
    func tell(_ line: String) throws -> String {
        let client = try Simulation.ControlClient(
            socketPath: PoolDirectory(path: path("ports")).controlSocket
        )
        let answer = try client.tell(line)
        guard !answer.hasPrefix("error") else { throw TestFailure("\(line): \(answer)") }
        return answer
    }

    // MARK: The socket

    func ask<Value: Decodable & Sendable>(
        _ uri: String,
        as type: Value.Type = Value.self
    ) async throws -> Value {
        try await ControlAPI.ControlClient.withConnection(toFirstOf: [socket]) { client in
            try await client.get(uri)
        }
    }

    /// Follows the events since the last call, each once, or all of them, until the answer is true.
    func follow(
        from first: Int64? = nil,
        until isEnough: (EventView) async throws -> Bool
    ) async throws {
        let known = first ?? sequence.withLock { $0 }
        var isDone = false
        try await ControlAPI.ControlClient.withConnection(toFirstOf: [socket]) { client in
            try await client.events(after: known) { event in
                sequence.withLock { $0 = event.sequence }
                isDone = try await isEnough(event)
                return !isDone
            }
        }
        guard isDone else { throw TestFailure("the daemon ended while its events were followed") }
    }

    /// Waits until the counts of all jobs are as wanted, asking after each event that moves a job.
    func jobs(_ isAsWanted: ([String: Int]) -> Bool) async throws {
        if isAsWanted(try await ask(ControlPath.stats, as: StatsView.self).jobs) { return }
        try await follow { event in
            guard event.kind.hasPrefix("job.") else { return false }
            return isAsWanted(try await ask(ControlPath.stats, as: StatsView.self).jobs)
        }
    }
}
