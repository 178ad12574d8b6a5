/// What a peer of the control socket may do; each role may do all that the ones before it may.
package enum Role: String, Hashable, Sendable, CaseIterable, Comparable {
    /// Reads.
    case viewer
    /// Orders recharges.
    case submitter
    /// Stops, resumes and withdraws; enrols SIMs.
    case `operator`
    /// Lets go what waits for an approval.
    case approver
    case admin

    package static func < (left: Role, right: Role) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .viewer: 0
        case .submitter: 1
        case .operator: 2
        case .approver: 3
        case .admin: 4
        }
    }
}
