import Documents

extension ReplyRule {
    /// Reads one rule; its meaning decides what its text must capture.
    static func read(_ fields: Fields, notation: AmountNotation) -> ReplyRule? {
        let name = fields.required("name")?.parsed(
            expected: "1 to 40 lower-case letters, digits and underscores, not 'none'"
        ) { isRuleName($0) ? $0 : nil }
        let meaning = fields.required("meaning")?.oneOf(ReplyMeaning.self)
        let text = fields.required("text")
        let template = text?.template { text throws(TemplateError) in
            try ReplyTemplate(text, notation: notation)
        }
        let declared = fields.optional("lacks")
        let lacks = declared?.list(count: 1...ReplyField.allCases.count) {
            $0.oneOf(ReplyField.self)
        }
        guard let name, let meaning, let text, let template else { return nil }
        let rule = ReplyRule(name: name, meaning: meaning, template: template)
        return rule.hasItsCaptures(text, declared: declared, lacks: Set(lacks ?? [])) ? rule : nil
    }

    /// Records what the text should capture and does not, and what `lacks` says wrongly.
    private func hasItsCaptures(
        _ text: DocumentValue,
        declared: DocumentValue?,
        lacks declaredLacks: Set<ReplyField>
    ) -> Bool {
        guard meaning == .recharged else {
            declared?.refuse("is for rules of the meaning 'recharged' only", cure: "remove it")
            let missing = meaning.missing(from: template.captures)
            for capture in missing {
                text.refuse("does not capture {\(capture.rawValue)}", cure: "capture it")
            }
            return declared == nil && missing.isEmpty
        }
        for field in ReplyField.allCases where lacks.contains(field) {
            guard !declaredLacks.contains(field) else { continue }
            text.refuse(
                "does not capture {\(field.rawValue)}, which a proof of success needs",
                cure: "capture it, or declare 'lacks: [\(field.rawValue)]' and get less proof"
            )
        }
        for field in ReplyField.allCases where declaredLacks.contains(field) {
            guard !lacks.contains(field) else { continue }
            declared?.refuse(
                "names '\(field.rawValue)', which the text captures",
                cure: "remove it"
            )
        }
        return declaredLacks == lacks
    }
}

extension ReplyMeaning {
    /// What a text of this meaning must capture and does not; `recharged` has rules of its own.
    fileprivate func missing(
        from captures: Set<ReplyTemplate.Capture>
    ) -> [ReplyTemplate.Capture] {
        let needed: [ReplyTemplate.Capture] =
            switch self {
            case .balance: [.balance]
            case .onRecord: [.number, .amount, .serial, .time]
            case .noRecord: [.number, .amount]
            case .reversed: [.number, .amount, .serial, .original]
            case .reversalRefused:
                captures.isSuperset(of: [.number, .amount]) ? [] : [.original]
            case .recharged, .inProgress, .badNumber, .notOurNumber, .refused, .busy,
                .tryElsewhere, .lowFloat, .wrongPIN, .pinBlocked, .information:
                []
            }
        return needed.filter { !captures.contains($0) }
    }
}

private func isRuleName(_ text: String) -> Bool {
    (1...40).contains(text.utf8.count) && text != "none"
        && text.unicodeScalars.allSatisfy {
            isDigit($0) || $0 == "_" || ("a"..."z").contains($0)
        }
}
