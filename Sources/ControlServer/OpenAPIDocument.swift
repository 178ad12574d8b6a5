import ControlAPI
import HTTPTypes
import Hummingbird

/// The description of the socket (OpenAPI 3.1), made from the very table that the router uses.
struct OpenAPIDocument {
    private let routes: [Route]
    private let version: String

    init(_ routes: [Route], _ version: String) {
        self.routes = routes
        self.version = version
    }

    /// The document as JSON.
    var text: String {
        get throws {
            // Keys stand as written here: the wire's snake_case is for Swift's own names.
            String(decoding: try WireJSON.encode(json), as: UTF8.self)
        }
    }

    var json: JSONValue {
        [
            "openapi": "3.1.0",
            "info": [
                "title": "recharged control socket",
                "version": .text(version),
                "description": .text(
                    "HTTP/1.1 on a Unix socket: curl --unix-socket /run/recharged/control.sock "
                        + "http://recharged/v1/stats. Refusals are problem documents (RFC 9457)."
                ),
            ],
            "servers": [["url": "http://recharged"]],
            "paths": .object(paths),
            "components": .object([
                "schemas": .object(OpenAPISchemas.all.mapValues(\.json))
            ]),
        ]
    }

    private var paths: [String: JSONValue] {
        Dictionary(grouping: routes, by: \.path).mapValues { routes in
            .object(
                Dictionary(
                    routes.map { ($0.method.rawValue.lowercased(), operation($0)) },
                    uniquingKeysWith: { first, _ in first }
                )
            )
        }
    }

    private func operation(_ route: Route) -> JSONValue {
        var members: [String: JSONValue] = [
            "summary": .text(route.summary),
            "description": .text("Needs the role \(route.role.rawValue)."),
            "operationId": .text(name(route)),
            "parameters": .list(parameters(route)),
            "responses": .object(responses(route)),
        ]
        if let body = body(route) { members["requestBody"] = body }
        return .object(members)
    }

    private func name(_ route: Route) -> String {
        let words = route.path.split(separator: "/").map { part in
            part.filter { $0.isLetter || $0.isNumber }
        }
        return ([route.method.rawValue.lowercased()] + words).joined(separator: "_")
    }

    private func parameters(_ route: Route) -> [JSONValue] {
        let inPath: [JSONValue] = route.path.split(separator: "/").filter { $0.hasPrefix("{") }
            .map { part in
                let name = String(part.dropFirst().dropLast())
                let schema: OpenAPISchema = name == "id" ? .integer : .text
                return [
                    "name": .text(name), "in": "path", "required": .flag(true),
                    "schema": schema.json,
                ]
            }
        let inQuery: [JSONValue] = route.query.map { parameter in
            let schema: OpenAPISchema = parameter.isNumber ? .integer : .text
            return [
                "name": .text(parameter.name), "in": "query",
                "description": .text(parameter.purpose), "schema": schema.json,
            ]
        }
        guard route.isOrder else { return inPath + inQuery }
        let key: JSONValue = [
            "name": "Idempotency-Key", "in": "header", "required": .flag(true),
            "description": "A text of the client's choosing: makes repeating the request safe.",
            "schema": ["type": "string", "maxLength": .number(ControlCall.keyBytesMax)],
        ]
        return inPath + inQuery + [key]
    }

    private func body(_ route: Route) -> JSONValue? {
        switch route.body {
        case .none: nil
        case .json(let name): ["required": .flag(true), "content": content(name)]
        case .csv:
            [
                "required": .flag(true),
                "description": "Columns: number, amount; and what etc/batches/README.md says.",
                "content": ["text/csv": ["schema": OpenAPISchema.text.json]],
            ]
        }
    }

    private func content(_ name: String) -> JSONValue {
        ["application/json": ["schema": OpenAPISchema.reference(name).json]]
    }

    private func responses(_ route: Route) -> [String: JSONValue] {
        let problem: JSONValue = [
            "description": "Why not.",
            "content": .object([
                Problem.contentType: ["schema": OpenAPISchema.reference("Problem").json]
            ]),
        ]
        let good = { (text: JSONValue, name: String) -> JSONValue in
            ["description": text, "content": content(name)]
        }
        switch route.answer {
        case .json(let name): return ["200": good("Done.", name), "default": problem]
        case .created(let name):
            return [
                "201": good("Taken, and on disk.", name),
                "200": good("It was taken before, with this key.", name), "default": problem,
            ]
        case .createdOrReport(let name, let report):
            let both: JSONValue = [
                "application/json": [
                    "schema": [
                        "oneOf": [
                            OpenAPISchema.reference(name).json,
                            OpenAPISchema.reference(report).json,
                        ]
                    ]
                ]
            ]
            return [
                "201": good("Taken, and on disk.", name),
                "200": ["description": "Taken before, or a dry run.", "content": both],
                "default": problem,
            ]
        case .text(let type):
            let schema: JSONValue = ["schema": OpenAPISchema.text.json]
            return [
                "200": ["description": "Text.", "content": .object([type: schema])],
                "default": problem,
            ]
        }
    }
}
