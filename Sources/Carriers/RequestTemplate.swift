import Recharge

/// The text that asks for a recharge, with slots for what varies: `CZ#{number}#{amount}#{pin}`.
///
/// `{number}` is the national number, `{number:e164}` has plus sign and country code. `{amount}` is
/// in major units, without decimals when it is whole; `{amount:2}` (the currency's own count of
/// decimals, no other) always has them; `{amount:minor}` is in minor units. `{pin}` is the secret,
/// `{ref}` the caller's reference.
struct RequestTemplate: Hashable, Sendable {
    enum Slot: Hashable, Sendable {
        case nationalNumber
        case e164Number
        case shortAmount
        case fullAmount
        case minorAmount
        case pin
        case reference
    }

    enum Piece: Hashable, Sendable {
        case literal(String)
        case slot(Slot)
    }

    let pieces: [Piece]

    /// Refuses unknown slots, and a text that names no number or no amount.
    init(_ template: String, currency: Currency) throws(TemplateError) {
        var pieces: [Piece] = []
        for token in try templateTokens(template) {
            switch token {
            case .literal(let text):
                guard !text.unicodeScalars.contains(where: { $0.value < 0x20 }) else {
                    throw TemplateError(
                        "has a control character",
                        cure: "write the request in one line"
                    )
                }
                pieces.append(.literal(text))
            case .slot(let name): pieces.append(.slot(try Self.slot(named: name, currency)))
            }
        }
        self.pieces = pieces
        guard has(.nationalNumber) || has(.e164Number) else {
            throw TemplateError("names no number", cure: "write {number} or {number:e164}")
        }
        guard has(.shortAmount) || has(.fullAmount) || has(.minorAmount) else {
            throw TemplateError("names no amount", cure: "write {amount}")
        }
    }

    func has(_ slot: Slot) -> Bool {
        pieces.contains(.slot(slot))
    }

    private static func slot(
        named name: String,
        _ currency: Currency
    ) throws(TemplateError) -> Slot {
        switch name {
        case "number": return .nationalNumber
        case "number:e164": return .e164Number
        case "amount": return .shortAmount
        case "amount:\(currency.decimals)": return .fullAmount
        case "amount:minor": return .minorAmount
        case "pin": return .pin
        case "ref": return .reference
        default:
            let known =
                "{number} {number:e164} {amount} {amount:\(currency.decimals)} {amount:minor}"
            throw TemplateError(
                "has an unknown slot {\(name)}",
                cure: "known are: \(known) {pin} {ref}"
            )
        }
    }
}
