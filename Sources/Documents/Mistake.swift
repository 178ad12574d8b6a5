/// One thing wrong in a file: where, what, what was expected, and the cure.
///
/// It names keys, and never repeats the value that it refuses: files hold secrets, and messages
/// reach logs.
package struct Mistake: Hashable, Sendable {
    package let position: Document.Position
    package let what: String
    package let expected: String?
    package let cure: String?

    package init(
        at position: Document.Position,
        _ what: String,
        expected: String? = nil,
        cure: String? = nil
    ) {
        self.position = position
        self.what = what
        self.expected = expected
        self.cure = cure
    }
}

extension Mistake: CustomStringConvertible {
    /// One line as compilers write it: `recharged.yaml:3:5: what, expected …; cure`.
    package var description: String {
        let expectation = expected.map { ", expected \($0)" } ?? ""
        let advice = cure.map { "; \($0)" } ?? ""
        return "\(position): \(what)\(expectation)\(advice)"
    }
}

/// All the mistakes of one reading, in the order of the file.
package struct DocumentError: Error, Hashable, CustomStringConvertible {
    package let mistakes: [Mistake]

    package init(_ mistakes: [Mistake]) {
        var seen: Set<Mistake> = []
        self.mistakes = mistakes.filter { seen.insert($0).inserted }.sorted {
            ($0.position, $0.what) < ($1.position, $1.what)
        }
    }

    /// One mistake per line.
    package var description: String {
        mistakes.map(\.description).joined(separator: "\n")
    }
}

/// Gathers the mistakes of one reading; lives only while ``Document/read(_:)`` runs.
final class MistakeCollector {
    private(set) var all: [Mistake] = []

    func add(_ mistake: Mistake) {
        all.append(mistake)
    }
}
