import Recharge
import TestSupport
import Testing

/// The batch reader reads bytes by rules of its own; they must be those of the types.
@Suite struct BatchRuleAgreementTests {
    private static func orders(_ rows: [(String, String)], carrier: String) -> [Int: NewJob] {
        var text = "number,amount,carrier,reference\n"
        for (index, row) in rows.enumerated() {
            text += "\(CSVText.cell(row.0)),\(CSVText.cell(row.1)),\(carrier),\(index)\n"
        }
        var found: [Int: NewJob] = [:]
        for order in BatchFixtures.read(text).orders {
            if let line = order.batchLine { found[line - 2] = order }
        }
        return found
    }

    @Test(arguments: [("sim", BatchFixtures.chinese), ("idn", BatchFixtures.indonesian)])
    func aNumberIsTakenExactlyWhenItsPlanTakesIt(carrier: String, plan: NumberPlan) {
        var random = SplitMix64(seed: 7)
        let starts = ["", "+", "00", "0", "+86", "86", "0086", "+62", "62", "0062", "08"]
        let prefixes = ["138", "1703", "811", "812", "170", "999", "0"]
        var texts: [String] = []
        for _ in 0..<4000 {
            let count = Int.random(in: 4...12, using: &random)
            let tail = (0..<count).map { _ in String(Int.random(in: 0...9, using: &random)) }
            let start = starts.randomElement(using: &random) ?? ""
            texts.append(start + (prefixes.randomElement(using: &random) ?? "") + tail.joined())
        }
        let orders = Self.orders(texts.map { ($0, "50") }, carrier: carrier)
        for (index, text) in texts.enumerated() {
            #expect(orders[index]?.number == plan.number(text), "\(text)")
        }
        #expect(orders.count > 20)
    }

    @Test func anAmountIsTakenExactlyWhenTheTypeTakesIt() throws {
        var random = SplitMix64(seed: 8)
        let alphabet = ["0", "1", "2", "5", "9", ".", "0", "1", "-", ","]
        let texts = (0..<4000).map { _ in
            (0..<Int.random(in: 0...6, using: &random)).map { _ in
                alphabet.randomElement(using: &random) ?? ""
            }.joined()
        }
        let orders = Self.orders(
            texts.enumerated().map { ("138\(10_000_000 + $0.offset)", $0.element) },
            carrier: "sim"
        )
        for (index, text) in texts.enumerated() {
            let amount = Amount(major: text, currency: BatchFixtures.currency("CNY"))
            let isAllowed = amount.map { (100...50_000).contains($0.minorUnits) } ?? false
            #expect(orders[index]?.amount == (isAllowed ? amount : nil), "\(text)")
        }
        #expect(orders.count > 100)
    }
}
