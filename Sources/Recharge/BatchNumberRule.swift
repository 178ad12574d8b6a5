/// Reads the number cell of a batch row by a number plan, and says why one does not fit.
///
/// It accepts exactly what ``NumberPlan/number(_:)`` accepts, from bytes and without its costs.
struct BatchNumberRule: Sendable {
    private let plan: NumberPlan
    private let countryCode: [UInt8]
    private let trunkPrefix: [UInt8]?
    private let international: String
    /// The prefixes by their length.
    private let prefixes: [(length: Int, values: Set<UInt64>)]

    init(_ plan: NumberPlan) {
        self.plan = plan
        countryCode = Array(plan.countryCode.utf8)
        trunkPrefix = plan.trunkPrefix.map { Array($0.utf8) }
        international = "+" + plan.countryCode
        var values: [Int: Set<UInt64>] = [:]
        for prefix in plan.prefixes {
            let digits = Array(prefix.utf8)
            guard digits.count <= 15, digits.allSatisfy(\.isASCIIDigit) else { continue }
            values[digits.count, default: []].insert(BatchNumberRule.value(digits[...]))
        }
        prefixes = values.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// Reads a trimmed cell.
    func read(_ cell: ArraySlice<UInt8>) -> Result<PhoneNumber, BatchFlaw> {
        guard !cell.isEmpty else {
            return .failure(
                BatchFlaw(
                    .emptyNumber,
                    "the number is missing",
                    cure: "write it, or delete the row"
                )
            )
        }
        let digits = cell.first == 0x2B ? cell.dropFirst() : cell
        guard digits.allSatisfy(\.isASCIIDigit) else { return .failure(strangeText(cell)) }
        if cell.first == 0x2B { return foreign(digits) }
        if digits.starts(with: [0x30, 0x30]) { return foreign(digits.dropFirst(2)) }
        if let trunkPrefix, digits.starts(with: trunkPrefix) {
            return national(digits.dropFirst(trunkPrefix.count))
        }
        return national(digits)
    }

    private func foreign(_ digits: ArraySlice<UInt8>) -> Result<PhoneNumber, BatchFlaw> {
        guard digits.starts(with: countryCode) else {
            return .failure(
                BatchFlaw(
                    .otherCountry,
                    "the number is of another country than its carrier's \(international)",
                    cure: "correct it, or name a carrier of that country"
                )
            )
        }
        return national(digits.dropFirst(countryCode.count))
    }

    private func national(_ digits: ArraySlice<UInt8>) -> Result<PhoneNumber, BatchFlaw> {
        guard plan.nationalLength.contains(digits.count) else {
            return .failure(wrongLength(digits))
        }
        let text = international + String(decoding: digits, as: UTF8.self)
        guard hasKnownPrefix(digits), let number = PhoneNumber(e164: text) else {
            return .failure(
                BatchFlaw(
                    .unknownPrefix,
                    "no mobile number of \(international) begins like this",
                    cure: "correct the number, or name another carrier"
                )
            )
        }
        return .success(number)
    }

    private func hasKnownPrefix(_ digits: ArraySlice<UInt8>) -> Bool {
        plan.prefixes.isEmpty
            || prefixes.contains { length, values in
                digits.count >= length
                    && values.contains(BatchNumberRule.value(digits.prefix(length)))
            }
    }

    private static func value(_ digits: ArraySlice<UInt8>) -> UInt64 {
        digits.reduce(0) { $0 &* 10 &+ UInt64($1 & 0x0F) }
    }
}

extension BatchNumberRule {
    private func wrongLength(_ digits: ArraySlice<UInt8>) -> BatchFlaw {
        let lengths = plan.nationalLength
        let wanted =
            lengths.lowerBound == lengths.upperBound
            ? "\(lengths.lowerBound)" : "\(lengths.lowerBound) to \(lengths.upperBound)"
        if digits.starts(with: countryCode),
            lengths.contains(digits.count - countryCode.count),
            hasKnownPrefix(digits.dropFirst(countryCode.count))
        {
            return BatchFlaw(
                .lostPlus,
                "the number begins with \(plan.countryCode) but has lost its plus sign",
                cure: "write \(international)…, or the \(wanted) digits without country code"
            )
        }
        let isShort = digits.count < lengths.lowerBound
        return BatchFlaw(
            isShort ? .numberTooShort : .numberTooLong,
            "the number has \(digits.count) digits where \(international) has \(wanted)",
            cure: isShort ? "add the missing digits" : "remove what does not belong to it"
        )
    }

