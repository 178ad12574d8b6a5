import ControlAPI
import Hummingbird
import JobStorage
import Logging
import NIOCore
import NIOHTTP1
import Recharge

/// Which of the two sockets a router serves.
enum ControlDoor: Hashable, Sendable {
    case control
    /// Takes GET only.
    case read

    var role: Role {
        switch self {
        case .control: .submitter
        case .read: .viewer
        }
    }
}

/// Turns the routes into a responder for one of the two sockets.
struct ControlRouter: Sendable {
    let service: ControlService
    let peers: PeerDirectory
    let book: RoleBook
    let door: ControlDoor

    var responder: RouterResponder<ControlContext> {
        let router = Router(context: ControlContext.self)
        let routes = service.routes
        router.add(middleware: RefusalMiddleware(routes: routes, logger: service.logger))
        for route in routes {
            router.on(RouterPath(route.path), method: route.method) { request, context in
                try await respond(route, request, context)
            }
        }
        return router.buildResponder()
    }

    private func respond(
        _ route: Route,
        _ request: Request,
        _ context: ControlContext
    ) async throws -> Response {
        guard door == .control || !route.isOrder else {
            throw Problem(
                .readOnly,
                detail: "\(route.name): use control.sock for orders"
            )
        }
        guard let peer = try await peers.peer(of: context.channel) else {
            throw Problem(.forbidden, detail: "the kernel does not say who you are")
        }
        let role = book.role(of: peer, otherwise: door.role)
        guard role >= route.role else {
            throw Problem(lacking: route.role, has: role, for: route.name)
        }
        let call = ControlCall(
            request: request,
            parameters: context.parameters,
            peer: peer,
            role: role,
            at: service.now(),
            bodyTime: service.configuration.bodyTime
        )
        if route.isOrder { _ = try call.key() }
        return try await route.respond(call)
    }
}

extension Problem {
    init(lacking needed: Role, has role: Role, for what: String) {
        self.init(
            .forbidden,
            detail: "\(what) needs the role \(needed.rawValue), and yours is \(role.rawValue): "
                + "ask for an entry under `roles` in recharged.yaml"
        )
    }
}

/// Makes a problem document of whatever a route throws.
private struct RefusalMiddleware: RouterMiddleware {
    typealias Context = ControlContext

    let routes: [Route]
    let logger: Logger

    @concurrent
    func handle(
        _ request: Request,
        context: ControlContext,
        next: @concurrent (Request, ControlContext) async throws -> Response
    ) async throws -> Response {
        let path = request.uri.path
        do {
            return try await next(request, context)
        } catch let error as HTTPParserError {
            // The server answers this itself, and hangs up.
            throw error
        } catch let problem as Problem {
            return try .problem(problem, at: path)
        } catch let error as JobStoreError {
            return try .problem(Problem(error), at: path)
        } catch let error as HTTPError where error.status == .notFound {
            return try unknown(path)
        } catch is CancellationError {
            return try .problem(Problem(.stopped, detail: "recharged is stopping"), at: path)
        } catch {
            logger.error(
                "a request failed",
                metadata: ["http.path": "\(path.visible)", "error": "\(error)"]
            )
            let problem = Problem(.internalError, detail: "see the log of recharged")
            return try .problem(problem, at: path)
        }
    }

    private func unknown(_ path: String) throws -> Response {
        let methods = routes.filter { matches($0.path, path) }.map(\.method.rawValue)
        guard !methods.isEmpty else {
            let problem = Problem(.notFound, detail: "no such path; see /openapi.json")
            return try .problem(problem, at: path)
        }
        let problem = Problem(
            .methodNotAllowed,
            detail: "it takes \(methods.joined(separator: " and "))"
        )
        var response = try Response.problem(problem, at: path)
        response.headers[.allow] = methods.joined(separator: ", ")
        return response
    }

    private func matches(_ pattern: String, _ path: String) -> Bool {
        let expected = pattern.split(separator: "/")
        let parts = path.split(separator: "/")
        return expected.count == parts.count
            && zip(expected, parts).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
    }
}
