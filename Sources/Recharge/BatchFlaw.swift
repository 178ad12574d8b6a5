/// What is wrong with a file, a row or a cell, and the cure.
package struct BatchFlaw: Error, Hashable, Sendable {
    /// The kind of mistake: a stable code for programs.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        // The file
        case emptyFile = "empty_file"
        case noRows = "no_rows"
        case tooManyRows = "too_many_rows"
        case unknownHeader = "unknown_header"
        case duplicateHeader = "duplicate_header"
        case missingHeader = "missing_header"
        // The row
        case unterminatedQuote = "unterminated_quote"
        case textAfterQuote = "text_after_quote"
        case quoteInUnquotedCell = "quote_in_unquoted_cell"
        case nul
        case recordTooLong = "record_too_long"
        case tooManyColumns = "too_many_columns"
        case tooFewCells = "too_few_cells"
        case tooManyCells = "too_many_cells"
        case emptyRow = "empty_row"
        case duplicateRow = "duplicate_row"
        case mixedCurrencies = "mixed_currencies"
        // Any cell
        case invalidUTF8 = "invalid_utf8"
        case controlCharacter = "control_character"
        case textTooLong = "text_too_long"
        // The number
        case emptyNumber = "empty_number"
        case lettersInNumber = "letters_in_number"
        case separatorsInNumber = "separators_in_number"
        case fullWidthDigits = "full_width_digits"
        case leadingApostrophe = "leading_apostrophe"
        case scientificNotation = "scientific_notation"
        case decimalTail = "decimal_tail"
        case numberTooShort = "number_too_short"
        case numberTooLong = "number_too_long"
        case unknownPrefix = "unknown_prefix"
        case otherCountry = "other_country"
        case lostPlus = "lost_plus"
        // The amount
        case emptyAmount = "empty_amount"
        case notAnAmount = "not_an_amount"
        case negativeAmount = "negative_amount"
        case zeroAmount = "zero_amount"
        case tooManyDecimals = "too_many_decimals"
        case thousandsSeparator = "thousands_separator"
        case decimalComma = "decimal_comma"
        case currencySign = "currency_sign"
        case belowMinimum = "below_minimum"
        case aboveMaximum = "above_maximum"
        case notAMultiple = "not_a_multiple"
        case notADenomination = "not_a_denomination"
        // The other columns
        case unknownCarrier = "unknown_carrier"
        case unverifiedCarrier = "unverified_carrier"
        case missingCarrier = "missing_carrier"
        case badPriority = "bad_priority"
        case badRepeat = "bad_repeat"
        case badDate = "bad_date"
        case deadlinePassed = "deadline_passed"
        case deadlineTooEarly = "deadline_too_early"
        case duplicateReference = "duplicate_reference"
    }

    package var kind: Kind
    /// What is wrong, as the second half of a sentence.
    package var what: String
    /// What to do about it, as an imperative.
    package var cure: String

    package init(_ kind: Kind, _ what: String, cure: String) {
        self.kind = kind
        self.what = what
        self.cure = cure
    }
}

extension BatchFlaw {
    /// The flaw that a fault in the form of the file is.
    init(_ fault: CSVFault) {
        switch fault.kind {
        case .unterminatedQuote:
            self.init(
                .unterminatedQuote,
                "the quote opened here is never closed, so nothing after it can be read",
                cure: "close it, or delete it; the whole file must be read again"
            )
        case .textAfterQuote:
            self.init(
                .textAfterQuote,
                "text follows a closing quote",
                cure: "write a quote inside a quoted cell twice, or look for a stray quote"
            )
        case .quoteInUnquotedCell:
            self.init(
                .quoteInUnquotedCell,
                "a quote stands inside a cell that does not begin with one",
                cure: "put the whole cell in quotes and write the inner quote twice, or delete it"
            )
        case .nul:
            self.init(
                .nul,
                "the row has a NUL byte",
                cure: "save the file as CSV in UTF-8; it may be UTF-16 or damaged"
            )
        case .recordTooLong:
            self.init(
                .recordTooLong,
                "the row is longer than \(CSVReader.recordBytesMax) bytes",
                cure: "look for a missing line end"
            )
        case .tooManyColumns:
            self.init(
                .tooManyColumns,
                "the row has more than \(CSVReader.columnsMax) cells",
                cure: "look for a missing line end"
            )
        }
    }

    static let invalidUTF8 = BatchFlaw(
        .invalidUTF8,
        "the cell is not valid UTF-8",
        cure: "save the file as CSV in UTF-8, or name its encoding"
    )
}

extension UInt8 {
    var isASCIIDigit: Bool { self >= 0x30 && self <= 0x39 }
}

extension ArraySlice<UInt8> {
    /// The cell without ASCII spaces and tabs around it.
    var trimmed: ArraySlice<UInt8> {
        let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
        guard let first = firstIndex(where: { !isBlank($0) }),
            let last = lastIndex(where: { !isBlank($0) })
        else { return self[startIndex..<startIndex] }
        return self[first...last]
    }
}

extension Unicode.Scalar {
    /// The digits, signs and points that Chinese and Japanese keyboards write twice as wide.
    var isFullWidthNumeral: Bool {
        switch value {
        case 0xFF10...0xFF19, 0xFF0B, 0xFF0D, 0xFF0E, 0xFF0C: true
        default: false
        }
    }
}
