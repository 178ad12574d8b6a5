import Carriers
import ControlAPI
import Recharge
import TextDecoding

/// What a batch file says, found without the daemon.
struct LocalCheck {
    /// Good and bad rows, the sum, and the mistakes.
    var report: BatchReport
    /// Whether numbers and amounts were held against carrier profiles.
    var hasPlans: Bool

    /// Reads the file to its end.
    ///
    /// - Parameters:
    ///   - file: the batch file.
    ///   - encoding: nil to guess it.
    ///   - carrier: of rows that name none.
    ///   - profiles: nil when there are none at hand: then only form and sums are checked.
    ///   - now: deadlines must lie after it.
    /// - Throws: ``Failure`` when it cannot be read at all; bad rows are in the report.
    init(
        _ file: InputFile,
        encoding: TextEncoding?,
        carrier: CarrierID?,
        profiles: CarrierFolder.Profiles?,
        now: Timestamp
    ) throws(Failure) {
        let carriers = profiles?.carriers
        let names = carriers == nil ? try LocalCheck.carriersNamed(in: file, encoding) : []
        let other = profiles == nil ? CarrierID("unknown") : profiles?.standard
        let standard = carrier ?? other
        if let carrier, let carriers, carriers[carrier] == nil {
            let known = carriers.keys.map(\.name).sorted().joined(separator: ", ")
            throw Failure(
                .usage,
                "--carrier \(carrier): there is no such profile; write one of \(known)"
            )
        }
        let all = names + [standard].compactMap(\.self)
        let permissive = Dictionary(
            all.compactMap { name in BatchCarrier.anything.map { (name, $0) } },
            uniquingKeysWith: { first, _ in first }
        )
        var reader = BatchReader(
            BatchContext(
                key: NewJob.Key(client: "", key: ""),
                now: now,
                defaultCarrier: standard,
                carriers: carriers ?? permissive
            )
        )
        try LocalCheck.read(file, encoding) { (text: [UInt8]?) throws(Failure) in
            _ = text.map { reader.consume($0) } ?? reader.finish()
        }
        hasPlans = carriers != nil
        let listed = reader.mistakes.prefix(Mistake.shownMax).map { Mistake($0) }
        report = BatchReport(
            rows: reader.totals.accepted,
            refusedRows: reader.totals.refused,
            sum: reader.totals.sum.map(Money.init),
            mistakes: listed,
            mistakesOmitted: reader.totals.mistakes - listed.count,
            carriers: []
        )
    }

    /// Hands on the text of a file in UTF-8, chunk by chunk, and nil at its end.
    static func read(
        _ file: InputFile,
        _ encoding: TextEncoding?,
        _ take: ([UInt8]?) throws(Failure) -> Void
    ) throws(Failure) {
        var decoder = TextDecoder(encoding)
        var offset = 0
        while true {
            let chunk = try file.chunk(at: offset)
            offset += chunk.count
            let text: [UInt8]
            do {
                text = chunk.isEmpty ? try decoder.finish() : try decoder.decode(chunk)
            } catch {
                throw Failure(.badInput, "\(file.name): \(error)")
            }
            try take(text)
            if chunk.isEmpty { return try take(nil) }
        }
    }

    /// The carriers that the rows name, without a judgement of anything.
    private static func carriersNamed(
        in file: InputFile,
        _ encoding: TextEncoding?
    ) throws(Failure) -> [CarrierID] {
        var reader = CSVReader()
        var place: Int?
        var hasHeader = false
        var names: Set<CarrierID> = []
        let look = { (record: CSVRecord) in
            guard !record.isBlank else { return }
            let cells = (0..<record.count).map { index in
                String(decoding: record.cell(index), as: UTF8.self).filter { $0 != " " }
            }
            if !hasHeader {
                hasHeader = true
                place = cells.firstIndex { BatchColumn(header: $0) == .carrier }
            } else if let place, place < cells.count, let name = CarrierID(cells[place]) {
                names.insert(name)
            }
        }
        try read(file, encoding) { (text: [UInt8]?) throws(Failure) in
            var position = 0
            if let text {
                while reader.readRecord(text, &position) { look(reader.record) }
            } else {
                while reader.finish() { look(reader.record) }
            }
        }
        return names.sorted { $0.name < $1.name }
    }
}

extension BatchCarrier {
    /// A carrier of which nothing is known: any number of 5 to 15 digits, any amount.
    fileprivate static var anything: BatchCarrier? {
        Currency(code: Currency.noneCode).map { currency in
            BatchCarrier(
                numbers: NumberPlan(countryCode: "", nationalLength: 5...15, trunkPrefix: "0"),
                currency: currency
            )
        }
    }
}

extension Currency {
    /// What ISO 4217 has for no currency; it stands for one that nobody named.
    static let noneCode = "XXX"
}
