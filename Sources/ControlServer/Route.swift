import ControlAPI
import HTTPTypes
import Hummingbird

/// One thing that can be asked of the control socket: what the router does with it, and what
/// `/openapi.json` says of it.
struct Route: Sendable {
    /// What a request carries.
    enum Body: Hashable, Sendable {
        case none
        /// One JSON document of a named type.
        case json(String)
        case csv
    }

    /// What a good answer carries.
    enum Answer: Hashable, Sendable {
        /// 200 with a JSON document of a named type.
        case json(String)
        /// 201 for the first request with a key, 200 for its repeats.
        case created(String)
        /// 200 with one of two types: the second for a dry run.
        case createdOrReport(String, String)
        case text(String)
    }

    /// A parameter of the query.
    struct Parameter: Hashable, Sendable {
        var name: String
        var isNumber = false
        var purpose: String
    }

    typealias Respond = @Sendable (ControlCall) async throws -> Response

    var method: HTTPRequest.Method
    /// Its parameters in braces: `/v1/jobs/{id}`.
    var path: String
    var role: Role
    var summary: String
    var query: [Parameter] = []
    var body: Body = .none
    var answer: Answer
    var respond: Respond

    /// Whether it changes anything: then it needs a key, and the read socket refuses it.
    var isOrder: Bool { method == .post }

    /// How it stands in messages: `POST /v1/jobs`.
    var name: String { "\(method.rawValue) \(path)" }

    static func get(
        _ path: String,
        needs role: Role = .viewer,
        _ summary: String,
        query: [Parameter] = [],
        answer: Answer,
        _ respond: @escaping Respond
    ) -> Route {
        Route(
            method: .get,
            path: path,
            role: role,
            summary: summary,
            query: query,
            answer: answer,
            respond: respond
        )
    }

    static func post(
        _ path: String,
        _ role: Role,
        _ summary: String,
        query: [Parameter] = [],
        body: Body,
        answer: Answer,
        _ respond: @escaping Respond
    ) -> Route {
        Route(
            method: .post,
            path: path,
            role: role,
            summary: summary,
            query: query,
            body: body,
            answer: answer,
            respond: respond
        )
    }
}

extension Route.Parameter {
    static let allowDuplicates = Route.Parameter(
        name: "allow_duplicates",
        purpose: "`true`: what looks like a duplicate is meant; a second person approves it."
    )

    /// The two parameters of every list.
    static let page = [
        Route.Parameter(name: "after", isNumber: true, purpose: "The `next` of the page before."),
        Route.Parameter(name: "limit", isNumber: true, purpose: "Items on a page, 1 to 1000."),
    ]
}
