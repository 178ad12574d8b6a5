import Recharge

/// Why the centre did not charge.
package enum Refusal: String, Hashable, Sendable, CaseIterable, Codable {
    /// The number does not exist.
    case number
    /// The number belongs to another network.
    case foreign
    case busy
    /// The SIM's day limit.
    case limit
    /// The agent's float is too low.
    case float
    case pin
    /// The same SIM, number and amount again, while the centre refuses repeats.
    case duplicate
}

/// Why the centre did not take a charge back.
package enum ReversalRefusal: String, Hashable, Sendable, CaseIterable, Codable {
    /// No charge of this SIM has that serial, number and amount.
    case serial
    /// It was reversed before.
    case reversed
    /// More than 24 hours ago, or in another month.
    case late
    /// The SIM's reversals of this month are used up.
    case quota
    case pin
}

/// What the centre tells an agent, in words that carrier profiles are written against.
enum CentreAnswer: Hashable, Sendable {
    case succeeded(number: String, amount: Amount, serial: String, balance: Amount)
    case inProgress(number: String, amount: Amount)
    case refused(Refusal, number: String, amount: Amount, balance: Amount)
    case balance(Amount)
    case onRecord(number: String, amount: Amount, serial: String, at: Timestamp)
    case noRecord(number: String, amount: Amount)
    case reversed(
        original: String,
        number: String,
        amount: Amount,
        serial: String,
        balance: Amount
    )
    case notReversed(ReversalRefusal, original: String, number: String, amount: Amount)
    case wrongPIN
    case unknownCommand

    func text(inChinese: Bool) -> String {
        inChinese ? chinese : english
    }

    private var chinese: String {
        switch self {
        case .succeeded(let number, let amount, let serial, let balance):
            "【充值】您已成功为\(number)充值\(amount.major)元，流水号\(serial)，账户余额\(balance.major)元。"
        case .inProgress(let number, let amount),
            .refused(.duplicate, let number, let amount, _):
            "【充值】为\(number)充值\(amount.major)元的请求正在处理，请勿重复提交。"
        case .refused(let refusal, let number, let amount, let balance):
            "【充值】\(number)充值\(amount.major)元失败：\(Self.chinese(refusal, balance))"
        case .balance(let balance): "【充值】您的账户余额为\(balance.major)元。"
        case .onRecord(let number, let amount, let serial, let at):
            "【充值】查询结果：\(at.inChina)为\(number)充值\(amount.major)元成功，流水号\(serial)。"
        case .noRecord(let number, let amount):
            "【充值】查询结果：没有为\(number)充值\(amount.major)元的记录。"
        case .reversed(let original, let number, let amount, let serial, let balance):
            "【充值】\(number)的\(amount.major)元充值（流水号\(original)）已冲正，"
                + "冲正流水号\(serial)，账户余额\(balance.major)元。"
        case .notReversed(let refusal, let original, let number, let amount):
            "【充值】\(number)的\(amount.major)元充值（流水号\(original)）冲正失败："
                + Self.chinese(refusal)
        case .wrongPIN: "【充值】查询失败：密码错误。"
        case .unknownCommand: "【充值】指令错误，请发送CZ#号码#金额#密码。"
        }
    }

    private static func chinese(_ refusal: Refusal, _ balance: Amount) -> String {
        switch refusal {
        case .number: "号码不存在或状态异常。"
        case .foreign: "非本网号码。"
        case .busy, .duplicate: "系统繁忙，请稍后再试。"
        case .limit: "本卡已达当日限额。"
        case .float: "账户余额不足，余额\(balance.major)元。"
        case .pin: "密码错误。"
        }
    }

    private static func chinese(_ refusal: ReversalRefusal) -> String {
        switch refusal {
        case .serial: "无此流水号。"
        case .reversed: "已冲正。"
        case .late: "已过冲正时限。"
        case .quota: "本月冲正次数已满。"
        case .pin: "密码错误。"
        }
    }

    private var english: String {
        switch self {
        case .succeeded(let number, let amount, let serial, let balance):
            "Recharge of \(amount.major) CNY to \(number) succeeded. Serial \(serial). "
                + "Balance \(balance.major) CNY."
        case .inProgress(let number, let amount),
            .refused(.duplicate, let number, let amount, _):
            "Recharge of \(amount.major) CNY to \(number) is in progress."
        case .refused(let refusal, let number, let amount, let balance):
            "Recharge of \(amount.major) CNY to \(number) failed: "
                + Self.english(refusal, balance)
        case .balance(let balance): "Your balance is \(balance.major) CNY."
        case .onRecord(let number, let amount, let serial, let at):
            "On record: \(amount.major) CNY to \(number) at \(at.inChina), serial \(serial)."
        case .noRecord(let number, let amount):
            "No record of \(amount.major) CNY to \(number)."
        case .reversed(let original, let number, let amount, let serial, let balance):
            "Recharge \(original) of \(amount.major) CNY to \(number) reversed. "
                + "Serial \(serial). Balance \(balance.major) CNY."
        case .notReversed(let refusal, let original, let number, let amount):
            "Reversal of \(original) (\(amount.major) CNY to \(number)) failed: "
                + Self.english(refusal)
        case .wrongPIN: "Query failed: wrong PIN."
        case .unknownCommand: "Unknown command. Send CZ#number#amount#PIN."
        }
    }

    private static func english(_ refusal: Refusal, _ balance: Amount) -> String {
        switch refusal {
        case .number: "number does not exist."
        case .foreign: "not our number."
        case .busy, .duplicate: "busy, try later."
        case .limit: "daily limit of this SIM reached."
        case .float: "insufficient balance \(balance.major) CNY."
        case .pin: "wrong PIN."
        }
    }

    private static func english(_ refusal: ReversalRefusal) -> String {
        switch refusal {
        case .serial: "no such serial."
        case .reversed: "reversed before."
        case .late: "too late."
        case .quota: "no reversals left this month."
        case .pin: "wrong PIN."
        }
    }

    /// What follows a long answer, so that it needs more than one message in either language.
    static func tail(inChinese: Bool) -> String {
        inChinese
            ? "感谢您使用空中充值服务，如有疑问请拨打客服热线10086，我们将竭诚为您服务。"
                + "请妥善保管您的密码，切勿告知他人，谨防诈骗，祝您生意兴隆。"
            : " Thank you for using the recharge service. Call 10086 with any question. "
                + "Keep your PIN to yourself and beware of fraud. We wish you good business."
    }
}
