/// One event of a text/event-stream, as far as this service uses that format.
package struct ServerSentEvent: Hashable, Sendable {
    package var id: String?
    package var data: String

    package init(id: String?, data: String) {
        self.id = id
        self.data = data
    }
}

/// Cuts a text/event-stream into events.
///
/// Comments, which keep the line alive, fall out.
///
/// ```
/// id: 17
/// event: job.settled
/// data: {"sequence":17,…}
///
/// : alive
/// ```
package struct ServerSentEventParser {
    /// How long a line may grow before the stream is taken for something else.
    package static let lineBytesMax = 1 << 20

    private var line: [UInt8] = []
    private var id: String?
    private var data: [String] = []

    package init() {}

    /// Takes the next bytes; nil when a line is longer than ``lineBytesMax``.
    package mutating func append(_ bytes: some Sequence<UInt8>) -> [ServerSentEvent]? {
        var events: [ServerSentEvent] = []
        for byte in bytes {
            guard byte == 0x0A else {
                line.append(byte)
                if line.count > ServerSentEventParser.lineBytesMax { return nil }
                continue
            }
            if line.last == 0x0D { line.removeLast() }
            if let event = takeLine() { events.append(event) }
            line.removeAll(keepingCapacity: true)
        }
        return events
    }

    private mutating func takeLine() -> ServerSentEvent? {
        guard !line.isEmpty else {
            defer { data = [] }
            guard !data.isEmpty else { return nil }
            return ServerSentEvent(id: id, data: data.joined(separator: "\n"))
        }
        let parts = line.split(separator: 0x3A, maxSplits: 1, omittingEmptySubsequences: false)
        var value = parts.count == 2 ? parts[1] : []
        if value.first == 0x20 { value = value.dropFirst() }
        let text = String(decoding: value, as: UTF8.self)
        switch String(decoding: parts[0], as: UTF8.self) {
        case "id": id = text
        case "data": data.append(text)
        default: break
        }
        return nil
    }
}
