import ControlAPI
import Recharge
import TestSupport
import Testing

@testable import rechargectl

@Suite struct DeskCommandTests {
    @Test func theDeskShowsAllThatIsKnownAndWhatWouldSettleIt() async throws {
        let page = PageView(items: [try DeskSamples.item()], next: nil)
        let run = try await ScriptedGateway.serving { _ in
            try .json(page)
        } _: { gateway in
            try rechargectl("desk", "--socket", gateway.path)
        }
        #expect(run.status == 0)
        for words in [
            "job      42", "age      1d 3h", "history", "silent", "verdict",
            "  - a person who knows",
        ] {
            #expect(run.output.contains(words), "\(words)")
        }
    }

    @Test(arguments: [
        (0, "0s"), (59, "59s"), (60, "1min"), (3_661, "1h 1min"), (90_000, "1d 1h"), (-5, "0s"),
    ])
    func anAgeHasTwoUnits(_ seconds: Int, _ words: String) {
        #expect(DeskList.age(seconds) == words)
    }

    @Test func aVerdictCarriesItsFile() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("a letter", to: "letter.txt")
        let receipt = ProposalReceipt(
            proposal: DeskSamples.proposal(),
            job: try SampleViews.job(.unknown)
        )
        let (run, requests) = try await ScriptedGateway.serving { _ in
            try .json(receipt)
        } _: { gateway in
            let run = try rechargectl(
                "desk",
                "resolve",
                "42",
                "--succeeded",
                "--serial",
                "S1",
                "--reason",
                "why",
                "--evidence",
                file,
                "--socket",
                gateway.path
            )
            return (run, gateway.requests)
        }
        #expect(run.status == 0)
        #expect(requests.map(\.uri) == ["/v1/jobs/42/resolve"])
        #expect(
            requests.first?.text == """
                {"evidence":"YSBsZXR0ZXI=","finding":"succeeded","reason":"why","serial":"S1"}
                """
        )
        #expect(run.errors.contains("rechargectl approval approve 7 --reason TEXT"))
    }

    @Test(
        arguments: [
            ("", 65), (String(repeating: "x", count: 65_537), 65), (nil, 66),
        ] as [(String?, Int32)]
    )
    func aFileThatShowsNothingIsNotSent(_ content: String?, _ status: Int32) throws {
        let folder = try TemporaryFolder()
        if let content { try folder.write(content, to: "letter") }
        let run = try rechargectl(
            "desk",
            "resolve",
            "42",
            "--not-executed",
            "--reason",
            "why",
            "--evidence",
            folder.path("letter"),
            "--socket",
            "/nonexistent/control.sock"
        )
        #expect(run.status == status)
    }

    @Test(arguments: [
        ["desk", "resolve", "42", "--reason", "r", "--evidence", "f"],
        ["desk", "resolve", "42", "--succeeded", "--not-executed", "--reason", "r"],
        ["desk", "resolve", "42", "--succeeded", "--cancel", "--reason", "r", "--evidence", "f"],
        ["desk", "resolve", "42", "--not-executed", "--serial", "S", "--reason", "r"],
        ["desk", "resolve", "42", "--succeeded", "--reason", "r"],
        ["approval", "approve", "7"], ["approval", "approve", "x", "--reason", "r"],
        ["dispute", "close", "3", "--reason", "r"],
        ["dispute", "close", "3", "--upheld", "--rejected", "--reason", "r"],
        ["dispute", "open", "42"], ["dispute", "pack"], ["reverse", "42"],
        ["statement", "import", "f.csv", "--reason", "r"],
        [
            "statement", "import", "f.csv", "--carrier", "cmcc", "--reason", "r", "--covers-until",
            "2026-12-01",
        ],
        ["statement", "import", "f.csv", "--carrier", "cmcc", "--reason", "r", "--all-sims"],
    ])
    func aWrongCommandLineAsksForNothing(_ arguments: [String]) throws {
        let run = try Spawned(arguments + ["--socket", "/nonexistent/control.sock"]).finish()
        #expect(run.status == 64)
        #expect(run.output.isEmpty)
    }

    @Test func eachOrderOfPeopleGoesToItsPath() async throws {
        let receipt = ProposalReceipt(proposal: DeskSamples.proposal(.approved), job: nil)
        let dispute = try DeskSamples.file().dispute
        let uris = try await ScriptedGateway.serving { request in
            let isDispute = request.uri.contains("dispute")
            return isDispute ? try .json(dispute) : try .json(receipt)
        } _: { gateway in
            for words in [
                ["approval", "approve", "7"], ["approval", "reject", "7"], ["reverse", "42"],
                ["dispute", "open", "42", "--due", "2026-12-01T00:00Z"],
                ["dispute", "close", "3", "--corrected"],
            ] {
                let rest = ["--reason", "r", "--socket", gateway.path]
                let run = try Spawned(words + rest).finish()
                #expect(run.status == 0, "\(words)")
            }
            #expect(
                gateway.requests.map(\.text).suffix(2) == [
                    "{\"due_at\":\"2026-12-01T00:00:00.000Z\",\"reason\":\"r\"}",
                    "{\"reason\":\"r\",\"state\":\"corrected\"}",
                ]
            )
            return gateway.requests.map(\.uri)
        }
        #expect(
            uris == [
                "/v1/proposals/7/approve", "/v1/proposals/7/reject", "/v1/jobs/42/reverse",
                "/v1/jobs/42/dispute", "/v1/disputes/3/close",
            ]
        )
    }

    @Test func theMistakesOfAStatementAreListed() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("", to: "s.csv")
        var problem = Problem(.badBatch, detail: "nothing was taken")
        problem.mistakes = [Mistake(line: 1, message: "the file is empty", cure: "take another")]
        problem.mistakesOmitted = 3
        let refusal = problem
        let run = try await ScriptedGateway.serving { _ in
            try .problem(refusal)
        } _: { gateway in
            let words = ["statement", "import", file, "--carrier", "cmcc", "--reason", "portal"]
            return try Spawned(words + ["--socket", gateway.path]).finish()
        }
        #expect(run.status == 65)
        #expect(run.errors.contains("\(file):1: the file is empty — take another"))
        #expect(run.errors.contains("and 3 more mistakes"))
        #expect(run.errors.contains("\(file): 4 mistakes: nothing was taken"))
    }

    @Test func aStatementIsSentWithWhatItIsCompleteFor() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("a;b\n1;2\n", to: "s.csv")
        var report = StatementReport()
        (report.succeeded, report.waiting) = ([Job.ID(42)], [Job.ID(43), Job.ID(44)])
        report.unmatchedCount = 3
        report.unmatched = [.init(line: 9, reason: "no attempt")]
        let receipt = StatementReceipt(report, lines: 4)
        let (run, requests) = try await ScriptedGateway.serving { _ in
            try .json(receipt)
        } _: { gateway in
            let run = try rechargectl(
                "statement",
                "import",
                file,
                "--carrier",
                "cmcc",
                "--sim",
                "89860012340000000001",
                "--covers-until",
                "2026-12-01T00:00+08:00",
                "--reason",
                "portal",
                "--socket",
                gateway.path
            )
            return (run, gateway.requests)
        }
        #expect(run.status == 0)
        let text = requests.first?.text ?? ""
        #expect(text.contains("\"csv\":\"a;b\\n1;2\\n\""))
        #expect(text.contains("\"covers_until\":\"2026-11-30T16:00:00.000Z\""))
        #expect(text.contains("\"sim\":\"89860012340000000001\""))
        #expect(run.output.contains("1: 42"))
        #expect(run.output.contains("no attempt"))
        #expect(run.output.contains("2: 43, 44"))
        #expect(run.errors.contains("until another one imports this very file"))
        #expect(run.errors.hasSuffix("and 2 more\n"))
    }
}
