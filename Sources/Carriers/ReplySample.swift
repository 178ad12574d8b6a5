import Documents
import Recharge

/// A message that the carrier sent or might send, and how its profile must read it.
struct ReplySample {
    let from: String
    let text: String
    /// Nil where nothing may be believed: another sender, or a wording of none of the rules.
    let rule: String?
    let number: String?
    let amount: Amount?
    let balance: Amount?
    let serial: String?
    /// What the carrier's clock shows, as if it were UTC.
    let time: Timestamp?
    let original: String?
    /// Where it stands.
    let fields: Fields

    static func read(_ fields: Fields, plan: NumberPlan?, currency: Currency) -> ReplySample? {
        let from = fields.required("from")?.string()
        let text = fields.required("text")?.string()
        let rule = fields.required("rule")?.string()
        let number = fields.optional("number").map { value in
            value.parsed(expected: "a number of the plan, perhaps with '*' for hidden digits") {
                text -> String? in
                // Without a plan, which is a mistake of its own, every number passes.
                guard let plan, !text.contains("*") else { return text }
                return plan.number(text)?.e164
            }
        }
        let amount = fields.optional("amount").map { $0.anyAmount(currency) }
        let balance = fields.optional("balance").map { $0.anyAmount(currency) }
        let serial = fields.optional("serial").map { $0.string() }
        let time = fields.optional("time").map { $0.localTime() }
        let original = fields.optional("original").map { $0.string() }
        guard let from, let text, let rule else { return nil }
        guard number != .some(nil), amount != .some(nil), balance != .some(nil), time != .some(nil)
        else { return nil }
        return ReplySample(
            from: from,
            text: text,
            rule: rule == "none" ? nil : rule,
            number: number ?? nil,
            amount: amount ?? nil,
            balance: balance ?? nil,
            serial: serial ?? nil,
            time: time ?? nil,
            original: original ?? nil,
            fields: fields
        )
    }
}

extension DocumentValue {
    /// A date and a time of day without a zone.
    fileprivate func localTime() -> Timestamp? {
        parsed(expected: "a time such as 2026-11-23 09:30:00, in the profile's zone") { text in
            [16, 19].contains(text.utf8.count) ? Timestamp(text) : nil
        }
    }
}

extension CarrierProfile {
    /// Reads every sample and records each that is not read as it says.
    func prove(_ samples: [ReplySample], rules: [PositionedRule]) {
        let names = Set(rules.map(\.rule.name))
        for sample in samples {
            if let rule = sample.rule, !names.contains(rule) {
                sample.fields.refuse(
                    "the sample names a rule '\(rule)' that does not exist",
                    expected: "one of: \(rules.map(\.rule.name).joined(separator: ", ")), none"
                )
                continue
            }
            prove(sample)
        }
    }

    /// Records each rule that no sample names: it may never match anything.
    static func demandSamples(_ samples: [ReplySample], for rules: [PositionedRule]) {
        let proved = Set(samples.compactMap(\.rule))
        for rule in rules where !proved.contains(rule.rule.name) {
            rule.value.refuse(
                "('\(rule.rule.name)') has no sample",
                cure: "add a message under 'samples' that it matches"
            )
        }
    }

    private func prove(_ sample: ReplySample) {
        switch read(text: sample.text, from: sample.from) {
        case .notFromCarrier:
            guard sample.rule != nil else { return }
            sample.fields.refuse(
                "the sample's sender is none of 'senders'",
                cure: "add it there, or correct 'from'"
            )
        case .unrecognised:
            guard let rule = sample.rule else { return }
            sample.fields.refuse(
                "the sample matches no rule",
                expected: "'\(rule)'",
                cure: "compare the rule's text with the sample character by character"
            )
        case .matched(let answer):
            guard let rule = sample.rule, rule == answer.rule else {
                sample.fields.refuse(
                    "the sample matches the rule '\(answer.rule)'",
                    expected: "'\(sample.rule ?? "none")'",
                    cure: "the first rule that matches counts: reorder or narrow the rules"
                )
                return
            }
            proveCaptures(sample, answer)
        }
    }

    private func proveCaptures(_ sample: ReplySample, _ answer: CarrierAnswer) {
        let number = answer.number?.e164 ?? answer.maskedNumber?.description
        let fields: [(name: String, isRight: Bool, isStated: Bool)] = [
            ("number", sample.number == number, sample.number != nil),
            ("amount", sample.amount == answer.amount, sample.amount != nil),
            ("balance", sample.balance == answer.balance, sample.balance != nil),
            ("serial", sample.serial == answer.serial, sample.serial != nil),
            ("time", sample.time.flatMap(zone.moment) == answer.time, sample.time != nil),
            ("original", sample.original == answer.original, sample.original != nil),
        ]
        for field in fields where !field.isRight {
            let what =
                field.isStated
                ? "the sample's '\(field.name)' is not what the rule reads"
                : "the sample lacks '\(field.name)', which the rule captures"
            sample.fields.refuse(
                what,
                cure: "state what the text says, or correct the rule '\(answer.rule)'"
            )
        }
    }
}
