import Recharge

/// What the tests read batches against.
enum BatchFixtures {
    static func carrier(_ name: String) -> CarrierID {
        guard let id = CarrierID(name) else { fatalError("not a carrier name: \(name)") }
        return id
    }

    static func currency(_ code: String) -> Currency {
        guard let currency = Currency(code: code) else { fatalError("not a currency: \(code)") }
        return currency
    }

    /// 2026-11-23 12:00 in UTC.
    static let now = Timestamp(milliseconds: 1_795_435_200_000)

    static let chinese = NumberPlan(
        countryCode: "86",
        nationalLength: 11...11,
        prefixes: ["134", "135", "136", "137", "138", "139", "150", "187", "188", "1703"]
    )
    static let indonesian = NumberPlan(
        countryCode: "62",
        nationalLength: 9...12,
        prefixes: ["811", "812"],
        trunkPrefix: "0"
    )

    /// Carriers: `sim` (the default), `steps`, `cards`, `idn` in rupiah, `draft` not verified.
    static let context: BatchContext = {
        let yuan = currency("CNY")
        let carriers = [
            carrier("sim"): BatchCarrier(
                numbers: chinese,
                currency: yuan,
                amounts: 100...50_000,
                zoneOffsetMinutes: 480
            ),
            carrier("steps"): BatchCarrier(
                numbers: chinese,
                currency: yuan,
                amounts: 1000...50_000,
                multiple: 1000
            ),
            carrier("cards"): BatchCarrier(
                numbers: chinese,
                currency: yuan,
                denominations: [3000, 5000, 10_000]
            ),
            carrier("idn"): BatchCarrier(numbers: indonesian, currency: currency("IDR")),
            carrier("draft"): BatchCarrier(
                numbers: chinese,
                currency: yuan,
                isVerified: false
            ),
        ]
        return BatchContext(
            key: NewJob.Key(client: "shop", key: "morning"),
            now: now,
            defaultCarrier: carrier("sim"),
            carriers: carriers
        )
    }()

    /// A reader that has read the bytes to their end, and what it gave.
    static func read(
        _ bytes: [UInt8],
        chunk: Int = .max,
        context: BatchContext = context
    ) -> (reader: BatchReader, orders: [NewJob], refused: [BatchRefusal]) {
        var reader = BatchReader(context)
        var orders: [NewJob] = []
        var refused: [BatchRefusal] = []
        var start = 0
        while start < bytes.count {
            let end = start + min(chunk, bytes.count - start)
            let portion = reader.consume(Array(bytes[start..<end]))
            orders += portion.orders
            refused += portion.refused
            start = end
        }
        let portion = reader.finish()
        return (reader, orders + portion.orders, refused + portion.refused)
    }

    static func read(
        _ text: String
    ) -> (
        reader: BatchReader, orders: [NewJob], refused: [BatchRefusal]
    ) {
        read(Array(text.utf8))
    }
}
