/// A message as it lies in the storage of the SIM or the modem, undecoded.
package struct StoredMessage: Hashable, Sendable {
    /// Reading a message changes unread to read (3GPP 27.005 §3.1).
    package enum Status: Int, Hashable, Sendable {
        case receivedUnread = 0
        case receivedRead = 1
        case storedUnsent = 2
        case storedSent = 3
    }

    /// Its place; nil in the answer to `+CMGR`, which does not repeat it.
    package var index: Int?
    package var status: Status
    /// Octets of the TPDU without the service centre's address.
    package var length: Int
    /// Hex, with the service centre's address unless the modem leaves it out.
    package var pdu: String

    package init(index: Int?, status: Status, length: Int, pdu: String) {
        self.index = index
        self.status = status
        self.length = length
        self.pdu = pdu
    }

    /// Reads the answer to `+CMGR`; nil for an empty place or a damaged answer.
    package init?(readResponse lines: [String]) {
        guard lines.count == 2, let fields = ResponseFields(lines[0], prefix: "+CMGR:") else {
            return nil
        }
        self.init(fields: fields.fields[...], index: nil, pdu: lines[1])
    }

    fileprivate init?(fields: ArraySlice<ResponseFields.Field>, index: Int?, pdu: String) {
        guard fields.count >= 2, let status = fields.first?.number.flatMap(Status.init(rawValue:)),
            let length = fields.last?.number, Self.isWhole(pdu: pdu, length: length)
        else { return nil }
        self.init(index: index, status: status, length: length, pdu: pdu)
    }

    /// Whether a PDU line has exactly the octets that its header announces.
    ///
    /// The length does not count the service centre's address, whose own length is the first
    /// octet; some modems leave the whole address out. A line cut on its way fails here
    /// and can be read again, while its message still exists.
    package static func isWhole(pdu: String, length: Int) -> Bool {
        guard pdu.isHexOctets, let address = Int(pdu.prefix(2), radix: 16) else { return false }
        let octets = pdu.utf8.count / 2
        return length > 0 && (octets == 1 + address + length || octets == length)
    }
}

/// The answer to `+CMGL`, with what could not be read of it.
package struct StoredMessageList: Hashable, Sendable {
    package var messages: [StoredMessage] = []
    /// The places of damaged entries, to be read one by one; they are not empty.
    package var damagedIndices: [Int] = []
    /// Whether a line could not be ascribed to any place: the list must be asked for again.
    package var isIncomplete = false

    /// Reads header and PDU lines, in pairs; a damaged pair does not harm its neighbours.
    package init(listResponse lines: [String]) {
        var header: ResponseFields?
        for line in lines {
            if let next = ResponseFields(line, prefix: "+CMGL:") {
                finish(header, pdu: "")
                header = next
            } else if header != nil {
                finish(header, pdu: line)
                header = nil
            } else {
                isIncomplete = true
            }
        }
        finish(header, pdu: "")
    }

    private mutating func finish(_ header: ResponseFields?, pdu: String) {
        guard let header else { return }
        guard let index = header[0]?.number else {
            isIncomplete = true
            return
        }
        let fields = header.fields.dropFirst()
        if let message = StoredMessage(fields: fields, index: index, pdu: pdu) {
            messages.append(message)
        } else {
            damagedIndices.append(index)
        }
    }
}

extension StoredMessage: CustomStringConvertible {
    /// The place and size without the PDU, which holds a number and a text.
    package var description: String {
        "message of \(length) octets\(index.map { " at \($0)" } ?? "")"
    }
}
