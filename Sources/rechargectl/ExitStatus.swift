import ControlAPI

/// How the program ends; the numbers follow sysexits(3) and stay the same for ever.
enum ExitStatus: Int32, Hashable, Sendable, CaseIterable {
    case done = 0
    case notDone = 1
    case usage = 64
    case badInput = 65
    case fileFailed = 66
    case unreachable = 69
    case internalError = 70
    case tryLater = 75
    case notAllowed = 77
    case configuration = 78

    /// What it means, as the help says it.
    var meaning: String {
        switch self {
        case .done: "done"
        case .notDone: "refused, or not everything succeeded"
        case .usage: "the command line is wrong"
        case .badInput: "the input has mistakes, such as bad rows"
        case .fileFailed: "a file cannot be read or written"
        case .unreachable: "recharged cannot be reached"
        case .internalError: "a fault of recharged or of this program"
        case .tryLater: "refused for now: disk full, stopping, too busy"
        case .notAllowed: "your role does not allow it"
        case .configuration: "a carrier profile has mistakes"
        }
    }

    init(_ code: Problem.Code) {
        self =
            switch code {
            case .notFound, .conflict, .wrongState: .notDone
            case .badRequest, .badKey: .usage
            case .badOrder, .badBatch, .tooLarge: .badInput
            case .tooSlow, .tooBusy, .outcomePending, .diskFull, .notReady, .stopped: .tryLater
            case .forbidden, .samePerson, .readOnly: .notAllowed
            case .missingKey, .methodNotAllowed, .unsupportedType, .internalError: .internalError
            }
    }

    init(_ error: ControlClientError) {
        self =
            switch error {
            case .noSocket, .notListening, .notConnected, .timedOut, .disconnected: .unreachable
            case .notPermitted: .notAllowed
            case .notUnderstood: .internalError
            case .refused(let problem): ExitStatus(problem.code)
            }
    }
}
