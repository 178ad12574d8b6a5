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
    /// Each takes memory and disk while it lasts.
    let uploads = Slots(4, "files are being uploaded")
    /// Half of the connections, so that those who watch leave room for those who act.
    let watchers = Slots(64, "clients watch events")

    /// Every route of the socket, in the order of the documentation.
    var routes: [Route] {
        jobRoutes + deskRoutes + approvalRoutes + disputeRoutes + statementRoutes + batchRoutes
            + stationRoutes + profileRoutes + floatRoutes + limitRoutes + gatewayRoutes
            + upkeepRoutes
            + overviewRoutes
    }

    /// Runs an order of a person that carries a reason; a repeat gets the answer of the first time.
    func order<Answer: Encodable>(
        _ call: ControlCall,
        _ act: (String) async throws -> Answer
    ) async throws -> Response {
        try await order(call, as: ReasonBody.self) { _, reason in try await act(reason) }
    }

    /// Runs an order of a person whose body says more than a reason.
    ///
    /// The answers are remembered until a restart, the keys for ever: after one a repeat is
    /// refused, for it would be an order like any other. A top-up has its key in the books.
    func order<Body: ReasonedBody, Answer: Encodable>(
        _ call: ControlCall,
        as type: Body.Type,
        bytesMax: Int = ControlCall.jsonBytesMax,
        keepsKey: Bool = true,
        _ act: (Body, _ reason: String) async throws -> Answer
    ) async throws -> Response {
        let key = try call.key()
        let (body, bytes) = try await call.body(type, bytesMax: bytesMax)
        let digest = SHA256Digest.of(bytes)
        let path = call.request.uri.string
        if let known = await answered.answer(to: key) {
            guard known.path == path, known.digest == digest else {
                throw Problem(
                    .conflict,
                    detail: "the key was used for another order: choose a new one"
                )
            }
            return .json(bytes: known.answer)
        }
        let reason = try reason(body.reason)
        if keepsKey, let taken = try await store.take(key, at: call.at) {
            throw Problem(
                .conflict,
                detail: "the key was used at \(taken.rfc3339), and what came of it is not "
                    + "remembered: look, and choose a new one if it is still wanted"
            )
        }
        let answer: [UInt8]
        do {
            answer = Array(try WireJSON.encode(try await act(body, reason)))
        } catch {
            // A store that cannot give it back keeps it; the caller must know the first cause.
            if keepsKey { try? await store.giveBack(key) }
            throw error
        }
        await answered.keep(.init(path: path, digest: digest, answer: answer), for: key)
        return .json(bytes: answer)
    }

    private static let reasonMax = 500
    /// The longest that a number is written, its grouping included.
    private static let numberMax = 40

    private func reason(_ text: String) throws -> String {
        let text = text.visible
        guard !text.allSatisfy(\.isWhitespace), text.count <= ControlService.reasonMax else {
            throw Problem(
                .badRequest,
                detail: "give a reason of 1 to \(ControlService.reasonMax) characters: it is kept "
                    + "with what happens now",
                mistakes: [
                    Mistake(field: "reason", message: "it is empty or too long", cure: "say why")
                ]
            )
        }
        return masked(text)
    }

    /// The text with the middle of each phone number hidden: events are kept for ever, numbers not.
    ///
    /// Also of one that is written in groups, or in digits of another script.
    func masked(_ text: String) -> String {
        var masked = ""
        var rest = text[...]
        while let start = rest.firstIndex(where: \.isDigit) {
            masked += rest[..<start]
            let plus = masked.last == "+" ? "+" : ""
            let groups = rest[start...].prefix(ControlService.numberMax).groups
            let number = groups.last { isNumber(plus + $0.digits) }
            if let digits = number?.digits {
                masked += "\(digits.prefix(3))****\(digits.suffix(2))"
            } else {
                masked += groups.first ?? ""
            }
            rest = rest[(number ?? groups.first ?? rest).endIndex...]
        }
        return masked + rest
    }

    private func isNumber(_ digits: String) -> Bool {
        configuration.carriers.contains { $0.rules.numbers.number(digits) != nil }
    }
}

extension Substring {
    /// From its first digit to the end of each group of digits that follows.
    fileprivate var groups: [Substring] {
        let run = prefix { $0.isDigit || $0.isGrouping }
        return run.indices.compactMap { place in
            let next = run.index(after: place)
            let isEnd = next == run.endIndex || !run[next].isDigit
            return run[place].isDigit && isEnd ? run[..<next] : nil
        }
    }

    fileprivate var digits: String {
        String(compactMap { $0.wholeNumberValue.map { Character("\($0)") } })
    }
}

extension Character {
    fileprivate var isDigit: Bool { wholeNumberValue.map { (0...9).contains($0) } ?? false }
    /// What people write between the groups of a number.
    fileprivate var isGrouping: Bool { " -./()\u{A0}\u{3000}".contains(self) }
}
