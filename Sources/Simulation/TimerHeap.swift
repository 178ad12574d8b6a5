import Recharge

/// What is due when, earliest first.
///
/// What is due at the same moment comes in the order in which it was put in.
struct TimerHeap<Element: Sendable>: Sendable {
    private var entries: [Entry] = []
    private var count: UInt64 = 0

    private struct Entry: Sendable {
        let due: Timestamp
        let order: UInt64
        let element: Element

        func precedes(_ other: Entry) -> Bool {
            due == other.due ? order < other.order : due < other.due
        }
    }

    var nextDue: Timestamp? { entries.first?.due }

    mutating func insert(_ element: Element, due: Timestamp) {
        count += 1
        entries.append(Entry(due: due, order: count, element: element))
        var child = entries.count - 1
        while child > 0, entries[child].precedes(entries[(child - 1) / 2]) {
            entries.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// The first element if it is due.
    mutating func popFirst(due now: Timestamp) -> Element? {
        guard let first = entries.first, first.due <= now else { return nil }
        let last = entries.removeLast()
        guard !entries.isEmpty else { return first.element }
        entries[0] = last
        var parent = 0
        while true {
            let children = (2 * parent + 1..<2 * parent + 3).clamped(to: 0..<entries.count)
            guard
                let least = children.min(by: { entries[$0].precedes(entries[$1]) }),
                entries[least].precedes(entries[parent])
            else { return first.element }
            entries.swapAt(parent, least)
            parent = least
        }
    }
}
