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
        switch meaning {
        case .recharged:
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
        case .balance where !template.captures.contains(.balance):
            text.refuse("does not capture {balance}", cure: "capture it")
            return false
        case .inProgress, .badNumber, .notOurNumber, .refused, .busy, .tryElsewhere, .lowFloat,
            .wrongPIN, .pinBlocked, .balance, .information:
            declared?.refuse("is for rules of the meaning 'recharged' only", cure: "remove it")
            return declared == nil
        }
    }
}

private func isRuleName(_ text: String) -> Bool {
    (1...40).contains(text.utf8.count) && text != "none"
        && text.unicodeScalars.allSatisfy {
            isDigit($0) || $0 == "_" || ("a"..."z").contains($0)
        }
}
