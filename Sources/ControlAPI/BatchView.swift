package import Recharge

/// A batch as clients see it.
package struct BatchView: Codable, Hashable, Sendable {
    package var id: Batch.ID
    package var name: String
    package var state: Batch.State
    package var rows: Int
    package var sumMinor: Int64
    package var currency: String
    /// How many of its jobs stand in each state, by the state's name; states with none are absent.
    package var counts: [String: Int]
    /// How many of its jobs are final.
    package var finished: Int
    /// Final jobs a minute since the batch was created; absent before the first.
    package var ratePerMinute: Double?
    package var createdAt: Timestamp
    package var createdBy: String
    /// Present when its sender said that all of it is meant, whatever it looks like.
    package var allowsDuplicates: Bool?
    /// The proposal about it that waits for a second person.
    package var proposal: Proposal.ID?

    package init(_ batch: Batch, at now: Timestamp) {
        id = batch.id
        name = batch.name.visible
        state = batch.state
        rows = batch.rowCount
        sumMinor = batch.amountSum.minorUnits
        currency = batch.amountSum.currency.code
        counts = Dictionary(
            uniqueKeysWithValues: batch.counts.map { ($0.key.rawValue, $0.value) }
        )
        finished = batch.counts.reduce(0) { $0 + ($1.key.isFinal ? $1.value : 0) }
        let elapsed = batch.createdAt.duration(to: now).wholeMilliseconds
        ratePerMinute =
            finished > 0 && elapsed > 0 ? Double(finished) * 60_000 / Double(elapsed) : nil
        createdAt = batch.createdAt
        createdBy = batch.createdBy.visible
        allowsDuplicates = batch.allowsDuplicates ? true : nil
        proposal = batch.proposal
    }

    /// The sum itself; nil when the currency is not a code of three capital letters.
    package var sum: Amount? {
        Currency(code: currency).map { Amount(minorUnits: sumMinor, currency: $0) }
    }

    package func count(_ state: JobState) -> Int {
        counts[state.rawValue] ?? 0
    }
}
