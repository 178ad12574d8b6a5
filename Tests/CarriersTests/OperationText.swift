/// What the small profile is given when it declares every operation: keys, rules and samples.
enum OperationText {
    static let operations = """
        operations:
          balance: {danger: reads, to: "10086", text: "YE#{pin}"}
          history: {danger: reads, to: "10086", text: "CX#{number}#{amount}#{pin}"}
          reconfirm: {danger: moves_money, idempotent: true, within: 1h, to: "10086", \
        text: "CF#{number}#{amount}#{pin}"}
          reverse: {danger: moves_money, to: "10086", text: "CZ-#{serial}#{number}#{amount}#{pin}", \
        within: 24h, same_month: true, per_month: 8}

        """

    static let rules = """
          - {name: float, meaning: balance, text: "Float {balance}."}
          - {name: found, meaning: on_record, text: "Found {number} {amount} SN {serial} at {time}!"}
          - {name: lost, meaning: no_record, text: "No {number} {amount}"}
          - {name: undone, meaning: reversed, text: "Undid {original}: {number} {amount} SN {serial}"}
          - {name: kept, meaning: reversal_refused, text: "Kept {original}: {*}"}

        """

    static let samples = """

          - {from: "10086", text: "Float 9.50.", rule: float, balance: 9.50}
          - {from: "10086", text: "Found 13800138000 5 SN 12345 at 2026-11-23 09:30:00!", rule: found, \
        number: "13800138000", amount: 5, serial: "12345", time: 2026-11-23 09:30:00}
          - {from: "10086", text: "No 13800138000 5", rule: lost, number: "13800138000", amount: 5}
          - {from: "10086", text: "Undid 12345: 13800138000 5 SN 12346", rule: undone, \
        number: "13800138000", amount: 5, serial: "12346", original: "12345"}
          - {from: "10086", text: "Kept 12345: late", rule: kept, original: "12345"}
        """

    /// The keys that have to do with doubt, float, duplicates, limits and statements.
    static let terms = """
        doubt: {first_after: 20s, interval: 90s, inquiries_max: 5, unchanged_balance: proves}
        float: {low: 100, drift_max: 0}
        duplicates: {window: 10min}
        statement:
          columns: {number: 号码, amount: 金额, serial: 流水号, time: 时间, status: 状态}
          succeeded: [成功, OK]
          time: "YYYY-MM-DD hh:mm:ss"

        """

    static let use = """
        limits:
          sim: {per_minute: {count: 6, sum: 1000}}
          number: {per_day: {count: 3, sum: 300}}
          carrier: {per_hour: {count: 2000}, per_day: {sum: 50000}}

        """
}

/// The small profile with every operation and every term.
let wholeProfileText =
    OperationText.terms + OperationText.operations
    + profileText.replacing("limits:\n", with: OperationText.rules + OperationText.use)
    + OperationText.samples
