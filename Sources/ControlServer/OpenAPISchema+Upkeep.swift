import ControlAPI
import Recharge

extension OpenAPISchemas {
    /// Floats, proof and erasure.
    static let upkeep: [String: OpenAPISchema] = [
        "FloatView": .object(
            required: [
                "sim": .text, "carrier": .text, "confirmed": .reference("Money"),
                "reserved": .reference("Money"), "expected": .reference("Money"),
                "drift": .reference("Money"), "is_low": .flag,
            ],
            optional: [
                "opened_at": .time, "reported": .reference("Money"), "reported_at": .time,
                "low": .reference("Money"),
            ]
        ),
        "FloatPage": .page(of: "FloatView"),
        "MovementView": .object(
            required: [
                "id": .integer, "at": .time,
                "kind": .name(Movement.Kind.allCases.map(\.rawValue)),
                "amount": .reference("Money"), "reason": .text, "actor": .text,
            ],
            optional: ["attempt": .integer]
        ),
        "MovementPage": .page(of: "MovementView"),
        "TopUpBody": .object(
            required: ["reason": .text],
            optional: ["amount": .text, "amount_minor": .integer]
        ),
        "BooksView": .object(
            required: ["sims": .integer, "movements": .integer, "findings": .list(.text)],
            optional: [:]
        ),
        "AuditView": .object(
            required: [
                "events": .integer, "head_sequence": .integer, "head_hash": .text,
                "findings": .list(.text),
            ],
            optional: [:]
        ),
        "VerificationView": .object(
            required: [
                "books": .reference("BooksView"), "audit": .reference("AuditView"),
                "integrity": .list(.text),
            ],
            optional: [:]
        ),
        "EventPage": .page(of: "EventView"),
        "ErasureBody": .object(required: ["number": .text, "reason": .text], optional: [:]),
        "ErasureView": .object(
            required: ["jobs": .integer, "messages": .integer, "kept": .integer],
            optional: [:]
        ),
        "ReleasedView": .object(required: ["released": .integer], optional: [:]),
    ]
}
