import Documents

extension StatementLayout {
    static func read(_ fields: Fields) -> StatementLayout? {
        let columns = fields.required("columns")?.fields(readColumns)
        let succeededValue = fields.optional("succeeded")
        let succeeded = succeededValue?.list(count: 1...20) { $0.string() }
        let failed = fields.optional("failed").map { $0.list(count: 1...20) { $0.string() } } ?? []
        let time = fields.required("time")?.template { text throws(TemplateError) in
            try TimePattern(text)
        }
        guard let columns else { return nil }
        let hasStatus = columns[.status] != nil
        guard hasStatus == (succeededValue != nil) else {
            return hasStatus
                ? fields.refuse(
                    "names a status and not the values of it that mean charged",
                    cure: "add 'succeeded'"
                )
                : succeededValue?.refuse(
                    "stands beside 'columns' without a 'status'",
                    cure: "name the column, or remove 'succeeded'"
                )
        }
        guard let time, let failed, (succeeded == nil) == (succeededValue == nil) else {
            return nil
        }
        let charged = Set(succeeded ?? [])
        guard charged.isDisjoint(with: failed), hasStatus || failed.isEmpty else {
            return fields.optional("failed")?.refuse(
                "stands beside no 'status', or has a value of 'succeeded' too",
                cure: "name the column; a value means one or the other"
            )
        }
        return StatementLayout(
            columns: columns,
            succeeded: charged,
            failed: Set(failed),
            time: time
        )
    }

    private static func readColumns(_ fields: Fields) -> [Column: String]? {
        var columns: [Column: String] = [:]
        var isComplete = true
        for column in Column.allCases {
            let key = column.rawValue
            let value = column == .status ? fields.optional(key) : fields.required(key)
            guard let value else {
                if column != .status { isComplete = false }
                continue
            }
            guard let name = value.string() else {
                isComplete = false
                continue
            }
            if columns.values.contains(name) {
                value.refuse("has the name of another column", cure: "each has its own")
            }
            columns[column] = name
        }
        return isComplete ? columns : nil
    }
}
