import Foundation
import GRDB
import Recharge

/// Reads the columns of a row in the order in which its query lists them.
struct ColumnReader {
    private let row: Row
    private var index = 0

    init(_ row: Row) {
        self.row = row
    }

    mutating func next<Value: DatabaseValueConvertible>() -> Value {
        defer { index += 1 }
        return row[index]
    }

    mutating func optional<Value: DatabaseValueConvertible>() -> Value? {
        defer { index += 1 }
        return row[index]
    }

    mutating func time() -> Timestamp {
        Timestamp(milliseconds: next())
    }

    mutating func optionalTime() -> Timestamp? {
        let milliseconds: Int64? = optional()
        return milliseconds.map { Timestamp(milliseconds: $0) }
    }

    /// Reads a text as one of our types; the database is unusable when it does not fit.
    mutating func parsed<Value>(_ parse: (String) -> Value?) throws -> Value {
        let text: String = next()
        return try ColumnReader.require(parse(text))
    }

    mutating func optionalParsed<Value>(_ parse: (String) -> Value?) throws -> Value? {
        guard let text: String = optional() else { return nil }
        return try ColumnReader.require(parse(text))
    }

    /// Reads minor units and, in the next column, their currency.
    mutating func amount() throws -> Amount {
        let minorUnits: Int64 = next()
        return Amount(minorUnits: minorUnits, currency: try parsed(Currency.init(code:)))
    }

    mutating func octets() -> [UInt8] {
        let octets: Data = next()
        return Array(octets)
    }

    private static func require<Value>(_ value: Value?) throws -> Value {
        guard let value else {
            throw JobStoreError(
                .unusable,
                "the database holds a \(Value.self) that none can be: restore a backup"
            )
        }
        return value
    }
}
