import HTTPTypes
import Hummingbird
import NIOCore

/// A request as it was asked, before the router sees it.
struct AskedRequest: Sendable {
    let head: HTTPRequest
    let body: [UInt8]

    /// Nil for what the HTTP parser in front of the router does not let pass.
    init?(_ bytes: ArraySlice<UInt8>) {
        var rest = bytes
        let first = AskedRequest.line(&rest).split(separator: " ")
        guard first.count >= 2, let method = HTTPRequest.Method(String(first[0])),
            first[1].hasPrefix("/"), first[1].utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F })
        else { return nil }
        var fields = HTTPFields()
        while !rest.isEmpty {
            let line = AskedRequest.line(&rest)
            guard !line.isEmpty else { break }
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, let name = HTTPField.Name(String(parts[0])) else { return nil }
            let value = parts[1].drop { $0 == " " }
            fields.append(HTTPField(name: name, value: String(value)))
        }
        head = HTTPRequest(
            method: method,
            scheme: "http",
            authority: "recharged",
            path: String(first[1]),
            headerFields: fields
        )
        body = Array(rest)
    }

    var isOrder: Bool { head.method == .post }
    var name: String { "\(head.method) \(head.path ?? "")" }

    var request: Request {
        let pieces = Cutting(seed: UInt8(truncatingIfNeeded: body.count)).pieces(body[...])
        let chunks = AsyncStream<ByteBuffer> { stream in
            for piece in pieces { stream.yield(ByteBuffer(bytes: piece)) }
            stream.finish()
        }
        return Request(head: head, body: RequestBody(asyncSequence: chunks))
    }

    private static func line(_ rest: inout ArraySlice<UInt8>) -> String {
        let line = rest.prefix { $0 != 0x0A }
        rest = rest.dropFirst(line.count + 1)
        return String(decoding: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self)
    }
}
