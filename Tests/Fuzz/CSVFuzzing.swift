import Recharge
import TestSupport
import TextDecoding

@testable import ControlServer

/// Batch files and statements: how they are cut into chunks changes nothing, sums agree, what is
/// written of them can be read again.
///
/// ```
/// seed of the cuts | choices | the file
///                      └ bits 0 to 2: the encoding, guessed or UTF-8; bit 3: a default carrier
/// ```
enum CSVFuzzing {
    static func run(_ bytes: [UInt8]) throws {
        var input = FuzzInput(bytes)
        let seed = input.byte()
        let choices = input.byte()
        let cuttings: [Cutting] = [.whole, Cutting(seed: seed)]

        let texts = cuttings.map { decoded($0.pieces(input.rest), encoding(choices)) }
        try demand(texts[0] == texts[1], "the text depends on how it is cut")

        let records = try cuttings.map { try Records($0.pieces(input.rest)) }
        try demand(records[0] == records[1], "the records depend on how they are cut")

        let context = choices & 0x08 != 0 ? withDefault : withoutDefault
        let file = texts[0].isBad ? Array(input.rest) : texts[0].text
        let readings = cuttings.map { BatchReading($0.pieces(file[...]), context) }
        try demand(readings[0].said == readings[1].said, "the batch depends on how it is cut")
        try StatementFuzzing.check(file, by: ProfileFuzzing.simulated, cuttings[1])
        try readings[0].checkSums()
        try readings[0].checkRefused()
        try readings[0].checkSpool(context.key)
        try readings[0].checkResults(with: String(decoding: input.rest, as: UTF8.self))
    }

    private static func encoding(_ choices: UInt8) -> TextEncoding? {
        switch choices & 0b111 {
        case 0: nil
        case 1: .utf16LittleEndian
        case 2: .utf16BigEndian
        case 3: .gb18030
        default: .utf8
        }
    }

    /// What a decoder made of a file; where it failed, up to there.
    private struct Text: Equatable {
        var text: [UInt8] = []
        var isBad = false
    }

    private static func decoded(_ pieces: [[UInt8]], _ encoding: TextEncoding?) -> Text {
        var decoder = TextDecoder(encoding)
        var text = Text()
        do throws(TextDecodingError) {
            for piece in pieces { text.text += try decoder.decode(piece) }
            text.text += try decoder.finish()
        } catch {
            // How much went out before depends on the cuts, and nobody uses it.
            text = Text(isBad: true)
        }
        return text
    }

    private static let withDefault = context(hasDefault: true)
    private static let withoutDefault = context(hasDefault: false)

    private static func context(hasDefault: Bool) -> BatchContext {
        var carriers: [CarrierID: BatchCarrier] = [:]
        let plan = NumberPlan(countryCode: "86", nationalLength: 11...11, prefixes: ["1"])
        if let currency = Currency(code: "CNY") {
            for (name, isVerified) in [("simulated", true), ("draft", false)] {
                guard let id = CarrierID(name) else { continue }
                carriers[id] = BatchCarrier(
                    numbers: plan,
                    currency: currency,
                    amounts: 100...50_000,
                    isVerified: isVerified,
                    zoneOffsetMinutes: 480
                )
            }
        }
        return BatchContext(
            key: NewJob.Key(client: Samples.client, key: "fuzz"),
            now: Samples.midnight,
            defaultCarrier: hasDefault ? CarrierID("simulated") : nil,
            carriers: carriers
        )
    }
}

/// What a CSV reader makes of a file.
private struct Records: Equatable {
    var records: [CSVRecord] = []
    var isBroken = false
    var separator: UInt8?

    init(_ pieces: [[UInt8]]) throws {
        var reader = CSVReader()
        for piece in pieces {
            var position = 0
            while reader.readRecord(piece, &position) { records.append(reader.record) }
            try demand(position == piece.count || reader.isBroken, "\(position) of \(piece.count)")
        }
        while reader.finish() { records.append(reader.record) }
        isBroken = reader.isBroken
        separator = reader.separator
        for record in records {
            try demand(record.count <= CSVReader.columnsMax, "\(record.count) cells")
            for index in 0..<record.count { _ = record.cell(index) }
        }
    }

