import Recharge
import Simulation
import Testing

/// What the centre does beside recharging, and what it refuses.
@Suite struct CentreOperationTests {
    private static let order = "13800138000#50#123456"
    private static let serial = "S20261118000001"

    @Test func theHistoryNamesTheLatestChargeOfThatSIMNumberAndAmount() throws {
        var world = VirtualWorld(count: 2)
        try world.tell("language en")
        try world.send("CZ#" + Self.order)
        world.pass(.seconds(60))
        try world.send("CZ#" + Self.order)
        try world.send("CX#" + Self.order)
        try world.send("CX#13800138000#30#123456")
        try world.send("CX#" + Self.order, from: 2)
        try world.send("CX#13800138000#50#1")
        #expect(
            try world.inbox().dropFirst(2) == [
                "10086: On record: 50.00 CNY to 13800138000 at 2026-11-18 19:07:40, "
                    + "serial S20261118000002.",
                "10086: No record of 30.00 CNY to 13800138000.",
                "10086: Query failed: wrong PIN.",
            ]
        )
        #expect(try world.inbox(2) == ["10086: No record of 50.00 CNY to 13800138000."])
        #expect(world.ledger.count == 2)
    }

    @Test func aReconfirmationRepeatsWhatWasChargedAndMovesNothing() throws {
        var world = VirtualWorld()
        try world.send("CZ#" + Self.order)
        try world.send("CZ#13800138001#20#123456")
        world.pass(.seconds(3600))
        for _ in 0..<2 { try world.send("CF#" + Self.order) }
        #expect(world.ledger.count == 2)
        let confirmation =
            "10086: 【充值】您已成功为13800138000充值50.00元，流水号\(Self.serial)，账户余额"
        let inbox = try world.inbox()
        #expect(inbox[0] == confirmation + "9950.00元。")
        #expect(inbox[2] == confirmation + "9930.00元。")
        #expect(inbox[3] == inbox[2])
    }

    @Test func aReconfirmationExecutesWhatWasNotAndRefusesLikeARecharge() throws {
        var world = VirtualWorld()
        try world.tell("lose submits 100%")
        try world.send("CZ#" + Self.order)
        try world.tell("lose submits 0%")
        try world.send("CF#" + Self.order)
        #expect(world.ledger.map(\.outcome) == [.charged(serial: Self.serial)])
        #expect(world.ledger[0].balance.minorUnits == 995_000)
        try world.tell("refuse busy 100%\nforeign number 17000000000")
        try world.send("CF#13800138001#50#123456")
        try world.send("CF#17000000000#50#123456")
        try world.send("CF#" + Self.order.dropLast(6) + "9")
        #expect(
            world.ledger.dropFirst().map(\.outcome)
                == [.refused(.busy), .refused(.foreign), .refused(.pin)]
        )
        #expect(world.ledger.last?.balance.minorUnits == 995_000)
    }

    /// Which is why a profile says how long a carrier remembers.
    @Test func afterAnHourAReconfirmationIsASecondPayment() throws {
        var world = VirtualWorld()
        try world.send("CZ#" + Self.order)
        world.pass(.milliseconds(3_600_001))
        try world.send("CF#" + Self.order)
        #expect(world.ledger.compactMap(\.serial) == [Self.serial, "S20261118000002"])
    }

    @Test func aReversalCreditsTheFloatOnceAndNamesItsOriginal() throws {
        var world = VirtualWorld()
        try world.tell("language en")
        try world.send("CZ#" + Self.order)
        for _ in 0..<2 { try world.send("CZ-#\(Self.serial)#" + Self.order) }
        #expect(
            world.ledger.map(\.outcome) == [
                .charged(serial: Self.serial),
                .reversed(serial: "S20261118000002", original: Self.serial),
                .notReversed(.reversed, original: Self.serial),
            ]
        )
        #expect(world.ledger.map(\.balance.minorUnits) == [995_000, 1_000_000, 1_000_000])
        #expect(
            try world.inbox().dropFirst() == [
                "10086: Recharge \(Self.serial) of 50.00 CNY to 13800138000 reversed. "
                    + "Serial S20261118000002. Balance 10000.00 CNY.",
                "10086: Reversal of \(Self.serial) (50.00 CNY to 13800138000) failed: "
                    + "reversed before.",
            ]
        )
    }

    @Test(arguments: [
        ("CZ-#S20261118000009#13800138000#50#123456", ReversalRefusal.serial),
        ("CZ-#S20261118000001#13800138001#50#123456", .serial),
        ("CZ-#S20261118000001#13800138000#49#123456", .serial),
        ("CZ-#S20261118000001#13800138000#50#654321", .pin),
    ])
    func whatIsNotExactlyThatChargeIsNotReversed(text: String, refusal: ReversalRefusal) throws {
        var world = VirtualWorld()
        try world.send("CZ#" + Self.order)
        try world.send(text)
        guard case .notReversed(let reason, _) = world.ledger.last?.outcome else {
            Issue.record("\(text): \(String(describing: world.ledger.last))")
            return
        }
        #expect(reason == refusal)
        #expect(world.ledger.last?.balance.minorUnits == 995_000)
    }

    @Test func anotherSIMsChargeIsNotReversed() throws {
        var world = VirtualWorld(count: 2)
        try world.send("CZ#" + Self.order)
        try world.send("CZ-#\(Self.serial)#" + Self.order, from: 2)
        #expect(world.ledger.last?.outcome == .notReversed(.serial, original: Self.serial))
    }

    @Test(arguments: [(86_400, true), (86_401, false)])
    func aReversalHasADay(seconds: Int, isReversed: Bool) throws {
        var world = VirtualWorld()
        try world.send("CZ#" + Self.order)
        world.pass(.seconds(seconds))
        try world.send("CZ-#\(Self.serial)#" + Self.order)
        #expect((world.ledger.last?.serial != nil) == isReversed)
    }

    /// 2026-11-18 19:06:40 in China; the month ends there eight hours before it does in UTC.
    @Test func aReversalHasTheMonthOfItsChargeByChinasClocks() throws {
        var world = VirtualWorld()
        let toMidnight = 12 * 86_400 + 4 * 3600 + 53 * 60 + 20
        world.pass(.seconds(toMidnight - 60))
        try world.send("CZ#" + Self.order)
        try world.send("CZ#13800138001#50#123456")
        world.pass(.seconds(59))
        try world.send("CZ-#S20261130000001#" + Self.order)
        world.pass(.seconds(1))
        try world.send("CZ-#S20261130000002#13800138001#50#123456")
        #expect(
            world.ledger.suffix(2).map(\.outcome) == [
                .reversed(serial: "S20261130000003", original: "S20261130000001"),
                .notReversed(.late, original: "S20261130000002"),
            ]
        )
    }

    @Test func aSIMHasEightReversalsAMonth() throws {
        var world = VirtualWorld(count: 2)
        for index in 1...9 {
            try world.send("CZ#1380013800\(index)#50#123456")
            try world.send("CZ-#\(serial(index))#1380013800\(index)#50#123456")
        }
        #expect(world.ledger.count { $0.serial != nil } == 17)
        #expect(world.ledger.last?.outcome == .notReversed(.quota, original: serial(9)))
        try world.send("CZ#13800138000#50#123456", from: 2)
        let other = try #require(world.ledger.last?.serial)
        try world.send("CZ-#\(other)#13800138000#50#123456", from: 2)
        #expect(world.ledger.last?.serial != nil)
    }

    /// The serial of the n-th charge where each was reversed at once.
    private func serial(_ charge: Int) -> String {
        let count = String(2 * charge - 1)
        return "S20261118" + String(repeating: "0", count: 6 - count.count) + count
    }

    @Test(arguments: [
        ("balance", "YE#123456"), ("history", "CX#13800138000#50#123456"),
        ("reconfirm", "CF#13800138000#50#123456"),
        ("reverse", "CZ-#S20261118000001#13800138000#50#123456"),
    ])
    func whatTheCentreDoesNotOfferIsAnUnknownCommand(service: String, text: String) throws {
        var world = VirtualWorld()
        try world.tell("language en\n\(service) off")
        try world.send("CZ#13800138000#50#123456")
        try world.send(text)
        #expect(world.ledger.count == 1)
        #expect(
            try world.inbox().last == "10086: Unknown command. Send CZ#number#amount#PIN."
        )
        try world.tell("\(service) on")
        try world.send(text)
        #expect(try world.inbox().last?.contains("Unknown command") == false)
    }

    @Test(arguments: [
        "CX#13800138000#123456", "CF#13800138000#0#123456", "CF#138x#50#123456",
        "CZ-#13800138000#50#123456", "CZ-#S1\"#13800138000#50#123456",
        "CZ-#\(String(repeating: "1", count: 41))#13800138000#50#123456", "CZ-##1#1#1", "CX",
    ])
    func whatIsMisspeltIsAnUnknownCommandAndNotInTheLedger(text: String) throws {
        var world = VirtualWorld()
        try world.tell("language en")
        try world.send(text)
        #expect(try world.inbox() == ["10086: Unknown command. Send CZ#number#amount#PIN."])
        #expect(world.ledger.isEmpty)
    }
}
