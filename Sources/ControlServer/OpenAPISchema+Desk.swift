import ControlAPI
import Recharge

extension OpenAPISchemas {
    private static let scope = OpenAPISchema.name(UseScope.allCases.map(\.rawValue))
    private static let span = OpenAPISchema.name(UseSpan.allCases.map(\.rawValue))
    private static let measure = OpenAPISchema.name(UseMeasure.allCases.map(\.rawValue))

    /// The types of what people decide.
    static let desk: [String: OpenAPISchema] = [
        "ProposalView": .object(
            required: [
                "id": .integer, "kind": .name(Proposal.Kind.allCases.map(\.rawValue)),
                "subject": .text, "body": .text, "reason": .text, "people": .integer,
                "state": .name(Proposal.State.allCases.map(\.rawValue)), "proposed_at": .time,
                "proposed_by": .text,
            ],
            optional: [
                "job": .integer, "decided_at": .time, "decided_by": .text, "decision": .text,
            ]
        ),
        "ProposalPage": .page(of: "ProposalView"),
        "ProposalReceipt": .object(
            required: ["proposal": .reference("ProposalView")],
            optional: ["job": .reference("JobView")]
        ),
        "LimitView": .object(
            required: [
                "scope": scope, "per": span, "measure": measure,
            ],
            optional: [
                "subject": .text, "carrier": .text, "limit": .integer, "configured": .integer,
                "currency": .text, "set_at": .time, "set_by": .text, "reason": .text,
            ]
        ),
        "UseView": .object(
            required: [
                "scope": scope, "subject": .text, "per": span, "began": .time, "ends": .time,
                "count": .integer, "sum_minor": .integer,
            ],
            optional: [:]
        ),
        "LimitReport": .object(
            required: [
                "limits": .list(.reference("LimitView")), "uses": .list(.reference("UseView")),
            ],
            optional: [:]
        ),
        "LimitBody": .object(
            required: [
                "scope": scope, "per": span, "measure": measure, "reason": .text,
            ],
            optional: [
                "subject": .text, "limit": .integer, "amount": .text,
                "setting": .name(LimitBody.Setting.allCases.map(\.rawValue)),
            ]
        ),
        "LimitReceipt": .object(
            required: ["limits": .list(.reference("LimitView"))],
            optional: ["proposal": .reference("ProposalView")]
        ),
        "ResolveBody": .object(
            required: [
                "finding": .name(ResolveBody.Finding.allCases.map(\.rawValue)), "reason": .text,
                "evidence": .text,
            ],
            optional: ["serial": .text, "cancel": .flag]
        ),
        "DeskItem": .object(
            required: [
                "job": .reference("JobView"), "attempt": .reference("AttemptView"),
                "age_seconds": .integer, "inquiries": .list(.reference("InquiryView")),
                "proposals": .list(.reference("ProposalView")), "ways": .list(.text),
            ],
            optional: [:]
        ),
        "DeskPage": .page(of: "DeskItem"),
        "InquiryView": .object(
            required: [
                "id": .integer, "kind": .name(Inquiry.Kind.allCases.map(\.rawValue)), "sim": .text,
                "asked_at": .time, "answers_until": .time,
            ],
            optional: [
                "attempt": .integer, "outcome": .name(Inquiry.Outcome.allCases.map(\.rawValue)),
            ]
        ),
        "DisputeView": .object(
            required: [
                "id": .integer, "job": .integer,
                "cause": .name(Dispute.Cause.allCases.map(\.rawValue)),
                "state": .name(Dispute.State.allCases.map(\.rawValue)), "reason": .text,
                "opened_at": .time, "opened_by": .text, "due_at": .time,
            ],
            optional: [
                "attempt": .integer, "other": .integer, "closed_at": .time, "closed_by": .text,
                "closing": .text,
            ]
        ),
        "DisputePage": .page(of: "DisputeView"),
        "DisputeFile": .object(
            required: [
                "dispute": .reference("DisputeView"), "detail": .reference("JobDetail"),
                "events": .list(.reference("RecordedEvent")), "version": .text, "practice": .flag,
                "at": .time,
            ],
            optional: ["other": .reference("JobDetail")]
        ),
        "RecordedEvent": .object(
            required: ["event": .reference("EventView"), "hash": .text],
            optional: [:]
        ),
        "DisputeBody": .object(required: ["reason": .text], optional: ["due_at": .time]),
        "CloseBody": .object(
            required: [
                "state": .name(Dispute.State.allCases.filter { $0 != .open }.map(\.rawValue)),
                "reason": .text,
            ],
            optional: [:]
        ),
        "StatementBody": .object(
            required: ["carrier": .text, "name": .text, "reason": .text, "csv": .text],
            optional: [
                "sim": .text, "all_sims": .flag, "covers_from": .time, "covers_until": .time,
            ]
        ),
        "StatementReceipt": .object(
            required: [
                "lines": .integer, "agreed": .integer, "succeeded": .list(.integer),
                "not_executed": .list(.integer), "waiting": .list(.integer),
                "contradicted": .list(.integer),
                "disputes": .list(.integer),
                "unmatched": .list(
                    .object(required: ["line": .integer, "reason": .text], optional: [:])
                ), "unmatched_omitted": .integer,
            ],
            optional: [:]
        ),
    ]
}
