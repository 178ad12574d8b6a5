import Carriers
import ConfigurationFiles
import Recharge
import Simulation
import Testing

/// Faults of the answers to every operation, and how the shipped profile reads them.
@Suite struct OperationFaultTests {
    private static let requests = [
        "YE#123456", "CX#13800138000#50#123456", "CF#13800138000#50#123456",
        "CZ-#S20261118000001#13800138000#50#123456",
    ]

    private static func profile() throws -> CarrierProfile {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let document = try YAMLFile.read("/\(root)/etc/carriers/simulated.yaml")
        return try CarrierProfile(reading: document) { name in
            ZoneOffsets(zone: name).map { CarrierZone(offsetMinutes: $0.offsetMinutes) }
        }
    }

    /// What the profile makes of the messages on a SIM.
    private func readings(
        _ world: inout VirtualWorld,
        _ index: Int = 1
    ) throws -> [CarrierReading] {
        let profile = try Self.profile()
        return try world.messages(index).map { message in
            profile.read(text: message.text, from: message.sender)
        }
    }

    private func answer(_ reading: CarrierReading) throws -> CarrierAnswer {
        guard case .matched(let answer) = reading else { throw Unread(reading: "\(reading)") }
        return answer
    }

    private struct Unread: Error {
        let reading: String
    }

