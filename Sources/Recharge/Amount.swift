/// A currency by its ISO 4217 code and the number of decimals of its minor unit.
package struct Currency: Hashable, Sendable {
    package let code: String
    package let decimals: Int

    /// Takes a code of three capital letters; nil for anything else.
    ///
    /// The decimals follow ISO 4217: none for currencies such as `JPY`, three for such as `KWD`,
    /// two for all others.
    package init?(code: String) {
        let letters = Array(code.utf8)
        guard letters.count == 3, letters.allSatisfy({ (0x41...0x5A).contains($0) }) else {
            return nil
        }
        self.code = code
        decimals =
            switch code {
            case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX",
                "VND", "VUV", "XAF", "XOF", "XPF":
                0
            case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND": 3
            default: 2
            }
    }

    /// How many minor units make one major unit: 100 for `CNY`.
    package var minorUnitsPerMajor: Int64 {
        (0..<decimals).reduce(1) { product, _ in product * 10 }
    }
}

/// An amount of money in whole minor units, never a fraction.
package struct Amount: Hashable, Sendable {
    package var minorUnits: Int64
    package var currency: Currency

    package init(minorUnits: Int64, currency: Currency) {
        self.minorUnits = minorUnits
        self.currency = currency
    }

    /// The largest amount of minor units read from text: above any recharge, far below overflow.
    package static let minorUnitsMax: Int64 = 1_000_000_000_000

    /// Reads major units as people write them: `50`, `49.9`, `49.90`.
    ///
    /// No sign, no grouping. Nil when the text is not such a number, has more decimals than the
    /// currency, or exceeds ``minorUnitsMax``.
    package init?(major text: some StringProtocol, currency: Currency) {
        let parts = text.utf8.split(separator: 0x2E, maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, !whole.isEmpty else { return nil }
        let fraction = parts.count == 2 ? Array(parts[1]) : []
        guard parts.count == 1 || !fraction.isEmpty, fraction.count <= currency.decimals else {
            return nil
        }
        let padding = [UInt8](repeating: 0x30, count: currency.decimals - fraction.count)
        var units: Int64 = 0
        for digit in Array(whole) + fraction + padding {
            guard (0x30...0x39).contains(digit), units <= Amount.minorUnitsMax else { return nil }
            units = units * 10 + Int64(digit - 0x30)
        }
        guard units <= Amount.minorUnitsMax else { return nil }
        self.init(minorUnits: units, currency: currency)
    }

    /// The amount in major units with all its decimals: `49.90`.
    package var major: String {
        let sign = minorUnits < 0 ? "-" : ""
        let units = minorUnits.magnitude
        let scale = UInt64(currency.minorUnitsPerMajor)
        guard currency.decimals > 0 else { return "\(sign)\(units)" }
        let fraction = String(units % scale)
        let zeros = String(repeating: "0", count: currency.decimals - fraction.count)
        return "\(sign)\(units / scale).\(zeros)\(fraction)"
    }
}

extension Amount: CustomStringConvertible {
    package var description: String { "\(major) \(currency.code)" }
}
