/// The results of a batch as CSV: one line for each job, in UTF-8, lines ending with LF.
///
/// Numbers stand as they were submitted, amounts in major units, times in UTC. Other texts come
/// from clients, modems and carriers: none is taken for a formula by a spreadsheet, and control
/// characters are made visible.
package enum ResultsFile {
    package static let columns = [
        "line", "reference", "number", "amount", "currency", "carrier", "state", "serial", "sim",
        "attempts", "submitted_at", "finished_at", "reason",
    ]

    /// The header line with its line end.
    package static var header: String { columns.joined(separator: ",") + "\n" }

    /// One job with its line end.
    package static func row(_ job: Job) -> String {
        let order = job.order
        let cells = [
            order.batchLine.map { String($0) } ?? "",
            CSVText.harmless(order.reference ?? ""),
            number(order),
            order.amount.major,
            order.amount.currency.code,
            order.carrier.name,
            job.state.rawValue,
            CSVText.harmless(job.serial ?? ""),
            job.sim?.digits ?? "",
            String(job.attempts),
            job.createdAt.rfc3339,
            job.finishedAt?.rfc3339 ?? "",
            CSVText.harmless(job.reason ?? job.holdReason?.rawValue ?? ""),
        ]
        return cells.map(CSVText.cell).joined(separator: ",") + "\n"
    }

    /// A number may begin with its plus sign; anything else in its place is made harmless.
    private static func number(_ order: NewJob) -> String {
        let text = order.numberAsSubmitted
        let digits = text.utf8.first == 0x2B ? text.utf8.dropFirst() : text.utf8[...]
        return digits.allSatisfy(\.isASCIIDigit) ? text : CSVText.harmless(text)
    }
}
