import GRDB
import Recharge

extension StoredMessage {
    /// What `init(row:)` reads, in its order, and from where.
    static let columns = """
        inbox.id, iccid, pdu, sender, text, sent_at, is_read, filed_at
        FROM inbox JOIN sim ON sim.id = inbox.sim_id
        """

    init(row: Row) throws {
        var column = ColumnReader(row)
        let id: Int64 = column.next()
        let message = InboxMessage(
            sim: try column.parsed(ICCID.init),
            pdu: column.next(),
            sender: column.next(),
            text: column.next(),
            sentAt: column.optionalTime(),
            isRead: column.next()
        )
        self.init(id: id, message: message, filedAt: column.time())
    }
}
