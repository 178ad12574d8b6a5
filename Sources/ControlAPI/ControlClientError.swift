/// Why a request got no answer that could be used.
package enum ControlClientError: Error, Hashable, Sendable {
    /// There is no socket at any of these paths.
    case noSocket(tried: [String])
    /// There is a socket, but nobody listens.
    case notListening(path: String)
    case notPermitted(path: String)
    /// The path cannot be connected to for another reason.
    case notConnected(path: String, cause: String)
    case timedOut(path: String, waitingFor: String)
    /// The gateway hung up before the answer was complete.
    case disconnected(path: String, waitingFor: String)
    /// What answers is not a gateway of this version.
    case notUnderstood(path: String, cause: String)
    /// The gateway answered with a refusal.
    case refused(Problem)
}

extension ControlClientError {
    /// Whether what was asked may have been done.
    package var isUncertain: Bool {
        switch self {
        case .timedOut, .disconnected: true
        case .noSocket, .notListening, .notPermitted, .notConnected, .notUnderstood, .refused: false
        }
    }
}

extension ControlClientError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noSocket(let tried):
            "no control socket at \(tried.joined(separator: " or ")): is recharged running? "
                + "Start it, or name its socket with --socket or RECHARGED_SOCKET"
        case .notListening(let path):
            "nobody listens at \(path): recharged is not running; start it again"
        case .notPermitted(let path):
            "\(path): permission denied: join the group recharged-operator "
                + "(usermod -aG recharged-operator USER), then log in again"
        case .notConnected(let path, let cause):
            "\(path): cannot connect: \(cause)"
        case .timedOut(let path, let waitingFor):
            "\(path): no answer in time, waiting for \(waitingFor): is recharged overloaded? "
                + "Whether it was done is not known: look before you repeat it"
        case .disconnected(let path, let waitingFor):
            "\(path): recharged hung up, waiting for \(waitingFor): it may be restarting. "
                + "Whether it was done is not known: look before you repeat it"
        case .notUnderstood(let path, let cause):
            "\(path): the answer is not understood: \(cause): "
                + "are recharged and this program of one version?"
        case .refused(let problem):
            problem.description
        }
    }
}
