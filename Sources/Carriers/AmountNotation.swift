/// How a carrier's texts write amounts: which character marks decimals, which groups thousands.
package struct AmountNotation: Hashable, Sendable {
    package let decimal: Unicode.Scalar
    /// Nil when thousands are not grouped.
    package let grouping: Unicode.Scalar?

    /// Takes two different characters, neither of them a digit nor white space; nil otherwise.
    package init?(decimal: Unicode.Scalar, grouping: Unicode.Scalar?) {
        let marks = [decimal] + (grouping.map { [$0] } ?? [])
        guard decimal != grouping,
            marks.allSatisfy({ !isDigit($0) && !$0.properties.isWhitespace && $0 != "-" })
        else { return nil }
        self.decimal = decimal
        self.grouping = grouping
    }

    private init() {
        decimal = "."
        grouping = nil
    }

    /// `1234.50`.
    package static let plain = AmountNotation()
}
