import ControlAPI
import Recharge

extension PackPage {
    /// Each dispute with the piece for the verdict and the piece against it, side by side.
    var disputes: HTML {
        .section("Disputes", file.detail.disputes.map { dispute($0) })
    }

    private func dispute(_ dispute: DisputeView) -> HTML {
        HTML([
            .tag("h3", "Dispute \(dispute.id): \(dispute.cause.words)"),
            .fields([
                ("State", .state(dispute.state)),
                ("Reason", HTML(dispute.reason)),
                ("Opened", .moment(dispute.openedAt)),
                ("Opened by", HTML(dispute.openedBy)),
                ("Answer due", .moment(dispute.dueAt)),
                ("Closed", dispute.closedAt.map { .moment($0) }),
                ("Closed by", dispute.closedBy.map { HTML($0) }),
                ("Closed because", dispute.closing.map { HTML($0) }),
            ]),
            .tag("div", "pair", [piece(for: dispute), piece(against: dispute)]),
        ])
    }

    /// What the verdict stands on.
    private func piece(for dispute: DisputeView) -> HTML {
        let attempt = file.detail.attempts.first { $0.id == dispute.attempt }
        let verdict = attempt?.outcome.flatMap { Evidence.Verdict(rawValue: $0.rawValue) }
        let found = attempt?.evidence.filter { $0.verdict == verdict } ?? []
        return .tag(
            "div",
            "piece",
            [.tag("h3", "What the verdict stands on")] + PackPage.pieces(found)
        )
    }

    /// What speaks against it: the evidence that opened the dispute, or the person's words.
    private func piece(against dispute: DisputeView) -> HTML {
        let title = HTML.tag("h3", "What speaks against it")
        let attempt = file.detail.attempts.first { $0.id == dispute.attempt }
        let pieces: [HTML]
        switch dispute.cause {
        case .complaint:
            pieces = [.tag("p", "\(dispute.openedBy): \(dispute.reason)")]
        case .duplicateSerial:
            let taken = file.other.flatMap { $0.job.id == dispute.other ? $0 : nil }
            let found = taken?.attempts.flatMap(\.evidence).filter { $0.verdict == .success } ?? []
            pieces =
                [.tag("p", "Job \(dispute.other?.description ?? "?") has the same serial number.")]
                + PackPage.pieces(found)
        case .contradiction, .lateSuccess:
            let verdict = attempt?.outcome.flatMap { Evidence.Verdict(rawValue: $0.rawValue) }
            let found = attempt?.evidence.filter { item in
                item.kind != .trace && item.verdict != verdict
                    && item.at.map { $0 <= dispute.openedAt } ?? true
            }
            pieces = PackPage.pieces(found.map { Array($0.suffix(1)) } ?? [])
        }
        return .tag("div", "piece against", [title] + pieces)
    }

    private static func pieces(_ evidence: [EvidenceView]) -> [HTML] {
        guard !evidence.isEmpty else { return [.tag("p", "none", "nothing on file")] }
        return evidence.flatMap { item -> [HTML] in
            [
                .tag(
                    "p",
                    [
                        HTML("\(item.kind.rawValue), \(item.grade), "), .verdict(item.verdict),
                        HTML(item.at.map { ", filed \(time($0))" } ?? ""),
                    ]
                ),
                .tag("p", item.parsed), .tag("pre", "raw", lines(item.raw)),
            ]
        }
    }
}

extension HTML {
    static func moment(_ moment: Timestamp?) -> HTML {
        moment.map { .tag("span", "time", PackPage.time($0)) } ?? .nothing
    }

    static func money(_ money: Money?) -> HTML? {
        money.map { HTML($0.amount?.description ?? "\($0.amountMinor) \($0.currency)") }
    }

    static func state(_ state: JobState) -> HTML {
        switch state {
        case .succeeded: .tag("span", "badge good", state.rawValue)
        case .failed, .expired: .tag("span", "badge bad", state.rawValue)
        case .unknown, .held: .tag("span", "badge doubt", state.rawValue)
        case .cancelled, .scheduled, .ready, .leased, .armed: .tag("span", "badge", state.rawValue)
        }
    }

    static func state(_ state: Dispute.State) -> HTML {
        switch state {
        case .open: .tag("span", "badge doubt", state.rawValue)
        case .upheld: .tag("span", "badge bad", state.rawValue)
        case .rejected, .corrected: .tag("span", "badge", state.rawValue)
        }
    }

    static func outcome(_ outcome: Attempt.Outcome?) -> HTML {
        switch outcome {
        case .success: .tag("span", "badge good", "success")
        case .notExecuted: .tag("span", "badge bad", "not executed")
        case .unknown: .tag("span", "badge doubt", "unknown")
        case nil: .tag("span", "badge", "open")
        }
    }

    static func verdict(_ verdict: Evidence.Verdict) -> HTML {
        switch verdict {
        case .success: .tag("span", "good", "success")
        case .notExecuted: .tag("span", "bad", "not executed")
        case .inconclusive: .tag("span", "doubt", "inconclusive")
        }
    }
}

extension Dispute.Cause {
    fileprivate var words: String {
        switch self {
        case .contradiction: "evidence against the verdict"
        case .lateSuccess: "a success of an attempt that was refused"
        case .duplicateSerial: "a serial number that another job has"
        case .complaint: "a complaint"
        }
    }
}
