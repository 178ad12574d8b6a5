/// The answer to `POST /v1/batches`: the batch, and with `accept_valid` what was left out of it.
package struct BatchReceipt: Codable, Hashable, Sendable {
    package var batch: BatchView
    /// The lines where the refused rows begin, all of them, in order.
    package var refusedLines: [Int]
    /// What is wrong with them, up to ``Mistake/shownMax``.
    package var mistakes: [Mistake]
    /// How many more mistakes there are.
    package var mistakesOmitted: Int

    package init(
        batch: BatchView,
        refusedLines: [Int] = [],
        mistakes: [Mistake] = [],
        mistakesOmitted: Int = 0
    ) {
        self.batch = batch
        self.refusedLines = refusedLines
        self.mistakes = mistakes
        self.mistakesOmitted = mistakesOmitted
    }
}
