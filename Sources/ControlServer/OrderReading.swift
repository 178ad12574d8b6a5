import ControlAPI
import Recharge

/// Reads a single order by the very rules of a batch row, and reports every mistake at once.
///
/// The order becomes a batch file of one row: so there is one set of rules, not two.
struct OrderReading {
    let carriers: [CarrierTerms]
    /// Of an order that names none.
    let standard: CarrierID?
    let key: NewJob.Key

    /// The job that is ordered; its deadline is not compared with the clock.
    func job(_ order: JobOrder) throws(Problem) -> NewJob {
        var mistakes: [Mistake] = []
        let carrier = carrier(of: order, &mistakes)
        let amount = amount(of: order, carrier, &mistakes)
        var reader = BatchReader(context(carrier))
        let cells: [(BatchColumn, String?)] = [
            (.number, order.number),
            (.amount, amount ?? "1"),
            (.reference, order.reference),
            (.carrier, carrier?.id.name),
            (.priority, order.priority.map { String($0) }),
            (.notBefore, order.notBefore?.rfc3339),
            (.deadline, order.deadline?.rfc3339),
            (.note, order.note),
            (.repeatIndex, order.repeat.map { String($0) }),
        ]
        let given = cells.filter { $1 != nil }
        let header = given.map(\.0.rawValue).joined(separator: ",")
        let row = given.map { CSVText.quoted($1 ?? "") }.joined(separator: ",")
        var found = reader.consume(Array("\(header)\n\(row)\n".utf8)).orders
        found += reader.finish().orders
        mistakes += reader.mistakes.filter { mistake in
            // Without a carrier the row cannot be read; without an amount its cell is not theirs.
            carrier != nil && !(amount == nil && mistake.header == BatchColumn.amount.rawValue)
        }.map { Mistake(order: $0) }
        guard mistakes.isEmpty, var job = found.first else {
            throw refusal(mistakes)
        }
        job.key = key
        job.batchLine = nil
        return job
    }

    private func refusal(_ mistakes: [Mistake]) -> Problem {
        let texts = mistakes.map { "\($0.field ?? "order"): \($0.message); \($0.cure)" }
        return Problem(.badOrder, detail: texts.joined(separator: ". "), mistakes: mistakes)
    }

    private func context(_ carrier: CarrierTerms?) -> BatchContext {
        BatchContext(
            key: key,
            now: Timestamp(milliseconds: 0),
            defaultCarrier: carrier?.id,
            carriers: Dictionary(
                carriers.map { ($0.id, $0.rules) },
                uniquingKeysWith: { first, _ in first }
            )
        )
    }

    /// The carrier named, or the only one whose number plan fits.
    private func carrier(of order: JobOrder, _ mistakes: inout [Mistake]) -> CarrierTerms? {
        let known = carriers.map(\.id.name).sorted().joined(separator: ", ")
        if let name = order.carrier {
            let found = carriers.first { $0.id.name == name }
            if found == nil {
                mistakes.append(
                    Mistake(
                        field: "carrier",
                        code: BatchFlaw.Kind.unknownCarrier.rawValue,
                        message: "there is no such carrier",
                        cure: "write one of \(known)"
                    )
                )
            }
            return found
        }
        if carriers.count == 1 { return carriers.first }
        if let standard = carriers.first(where: { $0.id == standard }) { return standard }
        // Verified or not: a repeated order means what it meant.
        let fitting = carriers.filter { $0.rules.numbers.number(order.number) != nil }
        if fitting.count == 1 { return fitting.first }
        mistakes.append(
            Mistake(
                field: "carrier",
                code: BatchFlaw.Kind.missingCarrier.rawValue,
                message: fitting.isEmpty
                    ? "no carrier takes this number" : "several carriers take this number",
                cure: "name the carrier: one of \(known)"
            )
        )
        return nil
    }

    /// The amount in major units, out of whichever form it came in.
    private func amount(
        of order: JobOrder,
        _ carrier: CarrierTerms?,
        _ mistakes: inout [Mistake]
    ) -> String? {
        let currency = carrier?.rules.currency
        if let code = order.currency, let currency, code != currency.code {
            mistakes.append(
                Mistake(
                    field: "currency",
                    message: "the carrier takes \(currency.code) only",
                    cure: "write the amount in \(currency.code)"
                )
            )
            return nil
        }
        switch (order.amount, order.amountMinor) {
        case (let text?, nil): return text
        case (nil, let units?):
            guard order.currency != nil else {
                mistakes.append(
                    Mistake(
                        field: "currency",
                        message: "amount_minor comes without its currency",
                        cure: "add currency, such as \"CNY\""
                    )
                )
                return nil
            }
            return currency.map { Amount(minorUnits: units, currency: $0).major }
        case (nil, nil), (_?, _?):
            mistakes.append(
                Mistake(
                    field: "amount",
                    message: order.amount == nil ? "it is missing" : "there are two amounts",
                    cure: "give either amount (\"49.90\") or amount_minor (4990) with currency"
                )
            )
            return nil
        }
    }
}

extension Mistake {
    /// A mistake in a single order, where lines and columns mean nothing.
    init(order mistake: BatchMistake) {
        self.init(mistake)
        line = nil
        column = nil
    }
}
