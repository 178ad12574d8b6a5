import SerialPorts

/// The one stream of events of a worker: bytes, its timer, and words from the supervisor.
///
/// Its buffer is bounded by what can be outstanding at once: one chunk of bytes (reading is
/// pulled), the end of the line, one timer, one wake-up for each claim that found nothing, and the
/// word to stop.
struct WorkerMailbox: Sendable {
    /// What arrives.
    enum Mail: Sendable {
        case line(SerialPort.Event)
        case deadline
        case woken
        case stopping
    }

    let mails: AsyncStream<Mail>
    private let continuation: AsyncStream<Mail>.Continuation

    init() {
        (mails, continuation) = AsyncStream.makeStream()
    }

    func post(_ mail: Mail) {
        continuation.yield(mail)
    }
}
