import ControlAPI
import Gateway
import Recharge

/// The shape of a JSON value, as far as this service needs JSON Schema.
indirect enum OpenAPISchema: Sendable {
    case text
    case integer
    case number
    case flag
    case time
    /// One of some texts.
    case name([String])
    case reference(String)
    case list(OpenAPISchema)
    /// An object with any keys.
    case map(OpenAPISchema)
    case object(
        required: KeyValuePairs<String, OpenAPISchema>,
        optional: KeyValuePairs<String, OpenAPISchema>
    )
    case anything

    static func page(of name: String) -> OpenAPISchema {
        .object(required: ["items": .list(.reference(name))], optional: ["next": .integer])
    }

    var json: JSONValue {
        switch self {
        case .text: ["type": "string"]
        case .integer: ["type": "integer", "format": "int64"]
        case .number: ["type": "number"]
        case .flag: ["type": "boolean"]
        case .time: ["type": "string", "format": "date-time"]
        case .name(let names): ["type": "string", "enum": .list(names.map { .text($0) })]
        case .reference(let name): ["$ref": .text("#/components/schemas/\(name)")]
        case .list(let element): ["type": "array", "items": element.json]
        case .map(let element): ["type": "object", "additionalProperties": element.json]
        case .object(let required, let optional):
            [
                "type": "object",
                "required": .list(required.map { .text($0.key) }),
                "properties": .object(
                    Dictionary(
                        (Array(required) + Array(optional)).map { ($0.key, $0.value.json) },
                        uniquingKeysWith: { _, last in last }
                    )
                ),
            ]
        case .anything: ["type": "object"]
        }
    }
}

/// The types of the control socket, by name.
enum OpenAPISchemas {
    static let all: [String: OpenAPISchema] = jobs.merging(batches) { _, last in last }
        .merging(desk) { _, last in last }
        .merging(stations) { _, last in last }
        .merging(overviews) { _, last in last }
        .merging(upkeep) { _, last in last }

    static let money: OpenAPISchema = .reference("Money")

    private static let jobs: [String: OpenAPISchema] = [
        "JobOrder": .object(
            required: ["number": .text],
            optional: [
                "amount": .text, "amount_minor": .integer, "currency": .text, "carrier": .text,
                "reference": .text, "priority": .integer, "not_before": .time,
                "deadline": .time, "note": .text, "repeat": .integer,
            ]
        ),
        "ReasonBody": .object(required: ["reason": .text], optional: [:]),
        "VerifyBody": .object(required: ["digest": .text, "reason": .text], optional: [:]),
        "JobView": .object(
            required: [
                "id": .integer, "kind": .name(JobView.Kind.allCases.map(\.rawValue)),
                "state": .name(JobState.allCases.map(\.rawValue)),
                "number": .text, "number_as_submitted": .text, "amount_minor": .integer,
                "currency": .text, "carrier": .text, "priority": .integer, "attempts": .integer,
                "due_at": .time, "created_at": .time, "updated_at": .time,
            ],
            optional: [
                "hold_reason": .name(HoldReason.allCases.map(\.rawValue)), "reference": .text,
                "note": .text, "batch": .integer, "line": .integer, "sim": .text,
                "serial": .text, "reason": .text, "not_before": .time, "deadline": .time,
                "finished_at": .time, "repeat": .integer, "allows_duplicates": .flag,
                "reverses": .integer, "proposal": .integer,
            ]
        ),
        "JobPage": .page(of: "JobView"),
        "JobDetail": .object(
            required: [
                "job": .reference("JobView"), "attempts": .list(.reference("AttemptView")),
                "inquiries": .list(.reference("InquiryView")),
                "disputes": .list(.reference("DisputeView")),
                "proposals": .list(.reference("ProposalView")), "reversals": .list(.integer),
            ],
            optional: ["goes_on_at": .time]
        ),
        "AttemptView": .object(
            required: [
                "id": .integer, "ordinal": .integer, "sim": .text, "armed_at": .time,
                "evidence": .list(.reference("EvidenceView")),
            ],
            optional: [
                "balance_before": money,
                "outcome": .name(Attempt.Outcome.allCases.map(\.rawValue)),
                "outcome_at": .time, "serial": .text, "message_reference": .integer,
                "balance_after": money, "decided_by": .text,
            ]
        ),
        "EvidenceView": .object(
            required: [
                "kind": .name(Evidence.Kind.allCases.map(\.rawValue)),
                "grade": .name(Evidence.Grade.allCases.map { "E\($0.rawValue)" }),
                "verdict": .name(Evidence.Verdict.allCases.map(\.rawValue)), "parsed": .text,
                "raw": .text,
            ],
            optional: ["at": .time, "sent_at": .time]
        ),
        "Money": .object(required: ["amount_minor": .integer, "currency": .text], optional: [:]),
    ]

