package import Recharge

/// Which jobs to list.
package struct JobQuery: Hashable, Sendable {
    /// Empty: in any state.
    package var states: Set<JobState>
    package var batch: Batch.ID?
    package var number: PhoneNumber?
    package var reference: String?
    /// Where the page before ended: its `Page/next`.
    package var after: Int64?
    package var limit: Int

    package init(
        states: Set<JobState> = [],
        batch: Batch.ID? = nil,
        number: PhoneNumber? = nil,
        reference: String? = nil,
        after: Int64? = nil,
        limit: Int = 100
    ) {
        self.states = states
        self.batch = batch
        self.number = number
        self.reference = reference
        self.after = after
        self.limit = limit
    }
}
