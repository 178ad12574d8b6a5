package import Recharge

/// A message as filed.
package struct StoredMessage: Hashable, Sendable {
    package var id: Int64
    package var message: InboxMessage
    package var filedAt: Timestamp

    package init(id: Int64, message: InboxMessage, filedAt: Timestamp) {
        self.id = id
        self.message = message
        self.filedAt = filedAt
    }
}
