import ArgumentParser
import Foundation
import Recharge
import Simulation

/// Runs the simulation until it is told to stop.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run transceivers in a folder until SIGTERM or SIGINT.",
        discussion: "Prints one line when all of them exist. The switches are those of `tell`."
    )

    @Option(help: "How many transceivers to begin with.")
    var count = 8

    @Option(help: "The folder in which they appear.")
    var directory: String

    @Option(
        help: "The ledger, JSON lines; continued if it exists. (default: DIRECTORY/ledger.jsonl)"
    )
    var ledger: String?

    @Option(help: "The same seed gives the same SIMs and the same faults.")
    var seed: UInt64 = 1

    @Option(help: "Messages that a SIM can hold.")
    var capacity = 30

    @Option(name: .customLong("float"), help: "What the account of each SIM begins with.")
    var initialFloat = "10000"

    @Option(help: "The PIN of every agent account.")
    var pin = "123456"

    @Option(help: "Language of the answers: zh, en or mixed.")
    var language = "zh"

    @Option(help: "From the charge to the answer, such as 250ms or 1s..3s.")
    var answerLatency = "0"

    @Option(help: "From Ctrl-Z to +CMGS.")
    var acceptLatency = "0"

    @Option(help: "How many answers get lost, such as 10%.")
    var loseAnswers = "0%"

    @Option(help: "A script of switches: “at 5s: modem 3: unplug after pdu”.")
    var script: String?

    @Flag(help: "Stop when standard input ends, so as not to outlive the program that started it.")
    var whileInputOpen = false

    func run() async throws {
        let settings = try settings()
        let pool = SimulatedPool(settings: settings)
        let signals = await StopSignals(watchingInput: whileInputOpen)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await pool.run { announce(settings) }
            }
            group.addTask { await signals.first() }
            defer { group.cancelAll() }
            try await group.next()
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    private func settings() throws -> SimulatedPool.Settings {
        guard (0...1000).contains(count) else {
            throw ValidationError("--count \(count): from 0 to 1000 transceivers")
        }
        guard (1...255).contains(capacity) else {
            throw ValidationError("--capacity \(capacity): a SIM holds from 1 to 255 messages")
        }
        guard let float = Amount(major: initialFloat, currency: .renminbi) else {
            throw ValidationError("--float \(initialFloat): an amount such as 500 or 49.90")
        }
        var settings = SimulatedPool.Settings(directory: PoolDirectory(path: directory))
        settings.count = count
        settings.ledgerPath = ledger ?? "\(directory)/ledger.jsonl"
        settings.world.seed = seed
        settings.world.storageCapacity = capacity
        settings.initialFloat = float
        settings.pin = PIN(pin)
        settings.script.lines = try switches() + scriptLines()
        return settings
    }

    private func switches() throws -> [FaultScript.Line] {
        try [
            ("--language", "language", language),
            ("--answer-latency", "answer latency", answerLatency),
            ("--accept-latency", "accept latency", acceptLatency),
            ("--lose-answers", "lose answers", loseAnswers),
        ].flatMap { (option, command, value) -> [FaultScript.Line] in
            do throws(FaultScriptError) {
                return try FaultScript(parsing: "\(command) \(value)").lines
            } catch {
                throw ValidationError("\(option) \(value): \(error.reason)")
            }
        }
    }

    private func scriptLines() throws -> [FaultScript.Line] {
        guard let script else { return [] }
        let text: String
        do {
            text = try String(contentsOf: URL(filePath: script), encoding: .utf8)
        } catch {
            throw ValidationError("--script \(script): \(error.localizedDescription)")
        }
        do {
            return try FaultScript(parsing: text).lines
        } catch {
            throw ValidationError("\(script): \(error)")
        }
    }
}

@Sendable private func announce(_ settings: SimulatedPool.Settings) {
    let line =
        "\(settings.count) transceivers under \(settings.directory.path); "
        + "ledger \(settings.ledgerPath ?? "none"); control \(settings.directory.controlSocket)\n"
    FileHandle.standardOutput.write(Data(line.utf8))
}
