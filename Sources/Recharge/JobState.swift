/// Where a job stands.
///
/// Each case says where it can go next; ``arrows`` is the whole drawing.
package enum JobState: String, Hashable, Sendable, CaseIterable {
    /// Waits for a person: a reason is on the job. → ready, scheduled, cancelled, expired
    case held
    /// Waits for its time. → ready, held, cancelled, expired
    case scheduled
    /// May be claimed. → leased, held, scheduled, cancelled, expired
    case ready
    /// Claimed by a SIM, nothing irreversible done. → armed, ready, scheduled, held
    case leased
    /// The intent to send is on disk. → succeeded, unknown, ready, scheduled, held, failed
    case armed
    /// Sent or perhaps sent, no proof yet. Left by evidence only.
    /// → succeeded, scheduled, held, failed
    case unknown
    /// Proved to be executed. Final.
    case succeeded
    /// Proved not to be executed, and not tried again. Final.
    case failed
    /// Withdrawn before it was armed. Final.
    case cancelled
    /// Its deadline passed before it was armed. Final.
    case expired

    package var isFinal: Bool {
        switch self {
        case .succeeded, .failed, .cancelled, .expired: true
        case .held, .scheduled, .ready, .leased, .armed, .unknown: false
        }
    }

    /// The states a job may go to from this one.
    package var arrows: Set<JobState> {
        switch self {
        case .held: [.ready, .scheduled, .cancelled, .expired]
        case .scheduled: [.ready, .held, .cancelled, .expired]
        case .ready: [.leased, .held, .scheduled, .cancelled, .expired]
        case .leased: [.ready, .scheduled, .armed, .held]
        case .armed: [.succeeded, .ready, .scheduled, .held, .failed, .unknown]
        case .unknown: [.succeeded, .scheduled, .held, .failed]
        case .succeeded, .failed, .cancelled, .expired: []
        }
    }
}

/// Why a job waits for a person.
package enum HoldReason: String, Hashable, Sendable, CaseIterable {
    case duplicate
    case overLimit = "over_limit"
    case needsApproval = "needs_approval"
    case noSIM = "no_sim"
    case unverifiedProfile = "unverified_profile"
    case notOurNumber = "not_our_number"
    case attemptsExhausted = "attempts_exhausted"
    case heldByPerson = "held_by_person"
    /// It was not final in a backup that was restored: it may have been sent since.
    case restored
}
