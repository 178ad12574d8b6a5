package import Recharge

/// Something that happened.
package struct EventView: Codable, Hashable, Sendable {
    /// Ascending; what `Last-Event-ID` and `after` name.
    package var sequence: Int64
    package var at: Timestamp
    package var actor: String
    /// `job.settled`, `sim.joined` and so on.
    package var kind: String
    package var job: Job.ID?
    package var details: [String: String]

    package init(
        sequence: Int64,
        at: Timestamp,
        actor: String,
        kind: String,
        job: Job.ID?,
        details: [String: String]
    ) {
        self.sequence = sequence
        self.at = at
        self.actor = actor.visible
        self.kind = kind
        self.job = job
        self.details = details.mapValues(\.visible)
    }
}
