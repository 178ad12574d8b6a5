import ControlAPI
import Hummingbird
import JobStorage

extension Problem {
    /// A refusal of the store.
    init(_ error: JobStoreError) {
        switch error.code {
        case .conflict: self.init(.conflict, detail: error.message)
        case .notFound: self.init(.notFound, detail: error.message)
        case .outcomePending: self.init(.outcomePending, detail: error.message)
        case .wrongState, .leaseLost: self.init(.wrongState, detail: error.message)
        case .samePerson: self.init(.samePerson, detail: error.message)
        case .diskFull: self.init(.diskFull, detail: error.message)
        case .stopped: self.init(.stopped, detail: error.message)
        case .locked, .unusable, .invariant: self.init(.internalError, detail: error.message)
        }
    }

    /// A JSON body that is not what the route takes: the place and what should stand there.
    init(unreadable error: DecodingError) {
        let (path, message): ([any CodingKey], String) =
            switch error {
            case .typeMismatch(let type, let context):
                (context.codingPath, "this should be \(Problem.name(of: type))")
            case .valueNotFound(let type, let context):
                (context.codingPath, "this is null and should be \(Problem.name(of: type))")
            case .keyNotFound(let key, let context):
                (context.codingPath + [key], "this is missing")
            case .dataCorrupted(let context): (context.codingPath, context.debugDescription)
            @unknown default: ([], "it cannot be decoded")
            }
        guard !path.isEmpty else {
            self.init(.badRequest, detail: "the body is not the JSON expected: \(message)")
            return
        }
        let field = path.map(\.stringValue).joined(separator: ".").visible
        self.init(
            .badRequest,
            detail: "the body cannot be read at \(field): \(message.visible)",
            mistakes: [
                Mistake(field: field, message: message.visible, cure: "see /openapi.json")
            ]
        )
    }

    /// The name JSON has for a Swift type.
    private static func name(of type: any Any.Type) -> String {
        switch type {
        case is String.Type: "a string"
        case is Int.Type, is Int64.Type: "a whole number"
        case is Bool.Type: "true or false"
        case is [Any].Type: "a list"
        default: "an object"
        }
    }
}

extension Response {
    /// A JSON document.
    static func json(
        _ value: some Encodable,
        status: HTTPResponse.Status = .ok
    ) throws -> Response {
        Response(
            status: status,
            headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: try WireJSON.encode(value)))
        )
    }

    /// A JSON document that is encoded already.
    static func json(bytes: [UInt8]) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        )
    }

    static func text(_ text: String, contentType: String) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: contentType],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }

    /// A refusal as a problem document.
    static func problem(_ problem: Problem, at path: String) throws -> Response {
        var problem = problem
        problem.instance = path.visible
        return Response(
            status: .init(code: problem.status),
            headers: [.contentType: Problem.contentType],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: try WireJSON.encode(problem)))
        )
    }
}