    /// The cells of a file that must have no fault.
    func cells() throws -> [[String]] {
        try records.map { record in
            try demand(record.faults.isEmpty, "what was written has a fault: \(record.faults)")
            return (0..<record.count).map { String(decoding: record.cell($0), as: UTF8.self) }
        }
    }
}

/// What a batch reader makes of a file.
private struct BatchReading {
    /// Everything that it says.
    struct Said: Equatable {
        var orders: [NewJob]
        var refused: [BatchRefusal]
        var totals: BatchTotals
        var mistakes: [BatchMistake]
        var isUnreadable: Bool
        var header: [UInt8]?
    }

    let said: Said
    private let reader: BatchReader

    init(_ pieces: [[UInt8]], _ context: BatchContext) {
        var reader = BatchReader(context)
        let portions = pieces.map { reader.consume($0) } + [reader.finish()]
        said = Said(
            orders: portions.flatMap(\.orders),
            refused: portions.flatMap(\.refused),
            totals: reader.totals,
            mistakes: reader.mistakes,
            isUnreadable: reader.isUnreadable,
            header: reader.header
        )
        self.reader = reader
    }

    func checkSums() throws {
        let totals = said.totals
        try demand(totals.accepted == said.orders.count, "\(totals)")
        try demand(totals.refused == said.refused.count, "\(totals)")
        try demand(totals.rows == totals.accepted + totals.refused, "\(totals)")
        let sum = said.orders.reduce(0) { $0 + $1.amount.minorUnits }
        try demand((totals.sum?.minorUnits ?? 0) == sum, "\(totals), and the orders \(sum)")
        try demand(said.refused.allSatisfy { !$0.mistakes.isEmpty }, "refused without a mistake")
        try demand(!said.isUnreadable || !said.mistakes.isEmpty, "unreadable without a mistake")
        try demand(totals.rows > 0 || said.isUnreadable, "no row, and no word of it")
        let lines = said.orders.compactMap(\.batchLine)
        try demand(
            lines.count == said.orders.count && lines == lines.sorted(),
            "lines: \(lines)"
        )
        try demand(Set(lines).count == lines.count, "two orders of one line")
    }

    /// The file of refused rows has each of them once, and each is refused as before but for what
    /// only the rows before could tell.
    func checkRefused() throws {
        guard let file = BatchRefusedFile(reader), !said.isUnreadable else { return }
        let rows = said.refused.map(file.row)
        let records = try Records([file.header + rows.joined()])
        try demand(!records.isBroken, "the file of refused rows breaks off")
        try demand(
            records.records.count { !$0.isBlank } == rows.count + 1,
            "\(rows.count) refused rows, \(records.records.count) in their file"
        )
    }

    /// The spool gives back each order.
    func checkSpool(_ key: NewJob.Key) throws {
        for order in said.orders {
            var record: [UInt8] = []
            OrderRecord.append(order, to: &record)
            try demand(record.last == OrderRecord.end, "a record without its end")
            let again = OrderRecord.read(record.dropLast(), key: key)
            try demand(again == order, "the spool gives back another order")
        }
    }

    /// The results have a row for each order, whatever a carrier or a person said of it.
    func checkResults(with text: String) throws {
        let jobs = said.orders.enumerated().map { index, order in
            var job = Job(id: Job.ID(1), order: order, state: .ready, at: Samples.midnight)
            job.reason = index == 0 ? text : nil
            job.serial = index == 1 ? text : nil
            return job
        }
        let file = ResultsFile.header + jobs.map(ResultsFile.row).joined()
        let rows = try Records([Array(file.utf8)]).cells()
        try demand(rows.first == ResultsFile.columns, "the header is \(rows.first ?? [])")
        try demand(rows.count == jobs.count + 1, "\(jobs.count) jobs, \(rows.count) lines")
        for (job, row) in zip(jobs, rows.dropFirst()) {
            try demand(row.count == ResultsFile.columns.count, "a row of \(row.count) cells")
            try demand(row[2] == job.order.numberAsSubmitted, "another number")
            try demand(row[3] == job.order.amount.major, "another amount")
            let words = CSVText.harmless(job.reason ?? "")
            try demand(row[12].unicodeScalars.elementsEqual(words.unicodeScalars), "other words")
        }
    }
}
