import FoundationEssentials
import NIOCore
import NIOHTTP1

/// An answer and how it was meant.
package struct ControlReply<Value: Decodable & Sendable>: Sendable {
    package var value: Value
    /// True when the request made something new (201), false for a repeat (200).
    package var isNew: Bool
}

extension ControlClient {
    /// How long a stream of events may be silent; its heartbeat comes every 15 s.
    package static let streamWithin = Duration.seconds(45)
    /// The largest answer that is held in memory.
    private static let answerBytesMax = 64 << 20

    /// Asks for a document.
    package func get<Value: Decodable & Sendable>(
        _ uri: String,
        as type: Value.Type = Value.self
    ) async throws -> Value {
        try await ask(
            .init(version: .http1_1, method: .GET, uri: uri),
            { nil },
            type,
            answerWithin
        ).value
    }

    /// Asks for a text, such as ``ControlPath/metrics``.
    package func text(_ uri: String) async throws -> String {
        var bytes: [UInt8] = []
        try await download(uri) { bytes += $0 }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Orders something.
    ///
    /// The same key with the same body gives the answer of the first time.
    package func post<Value: Decodable & Sendable>(
        _ uri: String,
        _ body: some Encodable,
        key: String,
        as type: Value.Type = Value.self
    ) async throws -> ControlReply<Value> {
        let bytes = try WireJSON.encode(body)
        var head = HTTPRequestHead(version: .http1_1, method: .POST, uri: uri)
        head.headers.add(name: "content-type", value: "application/json")
        head.headers.add(name: "content-length", value: String(bytes.count))
        head.headers.add(name: "idempotency-key", value: key)
        var rest: [UInt8]? = Array(bytes)
        return try await ask(head, { rest.take() }, type, answerWithin)
    }

    /// Sends a body of any length.
    ///
    /// The next chunk is asked for only when the socket took the last; nil ends the body. What
    /// `nextChunk` throws ends the connection. A content type: `text/csv; charset=gb18030`.
    package func upload<Value: Decodable & Sendable>(
        _ uri: String,
        contentType: String,
        key: String,
        as type: Value.Type = Value.self,
        _ nextChunk: () async throws -> [UInt8]?
    ) async throws -> ControlReply<Value> {
        var head = HTTPRequestHead(version: .http1_1, method: .POST, uri: uri)
        head.headers.add(name: "content-type", value: contentType)
        head.headers.add(name: "transfer-encoding", value: "chunked")
        head.headers.add(name: "idempotency-key", value: key)
        return try await ask(head, nextChunk, type, uploadWithin)
    }

    /// Gives a body of any length piece by piece; the gateway waits for a slow reader.
    package func download(
        _ uri: String,
        _ receive: ([UInt8]) async throws -> Void
    ) async throws {
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: uri)
        let answer = try await send(named(head), body: { nil }, within: answerWithin)
        try await refuseProblem(answer, uri)
        while let chunk = try await nextChunk(of: uri, within: answerWithin) {
            try await receive(Array(chunk.readableBytesView))
        }
    }

    /// Gives events as they happen, oldest first, until the receiver returns false.
    ///
    /// It returns too when the gateway stops. To go on later, pass the sequence number of the last
    /// event received; nil gives those from now on.
    package func events(
        after sequence: Int64?,
        _ receive: (EventView) async throws -> Bool
    ) async throws {
        var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: ControlPath.events)
        if let sequence { head.headers.add(name: "last-event-id", value: String(sequence)) }
        let answer = try await send(named(head), body: { nil }, within: answerWithin)
        try await refuseProblem(answer, head.uri)
        var parser = ServerSentEventParser()
        while let chunk = try await nextChunk(of: head.uri, within: ControlClient.streamWithin) {
            guard let events = parser.append(chunk.readableBytesView) else {
                throw ControlClientError.notUnderstood(path: path, cause: "an endless line")
            }
            for event in events {
                let view = try decoded(EventView.self, from: Array(event.data.utf8))
                guard try await receive(view) else { return }
            }
        }
    }

    // MARK: Parts of an exchange

    private func ask<Value: Decodable & Sendable>(
        _ head: HTTPRequestHead,
        _ body: () async throws -> [UInt8]?,
        _ type: Value.Type,
        _ limit: Duration
    ) async throws -> ControlReply<Value> {
        let answer = try await send(named(head), body: body, within: limit)
        try await refuseProblem(answer, head.uri)
        let bytes = try await wholeBody(head.uri)
        return ControlReply(
            value: try decoded(type, from: bytes),
            isNew: answer.status == .created
        )
    }

    /// HTTP/1.1 demands a host, even where there is but one (RFC 9112 §3.2).
    private func named(_ head: HTTPRequestHead) -> HTTPRequestHead {
        var head = head
        head.headers.add(name: "host", value: "recharged")
        return head
    }

    private func refuseProblem(_ answer: HTTPResponseHead, _ uri: String) async throws {
        guard !(200..<300).contains(answer.status.code) else { return }
        let bytes = try await wholeBody(uri)
        guard answer.headers.first(name: "content-type") == Problem.contentType else {
            throw ControlClientError.notUnderstood(path: path, cause: "\(answer.status)")
        }
        throw ControlClientError.refused(try decoded(Problem.self, from: bytes))
    }

    private func wholeBody(_ uri: String) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let chunk = try await nextChunk(of: uri, within: answerWithin) {
            bytes += chunk.readableBytesView
            guard bytes.count <= ControlClient.answerBytesMax else {
                throw ControlClientError.notUnderstood(path: path, cause: "an endless answer")
            }
        }
        return bytes
    }

    private func decoded<Value: Decodable>(
        _ type: Value.Type,
        from bytes: [UInt8]
    ) throws -> Value {
        do {
            return try WireJSON.decode(type, from: bytes)
        } catch {
            throw ControlClientError.notUnderstood(path: path, cause: "\(error)")
        }
    }
}