    private func strangeText(_ cell: ArraySlice<UInt8>) -> BatchFlaw {
        guard let text = String(validating: cell, as: UTF8.self) else { return .invalidUTF8 }
        let scalars = text.unicodeScalars
        if let first = scalars.first, first == "'" || first == "\u{2019}" {
            return BatchFlaw(
                .leadingApostrophe,
                "the number begins with an apostrophe",
                cure: "remove it; a CSV file needs none to keep digits"
            )
        }
        if BatchNumberRule.isScientific(cell) {
            return BatchFlaw(
                .scientificNotation,
                "a spreadsheet has rounded the number: digits are lost",
                cure: "format the column as text, enter the numbers again and export once more"
            )
        }
        if scalars.contains(where: \.isFullWidthNumeral) {
            return BatchFlaw(
                .fullWidthDigits,
                "the number has full-width digits",
                cure: "write it with the digits 0 to 9"
            )
        }
        return decimalTail(cell) ?? separators(scalars)
            ?? BatchFlaw(
                .lettersInNumber,
                "the number has characters that are not digits",
                cure: "write digits only, with + before a country code"
            )
    }

    private func decimalTail(_ cell: ArraySlice<UInt8>) -> BatchFlaw? {
        let parts = cell.split(separator: 0x2E, omittingEmptySubsequences: false)
        if parts.count == 2, !parts[0].isEmpty, parts[0].allSatisfy(\.isASCIIDigit),
            parts[1].allSatisfy({ $0 == 0x30 })
        {
            return BatchFlaw(
                .decimalTail,
                "the number ends in a decimal part",
                cure: "remove the point and the zeros; format the column as text"
            )
        }
        return nil
    }

    private func separators(_ scalars: String.UnicodeScalarView) -> BatchFlaw? {
        let separators: [Unicode.Scalar] = [
            " ", "-", ".", "/", "(", ")", "\u{3000}", "\u{2010}", "\u{2011}", "\u{2013}",
        ]
        let isSeparator: (Unicode.Scalar) -> Bool = {
            separators.contains($0) || CSVText.isUnseen($0)
        }
        let isPart: (Unicode.Scalar) -> Bool = {
            isSeparator($0) || ("0"..."9").contains($0) || $0 == "+"
        }
        if scalars.contains(where: isSeparator), scalars.allSatisfy(isPart) {
            return BatchFlaw(
                .separatorsInNumber,
                "the number has spaces, hyphens or the like in it",
                cure: "remove them, also the unseen ones: digits only"
            )
        }
        return nil
    }

    /// Whether a cell reads like `1.38E+10`.
    static func isScientific(_ cell: ArraySlice<UInt8>) -> Bool {
        let parts = cell.split(
            maxSplits: 1,
            omittingEmptySubsequences: false,
            whereSeparator: { $0 | 0x20 == 0x65 }
        )
        guard parts.count == 2, let mantissa = parts.first, var exponent = parts.last else {
            return false
        }
        if exponent.first == 0x2B || exponent.first == 0x2D { exponent = exponent.dropFirst() }
        return !mantissa.isEmpty && !exponent.isEmpty && exponent.allSatisfy(\.isASCIIDigit)
            && mantissa.allSatisfy { $0.isASCIIDigit || $0 == 0x2E || $0 == 0x2C }
    }
}