    private static let batches: [String: OpenAPISchema] = [
        "BatchView": .object(
            required: [
                "id": .integer, "name": .text,
                "state": .name(Batch.State.allCases.map(\.rawValue)), "rows": .integer,
                "sum_minor": .integer, "currency": .text, "counts": .map(.integer),
                "finished": .integer, "created_at": .time, "created_by": .text,
            ],
            optional: [
                "rate_per_minute": .number, "allows_duplicates": .flag, "proposal": .integer,
            ]
        ),
        "BatchPage": .page(of: "BatchView"),
        "BatchReceipt": .object(
            required: [
                "batch": .reference("BatchView"), "refused_lines": .list(.integer),
                "mistakes": .list(.reference("Mistake")), "mistakes_omitted": .integer,
            ],
            optional: [:]
        ),
        "BatchReport": .object(
            required: [
                "rows": .integer, "refused_rows": .integer,
                "mistakes": .list(.reference("Mistake")), "mistakes_omitted": .integer,
                "duplicates": .list(.reference("Mistake")), "duplicates_omitted": .integer,
                "is_repeat": .flag,
                "carriers": .list(.reference("CarrierForecast")),
            ],
            optional: ["sum": money, "expected_seconds": .number]
        ),
        "CarrierForecast": .object(
            required: [
                "carrier": .text, "rows": .integer, "sum": money, "sims": .integer,
                "float_known_minor": .integer, "float_unknown_sims": .integer,
                "float_cover": .name(CarrierForecast.FloatCover.allCases.map(\.rawValue)),
            ],
            optional: ["expected_seconds": .number]
        ),
        "Mistake": .object(
            required: ["message": .text, "cure": .text],
            optional: [
                "line": .integer, "column": .integer, "field": .text, "code": .text,
                "value": .text,
            ]
        ),
    ]

    private static let stations: [String: OpenAPISchema] = [
        "SIMView": .object(
            required: [
                "iccid": .text, "carrier": .text,
                "state": .name(SIM.State.allCases.map(\.rawValue)), "today_count": .integer,
                "today_minor": .integer,
            ],
            optional: [
                "label": .text, "state_reason": .text, "balance": money, "fenced_until": .time,
                "port": .text, "behind_restore": .flag,
                "activity": .name(WorkerStatus.Activity.allCases.map(\.rawValue)),
                "job": .integer, "proposal": .integer,
            ]
        ),
        "SIMPage": .page(of: "SIMView"),
        "ModemView": .object(
            required: [
                "port": .text, "phase": .name(ModemView.Phase.allCases.map(\.rawValue)),
                "since": .time,
            ],
            optional: [
                "reason": .text, "manufacturer": .text, "model": .text, "revision": .text,
                "imei": .text, "iccid": .text, "signal_dbm": .integer, "is_registered": .flag,
            ]
        ),
        "ModemPage": .page(of: "ModemView"),
        "ProfileView": .object(
            required: [
                "id": .text, "name": .text, "is_verified": .flag, "is_simulated": .flag,
                "currency": .text,
                "country_code": .text, "burst": .integer, "gap_milliseconds": .integer,
            ],
            optional: [
                "per_minute": .integer, "per_day_count": .integer, "per_day_minor": .integer,
                "digest": .text, "verified_by": .text, "verified_at": .time,
                "earlier_verified_at": .time,
            ]
        ),
        "ProfilePage": .page(of: "ProfileView"),
        "InboxView": .object(
            required: [
                "id": .integer, "sim": .text, "sender": .text, "text": .text, "pdu": .text,
                "filed_at": .time,
            ],
            optional: ["sent_at": .time]
        ),
        "InboxPage": .page(of: "InboxView"),
    ]

    private static let overviews: [String: OpenAPISchema] = [
        "HoldView": .object(required: ["hold": .flag, "reason": .text], optional: [:]),
        "HealthView": .object(required: ["status": .name(["alive", "ready"])], optional: [:]),
        "StatsView": .object(
            required: [
                "version": .text, "practice": .flag, "started_at": .time, "at": .time,
                "jobs": .map(.integer), "sims": .map(.integer), "workers": .map(.integer),
                "modems": .map(.integer), "commits": .integer, "operations": .integer,
                "longest_commit_wait_ms": .number, "claims": .integer,
                "claim_nanoseconds": .integer, "wal_bytes": .integer,
            ],
            optional: ["hold": .text, "oldest_ready_at": .time, "oldest_unknown_at": .time]
        ),
        "EventView": .object(
            required: [
                "sequence": .integer, "at": .time, "actor": .text, "kind": .text,
                "details": .map(.text),
            ],
            optional: ["job": .integer]
        ),
        "Problem": .object(
            required: [
                "type": .text, "title": .text, "status": .integer, "detail": .text,
                "code": .name(Problem.Code.allCases.map(\.rawValue)),
            ],
            optional: [
                "instance": .text, "mistakes": .list(.reference("Mistake")),
                "mistakes_omitted": .integer,
            ]
        ),
        "OpenAPI": .anything,
    ]
}
