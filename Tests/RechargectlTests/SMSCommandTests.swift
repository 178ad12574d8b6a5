import Testing

@testable import rechargectl

@Suite struct SMSCommandTests {
    @Test(arguments: [
        "CZ#13800138000#50", "您已成功充值50元", "€{}[]~^|\\", "a",
        String(repeating: "long ", count: 60), String(repeating: "很长", count: 60),
    ])
    func whatIsEncodedIsDecoded(_ text: String) throws {
        let pdus = try rechargectl("sms", "encode", "--to", "10086", "--text", text)
        #expect(pdus.status == 0)
        let decoded = try rechargectl("sms", "decode", "--json", input: pdus.output)
        #expect(decoded.status == 0 && decoded.errors.isEmpty)
        #expect(decoded.lines.count == pdus.lines.count)
        #expect(decoded.lines.map { member("text", of: $0) }.joined() == json(text))
        #expect(decoded.lines.allSatisfy { $0.contains("\"to\":\"10086\"") })
    }

    @Test func aDeliverNamesItsSenderAndTime() throws {
        let pdu = try rechargectl("sms", "encode", "--from", "CMCC", "--text", "ok")
        let decoded = try rechargectl("sms", "decode", pdu.output.firstLine)
        #expect(decoded.output.contains("deliver"))
        #expect(decoded.output.contains("CMCC"))
        #expect(decoded.output.contains("+00:00"))
    }

    @Test func everyFieldOfASubmitIsShown() throws {
        let pdu = try rechargectl(
            "sms",
            "encode",
            "--to",
            "+8613800138000",
            "--text",
            "x",
            "--validity",
            "2h",
            "--report"
        )
        let lines = try rechargectl("sms", "decode", pdu.output.firstLine).lines
        #expect(lines.contains("to           +8613800138000"))
        #expect(lines.contains("validity     2 h"))
        #expect(lines.contains("report       requested"))
        #expect(lines.contains("coding       GSM 7-bit"))
    }

    @Test func garbageLinesAreNamedAndTheOthersShown() throws {
        let good = try rechargectl("sms", "encode", "--to", "10086", "--text", "ok").output
        let run = try rechargectl(
            "sms",
            "decode",
            "--json",
            input: "\(good)\nxyz\n00\n\(good)0011\n"
        )
        #expect(run.status == 65)
        #expect(run.lines.count == 2)
        let complaints = run.errors.split(separator: "\n")
        try #require(complaints.count == 3)
        #expect(complaints[0].hasPrefix("rechargectl: line 3: "))
        #expect(complaints[1].hasPrefix("rechargectl: line 4: "))
        #expect(complaints[2].hasPrefix("rechargectl: line 6: "))
    }

    @Test func controlCharactersOfAMessageDoNotReachTheTerminal() throws {
        let pdu = try rechargectl("sms", "encode", "--to", "1", "--text", "a\nb中")
        let run = try rechargectl("sms", "decode", pdu.output.firstLine)
        #expect(run.output.contains("a\\nb中"))
    }

    @Test func thePDUComesWithTheLengthThatCMGSWants() throws {
        let run = try rechargectl(
            "sms",
            "encode",
            "--to",
            "10086",
            "--text",
            "CZ#1#50",
            "--validity",
            "5min",
            "--json"
        )
        #expect(run.output.contains("\"tpdu_length\":18"))
    }

    @Test(arguments: [
        ["--text", "x"], ["--to", "1", "--from", "2", "--text", "x"],
        ["--from", "1", "--text", "x", "--report"],
        ["--to", "1", "--text", "x", "--validity", "5"],
        ["--to", "1", "--text", "x", "--validity", "64w"], ["--to", "1"],
    ])
    func wrongOptionsAreWrongUsage(_ arguments: [String]) throws {
        let run = try Spawned(["sms", "encode"] + arguments).finish()
        #expect(run.status == 64)
        #expect(run.errors.hasPrefix("rechargectl: "))
    }

    @Test func whatNoPDUCanCarryIsBadInput() throws {
        let run = try rechargectl("sms", "encode", "--to", "12x", "--text", "x")
        #expect(run.status == 65)
    }

    private func member(_ name: String, of line: String) -> String {
        let parts = line.split(separator: "\"\(name)\":\"", maxSplits: 1)
        guard parts.count == 2 else { return "" }
        var value = ""
        var isEscaped = false
        for character in parts[1] {
            if character == "\"", !isEscaped { break }
            isEscaped = character == "\\" && !isEscaped
            value.append(character)
        }
        return value
    }

    private func json(_ text: String) -> String {
        text.map { $0 == "\\" || $0 == "\"" ? "\\\($0)" : "\($0)" }.joined()
    }
}
