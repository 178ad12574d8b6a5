/// The keys of one mapping while they are read.
///
/// The keys that the reader asks for are the schema: any other key is refused, with a suggestion
/// when it resembles one that was asked for and is missing. So ask for each key that is allowed,
/// also where its value does not matter in the case at hand.
package final class Fields {
    package let position: Document.Position
    private let entries: [String: Document.Entry]
    private let order: [Document.Entry]
    private var asked: [String] = []
    private let mistakes: MistakeCollector

    init(_ order: [Document.Entry], at position: Document.Position, mistakes: MistakeCollector) {
        self.position = position
        self.order = order
        self.mistakes = mistakes
        var entries: [String: Document.Entry] = [:]
        for entry in order {
            guard let first = entries[entry.key] else {
                entries[entry.key] = entry
                continue
            }
            let what = "'\(entry.key)' stands here a second time"
            let place = "it stands first in line \(first.position.line)"
            mistakes.add(Mistake(at: entry.position, what, cure: "remove one; \(place)"))
        }
        self.entries = entries
    }

    /// The keys in the order of the file, for mappings whose keys are themselves values.
    package var keys: [String] { order.map(\.key) }

    /// The value of a key that must be there; nil, with a mistake recorded, when it is not.
    package func required(_ key: String) -> DocumentValue? {
        asked.append(key)
        if let value = value(of: key) { return value }
        if entries[key] == nil {
            mistakes.add(Mistake(at: position, "'\(key)' is missing", cure: "add '\(key)'"))
        }
        return nil
    }

    /// The value of a key that may be missing; a key without a value is refused all the same.
    package func optional(_ key: String) -> DocumentValue? {
        asked.append(key)
        return value(of: key)
    }

    /// Records a mistake about the mapping as a whole; nil for the caller to return.
    package func refuse<Value>(
        _ what: String,
        expected: String? = nil,
        cure: String? = nil
    ) -> Value? {
        mistakes.add(Mistake(at: position, what, expected: expected, cure: cure))
        return nil
    }

    /// Records a mistake about the mapping as a whole where the caller has nothing to return.
    package func refuse(_ what: String, expected: String? = nil, cure: String? = nil) {
        mistakes.add(Mistake(at: position, what, expected: expected, cure: cure))
    }

    private func value(of key: String) -> DocumentValue? {
        guard let entry = entries[key] else { return nil }
        guard !entry.value.isNothing else {
            let cure = "write a value, or remove the line if the key is optional"
            mistakes.add(Mistake(at: entry.position, "'\(key)' has no value", cure: cure))
            return nil
        }
        return DocumentValue(entry.value, name: "'\(key)'", mistakes: mistakes)
    }

    /// Refuses what nobody asked for; called once, after the body has read its fields.
    func finish() {
        let known = Set(asked)
        let missing = known.filter { entries[$0] == nil }.sorted()
        for entry in order where !known.contains(entry.key) {
            let what = "'\(entry.key)' is not a key that is known here"
            let cure =
                closest(to: entry.key, among: missing).map { "did you mean '\($0)'?" }
                ?? "known are: \(known.sorted().joined(separator: ", "))"
            mistakes.add(Mistake(at: entry.position, what, cure: cure))
        }
    }
}

/// The candidate that differs by the fewest typing errors, if it differs by few.
func closest(to word: String, among candidates: [String]) -> String? {
    let distanceMax = max(1, word.count / 3)
    let near = candidates.map { (distance: editDistance(word, $0), word: $0) }
    return near.filter { $0.distance <= distanceMax }.min { $0.distance < $1.distance }?.word
}

/// How many letters must be inserted, removed, changed or swapped with their neighbour.
private func editDistance(_ left: String, _ right: String) -> Int {
    let left = Array(left)
    let right = Array(right)
    guard left.count <= 64, right.count <= 64 else { return .max }
    var beforeLast = [Int](repeating: 0, count: right.count + 1)
    var last = Array(0...right.count)
    for row in left.indices {
        var current = [row + 1]
        for column in right.indices {
            let change = last[column] + (left[row] == right[column] ? 0 : 1)
            var best = min(change, last[column + 1] + 1, current[column] + 1)
            if row > 0, column > 0, left[row] == right[column - 1],
                left[row - 1] == right[column]
            {
                best = min(best, beforeLast[column - 1] + 1)
            }
            current.append(best)
        }
        beforeLast = last
        last = current
    }
    return last[right.count]
}
