/// A message whose payload is awaited or being sent.
struct Draft: Hashable, Sendable {
    var purpose: Purpose
    /// The payload is text rather than a PDU.
    var isText: Bool
    /// Octets of the TPDU, as announced in PDU mode.
    var announcedLength = 0
    /// Of a message in text mode.
    var destination = ""

    enum Purpose: Hashable, Sendable {
        /// `+CMGS`
        case send
        /// `+CMGW`
        case store(StoredMessage.Status)
        /// `+CMSS`: has no prompt.
        case sendStored
    }

    /// The name in the information line.
    var command: String {
        switch purpose {
        case .send: "+CMGS"
        case .store: "+CMGW"
        case .sendStored: "+CMSS"
        }
    }
}