    @Test(arguments: ["zh", "en"])
    func theShippedProfileReadsEveryAnswerOfTheCentre(language: String) throws {
        var world = VirtualWorld()
        try world.tell("language \(language)")
        try world.send("CZ#13800138000#50#123456")
        for request in Self.requests { try world.send(request) }
        for request in Self.requests + ["CX#13800138000#5#123456", "CX#13800138000#50#9"] {
            try world.send(
                request.replacing("123456", with: request.hasPrefix("CZ") ? "9" : "123456")
            )
        }
        let answers = try readings(&world).map(answer)
        #expect(
            answers.map(\.meaning) == [
                .recharged, .balance, .onRecord, .recharged, .reversed, .balance, .onRecord,
                .recharged, .wrongPIN, .noRecord, .wrongPIN,
            ]
        )
        #expect(answers[2].serial == "S20261118000001")
        #expect(answers[2].time == Timestamp("2026-11-18T11:06:40Z"))
        #expect(answers[2].gradeMax == .carrierRecord)
        #expect(answers[4].original == "S20261118000001")
        #expect(answers[4].serial == "S20261118000002")
        #expect(answers[4].balance?.minorUnits == 1_000_000)
        #expect(answers[8].original == "S20261118000001")
        #expect(answers[9].gradeMax == .carrierRecord)
        #expect(answers[10].number == nil)
    }

    @Test(arguments: ["zh", "en"])
    func aQuotedRequestSettlesNothingAndComesBeforeTheAnswer(language: String) throws {
        var world = VirtualWorld()
        try world.tell("language \(language)\nquote requests 100%")
        try world.send("CZ#13800138000#50#123456")
        let messages = try world.messages(1).map(\.text)
        #expect(messages.count == 2)
        #expect(messages[0].contains("CZ#13800138000#50#123456"))
        #expect(try answer(try readings(&world)[1]).meaning == .recharged)
    }

    @Test(arguments: ["zh", "en"])
    func theShippedProfileReadsEveryRefusalOfAReversal(language: String) throws {
        var world = VirtualWorld()
        try world.tell("language \(language)")
        try world.send("CZ-#S20261118000009#13800138000#50#123456")
        try world.send("CZ#13800138000#50#123456")
        world.pass(.seconds(86_401))
        try world.send("CZ-#S20261118000001#13800138000#50#123456")
        let answers = try readings(&world).map(answer)
        #expect(answers.map(\.meaning) == [.reversalRefused, .recharged, .reversalRefused])
        #expect(answers[0].original == "S20261118000009")
        #expect(answers[2].original == "S20261118000001")
        #expect(answers[2].serial == nil)
    }

    @Test(arguments: requests)
    func faultsApplyToTheAnswersOfEveryOperation(request: String) throws {
        for (fault, count) in [
            ("lose answers 100%", 0), ("double answers 100%", 2), ("delay answers 100% by 9s", 1),
            ("forge answers 100%", 2), ("reorder answers 100%", 1),
        ] {
            var world = VirtualWorld()
            try world.send("CZ#13800138000#50#123456")
            let before = try world.messages().count
            try world.tell(fault)
            try world.send(request)
            if fault.hasPrefix("delay") || fault.hasPrefix("reorder") {
                #expect(try world.messages().count == before)
            }
            world.pass(.seconds(11))
            #expect(try world.messages().count == before + count, "\(fault)")
        }
    }

    @Test(arguments: requests.dropFirst())
    func aGarbledAnswerProvesNothing(request: String) throws {
        var world = VirtualWorld()
        try world.send("CZ#13800138000#50#123456")
        try world.tell("garble answers 100%")
        try world.send(request)
        #expect(try readings(&world).last == .unrecognised)
    }

    @Test(arguments: requests)
    func aStrangersForgeryIsNotFromTheCarrier(request: String) throws {
        var world = VirtualWorld()
        try world.tell("forge answers 100%\nlose answers 100%")
        try world.send(request)
        #expect(try readings(&world) == [.notFromCarrier])
    }

    /// Sender, number, amount and an unseen serial are right; only the float gives it away.
    @Test(arguments: ["CZ#13800138000#50#123456", "CF#13800138000#50#123456"], [true, false])
    func onlyTheFloatTellsASpoofedConfirmation(request: String, isExecuted: Bool) throws {
        var plausibleCount = 0
        for seed in 1...20 {
            var world = VirtualWorld(seed: UInt64(seed))
            try world.tell("spoof answers 100%\nlose answers 100%")
            if !isExecuted { try world.tell("refuse busy 100%") }
            try world.send(request)
            let spoof = try answer(try #require(try readings(&world).first))
            #expect(spoof.meaning == .recharged)
            #expect(spoof.gradeMax == .answer)
            #expect(!world.ledger.compactMap(\.serial).contains(spoof.serial ?? ""))
            let float = try #require(spoof.balance?.minorUnits)
            #expect(float != 995_000)
            if float == 1_000_000 { plausibleCount += 1 }
        }
        #expect((1...19).contains(plausibleCount))
    }

    @Test func aSpoofedReconfirmationOrReversalNeverNamesTheFloatThatItWouldLeave() throws {
        for seed in 1...20 {
            for (request, right) in [(Self.requests[2], 995_000), (Self.requests[3], 1_000_000)] {
                var world = VirtualWorld(seed: UInt64(seed))
                try world.send("CZ#13800138000#50#123456")
                try world.tell("spoof answers 100%\nlose answers 100%")
                try world.send(request)
                let spoof = try answer(try #require(try readings(&world).last))
                #expect(spoof.balance?.minorUnits != Int64(right))
            }
        }
    }

    @Test(arguments: ["YE#123456", "CX#13800138000#50#123456", "hello"])
    func whatNobodyCouldTellIsNotSpoofed(request: String) throws {
        var world = VirtualWorld()
        try world.tell("spoof answers 100%")
        try world.send(request)
        #expect(try world.inbox().count == 1)
    }

    @Test func anAnswerThatIsHeldBackIsOvertakenByTheNext() throws {
        var world = VirtualWorld()
        try world.tell("language en\nreorder answers 100%")
        try world.send("CZ#13800138000#50#123456")
        try world.tell("reorder answers 0%")
        world.pass(.seconds(5))
        #expect(try world.inbox() == [])
        try world.send("CZ#13800138001#50#123456")
        let inbox = try world.inbox()
        #expect(inbox.count == 2)
        #expect(inbox[0].contains("13800138001"))
        #expect(inbox[1].contains("13800138000"))
        world.pass(.seconds(20))
        #expect(try world.inbox().count == 2)
    }

    @Test func aPersonCanForgeAConfirmation() throws {
        var world = VirtualWorld(count: 2)
        try world.tell("modem 2: forge 13800138000 50")
        try world.tell("modem 2: forge 13800138001 49.90 from 10086")
        #expect(try world.inbox(1) == [])
        let found = try readings(&world, 2)
        #expect(found[0] == .notFromCarrier)
        let answer = try answer(found[1])
        #expect(answer.meaning == .recharged)
        #expect(answer.amount?.minorUnits == 4990)
        #expect(world.ledger.isEmpty)
        try world.tell("forge 13800138000 50")
        #expect(try world.inbox(1).count == 1)
    }
}
