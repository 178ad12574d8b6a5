package import Recharge

/// An event as filed.
package struct StoredEvent: Hashable, Sendable {
    package var sequence: Int64
    package var at: Timestamp
    package var actor: String
    package var event: NewEvent

    package init(sequence: Int64, at: Timestamp, actor: String, event: NewEvent) {
        self.sequence = sequence
        self.at = at
        self.actor = actor
        self.event = event
    }
}
