package import Recharge

extension Mistake {
    /// A mistake in a batch file.
    package init(_ mistake: BatchMistake) {
        self.init(
            line: mistake.line,
            column: mistake.column,
            field: mistake.header,
            code: mistake.flaw.kind.rawValue,
            value: mistake.value,
            message: mistake.flaw.what,
            cure: mistake.flaw.cure
        )
    }
}
