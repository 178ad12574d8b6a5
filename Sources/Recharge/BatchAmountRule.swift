/// Reads the amount cell of a batch row by a carrier's limits, and says why one does not fit.
///
/// The form it accepts is exactly that of ``Amount/init(major:currency:)``.
struct BatchAmountRule: Sendable {
    private let carrier: BatchCarrier
    private let currency: Currency
    private let decimals: Int

    init(_ carrier: BatchCarrier) {
        self.carrier = carrier
        currency = carrier.currency
        decimals = carrier.currency.decimals
    }

    /// Reads a trimmed cell.
    func read(_ cell: ArraySlice<UInt8>) -> Result<Amount, BatchFlaw> {
        var units: Int64 = 0
        var wholeDigits = 0
        var fractionDigits: Int?
        for byte in cell {
            if byte == 0x2E, fractionDigits == nil, wholeDigits > 0 {
                fractionDigits = 0
            } else if byte.isASCIIDigit {
                if let digits = fractionDigits {
                    fractionDigits = digits + 1
                } else {
                    wholeDigits += 1
                }
                units = min(units * 10 + Int64(byte & 0x0F), Amount.minorUnitsMax + 1)
            } else {
                return .failure(strangeText(cell))
            }
        }
        guard wholeDigits > 0, fractionDigits != 0 else { return .failure(strangeText(cell)) }
        let fraction = fractionDigits ?? 0
        guard fraction <= decimals else { return .failure(tooManyDecimals) }
        for _ in fraction..<decimals { units = min(units * 10, Amount.minorUnitsMax + 1) }
        let amount = Amount(minorUnits: units, currency: currency)
        if let flaw = limitFlaw(amount) { return .failure(flaw) }
        return .success(amount)
    }

    private func limitFlaw(_ amount: Amount) -> BatchFlaw? {
        let units = amount.minorUnits
        if units == 0 {
            return BatchFlaw(
                .zeroAmount,
                "the amount is zero",
                cure: "write the amount, or delete the row"
            )
        }
        if units < carrier.amounts.lowerBound {
            return BatchFlaw(
                .belowMinimum,
                "the amount is below the carrier's smallest",
                cure: "write at least \(text(carrier.amounts.lowerBound))"
            )
        }
        if units > min(carrier.amounts.upperBound, Amount.minorUnitsMax) {
            return BatchFlaw(
                .aboveMaximum,
                "the amount is above the carrier's largest",
                cure: "write at most \(text(min(carrier.amounts.upperBound, Amount.minorUnitsMax)))"
            )
        }
        if let multiple = carrier.multiple, multiple > 0, !units.isMultiple(of: multiple) {
            return BatchFlaw(
                .notAMultiple,
                "the amount is not a multiple of \(text(multiple))",
                cure: "write a multiple of \(text(multiple))"
            )
        }
        if !carrier.denominations.isEmpty, !carrier.denominations.contains(units) {
            let allowed = carrier.denominations.sorted().map(text).joined(separator: ", ")
            return BatchFlaw(
                .notADenomination,
                "the carrier sells no such amount",
                cure: "write one of \(allowed)"
            )
        }
        return nil
    }

    private func text(_ units: Int64) -> String {
        Amount(minorUnits: units, currency: currency).major
    }

    private var tooManyDecimals: BatchFlaw {
        BatchFlaw(
            .tooManyDecimals,
            "the amount has more decimals than \(currency.code)",
            cure: decimals == 0 ? "write a whole number" : "write at most \(decimals) decimals"
        )
    }
}

extension BatchAmountRule {
    private func strangeText(_ cell: ArraySlice<UInt8>) -> BatchFlaw {
        guard !cell.isEmpty else {
            return BatchFlaw(
                .emptyAmount,
                "the amount is missing",
                cure: "write it, or delete the row"
            )
        }
        guard let string = String(validating: cell, as: UTF8.self) else { return .invalidUTF8 }
        let scalars = string.unicodeScalars
        return signFlaw(cell, scalars) ?? separatorFlaw(cell, scalars)
            ?? BatchFlaw(
                .notAnAmount,
                "the amount is not a number such as \(text(10 * unit))",
                cure: "write digits with at most one point, and digits on both sides of it"
            )
    }

    private func signFlaw(
        _ cell: ArraySlice<UInt8>,
        _ scalars: String.UnicodeScalarView
    ) -> BatchFlaw? {
        if cell.first == 0x2D, cell.dropFirst().contains(where: \.isASCIIDigit) {
            return BatchFlaw(
                .negativeAmount,
                "the amount is negative",
                cure: "write an amount above zero, without a sign"
            )
        }
        if let first = scalars.first, first == "'" || first == "\u{2019}" {
            return BatchFlaw(
                .leadingApostrophe,
                "the amount begins with an apostrophe",
                cure: "remove it"
            )
        }
        if scalars.contains(where: \.isFullWidthNumeral) {
            return BatchFlaw(
                .fullWidthDigits,
                "the amount has full-width characters",
                cure: "write it with the digits 0 to 9 and a plain point"
            )
        }
        if BatchNumberRule.isScientific(cell) {
            return BatchFlaw(
                .scientificNotation,
                "the amount is in scientific notation",
                cure: "write it out: 100, not 1E+2"
            )
        }
        if hasCurrencySign(scalars) {
            return BatchFlaw(
                .currencySign,
                "the amount has a currency sign or name",
                cure: "write the bare amount: \(currency.code) is what the carrier takes"
            )
        }
        return nil
    }

    private var unit: Int64 { currency.minorUnitsPerMajor }

    private func hasCurrencySign(_ scalars: String.UnicodeScalarView) -> Bool {
        let names: [Unicode.Scalar] = ["元", "圆", "块", "円"]
        let letters = String(
            String.UnicodeScalarView(
                scalars.filter { ("A"..."Z").contains($0) || ("a"..."z").contains($0) }
            )
        )
        let hasSign = scalars.contains {
            $0.properties.generalCategory == .currencySymbol || names.contains($0)
        }
        let hasDigit = scalars.contains { ("0"..."9").contains($0) }
        return hasDigit
            && (hasSign || ["RMB", "RP", "RS", currency.code].contains(letters.uppercased()))
    }

    private func separatorFlaw(
        _ cell: ArraySlice<UInt8>,
        _ scalars: String.UnicodeScalarView
    ) -> BatchFlaw? {
        let marks: [Unicode.Scalar] = [
            ",", ".", "'", " ", "\u{2019}", "\u{A0}", "\u{202F}", "\u{2009}",
        ]
        guard scalars.allSatisfy({ ("0"..."9").contains($0) || marks.contains($0) }),
            let mark = scalars.first(where: { marks.contains($0) })
        else { return nil }
        let groups = cell.split(
            omittingEmptySubsequences: false,
            whereSeparator: { !$0.isASCIIDigit }
        )
        let isComma = mark == "," && groups.count == 2
        if isComma, let last = groups.last, !last.isEmpty, last.count != 3 {
            return BatchFlaw(
                .decimalComma,
                "the amount has a decimal comma",
                cure: "write a point: 49.90"
            )
        }
        guard groups.count > 2 || mark != "." else { return nil }
        return BatchFlaw(
            .thousandsSeparator,
            "the amount has thousands separators or spaces",
            cure: "remove them: 1000, not 1,000"
        )
    }
}
