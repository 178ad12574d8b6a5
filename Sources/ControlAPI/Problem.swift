/// Why the gateway refused a request (RFC 9457), with a code that stays the same for ever.
package struct Problem: Codable, Hashable, Sendable, Error {
    /// What kind of refusal it is.
    package enum Code: String, Codable, Hashable, Sendable, CaseIterable {
        case badRequest = "bad_request"
        case badOrder = "bad_order"
        case badBatch = "bad_batch"
        case missingKey = "missing_key"
        case badKey = "bad_key"
        case forbidden
        case samePerson = "same_person"
        case readOnly = "read_only"
        case notFound = "not_found"
        case methodNotAllowed = "method_not_allowed"
        case unsupportedType = "unsupported_type"
        case tooLarge = "too_large"
        case tooSlow = "too_slow"
        case tooBusy = "too_busy"
        case conflict
        case outcomePending = "outcome_pending"
        case wrongState = "wrong_state"
        case diskFull = "disk_full"
        case notReady = "not_ready"
        case stopped
        case internalError = "internal_error"
    }

    /// `urn:recharged:problem:` and the code.
    package var type: String
    package var title: String
    package var status: Int
    /// Names the object, what was tried and the cure.
    package var detail: String
    /// The path that was asked for.
    package var instance: String?
    package var code: Code
    package var mistakes: [Mistake]?
    /// How many more mistakes there are than ``mistakes`` lists.
    package var mistakesOmitted: Int?

    package init(
        _ code: Code,
        detail: String,
        mistakes: [Mistake]? = nil,
        mistakesOmitted: Int? = nil
    ) {
        type = "urn:recharged:problem:\(code.rawValue)"
        title = code.title
        status = code.status
        self.detail = detail
        self.code = code
        self.mistakes = mistakes
        self.mistakesOmitted = mistakesOmitted
    }

    /// The media type of the document.
    package static let contentType = "application/problem+json"
}

extension Problem.Code {
    /// The HTTP status that goes with it.
    package var status: Int {
        switch self {
        case .badRequest, .missingKey, .badKey: 400
        case .badOrder, .badBatch: 422
        case .forbidden, .samePerson, .readOnly: 403
        case .notFound: 404
        case .methodNotAllowed: 405
        case .unsupportedType: 415
        case .tooLarge: 413
        case .tooSlow: 408
        case .conflict, .outcomePending, .wrongState: 409
        case .diskFull: 507
        case .notReady, .stopped, .tooBusy: 503
        case .internalError: 500
        }
    }

    /// A short text that is the same for every problem with this code.
    package var title: String {
        switch self {
        case .badRequest: "The request cannot be read"
        case .badOrder: "The order is not acceptable"
        case .badBatch: "The batch has mistakes"
        case .missingKey: "The Idempotency-Key is missing"
        case .badKey: "The Idempotency-Key is not usable"
        case .forbidden: "Your role does not allow this"
        case .samePerson: "It takes a second person"
        case .readOnly: "This socket is for reading"
        case .notFound: "There is no such thing"
        case .methodNotAllowed: "This path does not take that method"
        case .unsupportedType: "The body is of another type than expected"
        case .tooLarge: "The body is too large"
        case .tooSlow: "The request took too long to arrive"
        case .tooBusy: "There are too many requests of this kind at once"
        case .conflict: "The key is known with other content"
        case .outcomePending: "The outcome is not known yet"
        case .wrongState: "That cannot be done in this state"
        case .diskFull: "The disk is nearly full"
        case .notReady: "The gateway is not ready"
        case .stopped: "The gateway is stopping"
        case .internalError: "The gateway failed"
        }
    }
}

extension Problem: CustomStringConvertible {
    package var description: String { "\(title) (\(code.rawValue)): \(detail)" }
}
