import ControlAPI
import Recharge

/// Everything about the job of a dispute as one page: self-contained, printable, without scripts.
struct PackPage {
    let file: DisputeFile
    private let job: JobView

    init(_ file: DisputeFile) {
        self.file = file
        job = file.detail.job
    }

    var html: String {
        let title = "Dispute \(file.dispute.id), job \(job.id)"
        let head = HTML([
            HTML(markup: "<meta charset=\"utf-8\">"),
            // A text that slipped through unescaped could still load and run nothing.
            HTML(
                markup: "<meta http-equiv=\"Content-Security-Policy\" "
                    + "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
            ),
            HTML(markup: "<meta name=\"viewport\" content=\"width=device-width\">"),
            .tag("title", title), HTML(markup: "<style>\n\(PackStyle.css)\n</style>"),
        ])
        let sections: [HTML] = [order, disputes, attempts, inquiries, decisions, timeline]
        let body = HTML.tag("body", [header(title), practice] + sections + [footer])
        return "<!DOCTYPE html>\n<html lang=\"en\"><head>\(head.text)</head>\n\(body.text)</html>\n"
    }

    // MARK: Parts

    private func header(_ title: String) -> HTML {
        .tag(
            "header",
            [
                .tag("h1", title),
                .tag(
                    "p",
                    [
                        HTML("\(job.amount?.description ?? "") to \(job.number), carrier "),
                        HTML("\(job.carrier): "), .state(job.state), HTML("; dispute "),
                        .state(file.dispute.state),
                    ]
                ),
                .tag("p", "sub", "All times are UTC. Written \(PackPage.time(file.at))."),
            ]
        )
    }

    private var practice: HTML {
        file.practice
            ? .tag("p", "practice", "PRACTICE: simulated transceivers; no money moved.") : .nothing
    }

    private var order: HTML {
        .section(
            job.kind == .reversal ? "The order (a reversal)" : "The order",
            [
                .fields([
                    ("Job", HTML(job.id.description)),
                    ("Kind", HTML(job.kind.rawValue)),
                    ("Takes back job", job.reverses.map { HTML($0.description) }),
                    ("Number", HTML(job.number)),
                    ("Number as submitted", HTML(job.numberAsSubmitted)),
                    ("Amount", job.amount.map { HTML($0.description) }),
                    ("Carrier", HTML(job.carrier.name)),
                    ("State", .state(job.state)),
                    ("Reason", job.reason.map { HTML($0) }),
                    ("Carrier's serial number", job.serial.map { .tag("span", "raw", $0) }),
                    ("Reference", job.reference.map { HTML($0) }),
                    ("Note", job.note.map { HTML($0) }),
                    ("Batch, line", batch),
                    ("Not before", job.notBefore.map { .moment($0) }),
                    ("Deadline", job.deadline.map { .moment($0) }),
                    ("Submitted", .moment(job.createdAt)),
                    ("Finished", job.finishedAt.map { .moment($0) }),
                    ("Reversals of it", reversals),
                ])
            ]
        )
    }

    private var batch: HTML? {
        job.batch.map { HTML("\($0), \(job.line.map { String($0) } ?? "")") }
    }

    private var reversals: HTML? {
        let ids = file.detail.reversals.map { "job \($0)" }
        return ids.isEmpty ? nil : HTML(ids.joined(separator: ", "))
    }

    private var attempts: HTML {
        .section(
            "Attempts",
            file.detail.attempts.isEmpty
                ? [.tag("p", "none", "none")] : file.detail.attempts.map { attempt($0) }
        )
    }

