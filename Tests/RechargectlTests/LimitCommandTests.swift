import ControlAPI
import Recharge
import Testing

@testable import rechargectl

@Suite struct LimitCommandTests {
    private func limit(_ value: Int64?, _ measure: UseMeasure = .sum) -> LimitView {
        var limit = LimitView(
            LimitFigure(.client, "uid:1000", .day, measure),
            carrier: nil,
            configured: 100_000
        )
        (limit.limit, limit.setBy, limit.reason) = (value, "uid:0(root)", "new shop")
        limit.currency = "CNY"
        return limit
    }

    @Test func theListHasLimitsInMajorUnitsAndWhatIsUsed() async throws {
        let use = UseView(
            WindowUse(
                scope: .global,
                subject: "",
                span: .hour,
                began: SampleViews.start,
                ends: SampleViews.start.advanced(by: .seconds(3600)),
                count: 17,
                minorUnits: 4990
            )
        )
        let report = LimitReport(limits: [limit(500_000), limit(nil, .count)], uses: [use])
        let run = try await ScriptedGateway.serving { _ in
            try .json(report)
        } _: { gateway in
            try rechargectl("limit", "--socket", gateway.path)
        }
        #expect(run.status == 0, "\(run.errors)")
        for words in ["client", "uid:1000", "5000.00 CNY", "1000.00 CNY", "none", "new shop", "17"]
        {
            #expect(run.output.contains(words), "\(words)")
        }
    }

    @Test(arguments: [
        (["client", "uid:1000", "--per", "day", "--sum", "5000"], "\"amount\":\"5000\""),
        (["global", "--per", "hour", "--count", "7"], "\"limit\":7"),
        (["number", "--per", "minute", "--count", "none"], "\"setting\":\"none\""),
        (["carrier", "c", "--per", "day", "--sum", "configured"], "\"setting\":\"configured\""),
    ])
    func aFigureIsSentAsItWasWritten(_ arguments: [String], _ words: String) async throws {
        let receipt = LimitReceipt(limits: [limit(1)], proposal: DeskSamples.proposal())
        let (run, requests) = try await ScriptedGateway.serving { _ in
            try .json(receipt)
        } _: { gateway in
            let all = ["limit", "set"] + arguments + ["--reason", "r", "--socket", gateway.path]
            return (try Spawned(all).finish(), gateway.requests)
        }
        #expect(run.status == 0, "\(run.errors)")
        #expect(requests.first?.uri == "/v1/limits")
        #expect(requests.first?.text.contains(words) == true, "\(requests)")
        #expect(run.errors.contains("rechargectl approval approve 7 --reason TEXT"))
    }

    @Test(arguments: [
        ["global", "--per", "day"], ["global", "--per", "day", "--count", "1", "--sum", "1"],
        ["global", "x", "--per", "day", "--count", "1"], ["number", "x", "--per", "day"],
        ["global", "--per", "year", "--count", "1"], ["everyone", "--per", "day", "--count", "1"],
        ["global", "--per", "day", "--count", "1.5"], ["global", "--per", "day", "--count", "-1"],
    ])
    func whatIsNoLimitIsRefused(_ arguments: [String]) throws {
        let all = ["limit", "set"] + arguments + ["--reason", "r"]
        #expect(try Spawned(all).finish().status == 64)
    }
}
