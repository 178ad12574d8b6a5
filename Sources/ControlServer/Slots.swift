import ControlAPI
import Synchronization

/// How many requests of one kind are under way: each takes something while it lasts.
///
/// An atomic number, because an actor would run them one after the other.
final class Slots: Sendable {
    /// One request's place; it is free again when nobody keeps it.
    final class Slot: Sendable {
        private let slots: Slots

        fileprivate init(_ slots: Slots) {
            self.slots = slots
        }

        deinit {
            slots.taken.subtract(1, ordering: .relaxed)
        }
    }

    private let taken = Atomic(0)
    private let countMax: Int
    private let what: String

    /// What is said when all are taken: `4 files are being uploaded`.
    init(_ countMax: Int, _ what: String) {
        self.countMax = countMax
        self.what = what
    }

    /// Takes a slot; throws a refusal when there is none.
    func take() throws(Problem) -> Slot {
        let before = taken.add(1, ordering: .relaxed).oldValue
        let slot = Slot(self)
        guard before < countMax else {
            throw Problem(.tooBusy, detail: "\(countMax) \(what): wait for one to end")
        }
        return slot
    }
}
