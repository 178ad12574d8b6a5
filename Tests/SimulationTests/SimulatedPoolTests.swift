import Foundation
import Recharge
import SMSCodec
import Simulation
import Testing

/// The transceivers as other programs meet them: real ttys in a folder.
@Suite(.timeLimit(.minutes(5))) struct SimulatedPoolTests {
    private static func settings(count: Int = 1) -> SimulatedPool.Settings {
        let folder = temporaryPath("pool")
        var settings = SimulatedPool.Settings(directory: PoolDirectory(path: folder))
        settings.count = count
        settings.ledgerPath = folder + ".jsonl"
        return settings
    }

    private static func payload(_ text: String) throws -> PDUFrame {
        PDUFrame(
            tpdu: .submit(
                SMSSubmit(
                    to: try SMSAddress(number: "10086"),
                    userData: try UserData(text: text),
                    validity: .relative(0)
                )
            )
        )
    }

    @Test func aRechargeGoesThroughATTYAndItsAnswerIsRead() async throws {
        let settings = Self.settings()
        try await withPool(settings) { directory in
            var client = try await PoolClient(path: directory.link(of: 1))
            _ = await client.type("ATE0\r", until: "OK\r\n")
            let frame = try Self.payload("CZ#13800138000#50#123456")
            let prompt = await client.type("AT+CMGS=\(frame.tpduLength)\r", until: "> ")
            #expect(prompt == "\r\n> ")
            let answer = await client.type(frame.hex + "\u{1A}", until: "+CMTI: \"SM\",1\r\n")
            #expect(answer == "\r\n+CMGS: 1\r\n\r\nOK\r\n\r\n+CMTI: \"SM\",1\r\n")
            let ledger = try LedgerFile.entries(path: #require(settings.ledgerPath))
            #expect(ledger.map(\.number) == ["13800138000"])
            let read = await client.type("AT+CMGR=1\r", until: "OK\r\n")
            #expect(read.contains("+CMGR: 0,,"))
        }
    }

    @Test func unpluggingHangsUpAndTakesTheNameAway() async throws {
        try await withPool(Self.settings(count: 2)) { directory in
            let control = try ControlClient(socketPath: directory.controlSocket)
            var client = try await PoolClient(path: directory.link(of: 2))
            #expect(try control.tell("modem 2: unplug") == "ok")
            await client.hangUp()
            let link = directory.link(of: 2)
            #expect(throws: (any Error).self) {
                try FileManager.default.destinationOfSymbolicLink(atPath: link)
            }
            #expect(try control.tell("modem 9: plug") == "error: there is no modem 9; there are 2")
            #expect(
                try control.tell("lose nothing")
                    == "error: line 1, column 6: expected answers, submits or replies"
            )
            #expect(try control.tell("status").contains("\"state\":\"unplugged\""))
        }
    }

    @Test func theCentreRemembersItsLedgerAfterARestart() async throws {
        let settings = Self.settings()
        for serial in ["000001", "000002"] {
            try await withPool(settings) { directory in
                var client = try await PoolClient(path: directory.link(of: 1))
                let frame = try Self.payload("CZ#13800138000#50#123456")
                _ = await client.type("AT+CMGS=\(frame.tpduLength)\r", until: "> ")
                _ = await client.type(frame.hex + "\u{1A}", until: "+CMTI: \"SM\",1\r\n")
            }
            let last = try LedgerFile.entries(path: #require(settings.ledgerPath)).last
            guard case .charged(let written) = last?.outcome else {
                Issue.record("nothing charged")
                return
            }
            #expect(written.hasSuffix(serial))
        }
        let entries = try LedgerFile.entries(path: #require(settings.ledgerPath))
        #expect(entries.map(\.balance.minorUnits) == [995_000, 990_000])
    }

    @Test func aFolderInUseIsRefusedAndAnEndedOneIsClean() async throws {
        let settings = Self.settings(count: 3)
        try await withPool(settings) { directory in
            let error = await #expect(throws: SimulationError.self) {
                try await SimulatedPool(settings: settings).run {}
            }
            #expect(error?.reason.hasPrefix("another modemsim runs there") == true)
            let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
            #expect(Set(names) == ["modem01", "modem02", "modem03", "control.sock"])
        }
        let left = try FileManager.default.contentsOfDirectory(
            atPath: settings.directory.path
        )
        #expect(left.isEmpty)
    }

    @Test func anUnwritableFolderIsNamed() async {
        let settings = SimulatedPool.Settings(directory: PoolDirectory(path: "/proc/none/here"))
        let error = await #expect(throws: SimulationError.self) {
            try await SimulatedPool(settings: settings).run {}
        }
        #expect(error?.place == "/proc/none/here")
    }
}
