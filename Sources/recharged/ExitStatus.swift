/// What the daemon tells whoever started it (sysexits.h).
enum ExitStatus: Int32 {
    /// It was stopped, and everything armed came to its end.
    case stopped = 0
    /// Something is missing that may come back, such as a free state folder.
    case unavailable = 69
    /// The store stopped: start again and read the truth.
    case storeFailed = 74
    /// Started again with the same configuration it would refuse again.
    case configuration = 78
}

/// A refusal to start, or the reason of a stop, in words for people.
struct DaemonFailure: Error, CustomStringConvertible {
    var status: ExitStatus
    var message: String

    var description: String { message }
}
