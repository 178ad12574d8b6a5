package import Recharge

/// A value that is one JSON string, and nil for a string that is not its like.
private func text<Value>(
    from decoder: any Decoder,
    _ kind: String,
    _ read: (String) -> Value?
) throws -> Value {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let value = read(text) else {
        throw DecodingError.dataCorrupted(
            .init(codingPath: decoder.codingPath, debugDescription: "this is not \(kind)")
        )
    }
    return value
}

private func write(_ value: some Encodable, to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(value)
}

extension Timestamp: Codable {
    package init(from decoder: any Decoder) throws {
        self = try text(from: decoder, "a time such as 2026-11-23T09:30:00Z") { Timestamp($0) }
    }

    package func encode(to encoder: any Encoder) throws {
        try write(rfc3339, to: encoder)
    }
}

extension ICCID: Codable {
    package init(from decoder: any Decoder) throws {
        self = try text(from: decoder, "an ICCID of 18 to 22 digits", ICCID.init)
    }

    package func encode(to encoder: any Encoder) throws {
        try write(digits, to: encoder)
    }
}

extension IMEI: Codable {
    package init(from decoder: any Decoder) throws {
        self = try text(from: decoder, "an IMEI of 14 to 16 digits", IMEI.init)
    }

    package func encode(to encoder: any Encoder) throws {
        try write(digits, to: encoder)
    }
}

extension CarrierID: Codable {
    package init(from decoder: any Decoder) throws {
        self = try text(from: decoder, "the name of a carrier profile", CarrierID.init)
    }

    package func encode(to encoder: any Encoder) throws {
        try write(name, to: encoder)
    }
}

extension Job.ID: Codable {
    package init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(Int64.self))
    }

    package func encode(to encoder: any Encoder) throws {
        try write(rawValue, to: encoder)
    }
}

extension Batch.ID: Codable {
    package init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(Int64.self))
    }

    package func encode(to encoder: any Encoder) throws {
        try write(rawValue, to: encoder)
    }
}

extension Attempt.ID: Codable {
    package init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(Int64.self))
    }

    package func encode(to encoder: any Encoder) throws {
        try write(rawValue, to: encoder)
    }
}

extension JobState: Codable {}
extension HoldReason: Codable {}
extension Batch.State: Codable {}
extension SIM.State: Codable {}
extension Attempt.Outcome: Codable {}
extension Evidence.Kind: Codable {}
extension Evidence.Verdict: Codable {}
