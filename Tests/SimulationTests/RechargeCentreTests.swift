import Engine
import Foundation
import Recharge
import Simulation
import Testing

/// What the centre charges, refuses and says.
@Suite struct RechargeCentreTests {
    @Test func aRequestIsChargedOnceAndAnswered() throws {
        var world = VirtualWorld()
        try world.send("CZ#13800138000#50#123456")
        let entry = try #require(world.ledger.first)
        #expect(world.ledger.count == 1)
        #expect(entry.number == "13800138000")
        #expect(entry.amount.minorUnits == 5000)
        #expect(entry.balance.minorUnits == 995_000)
        #expect(entry.outcome == .charged(serial: "S20261118000001"))
        #expect(
            try world.inbox() == [
                "10086: 【充值】您已成功为13800138000充值50.00元，流水号S20261118000001，"
                    + "账户余额9950.00元。"
            ]
        )
    }

    @Test(arguments: [
        (
            "CZ#13800138000#49.90#123456",
            "Recharge of 49.90 CNY to 13800138000 succeeded. "
                + "Serial S20261118000001. Balance 9950.10 CNY."
        ),
        ("cz#13800138000#50#999999", "Recharge of 50.00 CNY to 13800138000 failed: wrong PIN."),
        (
            "CZ#13800000000#50#123456",
            "Recharge of 50.00 CNY to 13800000000 failed: number does not exist."
        ),
        (
            "CZ#1380013800#50#123456",
            "Recharge of 50.00 CNY to 1380013800 failed: number does not exist."
        ),
        (
            "CZ#17000000000#50#123456",
            "Recharge of 50.00 CNY to 17000000000 failed: not our number."
        ),
        (
            "CZ#13800138000#10001#123456",
            "Recharge of 10001.00 CNY to 13800138000 failed: insufficient balance 10000.00 CNY."
        ),
        ("YE#123456", "Your balance is 10000.00 CNY."),
        ("YE#0", "Query failed: wrong PIN."),
        ("CZ#13800138000#-5#123456", "Unknown command. Send CZ#number#amount#PIN."),
        ("CZ#13800138000#0#123456", "Unknown command. Send CZ#number#amount#PIN."),
        ("hello", "Unknown command. Send CZ#number#amount#PIN."),
    ])
    func answers(request: String, answer: String) throws {
        var world = VirtualWorld()
        try world.tell("language en\nbad number 13800000000\nforeign number 17000000000")
        try world.send(request)
        #expect(try world.inbox() == ["10086: " + answer])
    }

    @Test(arguments: [
        ("busy", "系统繁忙，请稍后再试。"), ("limit", "本卡已达当日限额。"),
        ("number", "号码不存在或状态异常。"), ("foreign", "非本网号码。"),
        ("float", "账户余额不足，余额10000.00元。"), ("pin", "密码错误。"),
    ])
    func refusalsChargeNothing(kind: String, words: String) throws {
        var world = VirtualWorld()
        try world.tell("refuse \(kind) 100%")
        try world.send("CZ#13800138000#50#123456")
        #expect(try world.inbox() == ["10086: 【充值】13800138000充值50.00元失败：\(words)"])
        #expect(world.ledger.map(\.outcome) == [.refused(try #require(Refusal(rawValue: kind)))])
        #expect(world.ledger.first?.balance.minorUnits == 1_000_000)
    }

    @Test func repeatsAreChargedUnlessTheCentreRefusesThem() throws {
        var world = VirtualWorld()
        for _ in 0..<2 { try world.send("CZ#13800138000#50#123456") }
        try world.tell("duplicates refuse")
        try world.send("CZ#13800138000#50#123456")
        #expect(world.ledger.count { $0.outcome == .refused(.duplicate) } == 1)
        #expect(world.ledger.last?.balance.minorUnits == 990_000)
        #expect(LedgerSummary(world.ledger).repeated.map(\.number) == ["13800138000"])
    }

    @Test func floatAndPINAreSetForOneSIM() throws {
        var world = VirtualWorld(count: 2)
        try world.tell("modem 2: float 20\nmodem 2: pin 42")
        try world.send("CZ#13800138000#15#42", from: 2)
        try world.send("CZ#13800138000#15#42", from: 1)
        #expect(world.ledger.map(\.balance.minorUnits) == [500, 1_000_000])
        try world.tell("modem 2: topup 49.90")
        try world.send("CZ#13800138001#15#42", from: 2)
        #expect(world.ledger.last?.balance.minorUnits == 3990)
    }

    @Test func everyEntrySurvivesItsFile() throws {
        let path = temporaryPath("ledger.jsonl")
        var world = VirtualWorld()
        try world.send("CZ#13800138000#50#123456")
        try world.send("CZ#13800138000#50#1")
        let lines = world.ledger.map(\.json).joined(separator: "\n") + "\n{\"kind\":\"char"
        try lines.write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try LedgerFile.entries(path: path) == world.ledger)
        #expect(try LedgerFile(path: path).entries == world.ledger)
        #expect(!lines.contains("123456"))
        var centre = RechargeCentre(initialFloat: world.ledger[0].amount, initialPIN: PIN("123456"))
        centre.resume(after: world.ledger)
        var random = SplitMix64(seed: 1)
        let (entry, _) = centre.receive(
            "CZ#13800138001#50#123456",
            from: world.ledger[0].iccid,
            faults: Faults(),
            at: world.now,
            using: &random
        )
        #expect(entry?.outcome == .charged(serial: "S20261118000002"))
        #expect(entry?.requestID == "R000003")
        #expect(entry?.balance.minorUnits == 990_000)
    }

    @Test func aWrongLineOfALedgerIsNamed() throws {
        let path = temporaryPath("broken.jsonl")
        try "{}\n".write(toFile: path, atomically: true, encoding: .utf8)
        let error = #expect(throws: SimulationError.self) {
            try LedgerFile.entries(path: path)
        }
        #expect(error?.place == "\(path), line 1")
    }
}
