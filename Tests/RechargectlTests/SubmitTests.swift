import ControlAPI
import Recharge
import TestSupport
import Testing

@testable import rechargectl

@Suite struct SubmitTests {
    private let good = "number,amount\n13800138000,50\n13800138001,100\n"
    private let bad = "number,amount\n13800138000,50\n138,50\n13800138001,-5\n"

    /// The folder of carrier profiles in the checkout.
    private static var profiles: String {
        let parts = #filePath.split(separator: "/").dropLast(3)
        return "/" + parts.joined(separator: "/") + "/etc/carriers"
    }

    private func check(_ file: String, _ options: String...) throws -> ProgramRun {
        let common = ["--dry-run", "--socket", "/nonexistent/control.sock"]
        return try Spawned(["submit", file] + common + options).finish()
    }

    @Test func withoutADaemonRowsAndSumsAreChecked() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(good, to: "orders.csv")
        let run = try check(file, "--carriers", Self.profiles, "--carrier", "simulated")
        #expect(run.status == 0)
        #expect(run.lines.first == "\(file): 2 good rows, 150.00 CNY; 0 bad rows")
        #expect(run.output.contains("not checked: no daemon at /nonexistent/control.sock"))
        #expect(run.errors.isEmpty)
    }

    @Test func everyMistakeIsListedWithPlaceCauseAndCure() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(bad, to: "orders.csv")
        let run = try check(file, "--carriers", Self.profiles, "--carrier", "simulated")
        #expect(run.status == 65)
        let lines = run.errors.split(separator: "\n")
        try #require(lines.count == 3)
        #expect(
            lines[0].hasPrefix("\(file):3: column 1 (number): \"138\": the number has 3 digits")
        )
        #expect(
            lines[1] == "\(file):4: column 2 (amount): \"-5\": the amount is negative"
                + " — write an amount above zero, without a sign"
        )
        #expect(lines[2] == "rechargectl: \(file): 2 mistakes")
    }

    @Test func withoutProfilesFormAndSumsAreChecked() throws {
        let folder = try TemporaryFolder()
        let text = "number,amount,carrier\n13800138000,50,a\n+4917012345678,1.50,b\n12x,5,a\n"
        let file = try InputFile(try folder.write(text, to: "orders.csv"))
        let found = try LocalCheck(
            file,
            encoding: nil,
            carrier: nil,
            profiles: nil,
            now: SampleViews.start
        )
        #expect(!found.hasPlans)
        #expect(found.report.rows == 2 && found.report.refusedRows == 1)
        #expect(found.report.sum?.amount?.major == "51.50")
    }

    @Test(arguments: ["/nonexistent.csv", "/tmp"])
    func aFileThatCannotBeReadIsNamed(_ path: String) throws {
        let run = try rechargectl("submit", path)
        #expect(run.status == 66)
        #expect(run.errors.hasPrefix("rechargectl: \(path) "))
    }

    @Test func brokenProfilesAreAConfigurationError() throws {
        let folder = try TemporaryFolder()
        try folder.write("id: x\n", to: "broken.yaml")
        let file = try folder.write(good, to: "orders.csv")
        let run = try check(file, "--carriers", folder.path)
        #expect(run.status == 78)
        #expect(run.errors.contains("broken.yaml:1:1"))
    }

    @Test func aTextInNoEncodingIsBadInput() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(good + "13800138002,电\n", to: "orders.csv")
        let run = try check(file, "--encoding", "utf-16le", "--carriers", Self.profiles)
        #expect(run.status == 65)
    }

    @Test func withADaemonItsFloatAndTimeAreShown() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(good, to: "orders.csv")
        let run = try await ScriptedGateway.serving { request in
            guard let carrier = CarrierID("simulated") else { return try .json(["x"]) }
            #expect(request.path == ControlPath.batchCheck)
            let forecast = CarrierForecast(
                carrier: carrier,
                rows: 2,
                sum: Money(try SampleViews.yuan(150)),
                sims: 1,
                floatKnownMinor: 10_000,
                floatUnknownSims: 0,
                secondsPerJob: 3
            )
            return try .json(
                BatchReport(
                    rows: 2,
                    refusedRows: 0,
                    sum: Money(try SampleViews.yuan(150)),
                    mistakes: [],
                    mistakesOmitted: 0,
                    carriers: [forecast]
                )
            )
        } _: { gateway in
            try rechargectl("submit", file, "--dry-run", "--socket", gateway.path)
        }
        #expect(run.status == 1, "the float does not suffice")
        #expect(run.output.contains("too little"))
        #expect(run.output.contains("Expected time: about 6 s"))
    }

    @Test func theSameContentHasTheSameKeyWhateverItsName() async throws {
        let folder = try TemporaryFolder()
        let one = try folder.write(good, to: "one.csv")
        let two = try folder.write(good, to: "two.csv")
        let receipt = BatchReceipt(batch: try SampleViews.batch([.ready: 2]))
        let (requests, first, input) = try await ScriptedGateway.serving { request in
            try .json(receipt, status: request.uri.contains("one.csv") ? 201 : 200)
        } _: { gateway in
            let first = try rechargectl("submit", one, "--socket", gateway.path)
            let second = try rechargectl("submit", two, "--socket", gateway.path)
            #expect(second.status == 0 && second.output.contains("nothing was ordered again"))
            let input = try rechargectl("submit", "-", "--socket", gateway.path, input: good)
            _ = try rechargectl("submit", one, "--carrier", "b", "--socket", gateway.path)
            return (gateway.requests, first, input)
        }
        #expect(first.output == "Batch 7: 2 jobs, 100.00 CNY, ordered\n")
        #expect(input.status == 0)
        #expect(Set(requests.prefix(3).map(\.key)).count == 1)
        #expect(requests.last?.key != requests.first?.key)
        #expect(requests.allSatisfy { $0.text == good })
    }

    @Test func refusedRowsGoToAFileOfTheirOwn() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(bad, to: "orders.csv")
        let mistake = Mistake(
            line: 3,
            column: 1,
            field: "number",
            code: "number_too_short",
            value: "138",
            message: "too short",
            cure: "add digits"
        )
        let receipt = BatchReceipt(
            batch: try SampleViews.batch([.ready: 1]),
            refusedLines: [3, 4],
            mistakes: [mistake]
        )
        let run = try await ScriptedGateway.serving { request in
            #expect(request.uri.contains("accept_valid=true"))
            return try .json(receipt, status: 201)
        } _: { gateway in
            try rechargectl("submit", file, "--accept-valid", "--socket", gateway.path)
        }
        #expect(run.status == 1)
        #expect(
            run.errors.contains("\(file):3: column 1 (number): \"138\": too short — add digits")
        )
        #expect(
            try folder.read("orders.csv.refused.csv") == """
                number,amount,mistakes
                138,50,"line 3, column 1 (number) ""138"": too short; add digits"
                13800138001,-5,

                """
        )
    }

    @Test func anEarlierFileOfRefusedRowsIsNotOverwritten() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(bad, to: "orders.csv")
        try folder.write("mine", to: "orders.csv.refused.csv")
        let receipt = BatchReceipt(batch: try SampleViews.batch([.ready: 1]), refusedLines: [3, 4])
        _ = try await ScriptedGateway.serving { _ in
            try .json(receipt, status: 201)
        } _: { gateway in
            try rechargectl("submit", file, "--accept-valid", "--socket", gateway.path)
        }
        #expect(try folder.read("orders.csv.refused.csv") == "mine")
        #expect(folder.names.contains("orders.csv.refused.2.csv"))
    }

    @Test func aRefusedBatchListsWhatTheDaemonFound() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(bad, to: "orders.csv")
        let mistake = Mistake(line: 3, column: 1, field: "number", message: "bad", cure: "mend it")
        let problem = Problem(
            .badBatch,
            detail: "nothing was taken",
            mistakes: [mistake],
            mistakesOmitted: 4
        )
        let (text, json) = try await ScriptedGateway.serving { _ in
            try .problem(problem)
        } _: { gateway in
            let text = try rechargectl("submit", file, "--socket", gateway.path)
            return (text, try rechargectl("submit", file, "--json", "--socket", gateway.path))
        }
        #expect(text.status == 65 && text.output.isEmpty)
        #expect(text.errors.hasPrefix("\(file):3: column 1 (number): bad — mend it\nand 4 more"))
        #expect(text.errors.contains("5 mistakes: nothing was ordered"))
        #expect(json.lines.count == 1 && json.output.contains("\"code\":\"bad_batch\""))
    }

    @Test func optionsThatContradictAreWrongUsage() throws {
        #expect(try rechargectl("submit", "x", "--dry-run", "--watch").status == 64)
        #expect(try rechargectl("submit", "x", "--encoding", "klingon").status == 64)
        #expect(try rechargectl("submit", "x", "--key", "").status == 64)
        #expect(try rechargectl("submit").status == 64)
    }
}
