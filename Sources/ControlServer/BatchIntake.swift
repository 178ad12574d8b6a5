import ControlAPI
import Digests
import Hummingbird
import NIOCore
import Recharge
import TextDecoding

/// Takes an upload: checks it as it arrives, keeps its good rows, and hands them on afterwards.
///
/// The good rows wait in the spool, so that memory does not grow with the file but for what tells
/// repeats, and that is gone before the first row is handed on.
struct BatchIntake: ~Copyable {
    private let context: BatchContext
    private let named: CarrierID?
    private let spool: UploadSpool

    /// `named` is the carrier that the request names for rows that name none.
    init(
        _ context: BatchContext,
        naming named: CarrierID?,
        in folder: String
    ) throws(Problem) {
        self.context = context
        self.named = named
        spool = try UploadSpool(in: folder)
    }

    /// Takes the body to its end, no faster than its rows are checked.
    ///
    /// Without an encoding it is guessed.
    func receive(
        _ body: ControlCall.Body,
        encoding: TextEncoding?,
        bytesMax: Int
    ) async throws -> BatchFindings {
        var reader = BatchReader(context)
        var decoder = TextDecoder(encoding)
        var digest = SHA256Digest()
        var findings = BatchFindings(totals: reader.totals)
        var count = 0
        do {
            for try await buffer in body {
                let bytes = Array(buffer.readableBytesView)
                count += bytes.count
                guard count <= bytesMax else { throw Problem(tooLong: bytesMax) }
                digest.update(bytes)
                try keep(reader.consume(try decoder.decode(bytes)), &findings)
            }
            try keep(reader.consume(try decoder.finish()), &findings)
        } catch let error as TextDecodingError {
            throw Problem(error)
        }
        try keep(reader.finish(), &findings)
        findings.close(reader)
        let standard = reader.totals.usesStandardCarrier ? context.defaultCarrier : nil
        findings.digest = digest.finish(for: standard)
        guard named == nil else { return findings }
        // Sent again it finds another carrier to be the usual one, perhaps, or none.
        let others: [CarrierID?] = [nil] + Array(context.carriers.keys)
        findings.otherDigests = others.filter { $0 != standard }.map { digest.finish(for: $0) }
        return findings
    }

    private func keep(
        _ portion: BatchPortion,
        _ findings: inout BatchFindings
    ) throws(Problem) {
        findings.add(portion)
        var records: [UInt8] = []
        for order in portion.orders { OrderRecord.append(order, to: &records) }
        try spool.append(records)
    }

    /// Hands on the good rows, in the order of the file; it may be done more than once.
    func handOn(to take: ([NewJob]) async throws -> Void) async throws {
        var offset = 0
        var bytes: [UInt8] = []
        while true {
            let chunk = try spool.chunk(at: offset)
            guard !chunk.isEmpty else { break }
            offset += chunk.count
            bytes += chunk
            let records = bytes.split(
                separator: OrderRecord.end,
                omittingEmptySubsequences: false
            )
            let orders = try records.dropLast().map { record in
                guard var order = OrderRecord.read(record, key: context.key),
                    let carrier = context.carriers[order.carrier]
                else {
                    throw Problem(.internalError, detail: "the spool of the upload is damaged")
                }
                order.duplicateWindow = carrier.duplicateWindow
                return order
            }
            bytes = records.last.map { Array($0) } ?? []
            if !orders.isEmpty { try await take(orders) }
        }
    }
}

extension SHA256Digest {
    /// What tells a file apart: its octets, and the carrier of its rows that name none.
    fileprivate func finish(for standard: CarrierID?) -> [UInt8] {
        var digest = self
        if let standard { digest.update(Array("\u{0}\(standard)".utf8)) }
        return digest.finish()
    }
}

extension Problem {
    init(tooLong bytesMax: Int) {
        self.init(
            .tooLarge,
            detail: "the file is longer than \(bytesMax >> 20) MiB: split it into several"
        )
    }

    init(_ error: TextDecodingError) {
        let mistake = Mistake(
            line: 1,
            code: error.kind.rawValue,
            message: error.description.visible,
            cure: "name the encoding (Content-Type: text/csv; charset=gb18030), or save as UTF-8"
        )
        self.init(.badBatch, detail: mistake.message, mistakes: [mistake], mistakesOmitted: 0)
    }
}
