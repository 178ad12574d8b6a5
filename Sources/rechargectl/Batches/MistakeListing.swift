import ControlAPI
import Recharge

/// Mistakes of a batch file, one line each, as compilers write them.
///
/// ```
/// orders.csv:5: column 2 (amount): "-5": the amount is negative — write an amount above zero
/// ```
struct MistakeListing {
    let file: String
    let mistakes: [Mistake]
    /// How many more there are.
    let omitted: Int

    var lines: [String] {
        mistakes.map(line)
            + (omitted > 0 ? ["and \(omitted) more mistakes: correct these first"] : [])
    }

    var count: String {
        let count = mistakes.count + omitted
        return count == 1 ? "1 mistake" : "\(count) mistakes"
    }

    /// Says them all on standard error.
    func show() {
        guard !mistakes.isEmpty else { return }
        Console.note(lines.joined(separator: "\n"))
    }

    private func line(_ mistake: Mistake) -> String {
        var text = file.visible
        if let line = mistake.line { text += ":\(line)" }
        if let column = mistake.column {
            text += ": column \(column)"
            if let field = mistake.field, !field.isEmpty { text += " (\(field.visible))" }
        } else if let field = mistake.field, !field.isEmpty {
            text += ": \(field.visible)"
        }
        if let value = mistake.value, !value.isEmpty { text += ": \"\(value.visible)\"" }
        return "\(text): \(mistake.message.visible) — \(mistake.cure.visible)"
    }
}

extension BatchMistake {
    /// A mistake that the daemon found.
    init(_ mistake: Mistake) {
        let kind = mistake.code.flatMap { BatchFlaw.Kind(rawValue: $0) } ?? .emptyRow
        self.init(
            line: mistake.line ?? 1,
            column: mistake.column,
            header: mistake.field,
            value: mistake.value,
            BatchFlaw(kind, mistake.message, cure: mistake.cure)
        )
    }
}
