import ControlAPI
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import Recharge
import Synchronization
import TestSupport

/// What a client asked of a ``ScriptedGateway``.
struct ScriptedRequest: Sendable {
    var method: String
    var uri: String
    var key: String?
    var contentType: String?
    var body: [UInt8]

    var path: String { uri.split(separator: "?").first.map { String($0) } ?? uri }
    var text: String { String(decoding: body, as: UTF8.self) }
}

/// What it is told.
struct ScriptedAnswer: Sendable {
    var status: Int
    var contentType: String
    var body: [UInt8]
    /// Whether nothing more comes, or the answer stays open as a stream does.
    var isStream = false

    static func json(_ value: some Encodable, status: Int = 200) throws -> ScriptedAnswer {
        ScriptedAnswer(
            status: status,
            contentType: "application/json",
            body: Array(try WireJSON.encode(value))
        )
    }

    static func problem(_ code: Problem.Code, _ detail: String) throws -> ScriptedAnswer {
        try problem(Problem(code, detail: detail))
    }

    static func problem(_ problem: Problem) throws -> ScriptedAnswer {
        ScriptedAnswer(
            status: problem.status,
            contentType: Problem.contentType,
            body: Array(try WireJSON.encode(problem))
        )
    }

    static func text(_ text: String, _ type: String, isStream: Bool = false) -> ScriptedAnswer {
        ScriptedAnswer(status: 200, contentType: type, body: Array(text.utf8), isStream: isStream)
    }
}

/// An HTTP server on a real Unix socket that answers by a script and remembers what it was asked.
final class ScriptedGateway: Sendable {
    typealias Script = @Sendable (ScriptedRequest) throws -> ScriptedAnswer

    let path: String
    private let seen = Mutex<[ScriptedRequest]>([])
    private let script: Script
    /// Each request once it was answered.
    let answered: AsyncStream<ScriptedRequest>
    private let continuation: AsyncStream<ScriptedRequest>.Continuation

    var requests: [ScriptedRequest] { seen.withLock { $0 } }

    private init(_ script: @escaping Script, _ folder: String) {
        self.script = script
        path = "\(folder)/control.sock"
        (answered, continuation) = AsyncStream.makeStream()
    }

    /// Serves as long as the body runs.
    static func serving<Result>(
        _ script: @escaping Script,
        _ body: (ScriptedGateway) async throws -> Result
    ) async throws -> Result {
        let folder = try TemporaryFolder()
        let gateway = ScriptedGateway(script, folder.path)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Exchange(gateway))
                }
            }
            .bind(unixDomainSocketPath: gateway.path).get()
        do {
            let result = try await body(gateway)
            try await channel.close()
            withExtendedLifetime(folder) {}
            return result
        } catch {
            try await channel.close()
            throw error
        }
    }

    fileprivate func answer(_ request: ScriptedRequest) throws -> ScriptedAnswer {
        seen.withLock { $0.append(request) }
        let answer = try script(request)
        continuation.yield(request)
        return answer
    }
}

/// One connection of a ``ScriptedGateway``.
private final class Exchange: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let gateway: ScriptedGateway
    private var request: ScriptedRequest?

    init(_ gateway: ScriptedGateway) {
        self.gateway = gateway
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            request = ScriptedRequest(
                method: head.method.rawValue,
                uri: head.uri,
                key: head.headers.first(name: "idempotency-key"),
                contentType: head.headers.first(name: "content-type"),
                body: []
            )
        case .body(let buffer):
            request?.body += buffer.readableBytesView
        case .end:
            guard let request else { return }
            do {
                try reply(gateway.answer(request), context)
            } catch {
                context.close(promise: nil)
            }
        }
    }

    private func reply(_ answer: ScriptedAnswer, _ context: ChannelHandlerContext) throws {
        var head = HTTPResponseHead(
            version: .http1_1,
            status: HTTPResponseStatus(statusCode: answer.status)
        )
        head.headers.add(name: "content-type", value: answer.contentType)
        if answer.isStream {
            head.headers.add(name: "transfer-encoding", value: "chunked")
        } else {
            head.headers.add(name: "content-length", value: String(answer.body.count))
        }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        let body = context.channel.allocator.buffer(bytes: answer.body)
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        guard !answer.isStream else { return }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
}
