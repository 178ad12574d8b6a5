import ATProtocol
import NIOCore

/// The one timer of a worker, on its event loop.
///
/// A timer that would fire too early is left alone: an early call is harmless and cheap, while
/// moving the timer with each command's time-out is neither.
struct DeadlineTimer {
    private let eventLoop: any EventLoop
    private let mailbox: WorkerMailbox
    private var scheduled: Scheduled<Void>?
    private var due: Instant?

    init(on eventLoop: any EventLoop, mailbox: WorkerMailbox) {
        self.eventLoop = eventLoop
        self.mailbox = mailbox
    }

    mutating func set(_ instant: Instant?) {
        guard let instant else {
            cancel()
            return
        }
        if let due, due <= instant { return }
        scheduled?.cancel()
        due = instant
        let deadline = NIODeadline.uptimeNanoseconds(UInt64(max(0, instant.nanoseconds)))
        scheduled = eventLoop.scheduleTask(deadline: deadline) { [mailbox] in
            mailbox.post(.deadline)
        }
    }

    /// The timer has fired.
    mutating func fired() {
        due = nil
        scheduled = nil
    }

    mutating func cancel() {
        scheduled?.cancel()
        due = nil
        scheduled = nil
    }
}
