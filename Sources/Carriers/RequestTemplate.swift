import Recharge

/// The text of one request, with slots for what varies: `CZ#{number}#{amount}#{pin}`.
///
/// `{number}` is the national number, `{number:e164}` has plus sign and country code. `{amount}` is
/// in major units, without decimals when it is whole; `{amount:2}` (the currency's own count of
/// decimals, no other) always has them; `{amount:minor}` is in minor units. `{pin}` is the secret,
/// `{ref}` the caller's reference, `{serial}` the carrier's serial of the recharge to be reversed.
struct RequestTemplate: Hashable, Sendable {
    enum Slot: Hashable, Sendable {
        case nationalNumber
        case e164Number
        case shortAmount
        case fullAmount
        case minorAmount
        case pin
        case reference
        case serial
    }

    /// What a text asks for: it decides which slots there are, and which there must be.
    enum Purpose: String, Hashable, Sendable, CaseIterable {
        case recharge
        case balance
        case history
        case reconfirm
        case reverse
    }

    enum Piece: Hashable, Sendable {
        case literal(String)
        case slot(Slot)
    }

    let pieces: [Piece]

    /// Refuses unknown slots, and a text that lacks what its purpose needs.
    init(
        _ template: String,
        for purpose: Purpose,
        currency: Currency
    ) throws(TemplateError) {
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
            case .slot(let name):
                pieces.append(.slot(try purpose.slot(named: name, currency)))
            }
        }
        self.pieces = pieces
        try checkHasText(for: purpose)
    }

    func has(_ slot: Slot) -> Bool {
        pieces.contains(.slot(slot))
    }

    private func checkHasText(for purpose: Purpose) throws(TemplateError) {
        switch purpose {
        case .recharge, .reconfirm:
            guard has(.nationalNumber) || has(.e164Number) else {
                throw TemplateError("names no number", cure: "write {number} or {number:e164}")
            }
            guard has(.shortAmount) || has(.fullAmount) || has(.minorAmount) else {
                throw TemplateError("names no amount", cure: "write {amount}")
            }
        case .reverse:
            guard has(.serial) else {
                throw TemplateError("names no recharge", cure: "write {serial}")
            }
        case .balance, .history:
            guard !pieces.isEmpty else {
                throw TemplateError("is empty", cure: "write what the carrier is asked")
            }
        }
    }
}

extension RequestTemplate.Purpose {
    fileprivate func slot(
        named name: String,
        _ currency: Currency
    ) throws(TemplateError) -> RequestTemplate.Slot {
        let order: [(name: String, slot: RequestTemplate.Slot)] = [
            ("number", .nationalNumber), ("number:e164", .e164Number), ("amount", .shortAmount),
            ("amount:\(currency.decimals)", .fullAmount), ("amount:minor", .minorAmount),
        ]
        let known: [(name: String, slot: RequestTemplate.Slot)] =
            switch self {
            case .recharge: order + [("pin", .pin), ("ref", .reference)]
            case .balance: [("pin", .pin)]
            case .history, .reconfirm: order + [("pin", .pin)]
            case .reverse: [("serial", .serial)] + order + [("pin", .pin)]
            }
        guard let found = known.first(where: { $0.name == name }) else {
            let names = known.map { "{\($0.name)}" }.joined(separator: " ")
            throw TemplateError("has an unknown slot {\(name)}", cure: "known are: \(names)")
        }
        return found.slot
    }
}
