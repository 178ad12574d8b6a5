import ControlAPI
import Digests
import Gateway
import Hummingbird
import JobStorage
import Logging
import Recharge

/// What all routes share: the store, the gateway and the carriers.
struct ControlService: Sendable {
    let configuration: ControlServerConfiguration
    let store: any JobStore
    let gateway: GatewayView
    let now: @Sendable () -> Timestamp
    let startedAt: Timestamp
    let logger: Logger
    let answered = AnsweredOrders()
    let uploads = UploadSlots()

    /// Every route of the socket, in the order of the documentation.
    var routes: [Route] {
        jobRoutes + deskRoutes + approvalRoutes + disputeRoutes + statementRoutes + batchRoutes
            + stationRoutes + gatewayRoutes + overviewRoutes
    }

    /// Runs an order of a person that carries a reason; a repeat gets the answer of the first time.
    ///
    /// The answers are remembered until a restart. After one, a repeat meets what the first did:
    /// it is refused with `wrong_state`, and nothing happens twice.
    func order<Answer: Encodable>(
        _ call: ControlCall,
        _ act: (String) async throws -> Answer
    ) async throws -> Response {
        try await order(call, as: ReasonBody.self) { _, reason in try await act(reason) }
    }

    /// The same, for an order that carries more than its reason.
    func order<Body: ReasonedBody, Answer: Encodable>(
        _ call: ControlCall,
        as type: Body.Type,
        bytesMax: Int = ControlCall.jsonBytesMax,
        _ act: (Body, String) async throws -> Answer
    ) async throws -> Response {
        let key = try call.key()
        let (body, bytes) = try await call.body(type, bytesMax: bytesMax)
        let digest = SHA256Digest.of(bytes)
        let path = call.request.uri.path
        if let known = await answered.answer(to: key) {
            guard known.path == path, known.digest == digest else {
                throw Problem(
                    .conflict,
                    detail: "the key was used for another order: choose a new one"
                )
            }
            return .json(bytes: known.answer)
        }
        let answer = try WireJSON.encode(try await act(body, try reason(body)))
        await answered.keep(.init(path: path, digest: digest, answer: Array(answer)), for: key)
        return .json(bytes: Array(answer))
    }

    private static let reasonMax = 500

    private func reason(_ body: some ReasonedBody) throws -> String {
        let reason = body.reason.visible
        guard !reason.allSatisfy(\.isWhitespace), reason.count <= ControlService.reasonMax else {
            throw Problem(
                .badRequest,
                detail: "give a reason of 1 to \(ControlService.reasonMax) characters: it is kept "
                    + "with what happens now",
                mistakes: [
                    Mistake(field: "reason", message: "it is empty or too long", cure: "say why")
                ]
            )
        }
        return reason
    }
}
