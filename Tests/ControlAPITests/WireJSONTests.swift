import ControlAPI
import Recharge
import Testing

struct WireJSONTests {
    private func job() throws -> Job {
        var order = NewJob(
            key: .init(client: "uid:1", key: "k"),
            carrier: try #require(CarrierID("cmcc")),
            number: try #require(PhoneNumber(e164: "+8613800138000")),
            numberAsSubmitted: "13800138000",
            amount: Amount(minorUnits: 4990, currency: try #require(Currency(code: "CNY")))
        )
        order.reference = "r\u{1B}"
        return Job(id: Job.ID(7), order: order, state: .ready, at: Timestamp(milliseconds: 0))
    }

    private func text(_ value: some Encodable) throws -> String {
        String(decoding: try WireJSON.encode(value), as: UTF8.self)
    }

    @Test func keysAreInSnakeCaseAndAbsentValuesLeftOut() throws {
        let text = try text(JobView(job()))
        #expect(text.contains("\"amount_minor\":4990"))
        #expect(text.contains("\"number_as_submitted\":\"13800138000\""))
        #expect(text.contains("\"created_at\":\"1970-01-01T00:00:00.000Z\""))
        #expect(!text.contains("hold_reason"))
        #expect(!text.contains("null"))
    }

    @Test func foreignTextIsMadeVisible() throws {
        #expect(try JobView(job()).reference == "r\\u{1B}")
    }

    @Test func aViewIsReadAsItWasWritten() throws {
        let view = try JobView(job())
        #expect(try WireJSON.decode(JobView.self, from: WireJSON.encode(view)) == view)
        var stats = StatsView(
            version: "1",
            practice: true,
            startedAt: .init(milliseconds: 5),
            at: .init(milliseconds: 9)
        )
        stats.jobs = ["not_a_key": 1]
        #expect(try WireJSON.decode(StatsView.self, from: WireJSON.encode(stats)) == stats)
    }

    @Test(arguments: [
        "{\"number\":1,\"amount\":\"5\"}", "{\"amount\":\"5\"}", "[]", "{", "",
        "{\"number\":\"1\",\"not_before\":\"soon\"}",
    ])
    func whatIsNoOrderIsNotReadAsOne(text: String) {
        #expect(throws: DecodingError.self) {
            try WireJSON.decode(JobOrder.self, from: Array(text.utf8))
        }
    }

    @Test func everyProblemHasAStatusAndAType() {
        for code in Problem.Code.allCases {
            let problem = Problem(code, detail: "d")
            #expect((400..<600).contains(problem.status))
            #expect(problem.type == "urn:recharged:problem:\(code.rawValue)")
        }
    }

    @Test(arguments: [
        (100, 0, CarrierForecast.FloatCover.enough), (99, 0, .short), (99, 1, .unknown),
        (100, 1, .enough),
    ])
    func onlyKnownFloatCounts(known: Int64, unknown: Int, cover: CarrierForecast.FloatCover) throws
    {
        let currency = try #require(Currency(code: "CNY"))
        let forecast = CarrierForecast(
            carrier: try #require(CarrierID("cmcc")),
            rows: 10,
            sum: Money(Amount(minorUnits: 100, currency: currency)),
            sims: 4,
            floatKnownMinor: known,
            floatUnknownSims: unknown,
            secondsPerJob: 2
        )
        #expect(forecast.floatCover == cover)
        #expect(forecast.expectedSeconds == 6)
    }
}