    private func attempt(_ attempt: AttemptView) -> HTML {
        let dialogue = attempt.evidence.filter { $0.kind == .trace }
        let answers = attempt.evidence.filter { $0.kind != .trace }
        return .tag(
            "div",
            "attempt",
            [
                .tag("h3", "Attempt \(attempt.ordinal)"),
                .fields([
                    ("SIM", HTML(attempt.sim.digits)),
                    ("Intent on disk", .moment(attempt.armedAt)),
                    ("Outcome", .outcome(attempt.outcome)),
                    ("Decided", attempt.outcomeAt.map { .moment($0) }),
                    ("Decided by", HTML(attempt.decidedBy ?? "the gateway, from the answer")),
                    ("Message reference (+CMGS)", attempt.messageReference.map { HTML("\($0)") }),
                    ("Serial number", attempt.serial.map { .tag("span", "raw", $0) }),
                    ("Balance before", .money(attempt.balanceBefore)),
                    ("Balance after", .money(attempt.balanceAfter)),
                ]),
                .tag("h3", "What the gateway saw on the wire, secrets removed"),
                dialogue.isEmpty
                    ? .tag("p", "none", "nothing kept")
                    : HTML(dialogue.map { .tag("pre", "raw", PackPage.lines($0.raw)) }),
                .tag("h3", "Answers and other evidence"), evidence(answers),
            ]
        )
    }

    private func evidence(_ evidence: [EvidenceView]) -> HTML {
        .table(
            ["Filed", "Sent", "Kind", "Grade", "Says", "Read as", "As it came"],
            evidence.map { item in
                [
                    .moment(item.at), .moment(item.sentAt), HTML(item.kind.rawValue),
                    HTML(item.grade), .verdict(item.verdict), HTML(item.parsed),
                    .tag("span", "raw", item.raw),
                ]
            }
        )
    }

    private var inquiries: HTML {
        .section(
            "Inquiries to the carrier",
            [
                .table(
                    ["Asked", "What", "SIM", "Answers until", "Outcome"],
                    file.detail.inquiries.map { inquiry in
                        [
                            .moment(inquiry.askedAt), HTML(inquiry.kind.rawValue),
                            HTML(inquiry.sim.digits), .moment(inquiry.answersUntil),
                            HTML(inquiry.outcome?.rawValue ?? "open"),
                        ]
                    }
                )
            ]
        )
    }

    private var decisions: HTML {
        .section(
            "Decisions by people",
            [
                .table(
                    ["Proposed", "By", "What", "Why", "State", "Decided", "By", "Words"],
                    file.detail.proposals.map { proposal in
                        [
                            .moment(proposal.proposedAt), HTML(proposal.proposedBy),
                            HTML("\(proposal.kind.rawValue): \(proposal.what)"),
                            HTML(proposal.reason),
                            HTML(proposal.state.rawValue), .moment(proposal.decidedAt),
                            HTML(proposal.decidedBy ?? ""), HTML(proposal.decision ?? ""),
                        ]
                    }
                )
            ]
        )
    }

    private var timeline: HTML {
        .section(
            "Timeline",
            [
                .table(
                    ["Event", "Time", "What", "Who", "Details"],
                    file.events.map { recorded in
                        let event = recorded.event
                        let details = event.details.sorted { $0.key < $1.key }
                            .map { "\($0.key)=\($0.value)" }
                        return [
                            HTML(String(event.sequence)), .moment(event.at), HTML(event.kind),
                            HTML(event.actor), HTML(details.joined(separator: ", ")),
                        ]
                    }
                )
            ]
        )
    }

    private var footer: HTML {
        var lines: [HTML] = []
        if let last = file.events.last {
            lines.append(
                .tag(
                    "p",
                    [
                        HTML("SHA-256 of event \(last.event.sequence), the last about this job: "),
                        .tag("span", "raw", last.hash),
                    ]
                )
            )
            lines.append(
                .tag(
                    "p",
                    "It covers this event and every one before it: whoever holds it can tell "
                        + "whether the record was changed since."
                )
            )
        }
        lines.append(.tag("p", "recharged \(file.version)"))
        return .tag("footer", lines)
    }

    static func time(_ moment: Timestamp) -> String {
        String(moment.rfc3339.prefix(19)).split(separator: "T").joined(separator: " ")
    }

    /// A dialogue with its line ends as line ends, where it has any.
    static func lines(_ raw: String) -> [HTML] {
        var lines: [HTML] = []
        var line = ""
        var rest = Substring(raw)
        while let character = rest.popFirst() {
            if character == "\\", rest.first == "n" {
                rest.removeFirst()
                lines.append(HTML(line))
                lines.append(HTML(markup: "\n"))
                line = ""
            } else {
                line.append(character)
            }
        }
        return lines + [HTML(line)]
    }
}
