package import Recharge

/// Values that tests order, admit and settle with.
package enum Samples {
    /// A moment far from both ends of time: 2026-11-23T00:00:00Z.
    package static let midnight = Timestamp(milliseconds: 1_795_392_000_000)

    package static let client = "uid:1000"

    package static func carrier(_ name: String = "simulated") throws -> CarrierID {
        try value(CarrierID(name))
    }

    package static func yuan(_ major: Int64) throws -> Amount {
        Amount(minorUnits: major * 100, currency: try value(Currency(code: "CNY")))
    }

    /// One of a hundred million mobile numbers.
    package static func number(_ index: Int) throws -> PhoneNumber {
        try value(PhoneNumber(e164: "+86138\(padded(index, 8))"))
    }

    /// The ICCID of a numbered SIM.
    package static func iccid(_ index: Int) throws -> ICCID {
        try value(ICCID("8986001234\(padded(index, 10))"))
    }

    package static func imei(_ index: Int) throws -> IMEI {
        try value(IMEI("86000000\(padded(index, 7))"))
    }

    /// An order of 10 yuan for a number of its own.
    package static func order(
        _ index: Int,
        carrier name: String = "simulated",
        yuan major: Int64 = 10,
        batchLine: Int? = nil
    ) throws -> NewJob {
        let number = try number(index)
        var order = NewJob(
            key: NewJob.Key(client: client, key: "order-\(index)"),
            carrier: try carrier(name),
            number: number,
            numberAsSubmitted: String(number.e164.dropFirst(3)),
            amount: try yuan(major)
        )
        order.batchLine = batchLine
        return order
    }

    private static func padded(_ index: Int, _ width: Int) -> String {
        let digits = String(index)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private static func value<Value>(_ value: Value?) throws -> Value {
        guard let value else { throw InvalidSample(type: "\(Value.self)") }
        return value
    }

    /// A sample that the type it is of refuses.
    package struct InvalidSample: Error {
        package let type: String
    }
}
