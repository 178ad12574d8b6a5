import Recharge
import SMSCodec
import Simulation
import Testing

/// Every switch does what it says, and the ledger tells the truth about it.
@Suite struct FaultTests {
    private static let request = "CZ#13800138000#50#123456"

    @Test(arguments: [
        ("lose answers 100%", 1, 0), ("lose submits 100%", 0, 0), ("double answers 100%", 1, 2),
        ("forge answers 100%", 1, 2), ("progress 100%", 1, 2), ("long on", 1, 2),
        ("cms error 38 100%", 0, 0), ("lose replies 100%", 1, 1), ("network latency 3s", 1, 1),
        ("answer latency 1s..3s", 1, 1), ("delay answers 100% by 9s", 1, 1),
    ])
    func chargesAndAnswers(fault: String, charges: Int, messages: Int) throws {
        var world = VirtualWorld()
        try world.tell(fault)
        try world.send(Self.request)
        world.pass(.seconds(10))
        #expect(world.ledger.count == charges)
        #expect(try world.inbox().count == messages)
    }

    @Test func whatTheModemSaysAfterThePayload() throws {
        for (fault, answer) in [
            ("cms error 38 100%", "|+CMS ERROR: 38|"), ("lose replies 100%", ""),
            ("delay replies 100% by 5s", ""), ("accept latency 2s", ""), ("silent on", ""),
        ] {
            var world = VirtualWorld()
            world.type("ATE0\rAT+CNMI=2,0,0,0,0\r")
            try world.tell(fault)
            #expect(try world.send(Self.request) == answer, "\(fault)")
        }
    }

    @Test func aLateReplyComesBeforeTheAnswerToTheNextCommand() throws {
        var world = VirtualWorld()
        world.type("ATE0\rAT+CNMI=2,0,0,0,0\r")
        try world.tell("delay replies 100% by 5s")
        try world.send(Self.request)
        #expect(world.type("AT+CSQ\r") == "")
        world.pass(.seconds(5))
        #expect(world.hear() == "|+CMGS: 1||OK||+CSQ: 24,99||OK|")
    }

    @Test(arguments: [
        (UnplugStage.beforePrompt, 0...0), (.afterPrompt, 0...0), (.afterPDU, 0...1),
        (.beforeReply, 1...1),
    ])
    func unpluggingAtEachStage(stage: UnplugStage, charges: ClosedRange<Int>) throws {
        var world = VirtualWorld()
        try world.tell("unplug \(stage.rawValue)")
        try world.send(Self.request)
        #expect(world.closed == [1])
        #expect(charges.contains(world.ledger.count))
        #expect(world.type("AT\r").isEmpty)
        try world.tell("plug")
        #expect(world.type("AT\r").hasSuffix("AT^|OK|"))
        #expect(try world.inbox().count == world.ledger.count)
        try world.send("CZ#13800138001#50#123456")
        #expect(world.closed == [1])
    }

    @Test func afterThePDUTheRadioMayOrMayNotHaveSentIt() throws {
        var charged: Set<Int> = []
        for seed in 1...16 {
            var world = VirtualWorld(seed: UInt64(seed))
            try world.tell("unplug after pdu")
            try world.send(Self.request)
            charged.insert(world.ledger.count)
        }
        #expect(charged == [0, 1])
    }

    @Test func aFaultsVictimComesBackByItself() throws {
        var world = VirtualWorld()
        try world.tell("replug 2s\nunplug after prompt 100%")
        try world.send(Self.request)
        #expect(world.world.stations[0].plug == .unplugged)
        world.pass(.seconds(2))
        #expect(world.world.stations[0].plug == .plugged)
    }

    @Test(arguments: [
        (ValidityPeriod.relative(0), "network latency 299s", 1),
        (.relative(0), "network latency 301s", 0),
        (.enhanced(SevenOctets([2, 5, 0, 0, 0, 0, 0])), "network latency 4s", 1),
        (.enhanced(SevenOctets([2, 5, 0, 0, 0, 0, 0])), "network latency 5s", 0),
        (.enhanced(SevenOctets([3, 0, 0x10, 0, 0, 0, 0])), "network latency 59s", 1),
        (.enhanced(SevenOctets([3, 0, 0x10, 0, 0, 0, 0])), "network latency 61s", 0),
    ])
    func whatOutlivesItsValidityIsNeverCharged(
        validity: ValidityPeriod,
        fault: String,
        charges: Int
    ) throws {
        var world = VirtualWorld()
        try world.tell(fault)
        try world.send(Self.request, validity: validity)
        world.pass(.seconds(400))
        #expect(world.ledger.count == charges)
    }

