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

    package var description: String {
        switch self {
        case .numberNotNational: "the number is not one of the profile's country"
        case .currencyDiffers: "the amount is not in the profile's currency"
        case .amountNotPositive: "the amount is not above zero"
        case .pinUnfit:
            "the SIM's PIN is missing or is not 1 to 16 letters and digits; correct the secrets"
        case .referenceUnfit: "the reference is not 1 to 40 letters, digits and hyphens"
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
        guard amount.currency == currency else { throw .currencyDiffers }
        guard amount.minorUnits > 0 else { throw .amountNotPositive }
        guard numbers.number(number.e164) != nil, let national = numbers.national(number) else {
            throw .numberNotNational
        }
        var text = ""
        var redacted = ""
        for piece in rechargeText.pieces {
            let (shown, written): (String, String)
            switch piece {
            case .literal(let literal): (shown, written) = (literal, literal)
            case .slot(.nationalNumber): (shown, written) = (national, national)
            case .slot(.e164Number): (shown, written) = (number.e164, number.e164)
            case .slot(.shortAmount): (shown, written) = (amount.short, amount.short)
            case .slot(.fullAmount): (shown, written) = (amount.major, amount.major)
            case .slot(.minorAmount):
                (shown, written) = ("\(amount.minorUnits)", "\(amount.minorUnits)")
            case .slot(.pin):
                guard let secret = pin?.revealed, isWord(secret, max: 16) else { throw .pinUnfit }
                (shown, written) = (PIN.mask, secret)
            case .slot(.reference):
                guard let reference, isWord(reference, max: 40, hyphens: true) else {
                    throw .referenceUnfit
                }
                (shown, written) = (reference, reference)
            }
            text += written
            redacted += shown
        }
        return CarrierRequest(to: rechargeTo, text: text, redacted: redacted)
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
