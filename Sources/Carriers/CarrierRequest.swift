package import Recharge

/// One request to the carrier, ready to be encoded.
///
/// `text` holds the PIN: it goes to the modem and nowhere else. `redacted` is built from the same
/// pieces with `PIN/mask` in the PIN's place, and is what traces, digests and rows take. It still
/// names the number, so neither shows in `description`.
package struct CarrierRequest: Hashable, Sendable {
    package let to: String
    package let text: String
    package let redacted: String
}

extension CarrierRequest: CustomStringConvertible, CustomReflectable {
    package var description: String { "request to \(to)" }
    package var customMirror: Mirror { Mirror(self, children: ["to": to]) }
}

/// Why a request cannot be written, without number and PIN.
package enum RequestError: Error, Hashable, CustomStringConvertible {
    case numberNotNational
    case currencyDiffers
    case amountNotPositive
    /// The PIN is missing, or is not 1 to 16 ASCII letters and digits.
    case pinUnfit
    /// The reference is missing, or is not 1 to 40 ASCII letters, digits and hyphens.
    case referenceUnfit
    /// The serial of the recharge to be reversed is not 1 to 40 ASCII letters, digits and hyphens.
    case serialUnfit
    /// The profile's text names a number or an amount, and none was given.
    case orderMissing
    /// The profile does not declare the operation.
    case notDeclared

    package var description: String {
        switch self {
        case .numberNotNational: "the number is not one of the profile's country"
        case .currencyDiffers: "the amount is not in the profile's currency"
        case .amountNotPositive: "the amount is not above zero"
        case .pinUnfit:
            "the SIM's PIN is missing or is not 1 to 16 letters and digits; correct the secrets"
        case .referenceUnfit: "the reference is not 1 to 40 letters, digits and hyphens"
        case .serialUnfit: "the serial is not 1 to 40 letters, digits and hyphens"
        case .orderMissing: "the request names a number and an amount, and they were not given"
        case .notDeclared: "the profile does not declare the operation"
        }
    }
}

extension CarrierProfile {
    /// Writes the request for one recharge.
    ///
    /// Whatever could be taken for a separator of the carrier's dialogue is refused, never escaped.
    /// The PIN and the reference matter only where the profile's text has a slot for them.
    package func request(
        number: PhoneNumber,
        amount: Amount,
        pin: PIN?,
        reference: String? = nil
    ) throws(RequestError) -> CarrierRequest {
        let contents = RequestContents(
            number: number,
            amount: amount,
            pin: pin,
            reference: reference
        )
        return try write(rechargeText, to: rechargeTo, contents)
    }

    /// Writes an inquiry; number and amount are those of the attempt in doubt, if there is one.
    package func inquiry(
        _ kind: Inquiry.Kind,
        number: PhoneNumber? = nil,
        amount: Amount? = nil,
        pin: PIN?
    ) throws(RequestError) -> CarrierRequest {
        guard let operation = operations[kind] else { throw .notDeclared }
        let contents = RequestContents(number: number, amount: amount, pin: pin)
        return try write(operation.text, to: operation.to, contents)
    }

    /// Writes the request to reverse a recharge, by the serial that the carrier gave it.
    package func reversal(
        of serial: String,
        number: PhoneNumber,
        amount: Amount,
        pin: PIN?
    ) throws(RequestError) -> CarrierRequest {
        guard let operation = operations.reverse?.operation else { throw .notDeclared }
        let contents = RequestContents(number: number, amount: amount, pin: pin, serial: serial)
        return try write(operation.text, to: operation.to, contents)
    }

    private func write(
        _ template: RequestTemplate,
        to: String,
        _ contents: RequestContents
    ) throws(RequestError) -> CarrierRequest {
        var national: String?
        if let amount = contents.amount {
            guard amount.currency == currency else { throw .currencyDiffers }
            guard amount.minorUnits > 0 else { throw .amountNotPositive }
        }
        if let number = contents.number {
            national = numbers.national(number)
            guard numbers.number(number.e164) != nil, national != nil else {
                throw .numberNotNational
            }
        }
        var text = ""
        var redacted = ""
        for piece in template.pieces {
            switch piece {
            case .literal(let literal):
                text += literal
                redacted += literal
            case .slot(let slot):
                let filling = try contents.filling(slot, national: national)
                text += filling
                redacted += slot == .pin ? PIN.mask : filling
            }
        }
        return CarrierRequest(to: to, text: text, redacted: redacted)
    }
}

/// What the slots of a request are filled with.
private struct RequestContents {
    var number: PhoneNumber?
    var amount: Amount?
    var pin: PIN?
    var reference: String?
    var serial: String?

    func filling(
        _ slot: RequestTemplate.Slot,
        national: String?
    ) throws(RequestError) -> String {
        switch slot {
        case .nationalNumber: return try given(national)
        case .e164Number: return try given(number?.e164)
        case .shortAmount: return try given(amount?.short)
        case .fullAmount: return try given(amount?.major)
        case .minorAmount: return try given(amount.map { "\($0.minorUnits)" })
        case .pin:
            guard let secret = pin?.revealed, isWord(secret, max: 16) else { throw .pinUnfit }
            return secret
        case .reference:
            guard let reference, isWord(reference, max: 40, hyphens: true) else {
                throw .referenceUnfit
            }
            return reference
        case .serial:
            guard let serial, isWord(serial, max: 40, hyphens: true) else { throw .serialUnfit }
            return serial
        }
    }

    private func given(_ text: String?) throws(RequestError) -> String {
        guard let text else { throw .orderMissing }
        return text
    }
}

extension Amount {
    /// Major units, without decimals when they are all zero: `50`, `49.90`.
    fileprivate var short: String {
        guard minorUnits % currency.minorUnitsPerMajor == 0 else { return major }
        return String(minorUnits / currency.minorUnitsPerMajor)
    }
}

private func isWord(_ text: String, max: Int, hyphens: Bool = false) -> Bool {
    (1...max).contains(text.utf8.count)
        && text.unicodeScalars.allSatisfy { isSerialScalar($0) && (hyphens || $0 != "-") }
}
