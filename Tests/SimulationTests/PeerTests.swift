import Foundation
import Recharge
import Simulation
import Testing

/// Programs of other people send and receive through a simulated transceiver.
@Suite(.serialized, .timeLimit(.minutes(5))) struct PeerTests {
    private static func exists(_ path: String) -> Bool {
        FileManager.default.isExecutableFile(atPath: path)
    }

    private static func settings() throws -> SimulatedPool.Settings {
        let folder = temporaryPath("peer")
        var settings = SimulatedPool.Settings(directory: PoolDirectory(path: folder))
        settings.count = 2
        settings.ledgerPath = folder + ".jsonl"
        settings.script = try FaultScript(parsing: "language en\nmodem 2: language zh")
        return settings
    }

    @Test(.enabled(if: exists("/usr/bin/gammu")))
    func gammuIdentifiesSendsAndReads() async throws {
        let settings = try Self.settings()
        try await withPool(settings) { directory in
            let configuration = directory.path + ".gammurc"
            try "[gammu]\ndevice = \(directory.link(of: 1))\nconnection = at115200\n"
                .write(toFile: configuration, atomically: true, encoding: .utf8)
            let gammu = { (arguments: [String], input: String) async throws in
                try await run("/usr/bin/gammu", ["-c", configuration] + arguments, input: input)
            }
            let identity = try await gammu(["identify"], "")
            #expect(identity.contains(SimulatedIdentity(index: 1, seed: 1).imei.digits))
            let sent = try await gammu(["sendsms", "TEXT", "10086"], "CZ#13800138000#50#123456")
            #expect(sent.contains("OK, message reference=1"))
            let long = String(repeating: "long message ", count: 20)
            let own = SimulatedIdentity(index: 1, seed: 1).number
            let parts = try await gammu(
                ["sendsms", "TEXT", own, "-len", "400"],
                long
            )
            #expect(parts.contains("message reference=3"))
            let read = try await gammu(["getallsms"], "")
            #expect(read.contains("Recharge of 50.00 CNY to 13800138000 succeeded."))
            #expect(read.contains("3 SMS parts in 3 SMS sequences"))
            _ = try await gammu(["deleteallsms", "1"], "")
            let after = try await gammu(["getallsms"], "")
            #expect(after.contains("0 SMS parts in 0 SMS sequences"))
        }
        let ledger = try LedgerFile.entries(path: #require(settings.ledgerPath))
        #expect(ledger.map(\.number) == ["13800138000"])
    }

    /// The daemon ends itself when its event handler sees the answer.
    @Test(.enabled(if: exists("/usr/sbin/smsd")), arguments: [1, 2])
    func smstoolsSendsAndReceives(modem: Int) async throws {
        let settings = try Self.settings()
        try await withPool(settings) { directory in
            let folder = directory.path + ".smsd"
            try Self.prepareSmsd(folder, device: directory.link(of: modem))
            _ = try await run("/usr/sbin/smsd", ["-t", "-c\(folder)/conf"])
            let names = try FileManager.default.contentsOfDirectory(atPath: folder + "/incoming")
            let answer = try names.map { name in
                try String(contentsOfFile: "\(folder)/incoming/\(name)", encoding: .utf8)
            }.joined()
            #expect(answer.contains("From: 10086"))
            #expect(answer.contains("13900139000"))
            #expect(answer.contains(modem == 1 ? "succeeded" : "您已成功"))
        }
        let ledger = try LedgerFile.entries(path: #require(settings.ledgerPath))
        #expect(ledger.map(\.number) == ["13900139000"])
    }

    private static func prepareSmsd(_ folder: String, device: String) throws {
        let files = FileManager.default
        for name in ["outgoing", "incoming", "sent", "failed", "checked"] {
            try files.createDirectory(
                atPath: "\(folder)/\(name)",
                withIntermediateDirectories: true
            )
        }
        // Not SIGTERM: a child of a test inherits a thread's mask, which blocks it.
        let handler = """
            #!/bin/sh
            [ "$1" = RECEIVED ] || exit 0
            kill -9 $(sed -n "s/.*All PID's: //p" \(folder)/log | tr , ' ')

            """
        try handler.write(toFile: folder + "/handler", atomically: true, encoding: .utf8)
        try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder + "/handler")
        let configuration = """
            devices = GSM1
            outgoing = \(folder)/outgoing
            incoming = \(folder)/incoming
            sent = \(folder)/sent
            failed = \(folder)/failed
            checked = \(folder)/checked
            logfile = \(folder)/log
            infofile = \(folder)/info
            pidfile = \(folder)/pid
            eventhandler = \(folder)/handler
            loglevel = 7
            delaytime = 1
            decode_unicode_text = yes
            incoming_utf8 = yes
            [GSM1]
            device = \(device)
            incoming = yes
            memory_start = 1

            """
        try configuration.write(toFile: folder + "/conf", atomically: true, encoding: .utf8)
        try "To: 10086\n\nCZ#13900139000#30#123456"
            .write(toFile: folder + "/outgoing/one", atomically: true, encoding: .utf8)
    }
}

/// Runs a program to its end and returns what it printed.
private func run(
    _ path: String,
    _ arguments: [String],
    input: String = ""
) async throws -> String {
    let process = Process()
    let log = temporaryPath("output")
    try Data().write(to: URL(filePath: log))
    let words = temporaryPath("input")
    try input.write(toFile: words, atomically: true, encoding: .utf8)
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    process.environment = ["LC_ALL": "C.UTF-8", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
    process.standardInput = try FileHandle(forReadingFrom: URL(filePath: words))
    let output = try FileHandle(forWritingTo: URL(filePath: log))
    process.standardOutput = output
    process.standardError = output
    let (ends, continuation) = AsyncStream<Void>.makeStream()
    process.terminationHandler = { _ in continuation.finish() }
    try process.run()
    for await _ in ends {}
    if process.isRunning { process.terminate() }
    return try String(contentsOfFile: log, encoding: .utf8)
}
