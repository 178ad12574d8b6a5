import ArgumentParser
import ControlAPI
import Recharge

extension Proposal.ID: ExpressibleByArgument {
    package init?(argument: String) {
        guard let number = Int64(argument), number > 0 else { return nil }
        self.init(number)
    }
}

extension Dispute.ID: ExpressibleByArgument {
    package init?(argument: String) {
        guard let number = Int64(argument), number > 0 else { return nil }
        self.init(number)
    }
}

extension GlobalOptions {
    /// Orders something with a body of its own, with a key that is used once.
    func order<Value: Decodable & Sendable>(
        _ path: String,
        _ body: some ReasonedBody,
        as type: Value.Type = Value.self
    ) async throws -> Value {
        try await withGateway(for: .order) { client in
            try await client.post(path, body, key: OrderKey.random()).value
        }
    }

    /// Shows what became of a change: done, or waiting for a second person.
    func show(_ receipt: ProposalReceipt) throws(Failure) {
        if json { return try console.json(receipt) }
        try console.table(.proposals([receipt.proposal]))
        if receipt.proposal.state == .open {
            Console.waitsForSecondPerson(receipt.proposal.id)
        }
        guard let job = receipt.job else { return }
        try console.line()
        try console.table(.jobs([job]))
    }
}

extension TextTable {
    static func proposals(_ proposals: [ProposalView]) -> TextTable {
        var table = TextTable([
            "PROPOSAL#", "KIND", "ABOUT", "WHAT", "STATE", "PROPOSED BY", "REASON",
            "DECIDED BY", "DECISION",
        ])
        for proposal in proposals {
            table.add([
                Cell(proposal.id.description), Cell(proposal.kind.rawValue),
                Cell(proposal.job?.description ?? proposal.subject), Cell(proposal.what),
                Cell(proposal.state), Cell(proposal.proposedBy), Cell(proposal.reason),
                Cell(proposal.decidedBy), Cell(proposal.decision),
            ])
        }
        return table
    }

    static func disputes(_ disputes: [DisputeView]) -> TextTable {
        var table = TextTable([
            "DISPUTE#", "JOB#", "CAUSE", "STATE", "OPENED", "DUE", "OTHER#", "REASON", "CLOSED BY",
            "CLOSING",
        ])
        for dispute in disputes {
            table.add([
                Cell(dispute.id.description), Cell(dispute.job.description),
                Cell(dispute.cause.rawValue), Cell(dispute.state), Cell(dispute.openedAt),
                Cell(dispute.dueAt), Cell(dispute.other?.description), Cell(dispute.reason),
                Cell(dispute.closedBy), Cell(dispute.closing),
            ])
        }
        return table
    }

    static func inquiries(_ inquiries: [InquiryView]) -> TextTable {
        var table = TextTable(["INQUIRY", "SIM", "ASKED", "ANSWERS UNTIL", "OUTCOME"])
        for inquiry in inquiries {
            table.add([
                Cell(inquiry.kind.rawValue), Cell(inquiry.sim.digits), Cell(inquiry.askedAt),
                Cell(inquiry.answersUntil), Cell(inquiry.outcome?.rawValue ?? "open"),
            ])
        }
        return table
    }

    static func evidence(_ evidence: [EvidenceView]) -> TextTable {
        var table = TextTable(["EVIDENCE", "GRADE", "SAYS", "READ AS", "AS IT CAME"])
        for item in evidence {
            table.add([
                Cell(item.kind.rawValue), Cell(item.grade), Cell(item.verdict.rawValue),
                Cell(item.parsed), Cell(item.raw.shortened),
            ])
        }
        return table
    }
}

extension String {
    /// As much of a long text as a table can show.
    fileprivate var shortened: String {
        count > 300 ? "\(prefix(300))… (\(count) characters)" : self
    }
}

extension Cell {
    init(_ state: Proposal.State) {
        let style: Style =
            switch state {
            case .open: .doubtful
            case .approved: .good
            case .rejected: .faint
            }
        self.init(state.rawValue, style)
    }

    init(_ state: Dispute.State) {
        let style: Style =
            switch state {
            case .open: .doubtful
            case .upheld: .bad
            case .rejected, .corrected: .faint
            }
        self.init(state.rawValue, style)
    }
}
