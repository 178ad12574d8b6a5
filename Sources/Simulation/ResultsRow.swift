package import Recharge

/// One job as a results file tells of it, as far as a ledger can contradict it.
package struct ResultsRow: Hashable, Sendable {
    package var line: Int
    /// Its digits, as submitted.
    package var number: String
    package var amountMinor: Int64
    package var state: JobState
    package var serial: String

    package init(line: Int, number: String, amountMinor: Int64, state: JobState, serial: String) {
        self.line = line
        self.number = number
        self.amountMinor = amountMinor
        self.state = state
        self.serial = serial
    }

    /// Reads a results file; throws at the first row that is not one.
    package static func rows(
        _ bytes: [UInt8],
        path: String
    ) throws(SimulationError) -> [ResultsRow] {
        var reader = CSVReader()
        var columns: [String: Int] = [:]
        var rows: [ResultsRow] = []
        var position = 0
        while reader.readRecord(bytes, &position) || reader.finish() {
            let cells = (0..<reader.record.count).map {
                String(decoding: reader.record.cell($0), as: UTF8.self)
            }
            if columns.isEmpty {
                for (index, name) in cells.enumerated() { columns[name] = index }
                continue
            }
            guard let row = ResultsRow(cells, columns) else {
                throw SimulationError(
                    "read line \(reader.record.line) of the results",
                    path,
                    "it is not a row of a results file"
                )
            }
            rows.append(row)
        }
        return rows
    }

    private init?(_ cells: [String], _ columns: [String: Int]) {
        func cell(_ name: String) -> String? {
            columns[name].flatMap { cells.indices.contains($0) ? cells[$0] : nil }
        }
        guard let number = cell("number"), let code = cell("currency"),
            let currency = Currency(code: code),
            let amount = cell("amount").flatMap({ Amount(major: $0, currency: currency) }),
            let state = cell("state").flatMap(JobState.init), let serial = cell("serial")
        else { return nil }
        self.init(
            line: cell("line").flatMap { Int($0) } ?? 0,
            number: String(number.filter { ("0"..."9").contains($0) }),
            amountMinor: amount.minorUnits,
            state: state,
            serial: serial
        )
    }
}
