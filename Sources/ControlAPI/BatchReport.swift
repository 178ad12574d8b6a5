/// The answer to a dry run of a batch (`POST /v1/batches?dry_run=true`): nothing was stored.
package struct BatchReport: Codable, Hashable, Sendable {
    /// The good rows.
    package var rows: Int
    package var refusedRows: Int
    /// The sum of the good rows; absent when there is none.
    package var sum: Money?
    package var mistakes: [Mistake]
    package var mistakesOmitted: Int
    /// What was ordered before: the file itself, or rows that would be refused or held.
    package var duplicates: [Mistake] = []
    package var duplicatesOmitted = 0
    /// Whether nothing would be taken: the file is a batch already, or rows of it were ordered
    /// under the same reference.
    package var isRepeat = false
    /// One for each carrier in the file, by name.
    package var carriers: [CarrierForecast]
    /// How long the slowest carrier's share will take; absent when a carrier has no working SIM.
    package var expectedSeconds: Double?

    package init(
        rows: Int,
        refusedRows: Int,
        sum: Money?,
        mistakes: [Mistake],
        mistakesOmitted: Int,
        carriers: [CarrierForecast]
    ) {
        self.rows = rows
        self.refusedRows = refusedRows
        self.sum = sum
        self.mistakes = mistakes
        self.mistakesOmitted = mistakesOmitted
        self.carriers = carriers
        let times = carriers.map(\.expectedSeconds)
        expectedSeconds = times.contains(nil) ? nil : times.compactMap(\.self).max()
    }
}
