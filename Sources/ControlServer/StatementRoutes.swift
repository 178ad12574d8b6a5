package import ControlAPI
import Digests
import Hummingbird
import JobStorage
package import Recharge

/// What the text of a carrier's statement was read as.
package struct StatementReading: Sendable {
    package var lines: [StatementLine]
    /// Numbers of lines that do not say whether something was charged.
    package var openNumbers: Set<PhoneNumber>
    /// Where it could not be read; then none of it is taken.
    package var mistakes: [Mistake]
    /// How many more there are.
    package var mistakesOmitted = 0

    package init(
        lines: [StatementLine],
        openNumbers: Set<PhoneNumber> = [],
        mistakes: [Mistake] = []
    ) {
        self.lines = lines
        self.openNumbers = openNumbers
        self.mistakes = mistakes
    }
}

/// Takes what carriers say that they charged.
extension ControlService {
    var statementRoutes: [Route] {
        [
            .post(
                "/v1/statements",
                .approver,
                "Settle jobs in doubt by the carrier's statement, and dispute what it contradicts.",
                body: .json("StatementBody"),
                answer: .json("StatementReceipt"),
                takeStatement
            )
        ]
    }

    private static let statementBytesMax = 16 << 20

    @Sendable
    private func takeStatement(_ call: ControlCall) async throws -> Response {
        let bytesMax = ControlService.statementBytesMax
        return try await order(call, as: StatementBody.self, bytesMax: bytesMax) { body, reason in
            guard let carrier = try await carriers().first(where: { $0.id == body.carrier }) else {
                let known = configuration.carriers.map(\.id.name).sorted().joined(separator: ", ")
                throw Problem(
                    .badRequest,
                    detail: "carrier \(body.carrier): there is no such profile; write one of "
                        + known
                )
            }
            guard carrier.rules.isVerified else {
                throw Problem(
                    .wrongState,
                    detail: "profile '\(carrier.id)' is not verified, and it says how the file is "
                        + "read: two people verify it first (profile verify)"
                )
            }
            if let sim = body.sim { _ = try await self.sim(sim) }
            let reading = try read(body)
            let statement = CarrierStatement(
                carrier: body.carrier,
                sim: body.sim,
                extent: try extent(body, reading.lines, at: call.at),
                lines: reading.lines,
                openNumbers: reading.openNumbers,
                name: "\(masked(String(body.name.visible.prefix(200)))): \(reason)",
                digest: SHA256Digest.of(body.csv.utf8)
            )
            let report = try await store.take(
                statement,
                people: approvals(call),
                by: call.actor,
                at: call.at
            )
            return StatementReceipt(report, lines: reading.lines.count)
        }
    }

    private func read(_ body: StatementBody) throws -> StatementReading {
        guard let reading = configuration.readStatement(body.carrier, Array(body.csv.utf8)) else {
            throw Problem(
                .badRequest,
                detail: "the profile \(body.carrier) does not say how its statements are laid out: "
                    + "add `statement` to it"
            )
        }
        guard reading.mistakes.isEmpty else {
            throw Problem(
                .badBatch,
                detail: "nothing was taken: a statement with mistakes proves nothing",
                mistakes: reading.mistakes,
                mistakesOmitted: reading.mistakesOmitted
            )
        }
        return reading
    }

    /// What the statement is complete for; only there an absent record says anything.
    private func extent(
        _ body: StatementBody,
        _ lines: [StatementLine],
        at now: Timestamp
    ) throws -> CarrierStatement.Extent? {
        guard let until = body.coversUntil else { return nil }
        guard !lines.isEmpty else {
            throw Problem(
                .badRequest,
                detail: "a statement without a line is complete for nothing: take one that shows "
                    + "what is known of that time too"
            )
        }
        guard until <= now else {
            throw Problem(
                .badRequest,
                detail: "no statement covers the future: say until when this one is complete"
            )
        }
        guard (body.sim != nil) != (body.allSims ?? false) else {
            throw Problem(
                .badRequest,
                detail: "say which SIM the statement is complete for: one SIM, or all of them. One "
                    + "that lacks a SIM's records would have its jobs sent again"
            )
        }
        guard let from = body.coversFrom ?? lines.map(\.at).min(), from < until else {
            throw Problem(
                .badRequest,
                detail: "say from when on the statement is complete; that lies before the moment "
                    + "until which it is"
            )
        }
        return CarrierStatement.Extent(from: from, until: until, sim: body.sim)
    }
}
