import ControlAPI
import HTTPTypes
import Hummingbird
import JobStorage
import NIOCore
import ServiceLifecycle

/// The stream of events.
extension ControlService {
    /// How often the store is asked for new events; an event is late by no more than this.
    ///
    /// One cheap read of an index for each client that watches, and none when nobody does.
    private static let pollEvery = Duration.milliseconds(100)
    /// How often a silent stream says that it is alive.
    private static let heartbeatEvery = Duration.seconds(15)
    private static let eventsAtOnce = 500

    /// Writes events until the client hangs up or the gateway stops.
    @Sendable
    func events(_ call: ControlCall) async throws -> Response {
        let slot = try watchers.take()
        let start = try await firstSequence(call)
        let body = ResponseBody { writer in
            defer { extendLifetime(slot) }
            try await call.request.body.consumeWithCancellationOnInboundClose { _ in
                try await write(after: start, to: &writer)
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
            body: body
        )
    }

    @concurrent
    private func write(
        after start: Int64,
        to writer: inout any ResponseBodyWriter
    ) async throws {
        var sequence = start
        // The first bytes open the stream: a client knows then that it missed nothing later.
        try await writer.write(ByteBuffer(string: ": after \(start)\n\n"))
        var silentSince = ContinuousClock.now
        while !Task.isShuttingDownGracefully {
            let events = try await store.events(
                after: sequence,
                limit: ControlService.eventsAtOnce
            )
            if let last = events.last {
                sequence = last.sequence
                let text = try events.map(record).joined()
                try await writer.write(ByteBuffer(string: text))
                silentSince = .now
            } else if silentSince.duration(to: .now) >= ControlService.heartbeatEvery {
                try await writer.write(ByteBuffer(string: ": alive\n\n"))
                silentSince = .now
            }
            if events.count < ControlService.eventsAtOnce {
                try await Task.sleep(for: ControlService.pollEvery)
            }
        }
    }

    private func record(_ event: StoredEvent) throws -> String {
        let view = EventView(event)
        let data = String(decoding: try WireJSON.encode(view), as: UTF8.self)
        return "id: \(view.sequence)\nevent: \(view.kind)\ndata: \(data)\n\n"
    }

    private func firstSequence(_ call: ControlCall) async throws -> Int64 {
        if let name = HTTPField.Name("Last-Event-ID"), let text = call.request.headers[name] {
            guard let sequence = Int64(text), sequence >= 0 else {
                throw Problem(
                    .badRequest,
                    detail: "Last-Event-ID: \(text.visible) is not an event's number"
                )
            }
            return try await known(sequence)
        }
        if let sequence = try call.cursor() { return try await known(sequence) }
        return try await lastSequence()
    }

    /// The number, unless no event has it or a later one: what comes would be kept back until one
    /// has.
    private func known(_ sequence: Int64) async throws -> Int64 {
        guard sequence > 0 else { return sequence }
        guard try await !store.events(after: sequence - 1, limit: 1).isEmpty else {
            throw Problem(
                .wrongState,
                detail: "there is no event \(sequence) yet, so an older queue was restored: begin "
                    + "after \(try await lastSequence())"
            )
        }
        return sequence
    }

    /// The number of the newest event, found by halving: numbers grow, and gaps do not matter.
    ///
    /// What comes meanwhile is not chased: under load there would be no end to it.
    private func lastSequence() async throws -> Int64 {
        var known: Int64 = 0
        var step: Int64 = 1
        while let event = try await store.events(after: known + step - 1, limit: 1).first {
            known = event.sequence
            step *= 2
        }
        while step > 1 {
            step /= 2
            if let event = try await store.events(after: known + step - 1, limit: 1).first {
                known = event.sequence
            }
        }
        return known
    }
}

extension EventView {
    init(_ stored: StoredEvent) {
        self.init(
            sequence: stored.sequence,
            at: stored.at,
            actor: stored.actor,
            kind: stored.event.kind,
            job: stored.event.job,
            details: Dictionary(
                stored.event.details.map { ($0.key, $0.value) },
                uniquingKeysWith: { _, last in last }
            )
        )
    }
}
