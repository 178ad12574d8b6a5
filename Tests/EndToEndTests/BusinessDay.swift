import ControlAPI
import Foundation
import Glibc
import Recharge
import Simulation
import Testing

/// A day at a gateway, with all that was said and printed in it.
///
/// Every command of a person goes through ``order(_:status:)``, so that at the end it is known which
/// were used and what they printed.
struct BusinessDay {
    static let pin = "48159263"

    let trial: Trial
    /// What all programs printed, by their command lines.
    private(set) var printed: [(place: String, text: String)] = []

    /// Two people decide where another user can be played, which takes root.
    static let hasTwoPeople = geteuid() == 0
    private static let second = "12345"

    init(_ trial: Trial) throws {
        self.trial = trial
        let people = Self.hasTwoPeople ? 2 : 1
        let path = trial.path("recharged.yaml")
        try TextFile.write(
            """
            \(try TextFile.read(path))
            approvals: { people: \(people), verdict_above: 20.00 }
            roles: [{ user: \(Self.second), role: approver }]

            """,
            to: path
        )
        let profile = trial.path("carriers/simulated.yaml")
        let text = try TextFile.read(profile)
        // A forger's float is off by up to a thousand; the SIM shall work on.
        #expect(text.contains("drift_max: 0 "))
        try TextFile.write(
            text.replacingOccurrences(of: "drift_max: 0 ", with: "drift_max: 5000 "),
            to: profile
        )
        let other = try TextFile.read("\(Trial.etc)/carriers/cmcc.yaml")
        try TextFile.write(other, to: trial.path("carriers/cmcc.yaml"))
        try TextFile.write("pin \(Self.pin)\n", to: trial.path("centre.script"))
    }

    /// The shape of its trial.
    static var shape: Trial.Shape {
        var shape = Trial.Shape()
        shape.pin = pin
        shape.firstAfter = "1s"
        shape.interval = "1s"
        return shape
    }

    func startModems(_ count: Int) async throws -> RunningProgram {
        try await trial.startModems(
            count,
            ["--answer-latency", "20ms..80ms", "--script", trial.path("centre.script")],
            limit: .seconds(600)
        )
    }

    /// Starts the daemon, whose socket the second person may open too.
    func startDaemon() async throws -> RunningProgram {
        let daemon = try await trial.startDaemon(limit: .seconds(600))
        for (path, mode) in [(trial.folder, 0o711), (trial.path("run"), 0o755)] {
            chmod(path, mode_t(mode))
        }
        chmod(trial.socket, 0o666)
        return daemon
    }

    // MARK: Commands

    /// Runs a command of `rechargectl`; the status nil: however it ends.
    @discardableResult
    mutating func order(_ words: String..., status: Int32? = 0) async throws -> String {
        try await run("rechargectl", words, status)
    }

    /// Runs a question as people read it and as programs do; returns the latter.
    @discardableResult
    mutating func ask(_ words: String...) async throws -> String {
        try await run("rechargectl", words, 0)
        return try await run("rechargectl", words + ["--json"], 0)
    }

    /// Runs a command as the second person, or as the only one there is.
    mutating func orderAsSecond(_ words: String...) async throws {
        guard Self.hasTwoPeople else {
            _ = try await run("rechargectl", words, 1)
            return
        }
        let user = ["--reuid", Self.second, "--regid", Self.second, "--clear-groups"]
        let program = "\(RunningProgram.folder)/rechargectl"
        try await run("/usr/bin/setpriv", user + [program] + words, 0)
    }

    @discardableResult
    mutating func run(
        _ program: String,
        _ words: [String],
        _ status: Int32?
    ) async throws -> String {
        let run = try trial.start(program, words, errors: "run-\(printed.count).log")
        let ended = await run.exit()
        let line = ([program] + words).joined(separator: " ")
        if let status { #expect(ended == status, "\(line): \(run.errors)") }
        printed.append((line, run.output))
        return run.output
    }

    /// Orders one recharge; each amount of each number is ordered once.
    mutating func recharge(_ number: String, _ amount: String = "10") async throws -> Job.ID {
        let text = try await order("recharge", number, amount, "--json")
        return try WireJSON.decode(JobView.self, from: Array(text.utf8)).id
    }

    // MARK: What happened

    /// Returns when an event of a kind is on file; the details, if given, must be its own.
    func seen(
        _ kind: String,
        _ job: Job.ID? = nil,
        _ details: [String: String] = [:]
    ) async throws {
        try await trial.follow(from: 0) { event in
            event.kind == kind && (job == nil || event.job == job)
                && details.allSatisfy { event.details[$0] == $1 }
        }
    }

    func succeeded(_ jobs: Job.ID...) async throws {
        for job in jobs { try await seen("job.settled", job, ["state": "succeeded"]) }
    }

    /// Orders one recharge under a fault, which ends when the outcome is in doubt.
    mutating func doubt(
        _ fault: String,
        _ number: String,
        _ amount: String = "10"
    ) async throws
        -> Job.ID
    {
        try trial.tell("\(fault) 100%")
        let job = try await recharge(number, amount)
        try await seen("job.doubted", job)
        try trial.tell("\(fault) 0%")
        return job
    }

    static func iccid(_ modem: Int) -> String {
        SimulatedIdentity(index: modem, seed: 1).iccid.digits
    }
}
