import Testing

/// Each mistake about operations and their terms is named at its place, and alone.
@Test(arguments: [
    Spoiling(
        "danger: reads, to: \"10086\", text: \"YE",
        "danger: moves_money, to: \"10086\", text: \"YE",
        "9:21: 'danger' is 'moves_money', which 'balance' is not, expected 'reads'"
    ),
    Spoiling(
        "{danger: moves_money, idem",
        "{danger: reads, idem",
        "11:23: 'danger' is 'reads', which 'reconfirm' is not, expected 'moves_money'"
    ),
    Spoiling(
        "{danger: moves_money, to: \"10086\", text: \"CZ-",
        "{to: \"10086\", text: \"CZ-",
        "12:12: 'danger' is missing"
    ),
    Spoiling("danger: reads", "danger: none", "9:21: 'danger' is not one of the choices"),
    Spoiling(
        "idempotent: true, ",
        "",
        "11:14: does not say 'idempotent: true'; without that a reconfirmation is a second payment"
    ),
    Spoiling(
        "idempotent: true",
        "idempotent: false",
        "11:48: 'idempotent' is not true; without that a reconfirmation is a second payment"
    ),
    Spoiling(
        "{danger: reads, to: \"10086\", text: \"CX",
        "{danger: reads, idempotent: true, to: \"10086\", text: \"CX",
        "10:28: 'idempotent' is not a key that is known here"
    ),
    Spoiling(
        "\"YE#{pin}\"",
        "\"YE#{number}\"",
        "9:47: 'text' has an unknown slot {number}; known are: {pin}"
    ),
    Spoiling(
        "\"CX#{number}#{amount}#{pin}\"",
        "\"CX#{ref}\"",
        "10:47: 'text' has an unknown slot {ref}"
    ),
    Spoiling(
        "\"CF#{number}#{amount}#{pin}\"",
        "\"CF#{number}#{pin}\"",
        "11:85: 'text' names no amount"
    ),
    Spoiling("CZ-#{serial}#", "CZ-#", "12:53: 'text' names no recharge"),
    Spoiling("within: 24h, ", "", "12:12: 'within' is missing"),
    Spoiling("within: 24h", "within: 0s", "12:101: 'within' is out of range"),
    Spoiling("per_month: 8", "per_month: 0", "12:135: 'per_month' is out of range"),
    Spoiling(
        "  balance: {danger: reads",
        "  ballance: {danger: reads",
        "1:8: 'doubt' lets an unchanged balance prove something",
        "9:3: 'ballance' is not a key that is known here; did you mean 'balance'?",
        "34:5: item 3 of 'replies' has the meaning 'balance', which answers the operation 'balance'"
    ),
    Spoiling(
        "  history: {danger: reads, to: \"10086\", text: \"CX#{number}#{amount}#{pin}\"}\n",
        "",
        "34:5: item 4 of 'replies' has the meaning 'on_record', which answers the operation 'history'",
        "35:5: item 5 of 'replies' has the meaning 'no_record', which answers the operation 'history'"
    ),
    Spoiling("SN {serial} at {time}!", "SN {serial}!", "35:45: 'text' does not capture {time}"),
    Spoiling(
        "\"No {number} {amount}\"",
        "\"No {number:masked} {amount}\"",
        "36:44: 'text' does not capture {number}"
    ),
    Spoiling("\"Undid {original}: ", "\"Undid {*}: ", "37:45: 'text' does not capture {original}"),
    Spoiling(
        "\"Kept {original}: {*}\"",
        "\"Kept {number}: {*}\"",
        "38:51: 'text' does not capture {original}"
    ),
    Spoiling(
        ", time: 2026-11-23 09:30:00}",
        "}",
        "51:5: the sample lacks 'time', which the rule captures"
    ),
    Spoiling(
        "time: 2026-11-23 09:30:00}",
        "time: 2026-11-23 09:31:00}",
        "51:5: the sample's 'time' is not what the rule reads"
    ),
    Spoiling(
        "time: 2026-11-23 09:30:00}",
        "time: 2026-11-23T09:30:00Z}",
        "51:153: 'time' does not fit"
    ),
    Spoiling(", original: \"12345\"}", "}", "53:5: the sample lacks 'original'"),
    Spoiling(
        "unchanged_balance: proves",
        "unchanged_balance: maybe",
        "1:79: 'unchanged_balance' is not one of the choices"
    ),
    Spoiling("interval: 90s", "interval: 0s", "1:37: 'interval' is out of range"),
    Spoiling("low: 100", "low: 0", "2:14: 'low' does not fit"),
    Spoiling("drift_max: 0", "drift_max: -1", "2:30: 'drift_max' does not fit"),
    Spoiling("{window: 10min}", "{}", "3:13: 'window' is missing"),
    Spoiling("window: 10min", "window: 32d", "3:22: 'window' is out of range"),
    Spoiling("serial: 流水号, ", "", "5:12: 'serial' is missing"),
    Spoiling("时间, status", "号码, status", "5:56: 'time' has the name of another column"),
    Spoiling(", status: 状态", "", "6:14: 'succeeded' stands beside 'columns' without a 'status'"),
    Spoiling("  succeeded: [成功, OK]\n", "", "5:3: names a status and not the values"),
    Spoiling("YYYY-MM-DD hh:mm:ss", "YYYY-MM-DD hh:ss", "7:9: 'time' lacks mm"),
    Spoiling("YYYY-MM-DD hh:mm:ss", "YYYY-MM-DD hh:mm:mm", "7:9: 'time' names mm twice"),
    Spoiling("{count: 6, sum: 1000}", "{}", "40:21: limits nothing"),
    Spoiling("{count: 6, sum: 1000}", "{sum: 0.50}", "40:27: 'sum' is below 'min'"),
    Spoiling("{count: 6, sum: 1000}", "{count: 0}", "40:29: 'count' is out of range"),
])
func everyMistakeAboutOperationsIsFoundAtItsPlace(_ spoiling: Spoiling) {
    let spoilt = wholeProfileText.replacing(spoiling.from, with: spoiling.to, maxReplacements: 1)
    #expect(spoilt != wholeProfileText)
    let found = mistakes(spoilt)
    #expect(found.count == spoiling.messages.count, "\(found.joined(separator: "\n"))")
    for (line, message) in zip(found, spoiling.messages) {
        #expect(line.hasPrefix("p.yaml:\(message)"))
    }
}

@Test func anOperationThatNothingAnswersIsRefused() {
    let lines = wholeProfileText.split(separator: "\n", omittingEmptySubsequences: false)
    for (rule, operation, meaning) in [
        ("float", "balance", "balance"), ("found", "history", "on_record"),
        ("undone", "reverse", "reversed"),
    ] {
        let text = lines.filter { line in
            !line.contains("name: \(rule),") && !line.contains("rule: \(rule),")
        }.joined(separator: "\n")
        #expect(mistakes(text).count == 1)
        #expect(
            mistakes(text).first?.hasSuffix(
                "'\(operation)' has no rule of the meaning '\(meaning)', which answers it; "
                    + "add one under 'replies', or remove the operation"
            ) == true
        )
    }
}

@Test func anUnchangedBalanceProvesNothingWhereItCannotBeAskedFor() {
    let lines = wholeProfileText.split(separator: "\n", omittingEmptySubsequences: false)
    let text = lines.filter { line in
        !line.contains("float") && !line.contains("balance: {")
    }.joined(separator: "\n")
    #expect(mistakes(text).count == 1)
    #expect(
        mistakes(text).first?.hasPrefix("p.yaml:1:8: 'doubt' lets an unchanged balance prove")
            == true
    )
}
