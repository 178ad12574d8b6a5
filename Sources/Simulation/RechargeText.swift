package import Recharge

/// What an agent's SIM writes to the centre.
///
/// ```
/// CZ#13800138000#50#123456     recharge: number, amount in major units, PIN
/// YE#123456                    balance
/// ```
package enum RechargeText: Hashable, Sendable {
    case recharge(number: String, amount: Amount, pin: String)
    case balance(pin: String)
    case unknown

    package init(_ text: String) {
        let fields = text.split(separator: "#", omittingEmptySubsequences: false).map(String.init)
        if fields.count == 4, fields[0].uppercased() == "CZ",
            Self.isDigits(fields[1]),
            let amount = Amount(major: fields[2], currency: .renminbi), amount.minorUnits > 0
        {
            self = .recharge(number: fields[1], amount: amount, pin: fields[3])
        } else if fields.count == 2, fields[0].uppercased() == "YE" {
            self = .balance(pin: fields[1])
        } else {
            self = .unknown
        }
    }

    private static func isDigits(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}

extension Currency {
    /// The currency of the simulated centre.
    package static let renminbi: Currency = {
        guard let currency = Currency(code: "CNY") else { preconditionFailure("CNY is a code") }
        return currency
    }()
}
