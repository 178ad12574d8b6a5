package import Recharge

extension ControlPath {
    package static let proposals = "/v1/proposals"
    package static let desk = "/v1/desk"
    package static let disputes = "/v1/disputes"
    package static let limits = "/v1/limits"
    package static let statements = "/v1/statements"

    /// What a second person may do to one proposal.
    package enum ProposalAction: String, Hashable, Sendable, CaseIterable {
        case approve
        case reject
    }

    package static func proposal(_ id: Proposal.ID, _ action: ProposalAction) -> String {
        "\(proposals)/\(id)/\(action.rawValue)"
    }

    /// The file that a proposal came with.
    package static func attachment(of id: Proposal.ID) -> String {
        "\(proposals)/\(id)/attachment"
    }

    package static func dispute(_ id: Dispute.ID) -> String { "\(disputes)/\(id)" }
    package static func closing(_ id: Dispute.ID) -> String { "\(disputes)/\(id)/close" }
}
