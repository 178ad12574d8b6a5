import NIOCore
import NIOPosix

/// The socket through which a running simulation is told things: a line in, a line out.
enum ControlSocket {
    /// Listens on the event loop itself, where `answer` is called.
    static func bind(
        _ path: String,
        on loop: any EventLoop,
        answer: @escaping @Sendable (String) -> String
    ) async throws -> any Channel {
        try await ServerBootstrap(group: loop)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let lines = ControlLines(answer: answer)
                    try channel.pipeline.syncOperations.addHandler(lines)
                }
            }
            .bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true).get()
    }
}

/// Cuts the bytes of one client into lines and answers each.
private final class ControlLines: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let answer: @Sendable (String) -> String
    private var rest: [UInt8] = []

    init(answer: @escaping @Sendable (String) -> String) {
        self.answer = answer
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        rest += unwrapInboundIn(data).readableBytesView
        while let end = rest.firstIndex(of: 0x0A) {
            let line = String(decoding: rest[..<end], as: UTF8.self)
            rest.removeFirst(end + 1)
            let reply = context.channel.allocator.buffer(string: answer(line) + "\n")
            context.writeAndFlush(wrapOutboundOut(reply), promise: nil)
        }
        if rest.count > Self.lineBytesMax { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private static let lineBytesMax = 4096
}