    @Test(arguments: [("network latency 299s", 0x00), ("network latency 301s", 0x46)])
    func theReportSaysWhetherTheCentreGotIt(fault: String, status: UInt8) throws {
        var world = VirtualWorld()
        world.type("ATE0\rAT+CNMI=2,1,0,1,0\r")
        try world.tell(fault)
        try world.send(Self.request, validity: .relative(0), report: true)
        world.pass(.seconds(400))
        let lines = world.hear().split(separator: "|")
        let place = try #require(lines.firstIndex(of: "+CDS: 22"))
        let frame = try PDUFrame(hex: String(lines[place + 1]), direction: .mobileTerminated)
        guard case .statusReport(let report) = frame.tpdu else {
            Issue.record("a status report")
            return
        }
        #expect(report.status.octet == status)
        #expect(report.recipient.value == "10086")
    }

    @Test func garbledAnswersLoseTheirNumber() throws {
        var world = VirtualWorld()
        try world.tell("garble answers 100%")
        try world.send(Self.request)
        #expect(try !world.inbox()[0].contains("13800138000"))
    }

    @Test func forgeriesComeFromAStranger() throws {
        var world = VirtualWorld()
        try world.tell("forge answers 100%\nrefuse busy 100%")
        try world.send(Self.request)
        #expect(try world.inbox().map { $0.split(separator: ":")[0] } == ["13700000000", "10086"])
    }

    @Test func anAnswerThatWaitsForTheModemIsKept() throws {
        var world = VirtualWorld()
        try world.tell("answer latency 1s\nat 500ms: unplug\nat 3s: plug")
        try world.send(Self.request)
        world.pass(.seconds(2))
        #expect(world.world.stations[0].waitingCount == 1)
        world.pass(.seconds(2))
        #expect(try world.inbox().count == 1)
    }

    @Test func echoNoiseAndTyping() throws {
        var world = VirtualWorld()
        try world.tell("echo doubled")
        #expect(world.type("AT\r") == "AT^AT^|OK|")
        try world.tell("echo off")
        #expect(world.type("AT\r") == "|OK|")
        try world.tell("typing 10ms")
        #expect(world.type("AT\r") == "")
        world.pass(.milliseconds(30))
        #expect(world.hear() == "|O")
        world.pass(.seconds(1))
        try world.tell("typing off\nnoise 1s")
        world.hear()
        world.pass(.milliseconds(3500))
        #expect(world.hear().split(separator: "|").count == 3)
        try world.tell("noise off")
        world.pass(.seconds(5))
        #expect(world.hear().isEmpty)
    }

    @Test func modemsJoinAndLeaveWhileItRuns() throws {
        var world = VirtualWorld(count: 2)
        try world.tell("add 2")
        #expect(world.type("AT\r", to: 4) == "AT^|OK|")
        try world.tell("remove 1\nmodem 1: remove")
        #expect(world.closed == [4, 1])
        try world.tell("plug")
        #expect(world.type("AT\r", to: 4).isEmpty)
        #expect(world.type("AT\r", to: 2) == "AT^|OK|")
    }

    @Test func aSeedDecidesEverything() throws {
        func run(_ seed: UInt64) throws -> [String] {
            var world = VirtualWorld(count: 4, seed: seed)
            try world.tell(
                "lose answers 10%\nlose submits 10%\nrefuse busy 20%\nunplug after pdu 10%\n"
                    + "replug 1s\nlanguage mixed\nanswer latency 0ms..900ms\ndouble answers 10%"
            )
            for number in 0..<100 {
                try world.send("CZ#138001380\(10 + number % 90)#50#123456", from: number % 4 + 1)
                world.pass(.milliseconds(700))
            }
            var log = world.ledger.map(\.json)
            for index in 1...4 { log += try world.inbox(index) }
            return log
        }
        #expect(try run(11) == run(11))
        #expect(try run(11) != run(12))
    }
}
