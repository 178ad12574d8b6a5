/// The writer time of one bulk chunk, from its making.
///
/// Measured, not estimated: rows cost more on a slow disk and with full indexes. A chunk ends soon
/// when another call waits, and is longer while none does: one commit for many rows writes each
/// page of the indexes once.
struct WriterBudget {
    /// How many rows are done between two looks at the clock.
    static let stride = 32
    /// The time of a chunk that nobody waits for.
    static let alone: Duration = .milliseconds(25)
    /// The time of a chunk when somebody waits; less would starve a batch under load.
    static let awaited: Duration = .milliseconds(10)

    private let start = ContinuousClock.now
    private let alone: Duration
    private let isAwaited: @Sendable () -> Bool

    init(alone: Duration, isAwaited: @escaping @Sendable () -> Bool) {
        self.alone = alone
        self.isAwaited = isAwaited
    }

    var isSpent: Bool {
        let time = ContinuousClock.now - start
        return time >= alone || time >= WriterBudget.awaited && isAwaited()
    }
}
