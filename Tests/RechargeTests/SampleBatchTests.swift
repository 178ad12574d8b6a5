import Foundation
import Recharge
import Testing

/// The samples in `etc/batches` show what its README says of them.
@Suite struct SampleBatchTests {
    private static func sample(
        _ name: String
    ) throws -> (
        reader: BatchReader, orders: [NewJob], refused: [BatchRefusal]
    ) {
        let root = URL(filePath: #filePath).appending(path: "../../..").standardized
        let bytes = try Data(contentsOf: root.appending(path: "etc/batches/\(name)"))
        var context = BatchFixtures.context
        var carrier = BatchCarrier(
            numbers: NumberPlan(
                countryCode: "86",
                nationalLength: 11...11,
                prefixes: ["13", "15", "18"]
            ),
            currency: BatchFixtures.currency("CNY"),
            amounts: 100...50_000,
            zoneOffsetMinutes: 480
        )
        carrier.duplicateWindow = .seconds(600)
        context.carriers = [BatchFixtures.carrier("sim"): carrier]
        return BatchFixtures.read(Array(bytes), context: context)
    }

    @Test(arguments: [("demo.csv", 40), ("mixed-language.csv", 6)])
    func goodSamplesHaveNoMistake(name: String, count: Int) throws {
        let (reader, orders, _) = try Self.sample(name)
        #expect(reader.mistakes.map(\.description) == [])
        #expect(orders.count == count)
    }

    @Test func badRowsAreAllReportedAndTheGoodOnesRead() throws {
        let (reader, orders, refused) = try Self.sample("bad-rows.csv")
        #expect(orders.map(\.reference) == ["B-100", "B-101"])
        #expect(refused.map(\.line) == Array(3...41))
        #expect(Set(reader.mistakes.map(\.flaw.kind)).count == 36)
        #expect(!reader.isUnreadable)
    }

    @Test func theUnterminatedQuoteIsFoundWhereItWasOpened() throws {
        let (reader, orders, _) = try Self.sample("unterminated-quote.csv")
        #expect(orders.count == 1)
        #expect(reader.isUnreadable)
        #expect(reader.mistakes.map(\.line) == [3])
    }
}
