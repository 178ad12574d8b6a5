import Glibc
package import NIOCore
package import NIOHTTP1
import NIOPosix

/// One connection to the gateway's control socket: HTTP/1.1, one request at a time.
///
/// It lives inside ``withConnection(toFirstOf:answerWithin:uploadWithin:_:)`` and belongs to the
/// task that called it. After a stream that was left early, or an error, the connection is spent.
package final class ControlClient {
    package typealias Parts = NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>

    /// How long connecting may take.
    private static let connectWithin = TimeAmount.seconds(5)

    /// The socket this connection goes to.
    package let path: String
    /// How long an answer may be silent.
    let answerWithin: Duration
    /// How long an upload may stand still, and be silent after its last byte.
    let uploadWithin: Duration
    private let channel: any Channel
    private var inbound: NIOAsyncChannelInboundStream<HTTPClientResponsePart>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<HTTPClientRequestPart>
    private var isSpent = false

    private init(
        path: String,
        answerWithin: Duration,
        uploadWithin: Duration,
        channel: any Channel,
        inbound: NIOAsyncChannelInboundStream<HTTPClientResponsePart>,
        outbound: NIOAsyncChannelOutboundWriter<HTTPClientRequestPart>
    ) {
        self.path = path
        self.answerWithin = answerWithin
        self.uploadWithin = uploadWithin
        self.channel = channel
        self.inbound = inbound.makeAsyncIterator()
        self.outbound = outbound
    }

    /// Connects to the first of these sockets that answers, and hangs up when the body returns.
    ///
    /// Throws ``ControlClientError`` naming the path and the cure. A socket that exists but cannot
    /// be opened is reported, and no other gateway's is tried.
    package static func withConnection<Answer>(
        toFirstOf candidates: [String],
        answerWithin: Duration = .seconds(30),
        uploadWithin: Duration = .seconds(600),
        _ body: (ControlClient) async throws -> Answer
    ) async throws -> Answer {
        let (path, connection) = try await connect(candidates)
        return try await connection.executeThenClose { inbound, outbound in
            let client = ControlClient(
                path: path,
                answerWithin: answerWithin,
                uploadWithin: uploadWithin,
                channel: connection.channel,
                inbound: inbound,
                outbound: outbound
            )
            return try await body(client)
        }
    }

    private static func connect(_ candidates: [String]) async throws -> (String, Parts) {
        var failure: ControlClientError?
        // Where one gateway is, be it down, no other one is meant: only its second socket is tried.
        var folder: Substring?
        for path in candidates {
            let ownFolder = path[..<(path.lastIndex(of: "/") ?? path.startIndex)]
            if folder ?? ownFolder != ownFolder { break }
            do {
                return (path, try await connect(path))
            } catch let error as IOError where error.errnoCode == ENOENT {
                continue
            } catch let error as IOError where error.errnoCode == ECONNREFUSED {
                failure =
                    failure
                    ?? (isSocket(path)
                        ? .notListening(path: path)
                        : .notConnected(path: path, cause: "it is not a socket"))
            } catch let error as IOError where error.errnoCode == EACCES {
                failure = .notPermitted(path: path)
            } catch is SocketAddressError {
                failure = .notConnected(path: path, cause: "the path is too long for a socket")
            } catch {
                failure = .notConnected(path: path, cause: String(describing: error))
            }
            folder = ownFolder
        }
        throw failure ?? .noSocket(tried: candidates)
    }

    private static func isSocket(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFSOCK
    }

    private static func connect(_ path: String) async throws -> Parts {
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(connectWithin)
            .connect(unixDomainSocketPath: path) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    return try Parts(wrappingChannelSynchronously: channel)
                }
            }
    }

    // MARK: One exchange

    /// Sends a request, its body chunk by chunk, and gives the head of the answer.
    ///
    /// A chunk is asked for only when the socket took the one before. When the gateway stops
    /// reading, what it answered is still read.
    func send(
        _ head: HTTPRequestHead,
        body nextChunk: () async throws -> [UInt8]?,
        within limit: Duration
    ) async throws -> HTTPResponseHead {
        guard !isSpent else {
            throw ControlClientError.disconnected(path: path, waitingFor: head.uri)
        }
        isSpent = true
        do {
            try await write(.head(head), for: head.uri, within: limit)
            while let chunk = try await nextChunk() {
                let part = HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(bytes: chunk)))
                try await write(part, for: head.uri, within: limit)
            }
            try await write(.end(nil), for: head.uri, within: limit)
        } catch is ChannelError {
            // The gateway hung up on the request: its answer, if any, says why.
        } catch is IOError {
            // As above.
        }
        guard case .head(let answer) = try await nextPart(of: head.uri, within: limit) else {
            throw ControlClientError.notUnderstood(path: path, cause: "a body without a head")
        }
        return answer
    }

    /// The next piece of the answer's body; nil at its end, after which the connection is free.
    func nextChunk(of uri: String, within limit: Duration) async throws -> ByteBuffer? {
        switch try await nextPart(of: uri, within: limit) {
        case .body(let buffer): return buffer
        case .end:
            isSpent = false
            return nil
        case .head:
            throw ControlClientError.notUnderstood(path: path, cause: "a second head")
        }
    }

    private func write(
        _ part: HTTPClientRequestPart,
        for uri: String,
        within limit: Duration
    ) async throws {
        let watch = watch(uri, within: limit)
        defer { watch.cancel() }
        try await outbound.write(part)
        // The writer may run ahead of the event loop; one turn of it shows whether there is room.
        try await channel.eventLoop.submit {}.get()
    }

    private func nextPart(
        of uri: String,
        within limit: Duration
    ) async throws -> HTTPClientResponsePart {
        let watch = watch(uri, within: limit)
        defer { watch.cancel() }
        do {
            if let part = try await inbound.next(isolation: #isolation) { return part }
        } catch let error as ControlClientError {
            throw error
        } catch is CancellationError {
            throw CancellationError()
        } catch is IOError {
            // A reset: the gateway is gone.
        } catch HTTPParserError.invalidEOFState {
            // It is gone in the middle of its answer.
        } catch {
            throw ControlClientError.notUnderstood(path: path, cause: "\(error)")
        }
        try Task.checkCancellation()
        throw ControlClientError.disconnected(path: path, waitingFor: uri)
    }

    /// Ends the connection with ``ControlClientError/timedOut(path:waitingFor:)`` unless cancelled.
    private func watch(_ uri: String, within limit: Duration) -> Scheduled<Void> {
        let error = ControlClientError.timedOut(path: path, waitingFor: uri)
        return channel.eventLoop.scheduleTask(in: TimeAmount(limit)) { [channel] in
            channel.pipeline.fireErrorCaught(error)
            channel.close(promise: nil)
        }
    }
}
