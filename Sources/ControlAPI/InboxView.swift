package import Recharge

/// A received message that belongs to no job.
package struct InboxView: Codable, Hashable, Sendable {
    package var id: Int64
    package var sim: ICCID
    package var sender: String
    package var text: String
    package var pdu: String
    package var sentAt: Timestamp?
    package var filedAt: Timestamp

    package init(id: Int64, _ message: InboxMessage, filedAt: Timestamp) {
        self.id = id
        sim = message.sim
        sender = message.sender.visible
        text = message.text.visible
        pdu = message.pdu.visible
        sentAt = message.sentAt
        self.filedAt = filedAt
    }
}
