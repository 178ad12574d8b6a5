import ControlAPI

/// Why a command did not do what it was asked: what, cause and cure, for standard error.
struct Failure: Error, Hashable, Sendable {
    var status: ExitStatus
    var message: String

    init(_ status: ExitStatus, _ message: String) {
        self.status = status
        self.message = message
    }

    init(_ error: ControlClientError) {
        status = ExitStatus(error)
        switch error {
        case .refused(let problem): message = Failure.text(problem)
        case .noSocket, .notListening, .notPermitted, .notConnected, .timedOut, .disconnected,
            .notUnderstood:
            message = error.description
        }
    }
}

extension Failure {
    /// The detail, after the title where the detail does not say what kind of refusal it is.
    private static func text(_ problem: Problem) -> String {
        switch problem.code {
        case .notFound, .wrongState, .samePerson, .badRequest, .badOrder, .badBatch, .tooLarge,
            .stopped:
            problem.detail
        case .missingKey, .badKey, .forbidden, .readOnly, .methodNotAllowed, .unsupportedType,
            .tooSlow, .tooBusy, .conflict, .outcomePending, .diskFull, .notReady, .internalError:
            "\(problem.title): \(problem.detail)"
        }
    }
}

/// The end of a command that has already said all there is to say.
struct Ending: Error, Hashable, Sendable {
    var status: ExitStatus

    init(_ status: ExitStatus) {
        self.status = status
    }
}
