import Carriers
import ConfigurationFiles
import Engine
import Foundation
import Recharge
import Simulation
import Testing

/// The ledger with its reversals, held against reports, and the statement made of it.
@Suite struct LedgerTests {
    /// A charge, its reversal, a charge that stays, and two refusals.
    private func world() throws -> VirtualWorld {
        var world = VirtualWorld()
        try world.send("CZ#13800138000#50#123456")
        try world.send("CZ-#S20261118000001#13800138000#50#123456")
        try world.send("CZ-#S20261118000001#13800138000#50#123456")
        world.pass(.seconds(60))
        try world.send("CZ#13800138001#30#123456")
        try world.send("CZ#13800138002#30#1")
        return world
    }

    private func row(
        _ line: Int,
        _ number: String,
        _ minor: Int64,
        _ state: JobState,
        _ serial: String = ""
    ) -> ResultsRow {
        ResultsRow(line: line, number: number, amountMinor: minor, state: state, serial: serial)
    }

    @Test func everyKindOfEntrySurvivesItsFileAndARestart() throws {
        let path = temporaryPath("ledger.jsonl")
        var world = try world()
        let lines = world.ledger.map(\.json).joined(separator: "\n") + "\n"
        try lines.write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try LedgerFile.entries(path: path) == world.ledger)
        #expect(lines.contains("\"kind\":\"reversal\",\"serial\":\"S20261118000002\",\"original\""))
        var centre = RechargeCentre(initialFloat: world.ledger[0].amount, initialPIN: PIN("123456"))
        centre.resume(after: world.ledger)
        var random = SplitMix64(seed: 1)
        for (text, outcome) in [
            (
                "CZ-#S20261118000001#13800138000#50#123456",
                LedgerEntry.Outcome.notReversed(.reversed, original: "S20261118000001")
            ),
            (
                "CZ-#S20261118000003#13800138001#30#123456",
                .reversed(serial: "S20261118000004", original: "S20261118000003")
            ),
        ] {
            let (entry, _) = centre.receive(
                text,
                from: world.ledger[0].iccid,
                faults: Faults(),
                at: world.now,
                using: &random
            )
            #expect(entry?.outcome == outcome)
        }
        #expect(centre.balance(of: world.ledger[0].iccid).minorUnits == 1_000_000)
        world.pass(.zero)
    }

    @Test(arguments: [
        "{\"kind\":\"reversal\",\"serial\":\"S1\",\"request_id\"",
        "{\"kind\":\"reversal_refusal\","
            + "\"reason\":\"busy\",\"original\":\"S1\",\"request_id\"",
        "{\"kind\":\"refusal\",\"reason\":\"late\",\"request_id\"",
        "{\"kind\":\"charge\",\"serial\":\"S1\",\"original\":\"S2\",\"request_id\"",
    ])
    func anEntryThatIsNoneIsNamed(head: String) throws {
        let path = temporaryPath("broken-entry.jsonl")
        let line = try #require(try world().ledger.first).json
        let tail = try #require(line.firstRange(of: "\"request_id\""))
        try (head + line[tail.upperBound...] + "\n")
            .write(toFile: path, atomically: true, encoding: .utf8)
        #expect(throws: SimulationError.self) { try LedgerFile.entries(path: path) }
    }

    @Test func aReversedChargeOfASucceededJobIsNoContradictionAndIsTold() throws {
        let ledger = try world().ledger
        let rows = [
            row(2, "13800138000", 5000, .succeeded, "S20261118000001"),
            row(3, "13800138001", 3000, .succeeded, "S20261118000003"),
            row(4, "13800138002", 3000, .failed),
        ]
        let audit = LedgerAudit(ledger, rows)
        #expect(audit.contradictions == [])
        #expect(audit.chargeCount == 2)
        #expect(audit.reversalCount == 1)
        #expect(
            audit.reversed == [
                "line 2: charge S20261118000001 of 50.00 to 13800138000 "
                    + "was reversed by S20261118000002"
            ]
        )
        let summary = LedgerSummary(ledger)
        #expect(summary.total == 8000)
        #expect(summary.reversedTotal == 5000)
        #expect(summary.reversals == ["S20261118000001": "S20261118000002"])
        #expect(summary.reversalRefusals == [.reversed: 1])
    }

    @Test func aReversalDoesNotHideAChargeThatNobodyKnows() throws {
        let rows = [
            row(2, "13800138000", 5000, .failed),
            row(3, "13800138001", 3000, .succeeded, "S20261118000003"),
        ]
        let audit = LedgerAudit(try world().ledger, rows)
        #expect(
            audit.contradictions == [
                "charge S20261118000001 of 50.00 to 13800138000: line 2 is failed, "
                    + "and reversal S20261118000002 took it back"
            ]
        )
        #expect(audit.reversed == [])
    }

    @Test func aReversalOfNothingAndASecondOneAreContradictions() throws {
        var ledger = try world().ledger
        let rows = [
            row(2, "13800138000", 5000, .succeeded, "S20261118000001"),
            row(3, "13800138001", 3000, .succeeded, "S20261118000003"),
        ]
        var second = ledger[1]
        second.outcome = .reversed(serial: "S20261118000008", original: "S20261118000001")
        var other = ledger[1]
        other.outcome = .reversed(serial: "S20261118000009", original: "S20261118000003")
        ledger += [second, other]
        #expect(
            LedgerAudit(ledger, rows).contradictions == [
                "charge S20261118000001 was reversed more than once",
                "reversal S20261118000009 is of a charge that never was",
            ]
        )
    }

    @Test func theStatementIsReadByTheShippedProfile() throws {
        let ledger = try world().ledger
        let csv = CentreStatement.csv(ledger)
        #expect(
            csv == """
                号码,金额,流水号,时间,状态
                13800138000,50.00,S20261118000001,2026-11-18 19:06:40,已冲正
                13800138001,30.00,S20261118000003,2026-11-18 19:07:40,成功
                13800138002,30.00,,2026-11-18 19:07:40,失败

                """
        )
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let document = try YAMLFile.read("/\(root)/etc/carriers/simulated.yaml")
        let profile = try CarrierProfile(reading: document) { name in
            ZoneOffsets(zone: name).map { CarrierZone(offsetMinutes: $0.offsetMinutes) }
        }
        var reader = try #require(StatementReader(profile))
        let lines = reader.consume(Array(csv.utf8)) + reader.finish()
        #expect(reader.mistakes == [])
        #expect(reader.skippedCount == 2)
        #expect(lines.map(\.serial) == ["S20261118000003"])
        #expect(lines.first?.number.e164 == "+8613800138001")
        #expect(lines.first?.at == Timestamp("2026-11-18T11:07:40Z"))
    }

    @Test func aStatementHasBoundsAndASIM() throws {
        let ledger = try world().ledger
        let later = ledger[0].at.advanced(by: .seconds(60))
        #expect(CentreStatement.csv(ledger, from: later).split(separator: "\n").count == 3)
        #expect(CentreStatement.csv(ledger, to: later).split(separator: "\n").count == 2)
        let other = try #require(ICCID("89860012340000000001"))
        #expect(CentreStatement.csv(ledger, sim: other) == CentreStatement.header)
        #expect(CentreStatement.csv(ledger, sim: ledger[0].iccid) == CentreStatement.csv(ledger))
    }
}
