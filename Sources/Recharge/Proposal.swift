/// A change that a person proposes and, above what one person may decide, another approves.
package struct Proposal: Hashable, Sendable {
    /// The number of a proposal in the queue's database.
    package struct ID: Hashable, Sendable, CustomStringConvertible {
        package let rawValue: Int64

        package init(_ rawValue: Int64) {
            self.rawValue = rawValue
        }

        package var description: String { String(rawValue) }
    }

    /// What it changes.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// A verdict by hand on a job in doubt. Its subject is the job's number.
        case verdict
        /// The reversal of a recharge. Its subject is the job's number.
        case reversal
        /// That a suspected duplicate goes. Its subject is that of a ``Suspect``.
        case duplicate
        /// A limit that is raised. Its subject names the figure.
        case limit
        /// That a SIM may work in the transceiver it was seen in. Its subject is the ICCID.
        case enrolment
        /// That an edition of a carrier's profile may move money. Its subject names the edition.
        case profile

        /// Whether its subject may be the number of a job.
        package var isAboutJob: Bool {
            switch self {
            case .verdict, .reversal, .duplicate: true
            case .limit, .enrolment, .profile: false
            }
        }
    }

    package enum State: String, Hashable, Sendable, CaseIterable {
        /// → approved, rejected
        case open
        /// Decided, and carried out in the same commit. Final.
        case approved
        /// Final.
        case rejected
    }

    package var id: ID
    package var kind: Kind
    /// What it is about: one subject has one open proposal of a kind.
    package var subject: String
    /// What exactly shall be done, as JSON that its kind knows.
    package var body: String
    package var reason: String
    /// How many people it takes: the one who proposed it, and perhaps another.
    package var people: Int
    package var state: State
    package var proposedAt: Timestamp
    package var proposedBy: String
    package var decidedAt: Timestamp?
    package var decidedBy: String?
    /// What whoever decided said.
    package var decision: String?

    package init(
        id: ID,
        kind: Kind,
        subject: String,
        body: String,
        reason: String,
        people: Int,
        state: State,
        proposedAt: Timestamp,
        proposedBy: String
    ) {
        self.id = id
        self.kind = kind
        self.subject = subject
        self.body = body
        self.reason = reason
        self.people = people
        self.state = state
        self.proposedAt = proposedAt
        self.proposedBy = proposedBy
    }

    /// The job that it is about.
    package var job: Job.ID? {
        kind.isAboutJob ? Int64(subject).map { Job.ID($0) } : nil
    }
}

/// What may be a duplicate, and waits until a second person says that it is meant.
package enum Suspect: Hashable, Sendable {
    /// A job that is held as a duplicate.
    case job(Job.ID)
    /// A batch that was sent with the wish to allow duplicates.
    case batch(Batch.ID)

    private static let batchPrefix = "batch "

    package init?(subject: String) {
        if let number = Int64(subject) {
            self = .job(Job.ID(number))
        } else if subject.hasPrefix(Suspect.batchPrefix),
            let number = Int64(subject.dropFirst(Suspect.batchPrefix.count))
        {
            self = .batch(Batch.ID(number))
        } else {
            return nil
        }
    }

    /// What a proposal about it names.
    package var subject: String {
        switch self {
        case .job(let id): id.description
        case .batch(let id): Suspect.batchPrefix + id.description
        }
    }
}

/// How many people a change takes.
package struct ApprovalTerms: Hashable, Sendable {
    /// Two, or one where there is nobody else.
    package var people: Int
    /// Up to this one person decides a verdict by hand, in hundredths of a major unit.
    private var verdictAbove: Int64

    package static let peopleMax = 2

    /// Two people, for verdicts above 100.00.
    package init() {
        people = ApprovalTerms.peopleMax
        verdictAbove = 100_00
    }

    /// Reads the limit from `100` or `100.00`; nil when it is no amount.
    package init?(people: Int, verdictAbove text: String) {
        guard let cents = Currency(code: "XXX").flatMap({ Amount(major: text, currency: $0) })
        else { return nil }
        self.people = people
        verdictAbove = cents.minorUnits
    }

    /// How many people a verdict by hand on a job of this amount takes.
    package func people(forVerdictOn amount: Amount) -> Int {
        let (scaled, overflow) = amount.minorUnits.multipliedReportingOverflow(by: 100)
        let limit = verdictAbove * amount.currency.minorUnitsPerMajor
        return overflow || scaled > limit ? people : 1
    }
}
