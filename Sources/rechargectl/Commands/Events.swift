import ArgumentParser
import ControlAPI
import Recharge

/// Lists what happened, and follows what happens.
struct Events: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List what happened, and follow what happens.",
        usage: "rechargectl events [--follow] [--after <number>] [<options>]",
        discussion: """
            Without --after it begins with the last 20 events. Each has a number; --after goes on \
            behind one.

              rechargectl events
              rechargectl events --follow
              rechargectl events --after 0 --json > all-events.jsonl
            """
    )

    /// How many events are listed when nobody says where to begin.
    private static let recentCount: Int64 = 20

    @Flag(help: "Wait for further events; Ctrl-C ends it.")
    var follow = false

    @Option(
        help: ArgumentHelp("Begin behind this event; 0 is the very first.", valueName: "number")
    )
    var after: Int64?

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if let after, after < 0 {
            throw ValidationError("--after \(after): write the number of an event, or 0.")
        }
    }

    func run() async throws {
        let last = try await global.withGateway(for: .question) { try await newest($0) }
        let start = after ?? max(0, last - Events.recentCount)
        guard follow || start < last else { return }
        try await global.withGateway(for: .question) { client in
            try await client.events(after: start) { event in
                try show(event)
                return follow || event.sequence < last
            }
        }
        guard follow else { return }
        throw Failure(.unreachable, "recharged has stopped: start it, then run this again")
    }

    /// The number of the newest event, which the first comment of a stream from now on tells.
    private func newest(_ client: ControlClient) async throws -> Int64 {
        var opening: [UInt8] = []
        var found: Int64?
        do {
            try await client.download(ControlPath.events) { bytes in
                opening += bytes
                guard let end = opening.firstIndex(of: 0x0A) else { return }
                let line = String(decoding: opening[..<end], as: UTF8.self)
                found = line.split(separator: " ").last.flatMap { Int64($0) }
                throw StreamLeft()
            }
        } catch is StreamLeft {
            // All that was wanted of this stream.
        }
        guard let found else {
            throw ControlClientError.notUnderstood(
                path: client.path,
                cause: "the stream of events does not say where it begins"
            )
        }
        return found
    }

    private func show(_ event: EventView) throws(Failure) {
        if global.json { return try global.console.json(event) }
        let details = event.details.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let job = event.job.map { ["job=\($0)"] } ?? []
        let kind = Cell(event.kind, Events.style(of: event.kind))
        let shown = global.console.hasColor ? kind.style.applied(to: kind.text) : kind.text
        let parts = [
            String(event.sequence), event.at.rfc3339, shown, event.actor.visible,
        ]
        try global.console.line((parts + job + details.map(\.visible)).joined(separator: "  "))
    }

    private static func style(of kind: String) -> Style {
        switch kind {
        case "job.doubted", "job.held", "sim.quarantined": .doubtful
        case "gateway.held": .bad
        case "job.settled": .good
        default: .plain
        }
    }
}

/// Thrown out of a stream that is left early.
private struct StreamLeft: Error {}
