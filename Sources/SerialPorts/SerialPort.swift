import Glibc
package import NIOCore
import NIOPosix

/// An open tty on an event loop.
///
/// Reading is pulled: one chunk is delivered per `requestBytes()`, so a slow consumer stops the
/// reading and no buffer grows. Every function may be called from any thread; called on the event
/// loop itself they act at once. The line stays open until `close()` or its loss; dropping this
/// object does not close it.
package final class SerialPort: Sendable {
    /// What happens on the line, in order, called on the event loop: return quickly.
    package enum Event: Hashable, Sendable {
        /// One chunk, never empty, at most 4 KiB.
        case received([UInt8])
        /// The last event, exactly once: nil after `close()`, otherwise why the line was lost.
        case closed(SerialPortError?)
    }

    /// The path it was opened by, for messages.
    package let path: String
    private let channel: any Channel

    private init(path: String, channel: any Channel) {
        self.path = path
        self.channel = channel
    }

    /// Opens, locks and configures the tty at a path.
    ///
    /// The blocking calls run on NIO's thread pool, since a dying USB device can hold them for
    /// seconds. `onEvent` may be called before this returns.
    ///
    /// - Throws: `SerialPortError`, or `CancellationError` before the port was opened.
    package static func open(
        path: String,
        settings: SerialSettings,
        on eventLoop: any EventLoop,
        onEvent: @escaping @Sendable (Event) -> Void
    ) async throws -> SerialPort {
        let descriptor = try await NIOThreadPool.singleton.runIfActive {
            try TerminalLine.open(path: path, settings: settings)
        }
        return try await adopt(
            descriptor: descriptor,
            path: path,
            on: eventLoop,
            onEvent: onEvent
        )
    }

    /// Puts an open descriptor, such as the master of a pseudo-terminal, on an event loop as it is.
    ///
    /// The descriptor is owned from here on: it is closed with the port, and also when this throws.
    /// A master's slave must be held open, as `PseudoTerminal` does: a hang-up that is undone by
    /// the next opening before it was read is a state that NIO traps on.
    ///
    /// - Throws: `SerialPortError`.
    package static func adopt(
        descriptor: CInt,
        path: String,
        on eventLoop: any EventLoop,
        onEvent: @escaping @Sendable (Event) -> Void
    ) async throws -> SerialPort {
        // NIO registers input and output apart; its own duplicate would leak into child processes,
        // lock and all.
        let output = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        guard output >= 0 else {
            let cause = SerialPortError.Cause.system(errno)
            _ = Glibc.close(descriptor)
            throw SerialPortError(path: path, operation: .open, cause: cause)
        }
        do {
            let channel = try await NIOPipeBootstrap(group: eventLoop)
                .channelOption(.autoRead, value: false)
                .channelOption(.maxMessagesPerRead, value: 1)
                .channelOption(
                    .recvAllocator,
                    value: FixedSizeRecvByteBufferAllocator(capacity: chunkBytesMax)
                )
                .channelOption(.writeBufferWaterMark, value: outputWaterMark)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(
                            SerialChannelHandler(
                                path: path,
                                descriptor: descriptor,
                                onEvent: onEvent
                            )
                        )
                    }
                }
                .takingOwnershipOfDescriptors(input: descriptor, output: output).get()
            return SerialPort(path: path, channel: channel)
        } catch {
            _ = Glibc.close(descriptor)
            _ = Glibc.close(output)
            throw SerialPortError(path: path, operation: .open, cause: .eventLoop("\(error)"))
        }
    }

    /// Allows the delivery of one more chunk.
    ///
    /// Requests made before that chunk arrives count once. Keep one outstanding while an answer is
    /// awaited: the kernel discards what was not read when a device vanishes.
    package func requestBytes() {
        channel.read()
    }

    /// Sends bytes after those written before; a failure arrives as `closed`.
    ///
    /// It neither blocks nor throws. A line that lets 64 KiB pile up is closed as stalled. Bytes
    /// written after the end of the line vanish.
    package func write(_ bytes: [UInt8]) {
        channel.writeAndFlush(channel.allocator.buffer(bytes: bytes), promise: nil)
    }

    /// Ends the line and drops what was not sent yet; calling it again does nothing.
    package func close() {
        channel.close(promise: nil)
    }

    private static let chunkBytesMax = 4096
    private static let outputWaterMark = ChannelOptions.Types.WriteBufferWaterMark(
        low: 32 * 1024,
        high: 64 * 1024
    )
}
