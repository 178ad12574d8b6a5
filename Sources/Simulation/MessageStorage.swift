/// The message slots of a SIM: numbered from 1, the lowest free one is taken first.
package struct MessageStorage: Hashable, Sendable {
    package let capacity: Int
    private(set) var messages: [Int: StoredMessage] = [:]

    package init(capacity: Int) {
        self.capacity = capacity
    }

    package var count: Int { messages.count }

    package var isFull: Bool { messages.count >= capacity }

    subscript(index: Int) -> StoredMessage? {
        messages[index]
    }

    func isIndex(_ index: Int) -> Bool {
        (1...max(1, capacity)).contains(index)
    }

    /// The index that the message took; nil when all slots are taken.
    mutating func store(_ message: StoredMessage) -> Int? {
        guard !isFull, let index = (1...capacity).first(where: { messages[$0] == nil }) else {
            return nil
        }
        messages[index] = message
        return index
    }

    mutating func markRead(_ index: Int) {
        guard messages[index]?.status == .receivedUnread else { return }
        messages[index]?.status = .receivedRead
    }

    mutating func markSent(_ index: Int) {
        messages[index]?.status = .storedSent
    }

    mutating func remove(_ index: Int) {
        messages[index] = nil
    }

    mutating func removeAll(_ statuses: Set<StoredMessage.Status>) {
        messages = messages.filter { !statuses.contains($0.value.status) }
    }
}

/// A message in a slot, as the PDU that `+CMGR` shows.
struct StoredMessage: Hashable, Sendable {
    var status: Status
    /// With the service centre's address before it, in hexadecimal.
    var pdu: String
    /// Without the service centre's address, in octets.
    var tpduLength: Int

    /// `<stat>` of 3GPP 27.005 §3.1.
    enum Status: Int, Hashable, Sendable, CaseIterable {
        case receivedUnread = 0
        case receivedRead = 1
        case storedUnsent = 2
        case storedSent = 3

        var words: String {
            switch self {
            case .receivedUnread: "REC UNREAD"
            case .receivedRead: "REC READ"
            case .storedUnsent: "STO UNSENT"
            case .storedSent: "STO SENT"
            }
        }
    }
}
