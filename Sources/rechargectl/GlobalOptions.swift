import ArgumentParser
import ControlAPI
import Recharge

/// The options that every command has.
struct GlobalOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The socket; otherwise $RECHARGED_SOCKET, the system's daemon, your own.",
            valueName: "path"
        ),
        completion: .file(extensions: ["sock"])
    )
    var socket: String?

    @Flag(help: "Print JSON: one document, or a line for each item of a stream.")
    var json = false

    @Flag(help: "Print without colours.")
    var noColor = false

    var console: Console { Console(isJSON: json, allowsColor: !noColor) }

    /// Which of the daemon's doors a command knocks at.
    enum Purpose: Hashable, Sendable {
        /// Orders something: only the control socket will do.
        case order
        /// Asks: the read socket will do as well, for those who may open only that.
        case question
    }

    func candidates(for purpose: Purpose) -> [String] {
        let names = [SocketPath.variable, "XDG_RUNTIME_DIR"]
        let environment = Dictionary(
            names.compactMap { name in Environment.value(name).map { (name, $0) } },
            uniquingKeysWith: { first, _ in first }
        )
        let control = SocketPath.candidates(explicit: socket, environment: environment)
        let read = SocketPath.candidates(explicit: socket, environment: environment, name: .read)
        guard purpose == .question, control != read else { return control }
        return zip(control, read).flatMap { [$0, $1] }
    }

    /// Connects, and turns what goes wrong into a ``Failure``.
    ///
    /// With `--json` the document of a refusal goes to standard output too. The limit is how long
    /// an answer may be silent.
    func withGateway<Answer>(
        for purpose: Purpose,
        within limit: Duration = .seconds(30),
        _ body: (ControlClient) async throws -> Answer
    ) async throws -> Answer {
        do {
            return try await ControlClient.withConnection(
                toFirstOf: candidates(for: purpose),
                answerWithin: limit,
                body
            )
        } catch let error as ControlClientError {
            if case .refused(let problem) = error, json { try console.json(problem) }
            throw Failure(error)
        }
    }

    /// Asks for one document.
    func ask<Value: Decodable & Sendable>(
        _ path: String,
        as type: Value.Type = Value.self
    ) async throws -> Value {
        try await withGateway(for: .question) { try await $0.get(path) }
    }

    /// Orders something that a person answers for, with a key that is used once.
    func order<Value: Decodable & Sendable>(
        _ path: String,
        reason: String,
        as type: Value.Type = Value.self
    ) async throws -> Value {
        try await withGateway(for: .order) { client in
            let body = ReasonBody(reason: reason)
            return try await client.post(path, body, key: OrderKey.random()).value
        }
    }
}

/// Why a person changes something: it is kept with the event.
struct ReasonOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Why; it is kept with the event.", valueName: "text"))
    var reason: String

    func validate() throws {
        guard !reason.allSatisfy(\.isWhitespace) else {
            throw ValidationError("--reason is empty: say why, in a few words.")
        }
    }
}

/// Which part of a list is wanted.
struct PageOptions: ParsableArguments {
    /// The most items of one request.
    private static let requestMax = 1000

    @Option(help: ArgumentHelp("At most this many.", valueName: "count"))
    var limit = 100

    @Option(help: ArgumentHelp("Go on where a list ended.", valueName: "cursor"))
    var after: Int64?

    func validate() throws {
        guard (1...1_000_000).contains(limit) else {
            throw ValidationError("--limit \(limit): write a number from 1 to 1000000.")
        }
    }

    /// Gathers pages until there are enough items.
    func items<Item: Codable & Hashable & Sendable>(
        _ client: ControlClient,
        _ path: String,
        _ query: [(String, String?)] = []
    ) async throws -> PageView<Item> {
        var all = PageView<Item>(items: [], next: after)
        repeat {
            let count = min(PageOptions.requestMax, limit - all.items.count)
            let place = [("limit", String(count)), ("after", all.next.map { String($0) })]
            let page: PageView<Item> = try await client.get(ControlPath.with(query + place, path))
            all.items += page.items
            all.next = page.next
        } while all.next != nil && all.items.count < limit
        return all
    }

    /// Says how to see more, when there is more.
    static func note(more next: Int64?) {
        if let next { Console.note("There are more: add --after \(next)") }
    }
}
