/// The columns that a batch file may have.
package enum BatchColumn: String, Hashable, Sendable, CaseIterable {
    case number
    case amount
    case reference
    case carrier
    case priority
    case notBefore = "not_before"
    case deadline
    case note
    case repeatIndex = "repeat"
    /// What a file of refused rows adds; ignored, so that a corrected one can be sent as it is.
    case mistakes

    /// The names it goes by in a header, as ``key(of:)`` writes them.
    private var names: [String] {
        switch self {
        case .number: ["number", "号码", "手机号", "手机号码", "充值号码"]
        case .amount: ["amount", "金额", "充值金额", "面额"]
        case .reference: ["reference", "参考号", "订单号", "流水号"]
        case .carrier: ["carrier", "运营商"]
        case .priority: ["priority", "优先级"]
        case .notBefore: ["notbefore", "最早时间", "开始时间"]
        case .deadline: ["deadline", "截止时间"]
        case .note: ["note", "备注"]
        case .repeatIndex: ["repeat", "重复序号"]
        case .mistakes: ["mistakes", "错误"]
        }
    }

    /// Finds the column of a header name; letter case, spaces, `_` and `-` do not matter.
    package init?(header name: String) {
        let key = BatchColumn.key(of: name)
        guard let column = BatchColumn.allCases.first(where: { $0.names.contains(key) }) else {
            return nil
        }
        self = column
    }

    private static func key(of name: String) -> String {
        let ignored: [Unicode.Scalar] = [" ", "\t", "_", "-", "\u{A0}", "\u{3000}"]
        var key = String.UnicodeScalarView()
        key.append(contentsOf: name.unicodeScalars.filter { !ignored.contains($0) })
        return String(key).lowercased()
    }
}
