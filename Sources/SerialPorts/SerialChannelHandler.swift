import Glibc
import NIOCore

/// Turns what NIO reports about a tty's channel into `SerialPort.Event`s, and finds the cause of
/// its end.
final class SerialChannelHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let path: String
    private let descriptor: CInt
    private let onEvent: @Sendable (SerialPort.Event) -> Void
    /// Why the channel ends; the first cause wins, nil means that the device hung up.
    private var ending: Ending?

    private enum Ending {
        case asked
        case failed(SerialPortError)
    }

    init(
        path: String,
        descriptor: CInt,
        onEvent: @escaping @Sendable (SerialPort.Event) -> Void
    ) {
        self.path = path
        self.descriptor = descriptor
        self.onEvent = onEvent
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        onEvent(.received(Array(unwrapInboundIn(data).readableBytesView)))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end(context, .failed(failure(.read, error)))
    }

    func channelInactive(context: ChannelHandlerContext) {
        switch ending {
        case .asked: onEvent(.closed(nil))
        case .failed(let error): onEvent(.closed(error))
        case nil:
            let error = SerialPortError(path: path, operation: .read, cause: .hungUp)
            onEvent(.closed(error))
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard context.channel.isWritable else {
            let error = SerialPortError(path: path, operation: .write, cause: .outputStalled)
            promise?.fail(error)
            end(context, .failed(error))
            return
        }
        let written = promise ?? context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenFailure { [self] error in
            guard ending == nil else { return }
            ending = .failed(failure(.write, error))
        }
        context.write(data, promise: written)
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        if ending == nil {
            ending = .asked
            discardOutput(context)
        }
        context.close(mode: mode, promise: promise)
    }

    private func end(_ context: ChannelHandlerContext, _ cause: Ending) {
        guard ending == nil else { return }
        ending = cause
        discardOutput(context)
        context.close(promise: nil)
    }

    /// Empties the driver's buffer before the descriptor is closed.
    ///
    /// The kernel would wait up to 30 s in `close` for a line whose flow control stands still, and
    /// the event loop with it. A pseudo-terminal never waits, and there the other end may still
    /// read what was sent.
    private func discardOutput(_ context: ChannelHandlerContext) {
        guard context.channel.isActive, !TerminalLine.isPseudoTerminal(descriptor) else { return }
        tcflush(descriptor, TCOFLUSH)
    }

    private func failure(
        _ operation: SerialPortError.Operation,
        _ error: any Error
    ) -> SerialPortError {
        // NIO fails what is pending with a ChannelError, or with EBADF, once it saw the hang-up
        // itself.
        let cause: SerialPortError.Cause =
            switch (error as? IOError)?.errnoCode {
            case EIO, ENXIO, ENODEV, EPIPE, EBADF: .hungUp
            case .some(let code): .system(code)
            case nil: error is ChannelError ? .hungUp : .eventLoop("\(error)")
            }
        return SerialPortError(path: path, operation: operation, cause: cause)
    }
}
