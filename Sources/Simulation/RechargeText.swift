package import Recharge

/// What an agent's SIM writes to the centre.
///
/// ```
/// CZ#13800138000#50#123456                    recharge: number, amount in major units, PIN
/// YE#123456                                   balance
/// CX#13800138000#50#123456                    is this recharge on record?
/// CF#13800138000#50#123456                    reconfirm (重复充值)
/// CZ-#S20261123000001#13800138000#50#123456   reverse (冲正), by the serial of the recharge
/// ```
package enum RechargeText: Hashable, Sendable {
    case recharge(number: String, amount: Amount, pin: String)
    case balance(pin: String)
    case history(number: String, amount: Amount, pin: String)
    case reconfirm(number: String, amount: Amount, pin: String)
    case reverse(serial: String, number: String, amount: Amount, pin: String)
    case unknown

    package init(_ text: String) {
        let fields = text.split(separator: "#", omittingEmptySubsequences: false).map(String.init)
        self = Self.read(fields[0].uppercased(), Array(fields.dropFirst())) ?? .unknown
    }

    private static func read(_ command: String, _ fields: [String]) -> RechargeText? {
        switch (command, fields.count) {
        case ("YE", 1): return .balance(pin: fields[0])
        case ("CZ", 3), ("CX", 3), ("CF", 3):
            guard let amount = amount(fields[1]), isDigits(fields[0]) else { return nil }
            return switch command {
            case "CX": .history(number: fields[0], amount: amount, pin: fields[2])
            case "CF": .reconfirm(number: fields[0], amount: amount, pin: fields[2])
            default: .recharge(number: fields[0], amount: amount, pin: fields[2])
            }
        case ("CZ-", 4):
            guard isSerial(fields[0]), isDigits(fields[1]), let amount = amount(fields[2]) else {
                return nil
            }
            return .reverse(
                serial: fields[0],
                number: fields[1],
                amount: amount,
                pin: fields[3]
            )
        default: return nil
        }
    }

    /// The service that it asks for; nil for a recharge, which there always is.
    var service: CentreService? {
        switch self {
        case .recharge, .unknown: nil
        case .balance: .balance
        case .history: .history
        case .reconfirm: .reconfirm
        case .reverse: .reverse
        }
    }

    private static func amount(_ text: String) -> Amount? {
        Amount(major: text, currency: .renminbi).flatMap { $0.minorUnits > 0 ? $0 : nil }
    }

    private static func isDigits(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy(isDigit)
    }

    /// Nothing that would need escaping in the ledger.
    private static func isSerial(_ text: String) -> Bool {
        (1...40).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                isDigit($0) || $0 == 0x2D || (0x41...0x5A).contains($0 & 0xDF)
            }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte)
    }
}

/// What the centre may offer besides recharging.
package enum CentreService: String, Hashable, Sendable, CaseIterable {
    case balance
    case history
    case reconfirm
    case reverse
}

extension Currency {
    /// The currency of the simulated centre.
    package static let renminbi: Currency = {
        guard let currency = Currency(code: "CNY") else { preconditionFailure("CNY is a code") }
        return currency
    }()
}
