import Recharge

/// An order as it lies in the spool between checking and staging.
///
/// ```
/// line ␟ carrier ␟ E.164 ␟ number as submitted ␟ minor units ␟ currency ␟ priority
///      ␟ not before ␟ deadline ␟ reference ␟ note ␟ repeat index ␞
/// ```
/// Times are milliseconds, absent values empty. The reader refuses both separators (U+001F, U+001E)
/// in every cell, so that nothing needs to be escaped.
enum OrderRecord {
    static let end: UInt8 = 0x1E
    private static let separator: UInt8 = 0x1F
    private static let fieldCount = 12

    static func append(_ order: NewJob, to bytes: inout [UInt8]) {
        let fields = [
            String(order.batchLine ?? 0), order.carrier.name, order.number.e164,
            order.numberAsSubmitted, String(order.amount.minorUnits), order.amount.currency.code,
            String(order.priority), order.notBefore.map { String($0.milliseconds) } ?? "",
            order.deadline.map { String($0.milliseconds) } ?? "", order.reference ?? "",
            order.note ?? "", order.repeatIndex.map { String($0) } ?? "",
        ]
        for (index, field) in fields.enumerated() {
            if index > 0 { bytes.append(separator) }
            bytes.append(contentsOf: field.utf8)
        }
        bytes.append(end)
    }

    /// Reads a record without its end; nil when it is none.
    ///
    /// The key of a row is made of its batch's key and its line, as `BatchReader` makes it.
    static func read(_ record: ArraySlice<UInt8>, key: NewJob.Key) -> NewJob? {
        let fields = record.split(separator: separator, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        guard fields.count == fieldCount, let line = Int(fields[0]),
            let carrier = CarrierID(fields[1]), let number = PhoneNumber(e164: fields[2]),
            let units = Int64(fields[4]), let currency = Currency(code: fields[5]),
            let priority = Int(fields[6])
        else { return nil }
        var order = NewJob(
            key: NewJob.Key(client: key.client, key: "\(key.key)/\(line)"),
            carrier: carrier,
            number: number,
            numberAsSubmitted: fields[3],
            amount: Amount(minorUnits: units, currency: currency)
        )
        order.batchLine = line
        order.priority = priority
        order.notBefore = Int64(fields[7]).map { Timestamp(milliseconds: $0) }
        order.deadline = Int64(fields[8]).map { Timestamp(milliseconds: $0) }
        order.reference = fields[9].isEmpty ? nil : fields[9]
        order.note = fields[10].isEmpty ? nil : fields[10]
        order.repeatIndex = Int(fields[11])
        return order
    }
}
