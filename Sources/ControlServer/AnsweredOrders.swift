import Recharge

/// The answers given to orders of people, by key; an actor because all connections share them.
actor AnsweredOrders {
    struct Entry: Hashable, Sendable {
        var path: String
        /// SHA-256 of the body: evidence and statements would fill the memory.
        var digest: [UInt8]
        var answer: [UInt8]
    }

    /// How many are remembered; the oldest is forgotten first.
    private static let countMax = 1000

    private var entries: [NewJob.Key: Entry] = [:]
    private var oldest: [NewJob.Key] = []
    private var next = 0

    func answer(to key: NewJob.Key) -> Entry? {
        entries[key]
    }

    func keep(_ entry: Entry, for key: NewJob.Key) {
        guard entries.updateValue(entry, forKey: key) == nil else { return }
        guard oldest.count == AnsweredOrders.countMax else { return oldest.append(key) }
        entries[oldest[next]] = nil
        oldest[next] = key
        next = (next + 1) % AnsweredOrders.countMax
    }
}
